using System.Text.RegularExpressions;

namespace DistributorHub.Mapping.Language;

/// <summary>Names that a rule can call values by which are none of EDI: small letters, and no word of the language.</summary>
static partial class FieldName
{
    public static bool IsPossible(string name) => Form().IsMatch(name) && name is not ("true" or "false" or "null" or "not" or "and" or "or" or "in");

    [GeneratedRegex("^[a-z_][a-z0-9_]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
