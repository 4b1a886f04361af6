using System.Globalization;
using System.Text.RegularExpressions;

namespace DistributorHub.Mapping.Language;

/// <summary>What an argument may be.</summary>
enum ParameterKind
{
    /// <summary>A value of one of the parameter's types.</summary>
    Value,
    ConstantText,

    /// <summary>A text of one character.</summary>
    ConstantCharacter,

    /// <summary>A whole number from 0.</summary>
    ConstantCount,

    /// <summary>A regular expression without back references and look-around.</summary>
    ConstantRegex,

    /// <summary>A date or time format.</summary>
    ConstantFormat,

    /// <summary>The text half_even.</summary>
    ConstantRounding,
}

/// <summary>One parameter of a function.</summary>
sealed record Parameter(string Name, ParameterKind Kind, params IReadOnlyList<ValueType> Types)
{
    /// <summary>Why a constant does not do, or null.</summary>
    public string? Refuses(BoundExpr.Literal literal)
    {
        switch (Kind)
        {
            case ParameterKind.ConstantCount:
                return literal.Value is long and >= 0 and <= int.MaxValue ? null : $"{Name} must be a whole number, not negative";
            case ParameterKind.ConstantRegex:
                return literal.Value is string pattern ? RefusesPattern(pattern) : $"{Name} must be a text";
            case ParameterKind.ConstantFormat:
                return literal.Value is string format && format.Length > 0 ? RefusesFormat(format) : $"{Name} must be a text such as 'yyyyMMdd'";
            case ParameterKind.ConstantCharacter:
                return literal.Value is string { Length: 1 } ? null : $"{Name} must be a text of one character";
            case ParameterKind.ConstantRounding:
                return literal.Value is "half_even" ? null : $"{Name} can only be 'half_even'";
            default:
                return literal.Value is string ? null : $"{Name} must be a text";
        }
    }

    static string? RefusesPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"the regular expression is refused: {e.Message.TrimEnd('.')}";
        }
    }

    static string? RefusesFormat(string format)
    {
        try
        {
            _ = DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException)
        {
            return $"'{format}' is not a date or time format";
        }
    }
}

/// <summary>A function that is a call: parameters, of which the first <paramref name="Required"/> must be given, and result.</summary>
sealed record Signature(Function Function, ValueType Result, int Required, params IReadOnlyList<Parameter> Parameters)
{
    public string Usage(string name) =>
        $"{name}({string.Join(", ", Parameters.Select((p, i) => i < Required ? p.Name : $"[{p.Name}]"))})";
}

/// <summary>The functions of the language.</summary>
static class FunctionTable
{
    static readonly Parameter X = new("x", ParameterKind.Value, ValueType.Text);
    static readonly Parameter Count = new("n", ParameterKind.ConstantCount);

    /// <summary>Functions whose meaning is a node of its own; they take paths, lists or branches.</summary>
    public static IReadOnlyDictionary<string, string> Special { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["join"] = "join(separator, x, …)",
        ["code"] = "code(x, list, [miss])",
        ["xref"] = "xref(name, key, …)",
        ["first"] = "first(path)",
        ["last"] = "last(path)",
        ["nth"] = "nth(path, n)",
        ["count"] = "count(path)",
        ["sum"] = "sum(path)",
        ["min"] = "min(path)",
        ["max"] = "max(path)",
        ["exists"] = "exists(path)",
        ["if"] = "if(condition, then, else)",
        ["period"] = "period(from, to)",
    };

    public static IReadOnlyDictionary<string, Signature> Calls { get; } = new Dictionary<string, Signature>(StringComparer.Ordinal)
    {
        ["trim"] = new(Function.Trim, ValueType.Text, 1, X),
        ["upper"] = new(Function.Upper, ValueType.Text, 1, X),
        ["lower"] = new(Function.Lower, ValueType.Text, 1, X),
        ["left"] = new(Function.Left, ValueType.Text, 2, X, Count),
        ["right"] = new(Function.Right, ValueType.Text, 2, X, Count),
        ["sub"] = new(Function.Sub, ValueType.Text, 3, X, new("from", ParameterKind.ConstantCount), Count),
        ["replace"] = new(Function.Replace, ValueType.Text, 3, X, new("regex", ParameterKind.ConstantRegex), new("to", ParameterKind.ConstantText)),
        ["pad"] = new(Function.Pad, ValueType.Text, 3, X, Count, new("character", ParameterKind.ConstantCharacter)),
        ["digits"] = new(Function.Digits, ValueType.Text, 1, X),
        ["split"] = new(Function.Split, ValueType.Text, 3, X, new("separator", ParameterKind.ConstantText), Count),
        ["text"] = new(Function.Text, ValueType.Text, 1, new Parameter("x", ParameterKind.Value, Enum.GetValues<ValueType>())),
        ["int"] = new(Function.Int, ValueType.Int, 1, new Parameter("x", ParameterKind.Value, ValueType.Text, ValueType.Decimal, ValueType.Int)),
        ["dec"] = new(Function.Dec, ValueType.Decimal, 1,
            new("x", ParameterKind.Value, ValueType.Text, ValueType.Decimal, ValueType.Int), new("mark", ParameterKind.ConstantCharacter)),
        ["date"] = new(Function.Date, ValueType.Date, 1,
            new("x", ParameterKind.Value, ValueType.Text, ValueType.Moment, ValueType.Date), new("format", ParameterKind.ConstantFormat)),
        ["time"] = new(Function.Time, ValueType.Time, 2, X, new("format", ParameterKind.ConstantFormat)),
        ["bool"] = new(Function.Bool, ValueType.Bool, 3, X, new("yes", ParameterKind.ConstantText), new("no", ParameterKind.ConstantText)),
        ["implied"] = new(Function.Implied, ValueType.Decimal, 2, new("x", ParameterKind.Value, ValueType.Text, ValueType.Int), Count),
        ["gtin"] = new(Function.Gtin, ValueType.Text, 1, X),
        ["gln"] = new(Function.Gln, ValueType.Text, 1, X),
        ["period_start"] = new(Function.PeriodStart, ValueType.Moment, 1, new Parameter("m", ParameterKind.Value, ValueType.Moment)),
        ["period_end"] = new(Function.PeriodEnd, ValueType.Moment, 1, new Parameter("m", ParameterKind.Value, ValueType.Moment)),
        ["round"] = new(Function.Round, ValueType.Decimal, 2,
            new("x", ParameterKind.Value, ValueType.Decimal, ValueType.Int), Count, new("mode", ParameterKind.ConstantRounding)),
    };

    public static IEnumerable<string> Names => Calls.Keys.Concat(Special.Keys);

    /// <summary>Message and hint for a name that is neither a function nor one of the map's own.</summary>
    public static (string Message, string Hint) Unknown(string name, IEnumerable<string> own) =>
        ($"There is no function '{name}'.", Hints.DidYouMean(name, [.. Names, .. own]) ?? "own functions are written under functions:");
}
