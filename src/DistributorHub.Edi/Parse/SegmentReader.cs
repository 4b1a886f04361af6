using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>Bytes to segments: finds the start of every interchange, cuts it into segments and makes their text clean.</summary>
sealed partial class SegmentReader(Stream input, Place place, ReaderOptions options, int bufferBytes, int windowBytes)
{
    const int FirstWindowBytes = 1024;

    readonly InputBuffer buffer = new(input, bufferBytes);
    readonly DelimiterIndex index = new();
    readonly SegmentTags tags = new();
    readonly SegmentCleaner cleaner = new(place);
    readonly Charset? agreed = options.Charset is null ? null : Charset.Named(options.Charset);

    // Eight marks are moved at a time, so there is room for seven more.
    readonly Mark[] marks = new Mark[Limits.SegmentMarksMax + 8];
    int markCount;
    byte[] text = [];
    int textStart, textLength;
    bool cleaned;

    int position;        // of the first byte not yet taken as a segment
    int start;           // of the current segment
    int next;            // segment of the index to take next
    int firstMark;       // of that segment
    int firstSpecial;    // of that segment, or before
    int window;
    bool marked;         // a byte order mark was skipped
    bool levelA;         // lower case is still to be reported

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

    public Segment Segment => new(new(text, textStart, textLength), new(marks, 0, markCount));

    public long Offset => buffer.Origin + start;

    public long BytesRead => buffer.Origin + buffer.Count;

    /// <summary>Offset of the first byte that belongs to no segment yet.</summary>
    public long End => buffer.Origin + position;

    public long OffsetOf(int textIndex) => Offset + textIndex + (cleaned ? cleaner.ShiftAt(textIndex) : 0);

    /// <summary>Moves to the next segment; false at the end of the file or when it cannot be read on.</summary>
    public bool Next()
    {
        while (!CutOff)
        {
            if (next < index.SegmentCount)
            {
                if (Take())
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
        cleaner.Configure(header, Charset);
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
            if (buffer.Count - position < wanted + Header.LookAhead && !buffer.Ended)
            {
                buffer.Fill(position, wanted + Header.LookAhead);
                position = SkipBlank(0, buffer.Count);
            }
            var bytes = Math.Min(wanted, buffer.Count - position);
            index.Scan(buffer.Bytes, position, position + bytes);
            if (index.SegmentCount > 0)
                break;
            if (bytes > options.SegmentBytesMax)
                return false;
            if (bytes < wanted)
                return false;
            wanted *= 2;
        }
        next = firstMark = firstSpecial = 0;
        window = Math.Min(2 * window, windowBytes);
        return true;
    }

    bool IsDelimiter(byte character) => Header is { } h
        && (character == h.Delimiters.Terminator || character == h.Delimiters.Element || character == h.Delimiters.Component);

    /// <summary>Takes the next segment of the index; false when it was nothing to hand on.</summary>
    bool Take()
    {
        // The index is as long as the window and was filled for it: its own numbers need no bounds check.
        ref var packed = ref MemoryMarshal.GetArrayDataReference(index.Marks);
        ref var specials = ref MemoryMarshal.GetArrayDataReference(index.Specials);
        var bytes = buffer.Bytes;
        var first = firstMark;
        var last = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(index.Ends), next++);
        firstMark = last + 1;
        var from = position;
        var end = Mark.EndOf(Unsafe.Add(ref packed, last));
        position = end + 1;
        if (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), from) <= ' ')
            from = SkipBlank(from, end);
        start = from;
        // One comparison for two rare cases: an empty segment wraps around to the largest number.
        if ((uint)(end - from - 1) >= (uint)options.SegmentBytesMax)
            return TakeUnusual(end);
        var count = last - first + 1;
        if (count > Limits.SegmentMarksMax)
            return TakeTooWide(count);
        Count();
        markCount = count;
        var special = firstSpecial;
        while (Unsafe.Add(ref specials, special) < from)
            special++;
        firstSpecial = special;
        if (Unsafe.Add(ref specials, special) < end && !StaysRaw())
        {
            Clean(end, first);
        }
        else
        {
            if (text != bytes)
                text = bytes;
            textStart = from;
            textLength = end - from;
            cleaned = false;
            Move(ref Unsafe.Add(ref packed, first), count, (uint)from);
        }
        return Classify(end, first);
    }

    void Count()
    {
        Segments++;
        if (place.Message != 0)
            place.Segment++;
    }

    bool Classify(int end, int first)
    {
        ref var mark = ref MemoryMarshal.GetArrayDataReference(marks);
        var tagLength = mark.End;
        var tag = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(text), textStart));
        var service = tagLength == 3 ? tags.Of(tag & 0xFF_FFFF)
            : tagLength == 2 ? tags.Of(tag & 0xFFFF)
            : Service.Invalid;
        Service = service;
        if (service == Service.InterchangeHeader && Header!.Standard == Standard.X12)
            Flatten();
        if (service != Service.Binary && markCount > 1 && Unsafe.Add(ref mark, markCount - 2).End == textLength - 1)
            TrailingSeparator();
        if (levelA)
            CheckLevelA();
        if (service < Service.Binary)
            return true;
        return service switch
        {
            Service.Invalid => TakeInvalid(end, first),
            Service.Binary => TakeBinary(),
            _ => true,
        };
    }

    /// <summary>True for a segment whose special bytes mean nothing: UNA of a next interchange, and binary ones.</summary>
    bool StaysRaw()
    {
        var raw = buffer.Bytes.AsSpan(start);
        if (Header!.Standard == Standard.X12)
            return (raw.StartsWith("BIN"u8) || raw.StartsWith("BDS"u8)) && raw[3] == Header.Delimiters.Element && Offset != binaryAsText;
        return raw.StartsWith("UNA"u8) && StartsInterchange();
    }

    /// <summary>Copies marks so that they count from the start of the segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Move(ref uint source, int count, uint by)
    {
        ref var target = ref Unsafe.As<Mark, uint>(ref MemoryMarshal.GetArrayDataReference(marks));
        var shift = Vector256.Create(by);
        for (nint i = 0; i < count; i += 8)
            (Vector256.LoadUnsafe(ref source, (nuint)i) - shift).StoreUnsafe(ref target, (nuint)i);
    }

    void Clean(int end, int first)
    {
        cleaner.Clean(buffer.Bytes, start, end, index.Marks.AsSpan(first, markCount), index.Specials.AsSpan(firstSpecial), buffer.Origin, marks);
        text = cleaner.Text;
        textStart = 0;
        textLength = cleaner.Length;
        cleaned = true;
    }

    /// <summary>Skips what may stand between two segments.</summary>
    int SkipBlank(int from, int to)
    {
        var bytes = buffer.Bytes;
        for (; from < to && bytes[from] <= ' ' && !IsDelimiter(bytes[from]); from++)
            if (bytes[from] is not ((byte)'\r' or (byte)'\n' or (byte)'\t' or (byte)' ') && place.First(Habit.BlankBeforeTag))
                place.Report(Codes.BlankBeforeTag, Severity.Warning, buffer.Origin + from,
                    $"The control character {Header.Show(bytes[from])} stands between two segments; it was skipped. Others in this interchange are not reported again.",
                    "Ask the partner to send nothing but line breaks between segments.", Header.Show(bytes[from]));
        return from;
    }
}
