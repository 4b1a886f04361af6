using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistributorHub.Edi.Parse;

/// <summary>Bytes to segments: finds the start of every interchange, cuts it into segments and makes their text clean.</summary>
sealed partial class SegmentReader(Stream input, Place place, ReaderOptions options, int bufferBytes, int windowBytes, bool single)
{
    const int FirstWindowBytes = 1024;

    readonly InputBuffer buffer = new(input, bufferBytes);
    readonly DelimiterIndex index = new(narrow: single);
    readonly SegmentTable table = new();
    readonly SegmentTags tags = new();
    readonly UsualCleaner usual = new();
    readonly SegmentCleaner cleaner = new(place);
    readonly int segmentBytesMax = options.SegmentBytesMax;
    readonly Charset? agreed = options.Charset is null ? null : Charset.Named(options.Charset);

    // Marks of a cleaned segment.
    Mark[] own = new Mark[64];

    // The current segment, unless it is one of a run.
    byte[] text = [];
    int textStart, textLength;
    Mark[] marks = [];
    int markStart, markCount;
    int marksFrom;       // what the marks are counted from
    bool cleaned;

    // Of the window that is indexed.
    int[] firsts = [];
    int[] starts = [];
    int[] texts = [];

    int position;        // of the first byte not yet taken as a segment; behind while a run of plain segments is handed on
    int start;           // of the current segment, unless it is one of a run
    int next;            // segment of the index to take next
    int runEnd;          // segments of the index from next to here are plain; 0 = none
    int counted;         // segments of the index before this one are counted
    int firstSpecial;    // of that segment, or before
    int window;
    bool marked;         // a byte order mark was skipped
    bool levelA;         // lower case is still to be reported
    bool runsAllowed;    // in the window at hand
    int terminatorLead;  // bytes of the terminator before its last

    /// <summary>What the interchange at hand says of itself; null between interchanges.</summary>
    public Header? Header { get; private set; }

    public Charset Charset { get; private set; } = Charset.Ascii;

    /// <summary>Offset in the file of UNA, UNB or ISA.</summary>
    public long HeaderOffset { get; private set; }

    /// <summary>What the current segment is to the envelope.</summary>
    public Service Service { get; private set; }

    /// <summary>Segments of the interchange at hand, counted as they are read.</summary>
    public int Segments { get; set; }

    /// <summary>True when the file ended within a segment, or had to be given up.</summary>
    public bool CutOff { get; private set; }

    public Segment Segment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => runEnd == 0 ? View(text, textStart, textLength, marks, markStart, markCount, marksFrom) : SegmentOfRun();
    }

    /// <summary>The segment of a run is looked up when it is asked for. A run lies within the index, so its numbers need no bounds check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Segment SegmentOfRun()
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(firsts), next - 1);
        var from = first;
        var count = Unsafe.Add(ref first, 1) - from;
        var at = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(texts), next - 1);
        var end = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(marks), from + count - 1).End;
        return View(text, at, end - at, marks, from, count, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Segment View(byte[] text, int start, int length, Mark[] marks, int first, int count, int marksFrom) => new(
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(text), start), length),
        new Marks(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(marks), first), count), marksFrom));

    public long Offset => buffer.Origin + (runEnd == 0 ? start : starts[next - 1]);

    public long BytesRead => buffer.Origin + buffer.Count;

    /// <summary>Offset of the first byte that belongs to no segment yet.</summary>
    public long End => buffer.Origin + position;

    /// <summary>The line break between the current segment and the next.</summary>
    public LineBreak LineBreakBehind => buffer.Bytes.AsSpan(position, Math.Min(2, buffer.Count - position)) switch
    {
        [(byte)'\r', (byte)'\n'] => LineBreak.CarriageReturnLineFeed,
        [(byte)'\r', ..] => LineBreak.CarriageReturn,
        [(byte)'\n', ..] => LineBreak.LineFeed,
        _ => LineBreak.None,
    };

    public long OffsetOf(int textIndex)
    {
        if (runEnd != 0)
            return buffer.Origin + PlaceInRun(textIndex);
        return Offset + textIndex + (cleaned ? cleaner.ShiftAt(textIndex) : 0);
    }

    /// <summary>Where in the buffer that stands which an index in the text of the run's current segment is about.</summary>
    int PlaceInRun(int textIndex)
    {
        var from = starts[next - 1];
        if (texts[next - 1] == from)
            return from + textIndex;
        SkipSpecials(from);
        return usual.PlaceOf(buffer.Bytes, from, index.Specials.AsSpan(firstSpecial), textIndex);
    }

    /// <summary>Leaves out the special bytes before a place.</summary>
    void SkipSpecials(int before)
    {
        while (index.Specials[firstSpecial] < before)
            firstSpecial++;
    }

    /// <summary>Moves to the next segment; false at the end of the file or when it cannot be read on.</summary>
    public bool Next()
    {
        EndRun();
        while (!CutOff)
        {
            if (next < index.SegmentCount)
            {
                if (IsCleaned(next) ? StartRun(next + 1) : Take())
                    return true;
            }
            else if (Header is null)
            {
                if (!FindHeader())
                    return false;
            }
            else if (!Scan())
            {
                return TakeLast();
            }
        }
        return false;
    }

    /// <summary>Ends the reading, and gives the memory it used to the next reader.</summary>
    public void Release()
    {
        CutOff = true;
        runEnd = 0;
        (text, textStart, textLength, marks, markStart, markCount) = ([], 0, 0, [], 0, 0);
        (firsts, starts, texts) = ([], [], []);
        buffer.Release();
        index.Release();
        table.Release();
    }

    /// <summary>Ends the interchange: what follows has a header of its own.</summary>
    public void EndInterchange()
    {
        Header = null;
        index.Clear();
        next = 0;
    }

    /// <summary>Ends the interchange before the current segment, which starts another one.</summary>
    public void EndInterchangeBefore()
    {
        EndInterchange();
        position = start;
    }

    /// <summary>Takes a release character into use that X12 announces in ISX.</summary>
    public void Release(byte character)
    {
        Header = Header! with { Delimiters = Header.Delimiters with { Release = character } };
        Configure(Header);
    }

    /// <summary>True when an interchange header stands at the current segment.</summary>
    public bool StartsInterchange() =>
        buffer.Bytes[start] is (byte)'U' or (byte)'I'
        && Header.Recognise(Ahead(start), strict: true) is { Unreadable: false };

    ReadOnlySpan<byte> Ahead(int from) => buffer.Bytes.AsSpan(from, Math.Min(Header.LookAhead, buffer.Count - from));

    void Configure(Header header)
    {
        index.Configure(header);
        tags.Configure(header.Standard);
        usual.Configure(header, Charset);
        cleaner.Configure(header, Charset);
        terminatorLead = header.TerminatorLead.Length;
        next = 0;
    }

    /// <summary>Indexes the next window; false when the rest of the file, or too much of it, holds no terminator.</summary>
    bool Scan()
    {
        position = SkipBlank(position, buffer.Count);
        var wanted = window;
        while (true)
        {
            // Every segment in the index keeps some bytes behind it, so that an interchange that starts there is seen at once.
            // More than once where blanks fill the buffer.
            while (buffer.Count - position < wanted + Header.LookAhead && !buffer.Ended)
            {
                buffer.Fill(position, wanted + Header.LookAhead);
                position = SkipBlank(0, buffer.Count);
            }
            var bytes = Math.Min(wanted, buffer.Count - position);
            IndexWindow(position, position + bytes);
            if (index.SegmentCount > 0)
                break;
            if (bytes > segmentBytesMax + terminatorLead || bytes < wanted)
                return false;
            wanted *= 2;
        }
        window = Math.Min(2 * window, windowBytes);
        return true;
    }

    void IndexWindow(int from, int to)
    {
        index.Scan(buffer.Bytes, from, to);
        runsAllowed = !single && (!levelA || !buffer.Bytes.AsSpan(from, to - from).ContainsAnyInRange((byte)'a', (byte)'z'));
        table.Fill(buffer, from, index, tags, runsAllowed ? usual : null, segmentBytesMax, Header!.Delimiters.Release);
        (firsts, starts, texts) = (index.Firsts, index.Starts, table.Texts);
        next = firstSpecial = runEnd = 0;
    }

    /// <summary>Moves to the next segment if it is plain; only in a run that <see cref="BeginRun"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextInRun()
    {
        var at = next;
        if (at >= runEnd)
            return false;
        next = at + 1;
        return true;
    }

    /// <summary>Moves to the next segment if it is plain, and takes those after it into the run; only within a message.</summary>
    public bool BeginRun()
    {
        EndRun();
        if (CutOff || !runsAllowed || next >= index.SegmentCount)
            return false;
        var end = table.EndOfRun(next, index.SegmentCount);
        if (end == next)
            return false;
        return StartRun(end);
    }

    /// <summary>True when the segment has been cleaned beforehand: its marks no longer lead through the file, so it is handed on as one of a run.</summary>
    bool IsCleaned(int segment) => texts[segment] != SegmentTable.NotPlain && texts[segment] != starts[segment];

    bool StartRun(int end)
    {
        runEnd = end;
        counted = next;
        (text, marks) = (buffer.Bytes, index.Marks);
        Service = Service.None;
        return NextInRun();
    }

    void EndRun()
    {
        if (runEnd == 0)
            return;
        CountRun();
        start = starts[next - 1];
        position = PlaceInRun(SegmentOfRun().Text.Length) + 1;
        runEnd = 0;
    }

    /// <summary>Counts the segments that were handed on in a run, which is not done one by one.</summary>
    public void CountRun()
    {
        if (runEnd == 0)
            return;
        Segments += next - counted;
        if (place.Message != 0)
            place.Segment += next - counted;
        counted = next;
    }

    /// <summary>Takes the next segment of the index; false when it was nothing to hand on.</summary>
    bool Take()
    {
        var at = next++;
        var first = firsts[at];
        var count = firsts[at + 1] - first;
        var end = index.Marks[first + count - 1].End;
        // The table knows where the tag starts; here only a control character before it is told.
        SkipBlank(position, end);
        position = end + 1;
        start = starts[at];
        // One comparison for two rare cases: an empty segment wraps around to the largest number.
        if ((uint)(end - terminatorLead - start - 1) >= (uint)segmentBytesMax)
            return TakeUnusual(end);
        if (count > Limits.SegmentMarksMax)
            return TakeTooWide(count);
        Count();
        markCount = count;
        SkipSpecials(start);
        if (index.Specials[firstSpecial] < end && !StaysRaw())
        {
            Clean();
        }
        else
        {
            (text, textStart, textLength, cleaned) = (buffer.Bytes, start, end - start, false);
            (marks, markStart, marksFrom) = (index.Marks, first, start);
        }
        return Classify();
    }

    void Count()
    {
        Segments++;
        if (place.Message != 0)
            place.Segment++;
    }

    bool Classify()
    {
        var tag = Segment.Tag;
        Service = tag.Length is 2 or 3 ? tags.Of(SegmentTags.Code(tag)) : Service.Invalid;
        if (Service == Service.InterchangeHeader && Header!.Standard == Standard.X12)
            Flatten();
        if (Service != Service.Binary && markCount > 1 && marks[markStart + markCount - 2].End - marksFrom == textLength - 1)
            TrailingSeparator();
        if (levelA)
            CheckLevelA();
        if (Service < Service.Binary)
            return true;
        return TakeSpecial();
    }

    bool TakeSpecial() => Service switch
    {
        Service.Invalid => TakeInvalid(),
        Service.Binary => TakeBinary(),
        _ => true,
    };

    /// <summary>True for a segment whose special bytes mean nothing: UNA of a next interchange, and binary ones.</summary>
    bool StaysRaw()
    {
        var raw = buffer.Bytes.AsSpan(start);
        if (Header!.Standard == Standard.X12)
            return (raw.StartsWith("BIN"u8) || raw.StartsWith("BDS"u8)) && raw[3] == Header.Delimiters.Element && Offset != binaryAsText;
        return raw.StartsWith("UNA"u8) && StartsInterchange();
    }

    void Clean()
    {
        var packed = index.Marks.AsSpan(firsts[next - 1]..firsts[next]);
        if (own.Length < packed.Length)
            own = new Mark[Limits.SegmentMarksMax + 1];
        cleaner.Clean(buffer.Bytes, start, packed[^1].End, packed, index.Specials.AsSpan(firstSpecial), buffer.Origin, own);
        (text, textStart, textLength, cleaned) = (cleaner.Text, 0, cleaner.Length, true);
        (marks, markStart, marksFrom) = (own, 0, 0);
    }

    /// <summary>Skips what may stand between two segments.</summary>
    int SkipBlank(int from, int to)
    {
        var bytes = buffer.Bytes;
        for (; from < to && bytes[from] <= ' ' && !Header!.IsService(bytes[from]); from++)
            if (bytes[from] is not ((byte)'\r' or (byte)'\n' or (byte)'\t' or (byte)' ') && place.First(Habit.BlankBeforeTag))
                place.Report(Codes.BlankBeforeTag, Severity.Warning, buffer.Origin + from,
                    $"The control character {Header.Show(bytes[from])} stands between two segments; it was skipped. Further ones are not reported one by one.",
                    "Ask the partner to send nothing but line breaks between segments.", Header.Show(bytes[from]));
        return from;
    }
}
