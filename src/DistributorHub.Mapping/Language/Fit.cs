using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>Values known when the map is compiled, and the columns they must fit: constants and the results of code lists.</summary>
static class Fit
{
    /// <summary>What does not fit, and where it stands.</summary>
    public static IEnumerable<(string What, Place Place)> Misfits(BoundExpr value, ColumnDefinition column)
    {
        switch (value)
        {
            case BoundExpr.Coalesce coalesce:
                return Misfits(coalesce.Left, column).Concat(Misfits(coalesce.Right, column));
            case BoundExpr.If choice:
                return Misfits(choice.Then, column).Concat(Misfits(choice.Else, column));
            case BoundExpr.Literal { Value: string text } when TooLong(text, column):
                return [($"'{text}'", value.Place)];
            case BoundExpr.Literal { Value: decimal number } when column.Kind == ColumnKind.Numeric && TooPrecise(number, column):
                return [(value.Text, value.Place)];
            case BoundExpr.CodeLookup lookup:
                return Misfits(lookup, column);
            default:
                return [];
        }
    }

    static IEnumerable<(string What, Place Place)> Misfits(BoundExpr.CodeLookup lookup, ColumnDefinition column)
    {
        foreach (var (theirs, ours) in lookup.List.Map)
            if (TooLong(ours, column))
                yield return ($"'{ours}' (code {theirs} of list {lookup.List.Id})", lookup.Place);
        if (lookup.Miss == Miss.Literal && lookup.MissText is { } text && TooLong(text, column))
            yield return ($"'{text}' (for codes that list {lookup.List.Id} does not hold)", lookup.Place);
    }

    // Databases count characters, and a character outside the basic plane is one of them.
    static bool TooLong(string text, ColumnDefinition column) =>
        column.Kind == ColumnKind.Text && column.Length is { } length && text.EnumerateRunes().Count() > length;

    static bool TooPrecise(decimal number, ColumnDefinition column)
    {
        if (column.Precision == 0)
            return false;
        var whole = decimal.Truncate(Math.Abs(number));
        var digits = whole == 0 ? 0 : whole.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        return digits > column.Precision - column.Scale || decimal.Round(number, Math.Min(column.Scale, 28)) != number;
    }
}
