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
    const int SmallBytes = 2 * 1024;
    const int UsualBytes = 16 * 1024;

    /// <summary>What the bytes of a block are, a bit for each.</summary>
    struct Masks
    {
        public ulong All, Terminators, Care;

        public void Keep(ulong mask) => (All, Terminators, Care) = (All & mask, Terminators & mask, Care & mask);

        public void Drop(ulong delimiters) => (All, Terminators) = (All & ~delimiters, Terminators & ~delimiters);
    }

    // Written in groups of eight beyond the last mark; the surplus is overwritten by the next block.
    const int Slack = Block + 16;

    readonly uint[] kinds = new uint[256];
    readonly byte[] terminatorLead = new byte[3];
    readonly byte[] componentLead = new byte[3];
    Vector256<byte> element, component, repetition, terminator, release;
    byte terminatorByte, componentByte;
    int terminatorLeads, componentLeads;
    Masks[] masks = [];
    bool repeats, releases, wide;

    /// <summary>Marks with ends counted from the start of the buffer, as <see cref="Mark.Pack"/> makes them.</summary>
    public uint[] Marks { get; private set; } = [];

    /// <summary>For every segment the index in <see cref="Marks"/> of its first mark; one more closes the last segment.</summary>
    public int[] Firsts { get; private set; } = [];

    /// <summary>Positions of the bytes that need care, closed by <see cref="int.MaxValue"/>.</summary>
    public int[] Specials { get; private set; } = [];

    public int SegmentCount { get; private set; }

    /// <summary>Takes over the service characters of an interchange.</summary>
    public void Configure(Header header)
    {
        var delimiters = header.Delimiters;
        Array.Clear(kinds);
        repeats = header.Repeats;
        releases = delimiters.Release != 0;
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
        Clear();
    }

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
        if (Marks.Length < length + Slack)
            Grow(length <= SmallBytes ? SmallBytes : Math.Max(length, UsualBytes));
        fixed (byte* bytes = buffer)
        fixed (uint* marks = Marks)
        fixed (int* firsts = Firsts)
        fixed (Masks* blocks = masks)
        {
            var compresses = Avx512Vbmi2.IsSupported && !narrow;
            if (compresses)
                MaskWhole(bytes + from, length, blocks);
            else
                MaskHalves(bytes + from, length, blocks);
            TakeCare(bytes, from, to, blocks);
            *firsts = 0;
            if (compresses)
                WriteCompressed(bytes, from, to, blocks, marks, firsts + 1);
            else
                Write(bytes, from, to, blocks, marks, firsts + 1);
        }
    }

    void Grow(int length)
    {
        Marks = new uint[length + Slack];
        Firsts = new int[length + Slack];
        Specials = new int[length + Slack];
        masks = new Masks[length / Block + 1];
    }

    void MaskHalves(byte* bytes, int length, Masks* blocks)
    {
        Vector256<byte> e = element, c = component, r = repetition, t = terminator, q = release;
        var space = Vector256.Create((sbyte)' ');
        for (var end = bytes + length; bytes < end; bytes += Block, blocks++)
        {
            var low = Vector256.Load(bytes);
            var high = Vector256.Load(bytes + 32);
            var lowEnds = Vector256.Equals(low, t);
            var highEnds = Vector256.Equals(high, t);
            blocks->Terminators = Mask(lowEnds, highEnds);
            var all = Mask(
                Vector256.Equals(low, e) | Vector256.Equals(low, c) | Vector256.Equals(low, r) | lowEnds,
                Vector256.Equals(high, e) | Vector256.Equals(high, c) | Vector256.Equals(high, r) | highEnds);
            blocks->All = all;
            // Signed: bytes from 0x80 are negative, so one compare finds control and non-ASCII characters.
            blocks->Care = ~all & Mask(
                Vector256.LessThan(low.AsSByte(), space).AsByte() | Vector256.Equals(low, q),
                Vector256.LessThan(high.AsSByte(), space).AsByte() | Vector256.Equals(high, q));
        }
    }

    /// <summary>Deals with what blocks have beside delimiters; takes out of the masks what is no delimiter after all.</summary>
    void TakeCare(byte* bytes, int from, int to, Masks* blocks)
    {
        var count = 0;
        var pending = false;
        var before = 0UL;
        for (var at = from; at < to; at += Block, blocks++)
        {
            if (to - at < Block)
                blocks->Keep((1UL << (to - at)) - 1);
            if (wide)
                DropParts(bytes, from, at, blocks);
            // A terminator right behind another delimiter ends a segment that has something to be said about.
            var trailing = blocks->Terminators & (blocks->All << 1 | before >> 63);
            before = blocks->All;
            if (blocks->Care == 0 && trailing == 0 && !pending)
                continue;
            var releasing = releases ? blocks->Care & Releases(bytes + at) : 0;
            if (releasing != 0 || pending)
                blocks->Drop(Released(bytes + at, releasing, ref pending));
            // A line break right after a terminator stands between two segments and needs no care.
            var breaks = LineBreaks(bytes + at) & ~blocks->All;
            breaks &= blocks->Terminators << 1 | (breaks & blocks->Terminators << 1) << 1;
            count = WriteSpecials(blocks->Care & ~(blocks->All | breaks) | trailing & blocks->Terminators, at, count);
        }
        Specials[count] = int.MaxValue;
    }

    void Write(byte* bytes, int from, int to, Masks* blocks, uint* marks, int* firsts)
    {
        int markCount = 0, segmentCount = 0;
        fixed (uint* table = kinds)
            for (var at = from; at < to; at += Block, blocks++)
            {
                WriteFirsts(blocks->All, blocks->Terminators, markCount, firsts + segmentCount);
                WriteMarks(bytes + at, blocks->All, (uint)at, marks + markCount, table);
                segmentCount += BitOperations.PopCount(blocks->Terminators);
                markCount += BitOperations.PopCount(blocks->All);
            }
        SegmentCount = segmentCount;
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
                to[i] = at + bit | table[block[bit]];
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

    int WriteSpecials(ulong care, int at, int count)
    {
        fixed (int* specials = &Specials[count])
            for (var to = specials; ;)
            {
                // Two at a time, for the reason that marks are written eight at a time.
                to[0] = at + BitOperations.TrailingZeroCount(care);
                var rest = care & care - 1;
                to[1] = at + BitOperations.TrailingZeroCount(rest);
                rest &= rest - 1;
                if (rest == 0)
                    return count + (int)(to - specials) + BitOperations.PopCount(care);
                care = rest;
                to += 2;
            }
    }

    ulong Releases(byte* block) =>
        Mask(Vector256.Equals(Vector256.Load(block), release), Vector256.Equals(Vector256.Load(block + 32), release));

    /// <summary>Bits of the characters that a release character protects. Line breaks between the two do not count.</summary>
    static ulong Released(byte* block, ulong releasing, ref bool pending)
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

    static int Next(byte* block, int at)
    {
        while (at < Block && block[at] is (byte)'\r' or (byte)'\n')
            at++;
        return at;
    }

    /// <summary>Where a delimiter is a character of several bytes, its last byte counts only after the others.</summary>
    void DropParts(byte* bytes, int from, int at, Masks* block)
    {
        for (var rest = block->All; rest != 0; rest &= rest - 1)
        {
            var place = at + BitOperations.TrailingZeroCount(rest);
            var lead = bytes[place] == terminatorByte ? terminatorLead.AsSpan(0, terminatorLeads)
                : bytes[place] == componentByte ? componentLead.AsSpan(0, componentLeads) : default;
            if (place - lead.Length < from || !lead.SequenceEqual(new ReadOnlySpan<byte>(bytes + place - lead.Length, lead.Length)))
                block->Drop(rest & ~(rest - 1));
        }
    }
}
