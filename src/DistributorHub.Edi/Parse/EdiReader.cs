namespace DistributorHub.Edi.Parse;

/// <summary>What <see cref="EdiReader.Read"/> stopped at.</summary>
public enum EdiEvent
{
    None,
    InterchangeStart,
    GroupStart,
    MessageStart,

    /// <summary>A segment between a message's header and trailer.</summary>
    Segment,
    MessageEnd,
    GroupEnd,
    InterchangeEnd,
}

/// <summary>Settings that override what the interchange says of itself. The default needs no configuration.</summary>
public sealed record ReaderOptions
{
    /// <summary>Character set to decode with in place of the declared one, such as <c>utf-8</c> or <c>windows-1252</c>; null = as declared.</summary>
    public string? Charset { get; init; }

    /// <summary>See <see cref="Limits.SegmentBytesMax"/>.</summary>
    public int SegmentBytesMax { get; init; } = Limits.SegmentBytesMax;
}

/// <summary>
/// Reads EDIFACT and X12 interchanges from a stream, one event at a time, in memory bounded by the longest segment.
/// Faults of the file become findings; only a broken stream throws.
/// </summary>
public sealed class EdiReader(Stream input, Findings findings, ReaderOptions? options = null) : IDisposable
{
    readonly Stream input = input;
    readonly Findings findings = findings;
    readonly ReaderOptions options = options ?? new();

    /// <summary>Moves to the next event; false at the end of the file or after a fatal finding.</summary>
    public bool Read() => throw new NotSupportedException();

    public EdiEvent Event { get; private set; }

    /// <summary>The segment of the event; empty when a trailer is missing and its end event was implied.</summary>
    public Segment Segment => segmentBytes.Length == 0 ? default : new(segmentBytes, []);

    readonly byte[] segmentBytes = [];

    /// <summary>Where the current segment starts.</summary>
    public Position Position { get; private set; }

    /// <summary>Byte offset in the file of an index in the current segment's text.</summary>
    public long OffsetOf(int textIndex) => Position.Offset + textIndex;

    /// <summary>The interchange that is open, from its start event to its end event.</summary>
    public InterchangeInfo? Interchange { get; private set; }

    public GroupInfo? Group { get; private set; }

    public MessageInfo? Message { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public void Dispose()
    {
    }
}
