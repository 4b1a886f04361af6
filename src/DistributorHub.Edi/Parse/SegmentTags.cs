using System.Runtime.CompilerServices;

namespace DistributorHub.Edi.Parse;

/// <summary>What a segment is to the envelope.</summary>
enum Service : byte
{
    None,
    InterchangeHeader,
    GroupHeader,
    MessageHeader,
    MessageTrailer,
    GroupTrailer,
    InterchangeTrailer,

    /// <summary>TA1: about an interchange of the other direction; stands between ISA and the first GS.</summary>
    InterchangeAcknowledgement,

    /// <summary>BIN and BDS: a length, then that many raw bytes.</summary>
    Binary,

    /// <summary>ISB, ISE and ISX, the optional companions of ISA.</summary>
    InterchangeCompanion,
    Invalid,
}

/// <summary>Tells valid and service tags from one comparison; a tag of up to three characters is a number, first character lowest.</summary>
sealed class SegmentTags
{
    const int Size = 256;

    Standard standard;

    /// <summary>One entry a slot: the tag below, what it is above. A tag that is not there is examined and takes the slot.</summary>
    public ulong[] Known { get; } = new ulong[Size];

    public void Configure(Standard standard)
    {
        this.standard = standard;
        Array.Fill(Known, ulong.MaxValue);
    }

    public Service Of(uint tag)
    {
        ref var entry = ref Known[Slot(tag)];
        if ((uint)entry != tag)
            entry = tag | (ulong)Examine(tag) << 32;
        return (Service)(entry >> 32);
    }

    /// <summary>True when the first bytes of a segment are a tag that was seen before and means nothing to the envelope.</summary>
    /// <param name="known">The beginning of <see cref="Known"/>.</param>
    /// <param name="bytes">The first four bytes of the segment.</param>
    /// <param name="length">How many of them are the tag.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool IsPlain(ulong* known, uint bytes, int length)
    {
        var tag = bytes & (1u << 8 * length) - 1;
        return (uint)(length - 2) <= 1 & known[Slot(tag)] == tag;
    }

    static uint Slot(uint tag) => tag * 0x9E3779B1u >> 24;

    Service Examine(uint tag)
    {
        var valid = IsUpper(tag & 0xFF) && IsUpper(tag >> 8 & 0xFF) && (tag >> 16 == 0 ? standard == Standard.X12 : IsUpper(tag >> 16));
        if (!valid)
            return Service.Invalid;
        return standard == Standard.X12 ? X12(tag) : Edifact(tag);
    }

    /// <summary>True when a tag of the envelope begins with this character.</summary>
    public static bool MayBeService(byte first, Standard standard) =>
        (standard == Standard.X12 ? "ISGTB"u8 : "U"u8).Contains(first);

    static bool IsUpper(uint character) => character is >= 'A' and <= 'Z' or >= '0' and <= '9';

    public static uint Code(ReadOnlySpan<byte> tag) =>
        (uint)(tag[0] | tag[1] << 8 | (tag.Length > 2 ? tag[2] << 16 : 0));

    static Service Edifact(uint tag) =>
        tag == Code("UNB"u8) || tag == Code("UNA"u8) ? Service.InterchangeHeader
        : tag == Code("UNG"u8) ? Service.GroupHeader
        : tag == Code("UNH"u8) ? Service.MessageHeader
        : tag == Code("UNT"u8) ? Service.MessageTrailer
        : tag == Code("UNE"u8) ? Service.GroupTrailer
        : tag == Code("UNZ"u8) ? Service.InterchangeTrailer
        : Service.None;

    static Service X12(uint tag) =>
        tag == Code("ISA"u8) ? Service.InterchangeHeader
        : tag == Code("GS"u8) ? Service.GroupHeader
        : tag == Code("ST"u8) ? Service.MessageHeader
        : tag == Code("SE"u8) ? Service.MessageTrailer
        : tag == Code("GE"u8) ? Service.GroupTrailer
        : tag == Code("IEA"u8) ? Service.InterchangeTrailer
        : tag == Code("TA1"u8) ? Service.InterchangeAcknowledgement
        : tag == Code("BIN"u8) || tag == Code("BDS"u8) ? Service.Binary
        : tag == Code("ISB"u8) || tag == Code("ISE"u8) || tag == Code("ISX"u8) ? Service.InterchangeCompanion
        : Service.None;
}
