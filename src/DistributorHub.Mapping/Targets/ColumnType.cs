using System.Globalization;

namespace DistributorHub.Mapping.Targets;

/// <summary>The notation of a column's type: <c>numeric(15,4) not null = unit_price</c>.</summary>
public static class ColumnType
{
    internal const string Hint =
        "a type is text, text(n), int, bigint, numeric(p,s), date, time, timestamp or bool; then, if you like, 'not null', 'pii' and '= physical_name'";

    /// <summary>The notation as editors check it.</summary>
    internal const string Pattern =
        " *(text( *\\( *[0-9]+ *\\))?|int|bigint|numeric *\\( *[0-9]+ *, *[0-9]+ *\\)|date|time|timestamp|bool)( +not null)?( +pii)? *(=.*[^ ].*)?";

    /// <summary>Most digits of a numeric: what .NET's exact decimal holds.</summary>
    const int PrecisionMax = 28;

    /// <summary>The column, or null and what is wrong.</summary>
    internal static ColumnDefinition? Parse(string name, string text, out string problem)
    {
        var mark = text.IndexOf('=');
        var physical = mark < 0 ? name : text[(mark + 1)..].Trim();
        var type = (mark < 0 ? text : text[..mark]).Trim();
        const string NotNull = " not null", Pii = " pii";
        var personal = type.EndsWith(Pii, StringComparison.Ordinal);
        if (personal)
            type = type[..^Pii.Length].Trim();
        var nullable = !type.EndsWith(NotNull, StringComparison.Ordinal);
        if (!nullable)
            type = type[..^NotNull.Length].Trim();
        problem = physical.Length == 0 ? $"Nothing stands behind the '=' of '{text}'." : $"'{type}' is not a type of column.";
        if (physical.Length == 0 || !TryArguments(type, out var word, out var arguments))
            return null;
        var column = new ColumnDefinition { Name = name, Physical = physical, Kind = ColumnKind.Text, Nullable = nullable, Personal = personal };
        switch (word, arguments)
        {
            case ("text", []):
                return column;
            case ("text", [>= 1 and var length]):
                return column with { Length = length };
            case ("int", []):
                return column with { Kind = ColumnKind.Int };
            case ("bigint", []):
                return column with { Kind = ColumnKind.Int, Wide = true };
            case ("numeric", [>= 1 and <= PrecisionMax and var precision, >= 0 and var scale]) when scale <= precision:
                return column with { Kind = ColumnKind.Numeric, Precision = precision, Scale = scale };
            case ("numeric", _):
                problem = $"'{type}' needs its digits in all (1 to {PrecisionMax}) and after the mark, as in numeric(15,4).";
                return null;
            case ("date", []):
                return column with { Kind = ColumnKind.Date };
            case ("time", []):
                return column with { Kind = ColumnKind.Time };
            case ("timestamp", []):
                return column with { Kind = ColumnKind.Timestamp };
            case ("bool", []):
                return column with { Kind = ColumnKind.Bool };
            default:
                return null;
        }
    }

    /// <summary>The notation of a column's type, as a target file has it.</summary>
    public static string Write(ColumnDefinition column)
    {
        var type = column.Kind switch
        {
            ColumnKind.Text => column.Length is { } length ? $"text({length})" : "text",
            ColumnKind.Int => column.Wide ? "bigint" : "int",
            ColumnKind.Numeric => $"numeric({column.Precision},{column.Scale})",
            var kind => kind.ToString().ToLowerInvariant(),
        };
        return type + (column.Nullable ? "" : " not null") + (column.Personal ? " pii" : "") + (column.Physical == column.Name ? "" : $" = {column.Physical}");
    }

    static bool TryArguments(string type, out string word, out int[] arguments)
    {
        word = type;
        arguments = [];
        var open = type.IndexOf('(');
        if (open < 0)
            return true;
        if (!type.EndsWith(')'))
            return false;
        word = type[..open].TrimEnd();
        var parts = type[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        arguments = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out arguments[i]))
                return false;
        }
        return true;
    }
}
