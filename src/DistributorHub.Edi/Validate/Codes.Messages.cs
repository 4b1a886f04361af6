namespace DistributorHub.Edi;

public static partial class Codes
{
    /// <summary>No definition for this message type and release.</summary>
    public const string MessageUnsupported = "STR3000";

    /// <summary>A segment tag the directory does not have.</summary>
    public const string SegmentUnknown = "STR3001";

    /// <summary>A segment of the directory that this message does not use.</summary>
    public const string SegmentNotInMessage = "STR3002";

    /// <summary>A segment after its place in the message.</summary>
    public const string SegmentOutOfOrder = "STR3003";

    /// <summary>A mandatory segment did not come.</summary>
    public const string SegmentMissing = "STR3004";

    /// <summary>A mandatory group did not come.</summary>
    public const string GroupMissing = "STR3005";

    /// <summary>A segment more often than the definition allows.</summary>
    public const string SegmentTooOften = "STR3006";

    /// <summary>A group more often than the definition allows.</summary>
    public const string GroupTooOften = "STR3007";

    /// <summary>A segment whose group was not begun.</summary>
    public const string TriggerMissing = "STR3008";

    /// <summary>The detail group came without the group around it.</summary>
    public const string GroupImplied = "STR3009";

    /// <summary>A tree segment (HL, CPS) whose parent is not open.</summary>
    public const string TreeParentUnknown = "STR3010";

    /// <summary>A tree segment (HL, CPS) with an id that was used before.</summary>
    public const string TreeIdRepeated = "STR3011";

    /// <summary>The section control UNS did not come, and nothing depends on it.</summary>
    public const string SectionControlMissing = "STR3012";

    /// <summary>A mandatory element is empty.</summary>
    public const string ElementMissing = "ELM4001";

    /// <summary>A mandatory component of a composite in use is empty.</summary>
    public const string ComponentMissing = "ELM4002";

    /// <summary>A value longer than the definition allows.</summary>
    public const string ValueTooLong = "ELM4003";

    /// <summary>A value shorter than the definition asks for.</summary>
    public const string ValueTooShort = "ELM4004";

    /// <summary>A numeric element that holds no number.</summary>
    public const string NotANumber = "ELM4005";

    /// <summary>A number in a form the standard does not allow but that has one meaning.</summary>
    public const string NumberForm = "ELM4006";

    /// <summary>A date that does not exist or does not fit its format.</summary>
    public const string DateInvalid = "ELM4007";

    /// <summary>A time that does not exist.</summary>
    public const string TimeInvalid = "ELM4008";

    /// <summary>A digit in an element of letters.</summary>
    public const string LettersOnly = "ELM4009";

    /// <summary>More elements than the segment has.</summary>
    public const string ElementsTooMany = "ELM4010";

    /// <summary>More components than the composite has.</summary>
    public const string ComponentsTooMany = "ELM4011";

    /// <summary>Components where a simple element stands.</summary>
    public const string CompositeUnexpected = "ELM4012";

    /// <summary>More repetitions than the element allows.</summary>
    public const string RepetitionsTooMany = "ELM4013";

    /// <summary>A date segment without a date.</summary>
    public const string MomentEmpty = "ELM4014";

    /// <summary>A code that the code list of its element does not have.</summary>
    public const string CodeUnknown = "ELM4015";

    /// <summary>An element is empty that another element of the segment asks for.</summary>
    public const string ElementConditional = "ELM4016";

    /// <summary>Two elements of a segment that exclude each other.</summary>
    public const string ElementsExclusive = "ELM4017";
}
