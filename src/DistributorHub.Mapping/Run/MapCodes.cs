namespace DistributorHub.Mapping.Run;

/// <summary>
/// Codes of findings that a running map makes. They are errors: the row is not written and its message is rejected. Where the map leaves rows with faults out,
/// those of the rows are warnings.
/// </summary>
public static class MapCodes
{
    /// <summary>A value the map needs stands nowhere in its scope, or a function left nothing of it.</summary>
    public const string RequiredAbsent = "MAP2101";

    /// <summary>A path has several different values where one is meant.</summary>
    public const string Ambiguous = "MAP2103";

    /// <summary>A text is not the number, date or time it should be.</summary>
    public const string Unreadable = "MAP2104";

    /// <summary>A code is in none of the list's files.</summary>
    public const string UnknownCode = "MAP2105";

    /// <summary>A GTIN or GLN has the wrong length or check digit.</summary>
    public const string CheckDigit = "MAP2106";

    /// <summary>A text has more characters than its column.</summary>
    public const string TooLong = "MAP2107";

    /// <summary>A number has more digits before the mark than its column.</summary>
    public const string TooLarge = "MAP2108";

    /// <summary>A number has more digits after the mark than its column: it is never rounded silently.</summary>
    public const string TooPrecise = "MAP2109";

    /// <summary>A calculation has no result: division by zero, or a number beyond every bound.</summary>
    public const string NoResult = "MAP2110";

    /// <summary>An installation's own function threw an exception.</summary>
    public const string FunctionFailed = "MAP2111";

    /// <summary>A <c>check:</c> of the map is false.</summary>
    public const string CheckFalse = "MAP2201";

    /// <summary>More rows have faults than <c>on_row_error:</c> leaves out, or all rows of a table have.</summary>
    public const string TooManyLeftOut = "MAP2202";

    /// <summary>One instance of the detail group is larger than the map's limit, <see cref="Edi.Limits.UnitBytesMax"/> when it names none.</summary>
    public const string UnitTooLarge = "MAP2301";

    /// <summary>The header, or a group around the detail group, is larger than the map's limit, <see cref="Edi.Limits.FrameBytesMax"/> when it names none.</summary>
    public const string FrameTooLarge = "MAP2302";

    /// <summary>A message that is held whole has more segments than its map's <c>max_segments</c>.</summary>
    public const string TooManySegments = "MAP2303";

    /// <summary>Levels (HL, CPS) are nested deeper than <see cref="Edi.Limits.LevelsMax"/>.</summary>
    public const string LevelsTooDeep = "MAP2304";

    /// <summary>A field of a document that a map writes has no value, and the map needs one.</summary>
    public const string FieldNull = "MAP2501";

    /// <summary>A period of a document ends before it starts.</summary>
    public const string PeriodReversed = "MAP2504";

    /// <summary>A value of a document has fewer characters than its element wants.</summary>
    public const string TooShort = "MAP2502";

    /// <summary>A segment of a document has values, but the one that starts its group has none.</summary>
    public const string NoTrigger = "MAP2503";
}
