using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Finds every delimiter of a window of the buffer at once: 64 bytes become bit masks, and the masks become
/// one list of marks, one of segment starts in it and one of bytes that need care (released, control and non-ASCII characters).
/// </summary>
sealed unsafe partial class DelimiterIndex(bool narrow = false)
{
    const int Block = 64;

    // Windows of a small file, and of others: the lists grow once between the two.
    const int SmallBytes = 4 * 1024;
    const int UsualBytes = 16 * 1024;

    /// <summary>How the marks are made of the masks; the index is the same.</summary>
    enum Way
    {
        Scalar,
        Shuffle,
        Compress,
    }

    /// <summary>What the bytes of a block are, a bit for each.</summary>
    struct Masks
    {
        public ulong All, Terminators, Care;

        /// <summary>Terminators right behind another delimiter: they end segments that there is something to be said about.</summary>
        public readonly ulong Trailing(ulong before) => Terminators & (All << 1 | before >> 63);

        public void Keep(ulong mask) => (All, Terminators, Care) = (All & mask, Terminators & mask, Care & mask);

        public void Drop(ulong delimiters) => (All, Terminators) = (All & ~delimiters, Terminators & ~delimiters);
    }

    // Written in groups beyond the last mark; the surplus is overwritten by the next block.
    const int Slack = Block + 16;

    readonly uint[] kinds = new uint[256];
    readonly byte[] terminatorLead = new byte[3];
    readonly byte[] componentLead = new byte[3];
    Vector256<byte> element, component, repetition, terminator, release;
    byte terminatorByte, componentByte;
    int terminatorLeads, componentLeads;
    bool repeats, releases, wide, oddDelimiters;
    Way way;
    bool wrapsAtReturn, wrapsAtFeed;

    // Of the window while it is scanned.
    int specialCount;
    bool pending;        // a release character ended the last block

    /// <summary>Marks with ends counted from the start of the buffer.</summary>
    public Mark[] Marks { get; private set; } = [];

    /// <summary>For every segment the index in <see cref="Marks"/> of its first mark; one more closes the last segment.</summary>
    public int[] Firsts { get; private set; } = [];

    /// <summary>Positions of the bytes that need care, closed by <see cref="int.MaxValue"/>.</summary>
    public int[] Specials { get; private set; } = [];

    /// <summary>For every one of <see cref="Specials"/> the segment it stands in, or before.</summary>
    public int[] SpecialSegments { get; private set; } = [];

    public int SegmentCount { get; private set; }

    /// <summary>For every segment where its tag starts, and behind the last one where its terminator ends, if <see cref="StartsKnown"/>; else room for that.</summary>
    public int[] Starts { get; private set; } = [];

    /// <summary>Segments whose start or tag has to be looked at, in any order and more than once, closed by <see cref="int.MaxValue"/>; the others are plain.</summary>
    public int[] Doubts { get; private set; } = [];

    /// <summary>True when starts and doubts were found along with the delimiters.</summary>
    public bool StartsKnown => way == Way.Compress;

    /// <summary>Takes over the service characters of an interchange.</summary>
    public void Configure(Header header)
    {
        var delimiters = header.Delimiters;
        Array.Clear(kinds);
        repeats = header.Repeats;
        releases = delimiters.Release != 0;
        // A line break that is a delimiter itself wraps nothing.
        (wrapsAtReturn, wrapsAtFeed) = (!header.IsService((byte)'\r'), !header.IsService((byte)'\n'));
        if (repeats)
            kinds[delimiters.Repetition] = Mark.Pack(0, MarkKind.Repetition);
        kinds[delimiters.Component] = Mark.Pack(0, MarkKind.Component);
        kinds[delimiters.Element] = Mark.Pack(0, MarkKind.Element);
        kinds[delimiters.Terminator] = Mark.Pack(0, MarkKind.Terminator);
        element = Vector256.Create(delimiters.Element);
        component = Vector256.Create(delimiters.Component);
        terminator = Vector256.Create(delimiters.Terminator);
        // A character that is not in use repeats one that is: the same compare, no branch.
        repetition = repeats ? Vector256.Create(delimiters.Repetition) : element;
        release = releases ? Vector256.Create(delimiters.Release) : element;
        terminatorByte = delimiters.Terminator;
        componentByte = delimiters.Component;
        terminatorLeads = Copy(header.TerminatorLead, terminatorLead);
        componentLeads = Copy(header.ComponentLead, componentLead);
        wide = terminatorLeads + componentLeads > 0;
        oddDelimiters = IsOdd(delimiters.Element) || IsOdd(delimiters.Component) || IsOdd(repetition[0]) || IsOdd(delimiters.Terminator);
        way = wide || narrow ? Way.Scalar : Avx512Vbmi2.IsSupported && Avx512Vbmi.IsSupported && FillClasses(header.Standard) ? Way.Compress
            : Avx2.IsSupported && FillNibbles() ? Way.Shuffle : Way.Scalar;
        Clear();
    }

    static bool IsOdd(byte character) => character is < (byte)' ' or >= 0x80;

    static int Copy(byte[] from, byte[] to)
    {
        from.CopyTo(to, 0);
        return from.Length;
    }

    public void Clear() => SegmentCount = 0;

    /// <summary>Indexes the bytes from <paramref name="from"/>, the start of a segment, to <paramref name="to"/>.</summary>
    public void Scan(byte[] buffer, int from, int to)
    {
        var length = to - from;
        if (Marks.Length < length + Slack || Doubts.Length < DoubtsOf(length))
            Grow(length <= SmallBytes ? SmallBytes : Math.Max(length, UsualBytes));
        (specialCount, pending) = (0, false);
        fixed (byte* bytes = buffer)
        fixed (Mark* marks = Marks)
        fixed (int* firsts = Firsts)
        {
            *firsts = 0;
            SegmentCount = way switch
            {
                Way.Compress => WriteCompressed(bytes, from, to, (uint*)marks, firsts + 1),
                Way.Shuffle => WriteShuffled(bytes, from, to, (uint*)marks, firsts + 1),
                _ => Write(bytes, from, to, (uint*)marks, firsts + 1),
            };
        }
        Specials[specialCount] = int.MaxValue;
    }

    void Grow(int length)
    {
        Release();
        Marks = ArrayPool<Mark>.Shared.Rent(length + Slack);
        Firsts = ArrayPool<int>.Shared.Rent(length + Slack);
        Specials = ArrayPool<int>.Shared.Rent(length + Slack);
        SpecialSegments = ArrayPool<int>.Shared.Rent(length + Slack);
        Starts = ArrayPool<int>.Shared.Rent(length + Slack);
        Doubts = ArrayPool<int>.Shared.Rent(DoubtsOf(length));
    }

    /// <summary>A block of any content may name one segment more than it has bytes.</summary>
    static int DoubtsOf(int length) => length + length / Block + Slack;

    /// <summary>Gives the lists back to the pool.</summary>
    public void Release()
    {
        Clear();
        if (Marks.Length == 0)
            return;
        ArrayPool<Mark>.Shared.Return(Marks);
        ArrayPool<int>.Shared.Return(Firsts);
        ArrayPool<int>.Shared.Return(Specials);
        ArrayPool<int>.Shared.Return(SpecialSegments);
        ArrayPool<int>.Shared.Return(Starts);
        ArrayPool<int>.Shared.Return(Doubts);
        (Marks, Firsts, Specials, SpecialSegments, Starts, Doubts) = ([], [], [], [], [], []);
    }

    int Write(byte* bytes, int from, int to, uint* marks, int* firsts)
    {
        int markCount = 0, segmentCount = 0;
        var before = 0UL;
        fixed (uint* table = kinds)
            for (var at = from; at < to; at += Block)
            {
                var block = MaskHalves(bytes + at);
                if ((block.Care | block.Trailing(before)) != 0 || wide || pending || to - at < Block)
                    Mend(bytes, from, at, to, before, segmentCount, ref block);
                before = block.All;
                WriteFirsts(block.All, block.Terminators, markCount, firsts + segmentCount);
                WriteMarks(bytes + at, block.All, (uint)at, marks + markCount, table);
                segmentCount += BitOperations.PopCount(block.Terminators);
                markCount += BitOperations.PopCount(block.All);
            }
        return segmentCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Masks MaskHalves(byte* bytes)
    {
        Vector256<byte> low = Vector256.Load(bytes), high = Vector256.Load(bytes + 32);
        Vector256<byte> lowEnds = Vector256.Equals(low, terminator), highEnds = Vector256.Equals(high, terminator);
        var all = Mask(
            Vector256.Equals(low, element) | Vector256.Equals(low, component) | Vector256.Equals(low, repetition) | lowEnds,
            Vector256.Equals(high, element) | Vector256.Equals(high, component) | Vector256.Equals(high, repetition) | highEnds);
        // Signed: bytes from 0x80 are negative, so one compare finds control and non-ASCII characters.
        var space = Vector256.Create((sbyte)' ');
        var care = ~all & Mask(
            Vector256.LessThan(low.AsSByte(), space).AsByte() | Vector256.Equals(low, release),
            Vector256.LessThan(high.AsSByte(), space).AsByte() | Vector256.Equals(high, release));
        return new() { All = all, Terminators = Mask(lowEnds, highEnds), Care = care };
    }

    /// <summary>
    /// Deals with what a block has beside delimiters; takes out of the masks what is no delimiter after all.
    /// Nearly without branches, since which blocks have what follows no rule.
    /// </summary>
    /// <param name="bytes">The buffer.</param>
    /// <param name="from">Where the window starts in it.</param>
    /// <param name="at">Where the block starts.</param>
    /// <param name="to">Where the window ends, within this block or behind it.</param>
    /// <param name="before">The delimiters of the block before.</param>
    /// <param name="segment">The segment that the block starts in.</param>
    /// <param name="block">Its masks.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Mend(byte* bytes, int from, int at, int to, ulong before, int segment, ref Masks block)
    {
        if (to - at < Block)
            block.Keep((1UL << (to - at)) - 1);
        var candidates = block.All;
        if (wide)
            DropParts(bytes, from, at, ref block);
        var care = block.Care;
        var releasing = care & Releases(bytes + at);
        var breaks = care & ~releasing & LineBreaks(bytes + at);
        var released = releasing << 1 | (pending ? 1UL : 0);
        if ((released & (releasing | breaks)) != 0)
            released = Released(bytes + at, releasing);
        else
            pending = releasing >> 63 != 0;
        block.Drop(released);
        if (oddDelimiters)
            care |= candidates & ~block.All & Odd(bytes + at);
        care = care & ~BetweenSegments(breaks, block.Terminators) | block.Trailing(before);
        fixed (int* places = &Specials[specialCount], segments = &SpecialSegments[specialCount])
            WriteSpecials(care, block.Terminators, at, segment, places, segments);
        specialCount += BitOperations.PopCount(care);
    }

    /// <summary>A line break right after a terminator stands between two segments and needs no care.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong BetweenSegments(ulong breaks, ulong terminators)
    {
        var behind = breaks & terminators << 1;
        return behind | breaks & behind << 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mask(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteMarks(byte* block, ulong mask, uint at, uint* to, uint* table)
    {
        // Always eight at a time: a branch that is nearly always taken costs less than one that follows the data.
        while (true)
        {
            for (var i = 0; i < 8; i++)
            {
                var bit = (uint)BitOperations.TrailingZeroCount(mask);
                to[i] = Mark.Step((int)(at + bit)) | table[block[bit]];
                mask &= mask - 1;
            }
            if (mask == 0)
                return;
            to += 8;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteFirsts(ulong all, ulong terminators, int markCount, int* to)
    {
        while (true)
        {
            for (var i = 0; i < 4; i++)
            {
                var below = terminators - 1 & ~terminators;
                to[i] = markCount + 1 + BitOperations.PopCount(all & below);
                terminators &= terminators - 1;
            }
            if (terminators == 0)
                return;
            to += 4;
        }
    }

    static ulong LineBreaks(byte* block)
    {
        Vector256<byte> r = Vector256.Create((byte)'\r'), n = Vector256.Create((byte)'\n');
        Vector256<byte> low = Vector256.Load(block), high = Vector256.Load(block + 32);
        return Mask(Vector256.Equals(low, r) | Vector256.Equals(low, n), Vector256.Equals(high, r) | Vector256.Equals(high, n));
    }

    /// <summary>Control and non-ASCII characters, which need care where they are no delimiters after all.</summary>
    static ulong Odd(byte* block)
    {
        var space = Vector256.Create((sbyte)' ');
        return Mask(
            Vector256.LessThan(Vector256.Load(block).AsSByte(), space).AsByte(),
            Vector256.LessThan(Vector256.Load(block + 32).AsSByte(), space).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteSpecials(ulong care, ulong terminators, int at, int segment, int* places, int* segments)
    {
        while (true)
        {
            // More than most blocks have: a loop that is never repeated is predicted well.
            for (var i = 0; i < 4; i++)
            {
                places[i] = at + BitOperations.TrailingZeroCount(care);
                segments[i] = segment + BitOperations.PopCount(terminators & (care ^ care - 1) >> 1);
                care &= care - 1;
            }
            if (care == 0)
                return;
            places += 4;
            segments += 4;
        }
    }

    ulong Releases(byte* block) =>
        Mask(Vector256.Equals(Vector256.Load(block), release), Vector256.Equals(Vector256.Load(block + 32), release));

    /// <summary>Bits of the characters that a release character protects. Line breaks between the two do not count.</summary>
    ulong Released(byte* block, ulong releasing)
    {
        var released = 0UL;
        if (pending)
        {
            var first = Next(block, 0);
            if (first == Block)
                return 0;
            released = 1UL << first;
            pending = false;
        }
        for (; releasing != 0; releasing &= releasing - 1)
        {
            var at = BitOperations.TrailingZeroCount(releasing);
            if ((released >> at & 1) != 0)
                continue;
            var next = Next(block, at + 1);
            if (next == Block)
                pending = true;
            else
                released |= 1UL << next;
        }
        return released;
    }

    int Next(byte* block, int at)
    {
        while (at < Block && (block[at] == '\r' && wrapsAtReturn || block[at] == '\n' && wrapsAtFeed))
            at++;
        return at;
    }

    /// <summary>Where a delimiter is a character of several bytes, its last byte counts only after the others.</summary>
    void DropParts(byte* bytes, int from, int at, ref Masks block)
    {
        for (var rest = block.All; rest != 0; rest &= rest - 1)
        {
            var place = at + BitOperations.TrailingZeroCount(rest);
            var lead = bytes[place] == terminatorByte ? terminatorLead.AsSpan(0, terminatorLeads)
                : bytes[place] == componentByte ? componentLead.AsSpan(0, componentLeads) : default;
            if (place - lead.Length < from || !lead.SequenceEqual(new ReadOnlySpan<byte>(bytes + place - lead.Length, lead.Length)))
                block.Drop(rest & ~(rest - 1));
        }
    }
}
