using System.Runtime.CompilerServices;

namespace DistributorHub.Edi.Parse;

/// <summary>What <see cref="EdiReader.Read"/> stopped at.</summary>
public enum EdiEvent
{
    /// <summary>Before the first read, and at the end of the file.</summary>
    None,
    /// <summary>UNB or ISA.</summary>
    InterchangeStart,

    /// <summary>TA1: what the other side says of an interchange of ours. It stands outside of groups.</summary>
    InterchangeAcknowledgement,
    /// <summary>UNG or GS.</summary>
    GroupStart,
    /// <summary>UNH or ST.</summary>
    MessageStart,

    /// <summary>A segment between a message's header and trailer.</summary>
    Segment,
    /// <summary>UNT or SE, or the place where it should have come.</summary>
    MessageEnd,
    /// <summary>UNE or GE, or the place where it should have come.</summary>
    GroupEnd,
    /// <summary>UNZ or IEA, or the place where it should have come.</summary>
    InterchangeEnd,
}

/// <summary>Settings that override what the interchange says of itself. The default needs no configuration.</summary>
public sealed record ReaderOptions
{
    /// <summary>Character set to decode with in place of the declared one, such as <c>utf-8</c> or <c>windows-1252</c>; null = as declared.</summary>
    public string? Charset { get; init; }

    /// <summary>How bad the faults are that the reader and the check of messages mend.</summary>
    public Leniency Leniency { get; init; } = Leniency.Default;

    /// <summary>See <see cref="Limits.SegmentBytesMax"/>.</summary>
    public int SegmentBytesMax { get; init; } = Limits.SegmentBytesMax;
}

/// <summary>
/// Reads EDIFACT and X12 interchanges from a stream, one event at a time, in memory bounded by the longest segment.
/// Faults of the file become findings; only a broken stream throws.
/// Every level that was started is also ended: where a trailer is missing, its end event is implied.
/// </summary>
public sealed class EdiReader : IDisposable
{
    const int BufferBytes = 256 * 1024;
    const int WindowBytes = 16 * 1024;

    readonly Stream input;
    readonly SegmentReader segments;
    readonly Place place;
    readonly Envelope envelope;
    bool held;
    bool implied;

    /// <param name="input">The file, read once from where it stands; closed with the reader.</param>
    /// <param name="findings">Gets what is wrong with it.</param>
    /// <param name="options">What to read it with in place of what it says of itself; null = nothing.</param>
    /// <exception cref="ArgumentException">The character set of the options is not known.</exception>
    public EdiReader(Stream input, Findings findings, ReaderOptions? options = null)
        : this(input, findings, options ?? new(), BufferBytes, WindowBytes)
    {
    }

    /// <summary>
    /// For tests that move the borders of what is read and indexed at a time, or have every segment looked at by itself
    /// (<paramref name="single"/>); events never depend on that.
    /// </summary>
    internal EdiReader(Stream input, Findings findings, ReaderOptions options, int bufferBytes, int windowBytes, bool single = false)
    {
        this.input = input;
        place = new(findings, options.Leniency);
        segments = new(input, place, options, bufferBytes, windowBytes, single);
        envelope = new(segments, place);
    }

    /// <summary>What the last read stopped at.</summary>
    public EdiEvent Event { get; private set; }

    /// <summary>The segment of the event; empty when a trailer is missing and its end event was implied.</summary>
    public Segment Segment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => implied ? default : segments.Segment;
    }

    /// <summary>Where the current segment starts.</summary>
    public Position Position
    {
        get
        {
            segments.CountRun();
            return place.At(segments.Offset);
        }
    }

    /// <summary>The interchange that is open, from its start event to its end event.</summary>
    public InterchangeInfo? Interchange => envelope.Interchange;

    /// <summary>The functional group that is open, or null.</summary>
    public GroupInfo? Group => envelope.Group;

    /// <summary>The message that is open, or null.</summary>
    public MessageInfo? Message => envelope.Message;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead => segments.BytesRead;

    /// <summary>
    /// Moves to the next event; false at the end of the file.
    /// After a fatal finding nothing more is read, and the levels still open are ended first.
    /// </summary>
    public bool Read() => segments.NextInRun() || ReadOn();

    bool ReadOn()
    {
        if (Event >= EdiEvent.MessageEnd)
            envelope.Leave(Event);
        if (!held && place.Message != 0 && segments.BeginRun())
            return Plain();
        while (held || segments.Next())
        {
            if (!held && place.Message != 0 && segments.Service is Service.None or Service.Binary)
                return Plain();
            Event = envelope.Take();
            held = envelope.Again;
            implied = envelope.Implied;
            if (!held)
                place.Settle(Event);
            if (Event != EdiEvent.None)
                return true;
        }
        Event = envelope.Finish();
        place.Settle(EdiEvent.None);
        implied = true;
        return Event != EdiEvent.None;
    }

    /// <summary>Nothing else changes while a run of plain segments is handed on.</summary>
    bool Plain()
    {
        implied = false;
        Event = EdiEvent.Segment;
        return true;
    }

    /// <summary>True when a trailer that did not come is none the less as good as there, by the partner's leniency.</summary>
    internal bool TrailerForgiven => envelope.TrailerForgiven;

    /// <summary>A finding with the severity it has with this partner.</summary>
    internal Finding Judge(Finding finding) => place.Judge(finding);

    /// <summary>Byte offset in the file of an index in the current segment's text.</summary>
    public long OffsetOf(int textIndex) => segments.OffsetOf(textIndex);

    /// <summary>Closes the stream. The segment at hand is gone with it: its bytes serve the next reader.</summary>
    public void Dispose()
    {
        input.Dispose();
        segments.Release();
    }
}
