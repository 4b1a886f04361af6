using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Golden;

/// <summary>What one expect file says must become of a file.</summary>
/// <param name="Messages">The messages in the order of the file.</param>
/// <param name="Findings">Everything that is to be found in it, in any order.</param>
/// <param name="End">Where something is reported that the file does not have.</param>
sealed record Expectation(IReadOnlyList<ExpectedMessage> Messages, IReadOnlyList<ExpectedFinding> Findings, YamlNode End);

/// <summary>One message.</summary>
/// <param name="Type">ORDERS, 850.</param>
/// <param name="Rejected">True when nothing of it may be loaded.</param>
/// <param name="Tables">Rows without a parent by table; those below them stand in them.</param>
/// <param name="At">Where it stands.</param>
sealed record ExpectedMessage(string Type, bool Rejected, IReadOnlyList<ExpectedTable> Tables, YamlNode At);

/// <summary>Rows of one table, all of the same parent row.</summary>
sealed record ExpectedTable(YamlScalar Name, IReadOnlyList<ExpectedRow> Rows);

/// <summary>One row: all its columns that are not null, and the rows below it.</summary>
sealed record ExpectedRow(IReadOnlyList<KeyValuePair<YamlScalar, YamlScalar>> Values, IReadOnlyList<ExpectedTable> Children, YamlNode At)
{
    public YamlScalar? Find(string column) => Values.FirstOrDefault(value => value.Key.Text == column).Value;
}

/// <summary>A finding by its code and place.</summary>
/// <param name="Message">Ordinal of the message in the file; 0 outside of messages.</param>
/// <param name="Segment">Ordinal of the segment in its message; 0 when it is about none.</param>
sealed record ExpectedFinding(string Code, int Message, int Segment, YamlNode At);

/// <summary>Stable codes of mistakes in expect files, and of what does not come out as they say: EXP1xxx.</summary>
static class ExpectCodes
{
    public const string Version = "EXP1001", Unknown = "EXP1002", Shape = "EXP1003", Missing = "EXP1004", NoTable = "EXP1005", NoColumn = "EXP1006",
        Value = "EXP1007", NoInput = "EXP1008", NoExpectation = "EXP1009", NoMap = "EXP1010", TooLarge = "EXP1011";

    /// <summary>A partner without a golden test.</summary>
    public const string Untested = "EXP1012";

    /// <summary>A release that a map names and no golden test has a message of.</summary>
    public const string UntestedRelease = "EXP1013";

    /// <summary>What came out is something else than what is expected.</summary>
    public const string Differs = "EXP1101";

    /// <summary>The same file a second time changed the seller's tables.</summary>
    public const string Changes = "EXP1102";
}
