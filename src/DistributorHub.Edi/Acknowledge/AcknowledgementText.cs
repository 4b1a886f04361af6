using System.Buffers;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Writes segments of short, trusted structure: escapes or replaces what would be read as a delimiter, drops trailing empties.</summary>
/// <param name="delimiters">Last or only bytes of the delimiters: they are bytes, whatever the encoding of values is.</param>
/// <param name="encoding">Encoding of values.</param>
/// <param name="componentLead">Bytes before the last one of the component separator.</param>
/// <param name="terminatorLead">Bytes before the last one of the terminator.</param>
sealed class AcknowledgementText(
    Delimiters delimiters, Encoding encoding, ReadOnlyMemory<byte> componentLead = default, ReadOnlyMemory<byte> terminatorLead = default)
{
    readonly ArrayBufferWriter<byte> text = new();

    /// <summary>Segments written so far.</summary>
    public int Segments { get; private set; }

    public void Raw(string raw) => encoding.GetBytes(raw, text);

    /// <summary>ISA16, which shows the component separator, and the terminator.</summary>
    public void EndHeader()
    {
        Write(componentLead, delimiters.Component);
        Write(terminatorLead, delimiters.Terminator);
    }

    /// <summary>One segment; the components of a composite are separated by U+001F.</summary>
    public void Segment(string tag, params ReadOnlySpan<string> elements)
    {
        Raw(tag);
        var last = elements.Length;
        while (last > 0 && elements[last - 1].TrimEnd(Component).Length == 0)
            last--;
        foreach (var element in elements[..last])
        {
            Write(default, delimiters.Element);
            Value(element);
        }
        Write(terminatorLead, delimiters.Terminator);
        Segments++;
    }

    public const char Component = '\u001F';

    /// <summary>Joins components, without empty ones at the end.</summary>
    public static string Composite(params string[] components) => string.Join(Component, components).TrimEnd(Component);

    public byte[] Bytes() => text.WrittenSpan.ToArray();

    void Value(string value)
    {
        Span<char> characters = stackalloc char[2];
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value == Component)
            {
                Write(componentLead, delimiters.Component);
                continue;
            }
            var length = encoding.GetBytes(characters[..rune.EncodeToUtf16(characters)], bytes);
            if (!IsDelimiter(bytes[..length]))
                text.Write(bytes[..length]);
            else if (delimiters.Release != 0)
                Write(new[] { delimiters.Release }, bytes[0]);
            else
                // X12 before 007040 has no way to write a delimiter as data.
                text.Write(" "u8);
        }
    }

    void Write(ReadOnlyMemory<byte> lead, byte last)
    {
        text.Write(lead.Span);
        text.Write([last]);
    }

    bool IsDelimiter(ReadOnlySpan<byte> character) => character switch
    {
        [0] => false,
        [var only] when only == delimiters.Element || only == delimiters.Release || only == delimiters.Repetition => true,
        _ => Is(character, componentLead.Span, delimiters.Component) || Is(character, terminatorLead.Span, delimiters.Terminator),
    };

    static bool Is(ReadOnlySpan<byte> character, ReadOnlySpan<byte> lead, byte last) =>
        character.Length == lead.Length + 1 && character.StartsWith(lead) && character[^1] == last;
}
