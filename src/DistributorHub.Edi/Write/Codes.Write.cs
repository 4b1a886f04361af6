namespace DistributorHub.Edi;

public static partial class Codes
{
    /// <summary>A character that the character set of the interchange does not have; the segment was not written.</summary>
    public const string CharacterNotInSet = "WRT6001";

    /// <summary>Characters that the character set does not have were written in others that look or sound alike.</summary>
    public const string CharacterTransliterated = "WRT6002";

    /// <summary>Characters that the character set does not have were replaced.</summary>
    public const string CharacterReplaced = "WRT6003";

    /// <summary>A value holds a delimiter and there is no release character; the segment was not written.</summary>
    public const string DelimiterInValue = "WRT6004";

    /// <summary>A delimiter in a value was replaced.</summary>
    public const string DelimiterReplaced = "WRT6005";

    /// <summary>A value of a header is longer than its place.</summary>
    public const string HeaderValueTooLong = "WRT6006";

    /// <summary>A value of a header is missing, or not of the form it must have.</summary>
    public const string HeaderValueInvalid = "WRT6007";

    /// <summary>A value repeats though the syntax version has no repetitions.</summary>
    public const string RepetitionNotPossible = "WRT6008";

    /// <summary>A segment or a binary element is beyond a limit.</summary>
    public const string SegmentNotWritable = "WRT6009";

    /// <summary>The count of a trailer has more digits than its place.</summary>
    public const string CountTooLong = "WRT6010";

    /// <summary>An interchange that came without UNB or ISA, or with service characters that cannot be written, cannot be copied.</summary>
    public const string InterchangeNotCopied = "WRT6011";

    /// <summary>BIN or BDS whose length is not the number of bytes that follow: a reader would lose its way.</summary>
    public const string BinaryLengthWrong = "WRT6012";
}
