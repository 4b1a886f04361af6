using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes segments of short, trusted structure: escapes or replaces what would be read as a delimiter, drops trailing empties.</summary>
sealed class AcknowledgementText(Delimiters delimiters, Encoding encoding)
{
    readonly StringBuilder text = new();

    /// <summary>Segments written so far.</summary>
    public int Segments { get; private set; }

    public void Raw(string raw) => text.Append(raw);

    /// <summary>One segment; the components of a composite are separated by U+001F.</summary>
    public void Segment(string tag, params ReadOnlySpan<string> elements)
    {
        text.Append(tag);
        var last = elements.Length;
        while (last > 0 && elements[last - 1].TrimEnd(Component).Length == 0)
            last--;
        foreach (var element in elements[..last])
        {
            text.Append((char)delimiters.Element);
            Value(element);
        }
        text.Append((char)delimiters.Terminator);
        Segments++;
    }

    public const char Component = '\u001F';

    /// <summary>Joins components, without empty ones at the end.</summary>
    public static string Composite(params string[] components) => string.Join(Component, components).TrimEnd(Component);

    public byte[] Bytes() => encoding.GetBytes(text.ToString());

    void Value(string value)
    {
        foreach (var character in value)
        {
            if (character == Component)
                text.Append((char)delimiters.Component);
            else if (!IsDelimiter(character))
                text.Append(character);
            else if (delimiters.Release != 0)
                text.Append((char)delimiters.Release).Append(character);
            else
                // X12 before 007040 has no way to write a delimiter as data.
                text.Append(' ');
        }
    }

    bool IsDelimiter(char character) =>
        character != 0 && character < 0x80
        && ((byte)character == delimiters.Component || (byte)character == delimiters.Element || (byte)character == delimiters.Release
            || (byte)character == delimiters.Repetition || (byte)character == delimiters.Terminator);
}
