using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// Finds every delimiter of a window of the buffer at once: 64 bytes become bit masks, and the masks become
/// one list of marks, one of segment ends and one of bytes that need care (released, control and non-ASCII characters).
/// </summary>
sealed unsafe class DelimiterIndex
{
    const int Block = 64;

    // Written in groups of eight beyond the last mark; the surplus is overwritten by the next block.
    const int Slack = Block + 16;

    readonly uint[] kinds = new uint[256];
    readonly byte[] terminatorLead = new byte[3];
    readonly byte[] componentLead = new byte[3];
    Vector256<byte> element, component, repetition, terminator, release;
    byte releaseByte, terminatorByte, componentByte;
    int terminatorLeads, componentLeads;
    bool repeats, releases, wide;

    /// <summary>Marks with ends counted from the start of the buffer, as <see cref="Mark.Pack"/> makes them.</summary>
    public uint[] Marks { get; private set; } = [];

    /// <summary>For every segment the index in <see cref="Marks"/> of its terminator.</summary>
    public int[] Ends { get; private set; } = [];

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
        releaseByte = delimiters.Release;
        release = Vector256.Create(releaseByte);
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
        {
            Marks = new uint[length + Slack];
            Ends = new int[length + Slack];
            Specials = new int[length + Slack];
        }
        fixed (byte* bytes = buffer)
        fixed (uint* marks = Marks, table = kinds)
        fixed (int* ends = Ends, specials = Specials)
            Scan(bytes, from, to, marks, ends, specials, table);
    }

    void Scan(byte* bytes, int from, int to, uint* marks, int* ends, int* specials, uint* table)
    {
        Vector256<byte> e = element, c = component, r = repetition, t = terminator, q = release;
        var space = Vector256.Create((sbyte)' ');
        var withRepetition = repeats;
        var withRelease = releases;
        var markCount = 0;
        var endCount = 0;
        var specialCount = 0;
        var pending = false;
        for (var at = from; at < to; at += Block)
        {
            var low = Vector256.Load(bytes + at);
            var high = Vector256.Load(bytes + at + 32);
            var lowEnds = Vector256.Equals(low, t);
            var highEnds = Vector256.Equals(high, t);
            var lowAll = Vector256.Equals(low, e) | Vector256.Equals(low, c) | lowEnds;
            var highAll = Vector256.Equals(high, e) | Vector256.Equals(high, c) | highEnds;
            if (withRepetition)
            {
                lowAll |= Vector256.Equals(low, r);
                highAll |= Vector256.Equals(high, r);
            }
            // Signed: bytes from 0x80 are negative, so one compare finds control and non-ASCII characters.
            var lowCare = Vector256.LessThan(low.AsSByte(), space).AsByte();
            var highCare = Vector256.LessThan(high.AsSByte(), space).AsByte();
            if (withRelease)
            {
                lowCare |= Vector256.Equals(low, q);
                highCare |= Vector256.Equals(high, q);
            }
            var all = Mask(lowAll, highAll);
            var terminators = Mask(lowEnds, highEnds);
            var care = Mask(lowCare, highCare);
            if (to - at < Block)
            {
                var valid = (1UL << (to - at)) - 1;
                all &= valid;
                terminators &= valid;
                care &= valid;
            }
            if (wide)
                DropParts(bytes, from, at, ref all, ref terminators);
            if (care != 0 || pending)
            {
                if (withRelease)
                {
                    var released = Released(bytes + at, care, ref pending);
                    all &= ~released;
                    terminators &= ~released;
                }
                // A line break right after a terminator stands between two segments and needs no care.
                var breaks = LineBreaks(low, high) & ~all;
                breaks &= terminators << 1 | (breaks & terminators << 1) << 1;
                specialCount = WriteSpecials(care & ~(all | breaks), at, specials, specialCount);
            }
            endCount = WriteEnds(all, terminators, markCount, ends, endCount);
            markCount = WriteMarks(bytes + at, all, (uint)at, marks, markCount, table);
        }
        specials[specialCount] = int.MaxValue;
        SegmentCount = endCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mask(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int WriteMarks(byte* block, ulong mask, uint at, uint* marks, int count, uint* table)
    {
        var next = count + BitOperations.PopCount(mask);
        var to = marks + count;
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
                return next;
            to += 8;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int WriteEnds(ulong all, ulong terminators, int markCount, int* ends, int count)
    {
        var next = count + BitOperations.PopCount(terminators);
        var to = ends + count;
        while (true)
        {
            for (var i = 0; i < 4; i++)
            {
                var below = terminators - 1 & ~terminators;
                to[i] = markCount + BitOperations.PopCount(all & below);
                terminators &= terminators - 1;
            }
            if (terminators == 0)
                return next;
            to += 4;
        }
    }

    static ulong LineBreaks(Vector256<byte> low, Vector256<byte> high)
    {
        Vector256<byte> r = Vector256.Create((byte)'\r'), n = Vector256.Create((byte)'\n');
        return Mask(Vector256.Equals(low, r) | Vector256.Equals(low, n), Vector256.Equals(high, r) | Vector256.Equals(high, n));
    }

    static int WriteSpecials(ulong care, int at, int* specials, int count)
    {
        for (; care != 0; care &= care - 1)
            specials[count++] = at + BitOperations.TrailingZeroCount(care);
        return count;
    }

    /// <summary>Bits of the characters that a release character protects. Line breaks between the two do not count.</summary>
    ulong Released(byte* block, ulong care, ref bool pending)
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
        for (; care != 0; care &= care - 1)
        {
            var at = BitOperations.TrailingZeroCount(care);
            if (block[at] != releaseByte || (released >> at & 1) != 0)
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
    void DropParts(byte* bytes, int from, int at, ref ulong all, ref ulong terminators)
    {
        for (var rest = all; rest != 0; rest &= rest - 1)
        {
            var bit = rest & ~(rest - 1);
            var place = at + BitOperations.TrailingZeroCount(rest);
            var lead = bytes[place] == terminatorByte ? terminatorLead.AsSpan(0, terminatorLeads)
                : bytes[place] == componentByte ? componentLead.AsSpan(0, componentLeads) : default;
            if (place - lead.Length < from || !lead.SequenceEqual(new ReadOnlySpan<byte>(bytes + place - lead.Length, lead.Length)))
            {
                all &= ~bit;
                terminators &= ~bit;
            }
        }
    }
}
