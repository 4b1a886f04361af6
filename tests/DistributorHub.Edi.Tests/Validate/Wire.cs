using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Validate;

/// <summary>A segment cut from plain text by its separators, without release characters: enough to test values apart from the reader.</summary>
sealed class Wire
{
    readonly byte[] text;
    readonly Mark[] marks;

    public Wire(string segment, Delimiters delimiters)
    {
        text = Encoding.UTF8.GetBytes(segment);
        var found = new List<Mark>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == delimiters.Element)
                found.Add(new(i, MarkKind.Element));
            else if (text[i] == delimiters.Component)
                found.Add(new(i, MarkKind.Component));
            else if (text[i] == delimiters.Repetition && delimiters.Repetition != 0)
                found.Add(new(i, MarkKind.Repetition));
        }
        found.Add(new(text.Length, MarkKind.Terminator));
        marks = [.. found];
    }

    public Segment Segment => new(text, marks);

    public static Delimiters X12 { get; } = new((byte)':', (byte)'*', (byte)'.', 0, (byte)'^', (byte)'~');
}
