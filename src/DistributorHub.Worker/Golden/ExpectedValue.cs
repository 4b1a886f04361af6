using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Golden;

/// <summary>Values as people write them in expect files: 89.90 is 89.9.</summary>
static class ExpectedValue
{
    const string LookUp = "xref(";

    /// <summary>The one text of a value (<see cref="CanonicalText"/>), or null when it is none of the column's kind.</summary>
    public static string? Canonical(ColumnDefinition column, string text)
    {
        Span<byte> room = stackalloc byte[CanonicalText.BytesMax];
        // What is looked up has another kind: it is the seller's.
        if (column.Kind == ColumnKind.Text || text.StartsWith(LookUp, StringComparison.Ordinal))
            return text;
        var invariant = CultureInfo.InvariantCulture;
        return column.Kind switch
        {
            ColumnKind.Int => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var number) ? Text(CanonicalText.Integer(number, room)) : null,
            ColumnKind.Numeric => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant, out var number)
                ? Text(CanonicalText.Numeric(number, room)) : null,
            ColumnKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date) ? Text(CanonicalText.Date(date, room)) : null,
            ColumnKind.Time => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF"], out var time) ? Text(CanonicalText.Time(time, room)) : null,
            ColumnKind.Timestamp => DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", invariant, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
                ? Text(CanonicalText.Timestamp(moment, room)) : null,
            ColumnKind.Bool => text is "true" or "false" ? text : null,
            var kind => throw new System.Diagnostics.UnreachableException($"No text of a {kind}."),
        };
    }

    /// <summary>What a value of the column looks like.</summary>
    public static string Form(ColumnDefinition column) => column.Kind switch
    {
        ColumnKind.Int => "a whole number, such as 12",
        ColumnKind.Numeric => "a number, such as 89.90",
        ColumnKind.Date => "a date, such as 2026-11-16",
        ColumnKind.Time => "a time, such as 08:04:00",
        ColumnKind.Timestamp => "a moment in UTC, such as 2026-11-16T08:04:00Z",
        ColumnKind.Bool => "true or false",
        _ => "a text",
    };

    /// <summary>A value as it stands in an expect file: texts in quotes, so that they stay what they are whatever they look like.</summary>
    public static string Yaml(ColumnDefinition column, string canonical)
    {
        if (column.Kind != ColumnKind.Text && !canonical.StartsWith(LookUp, StringComparison.Ordinal))
            return canonical;
        return canonical.Any(IsHidden) ? Escaped(canonical) : $"'{canonical.Replace("'", "''")}'";
    }

    // YAML has signs of its own for the ends of lines, and a reader of a diff sees none of these.
    static bool IsHidden(char character) => char.IsControl(character) || character is '\u2028' or '\u2029' or '\ufeff' or '\u00a0';

    static string Escaped(string text)
    {
        var escaped = new StringBuilder("\"");
        foreach (var character in text)
            if (IsHidden(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                escaped.Append(character is '"' or '\\' ? $"\\{character}" : character.ToString());
        return escaped.Append('"').ToString();
    }

    static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
