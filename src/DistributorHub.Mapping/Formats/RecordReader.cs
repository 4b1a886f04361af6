using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Formats;

/// <summary>What <see cref="RecordReader.Read"/> stopped at.</summary>
public enum RecordEvent
{
    /// <summary>Before the first read, and at the end of the file.</summary>
    None,

    /// <summary>A document begins.</summary>
    DocumentStart,

    /// <summary>A segment made of values of the document.</summary>
    Segment,

    /// <summary>The document has ended.</summary>
    DocumentEnd,
}

/// <summary>
/// Reads a file without an envelope as documents of segments, in the memory of one record. Faults of the file become findings; after a fatal one nothing
/// more is read, and the document that is open does not end.
/// </summary>
public abstract class RecordReader : IDisposable
{
    private protected RecordReader(InterchangeInfo envelope) => Envelope = envelope;

    /// <summary>What stands for the interchange that the file does not have: the partner as its sender.</summary>
    public InterchangeInfo Envelope { get; }

    /// <summary>What the last read stopped at.</summary>
    public RecordEvent Event { get; private protected set; }

    /// <summary>The document that is open.</summary>
    public MessageInfo? Document { get; private protected set; }

    /// <summary>The document's number as the file states it, which needs no rule to be known; null before it was read, or when the map does not say what it is.</summary>
    public string? StatedNumber { get; private protected set; }

    /// <summary>What the file holds and the map does not name, as far as it was read: headers of columns, or elements by their paths.</summary>
    public abstract IReadOnlyCollection<string> Unnamed { get; }

    /// <summary>The segment of the event, valid until the next read.</summary>
    public abstract Segment Segment { get; }

    /// <summary>Place of the segment in the map's structure.</summary>
    public int Node { get; private protected set; }

    /// <summary>Where the segment stands: the byte, and as the segment's ordinal that of its record in the file (the row of a spreadsheet).</summary>
    public Position Position { get; private protected set; }

    /// <summary>Moves on; false at the end of the file, or where it cannot be read further.</summary>
    public abstract bool Read();

    /// <summary>Byte of the file that an index in the segment's text stands at.</summary>
    public abstract long OffsetOf(int textIndex);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Puts values together to a segment, and remembers which characters of the file they are.</summary>
/// <param name="separator">What is shown between them. It may stand in values too: what separates are the marks.</param>
sealed class SegmentText(char separator)
{
    readonly List<(int Text, long Character)> places = [];
    byte[] text = new byte[1024];
    Mark[] marks = new Mark[64];
    int length, count;

    public Segment Segment => new(text.AsSpan(0, length), marks.AsSpan(0, count));

    /// <summary>Begins a segment.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="at">The file's character it starts at.</param>
    public void Start(string tag, long at)
    {
        (length, count) = (0, 0);
        places.Clear();
        places.Add((0, at));
        Append(tag);
    }

    /// <summary>Adds the next value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="at">The file's character it starts at.</param>
    /// <param name="end">The one behind it.</param>
    /// <param name="before">What separates it from the value before it.</param>
    public void Add(ReadOnlySpan<char> value, long at, long end, MarkKind before = MarkKind.Element)
    {
        End(before);
        places.Add((length, at));
        Append(value);
        places.Add((length, end));
    }

    /// <summary>Ends the segment.</summary>
    public void Finish() => End(MarkKind.Terminator);

    /// <summary>The file's character at an index of the text: exact where a value starts and ends, and in between as far as a byte is a character.</summary>
    public long CharacterAt(int index)
    {
        var place = places[places.FindLastIndex(p => p.Text <= index)];
        return place.Character + (index - place.Text);
    }

    void Append(ReadOnlySpan<char> value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        length += Encoding.UTF8.GetBytes(value, text.AsSpan(length));
    }

    void End(MarkKind kind)
    {
        if (count == marks.Length)
            Array.Resize(ref marks, count * 2);
        marks[count++] = new(length, kind);
        if (kind == MarkKind.Terminator)
            return;
        Reserve(1);
        text[length++] = (byte)(char.IsAscii(separator) ? separator : ';');
    }

    void Reserve(int bytes)
    {
        if (length + bytes > text.Length)
            Array.Resize(ref text, Math.Max(text.Length * 2, length + bytes));
    }
}
