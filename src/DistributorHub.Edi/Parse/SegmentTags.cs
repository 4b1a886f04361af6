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

    // One entry a slot: the tag below, what it is above. A tag that is not there is examined and takes the slot.
    readonly ulong[] known = new ulong[Size];
    Standard standard;

    public void Configure(Standard standard)
    {
        this.standard = standard;
        Array.Fill(known, ulong.MaxValue);
    }

    public Service Of(uint tag)
    {
        ref var entry = ref known[tag * 0x9E3779B1u >> 24];
        if ((uint)entry != tag)
            entry = tag | (ulong)Examine(tag) << 32;
        return (Service)(entry >> 32);
    }

    Service Examine(uint tag)
    {
        var valid = IsUpper(tag & 0xFF) && IsUpper(tag >> 8 & 0xFF) && (tag >> 16 == 0 ? standard == Standard.X12 : IsUpper(tag >> 16));
        if (!valid)
            return Service.Invalid;
        return standard == Standard.X12 ? X12(tag) : Edifact(tag);
    }

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
