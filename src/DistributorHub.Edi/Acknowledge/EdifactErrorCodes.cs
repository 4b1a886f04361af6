namespace DistributorHub.Edi.Acknowledge;

/// <summary>What an error code (0085) is said of.</summary>
enum ErrorLevel
{
    /// <summary>UCI: UNA, UNB, UNZ.</summary>
    Interchange,

    /// <summary>UCF and UCM: UNG, UNE, UNH, UNT.</summary>
    Envelope,

    /// <summary>UCS.</summary>
    Segment,

    /// <summary>UCD.</summary>
    Element,
}

/// <summary>
/// The code of a finding in the list the partner knows. The early list has 1 to 11: UNA, syntax version and message version not supported;
/// service segment, trailer and data segment wrong; wrong recipient; too many elements, mandatory element missing, wrong attributes, password.
/// </summary>
sealed class EdifactErrorCodes(SyntaxErrorCodes list, bool eancom1997)
{
    public string Of(Finding? finding, ErrorLevel level) => Of(finding?.Acknowledgement ?? "18", level);

    public string Of(string code, ErrorLevel level) => list == SyntaxErrorCodes.Early ? Early(code, level)
        // EANCOM 1997 has no codes after 40.
        : eancom1997 ? code switch { "45" => "16", "46" => "2", "47" or "48" => "18", _ => code }
        : code;

    static string Early(string code, ErrorLevel level) => (level, code) switch
    {
        (_, "2" or "46") => "2",
        (_, "7" or "43") => "7",
        (ErrorLevel.Interchange, "20" or "22") => "1",
        (ErrorLevel.Envelope, "14" or "17") => "3",
        (ErrorLevel.Interchange or ErrorLevel.Envelope, "28" or "29") => "5",
        (ErrorLevel.Interchange or ErrorLevel.Envelope, _) => "4",
        (_, "16" or "45") => "8",
        (ErrorLevel.Segment, _) => "6",
        (ErrorLevel.Element, "13") => "9",
        _ => "10",
    };
}
