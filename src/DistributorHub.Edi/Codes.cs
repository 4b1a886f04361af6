namespace DistributorHub.Edi;

/// <summary>
/// Stable codes of findings. SYN1xxx: bytes and characters; ENV2xxx: interchange, group and message envelopes;
/// STR3xxx: order and number of segments; ELM4xxx: values of elements; GDE5xxx: what a partner's guide asks; WRT6xxx: what cannot be written.
/// Their meaning stands in this folder's README.
/// </summary>
public static partial class Codes
{
    /// <summary>The file holds no interchange.</summary>
    public const string NoInterchange = "SYN1001";

    /// <summary>Bytes before, between or after interchanges were skipped.</summary>
    public const string BytesSkipped = "SYN1002";

    /// <summary>UNB uses separators that only a UNA could announce.</summary>
    public const string SeparatorsNotAnnounced = "SYN1003";

    /// <summary>UNA announces service characters that cannot be, or that UNB does not use.</summary>
    public const string ServiceCharactersInvalid = "SYN1004";

    /// <summary>The ISA segment does not have its fixed layout of 106 characters.</summary>
    public const string InterchangeHeaderLayout = "SYN1005";

    /// <summary>The service characters cannot be read from the ISA segment.</summary>
    public const string InterchangeHeaderUnreadable = "SYN1006";

    /// <summary>A segment is longer than the limit; usually its terminator is missing.</summary>
    public const string SegmentTooLong = "SYN1007";

    /// <summary>A segment has more elements and components than the limit.</summary>
    public const string SegmentTooWide = "SYN1008";

    /// <summary>The file ends within a segment.</summary>
    public const string SegmentCutOff = "SYN1009";

    /// <summary>Only the terminator of the last segment is missing.</summary>
    public const string LastTerminatorMissing = "SYN1010";

    /// <summary>A segment does not start with a segment tag.</summary>
    public const string TagInvalid = "SYN1011";

    /// <summary>A segment tag is written in lower case.</summary>
    public const string TagLowerCase = "SYN1012";

    /// <summary>Two terminators with nothing between them.</summary>
    public const string SegmentEmpty = "SYN1013";

    /// <summary>A line break stands inside a segment.</summary>
    public const string LineBreakInSegment = "SYN1014";

    /// <summary>The release character stands before a character that needs none.</summary>
    public const string ReleaseNeedless = "SYN1015";

    /// <summary>A segment ends with separators that separate nothing.</summary>
    public const string TrailingSeparator = "SYN1016";

    /// <summary>Blanks stand before a segment tag.</summary>
    public const string BlankBeforeTag = "SYN1017";

    /// <summary>A character is outside the declared character set or level.</summary>
    public const string CharacterOutsideSet = "SYN1018";

    /// <summary>Bytes that are no character of the character set in use.</summary>
    public const string CharacterInvalid = "SYN1019";

    /// <summary>A control character stands in the data.</summary>
    public const string ControlCharacter = "SYN1020";

    /// <summary>The text looks like UTF-8 though another character set is declared.</summary>
    public const string LooksLikeUtf8 = "SYN1021";

    /// <summary>The declared syntax identifier names no character set that can be decoded.</summary>
    public const string CharsetUnknown = "SYN1022";

    /// <summary>The file starts with a UTF-8 byte order mark though another character set is declared.</summary>
    public const string ByteOrderMark = "SYN1023";

    /// <summary>The file is UTF-16 text.</summary>
    public const string Utf16 = "SYN1024";

    /// <summary>The declared repetition separator cannot be one.</summary>
    public const string RepetitionUnusable = "SYN1025";

    /// <summary>The length of a binary element is missing, not a number or wrong.</summary>
    public const string BinaryLength = "SYN1026";

    /// <summary>A binary element is longer than the limit.</summary>
    public const string BinaryTooLong = "SYN1027";

    /// <summary>Segments end with line breaks though no UNA announces that.</summary>
    public const string TerminatorGuessed = "SYN1028";

    /// <summary>The file is no EDI but something else, such as an archive or a document.</summary>
    public const string OtherFormat = "SYN1029";

    /// <summary>An element of ISA is longer than its place.</summary>
    public const string InterchangeHeaderTooLong = "SYN1030";

    /// <summary>Blanks or line breaks stand before the terminator of ISA.</summary>
    public const string BlankBeforeTerminator = "SYN1031";

    /// <summary>Messages stand in the file without UNB or ISA.</summary>
    public const string InterchangeHeaderMissing = "ENV2001";

    /// <summary>The next interchange starts before UNZ or IEA.</summary>
    public const string InterchangeTrailerMissing = "ENV2002";

    /// <summary>UNZ or IEA counts another number of groups or messages than there are.</summary>
    public const string InterchangeCount = "ENV2003";

    /// <summary>UNZ or IEA has another reference than UNB or ISA.</summary>
    public const string InterchangeReference = "ENV2004";

    /// <summary>The same sender used the same interchange reference twice in one file.</summary>
    public const string InterchangeDuplicate = "ENV2005";

    /// <summary>A transaction set stands outside a functional group.</summary>
    public const string GroupHeaderMissing = "ENV2006";

    /// <summary>The next group or the end of the interchange comes before UNE or GE.</summary>
    public const string GroupTrailerMissing = "ENV2007";

    /// <summary>UNE or GE counts another number of messages than there are.</summary>
    public const string GroupCount = "ENV2008";

    /// <summary>UNE or GE has another reference than UNG or GS.</summary>
    public const string GroupReference = "ENV2009";

    /// <summary>Two groups of an interchange have the same reference.</summary>
    public const string GroupDuplicate = "ENV2010";

    /// <summary>The next message or the end of its envelope comes before UNT or SE.</summary>
    public const string MessageTrailerMissing = "ENV2011";

    /// <summary>UNT or SE counts another number of segments than there are.</summary>
    public const string MessageCount = "ENV2012";

    /// <summary>UNT or SE has another reference than UNH or ST.</summary>
    public const string MessageReference = "ENV2013";

    /// <summary>Two messages of an interchange, or two transaction sets of a group, have the same reference.</summary>
    public const string MessageDuplicate = "ENV2014";

    /// <summary>A trailer comes without its header.</summary>
    public const string TrailerWithoutHeader = "ENV2015";

    /// <summary>Segments stand outside any message.</summary>
    public const string SegmentOutsideMessage = "ENV2016";

    /// <summary>An EDIFACT interchange has messages both in groups and outside them.</summary>
    public const string GroupsAndMessagesMixed = "ENV2017";

    /// <summary>A group has messages of more than one type.</summary>
    public const string MessageTypesMixed = "ENV2018";

    /// <summary>A group without messages.</summary>
    public const string GroupEmpty = "ENV2019";

    /// <summary>An interchange without messages.</summary>
    public const string InterchangeEmpty = "ENV2020";

    /// <summary>A control number is the same number with other leading zeros than in the header.</summary>
    public const string ReferencePadding = "ENV2021";

    /// <summary>The file ends before the trailers.</summary>
    public const string FileEndsEarly = "ENV2022";
}
