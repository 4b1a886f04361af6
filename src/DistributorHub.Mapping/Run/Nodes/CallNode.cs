using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

/// <summary>A function call: the first argument is evaluated in place, constant arguments were taken out when the node was built.</summary>
sealed class CallNode : Node
{
    readonly Function function;
    readonly Node operand;
    readonly long first, second;
    readonly byte[] firstText, secondText;
    readonly string pattern, replacement;
    readonly Regex? regex;
    readonly NumberFormat numbers = NumberFormat.Point;

    public CallNode(BoundExpr.Call source, Node operand)
        : base(source)
    {
        function = source.Function;
        this.operand = operand;
        var constants = source.Arguments.Skip(1).Select(a => ((BoundExpr.Literal)a).Value).ToList();
        first = Number(constants, 0);
        second = Number(constants, 1);
        pattern = Text(constants, 0);
        replacement = Text(constants, 1);
        firstText = Encoding.UTF8.GetBytes(pattern);
        secondText = Encoding.UTF8.GetBytes(replacement);
        if (function == Function.Replace)
            regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (function == Function.Dec && firstText.Length > 0)
            numbers = new(firstText[0], EitherMark: false, Exponent: false);
    }

    static long Number(List<object?> constants, int index) => index >= constants.Count
        ? 0
        : constants[index] switch { long l => l, int i => i, decimal d => (long)d, _ => 0 };

    static string Text(List<object?> constants, int index) => index < constants.Count && constants[index] is string text ? text : "";

    public override void Evaluate(MapRun run, ref Value value)
    {
        operand.Evaluate(run, ref value);
        if (value.IsNull || value.IsFailed)
            return;
        if (function <= Function.Split)
        {
            Change(run.Scratch, ref value);
            if (!value.IsNull || Source.Nullable)
                return;
            run.Faults.NothingLeft(run, Source, value);
            value.SetFailed();
            return;
        }
        if (Convert(run, ref value))
            return;
        if (function is Function.Gtin or Function.Gln)
            run.Faults.CheckDigit(run, Source, value, gln: function == Function.Gln);
        else
            run.Faults.Unreadable(run, Source, value, Expected());
        value.SetFailed();
    }

    void Change(Scratch scratch, ref Value value)
    {
        switch (function)
        {
            case Function.Trim:
                TextFunctions.Trim(ref value);
                break;
            case Function.Upper:
            case Function.Lower:
                TextFunctions.ChangeCase(ref value, scratch, upper: function == Function.Upper);
                break;
            case Function.Left:
                TextFunctions.Left(ref value, first);
                break;
            case Function.Right:
                TextFunctions.Right(ref value, first);
                break;
            case Function.Sub:
                TextFunctions.Sub(ref value, first, second);
                break;
            case Function.Replace:
                TextFunctions.Replace(ref value, scratch, regex!, replacement);
                break;
            case Function.Pad:
                TextFunctions.Pad(ref value, scratch, first, secondText);
                break;
            case Function.Digits:
                TextFunctions.Digits(ref value, scratch);
                break;
            case Function.Split:
                TextFunctions.Split(ref value, firstText, second);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{function} is no text function.");
        }
    }

    bool Convert(MapRun run, ref Value value) => function switch
    {
        Function.Text => Conversions.ToText(ref value, run.Scratch),
        Function.Int => Conversions.ToInt(ref value),
        Function.Dec => Conversions.ToDecimal(ref value, numbers),
        Function.Date when pattern.Length == 0 => Conversions.ToDate(ref value, value.Length == 10 ? "yyyy-MM-dd" : "yyyyMMdd"),
        Function.Date => Conversions.ToDate(ref value, pattern),
        Function.Time => Conversions.ToTime(ref value, pattern),
        Function.Bool => Conversions.ToBool(ref value, firstText, secondText),
        Function.Implied => Conversions.ToImplied(ref value, (int)first),
        Function.Gtin => CheckDigits.IsGtin(value.Text),
        Function.Gln => CheckDigits.IsGln(value.Text),
        Function.PeriodStart => Conversions.ToPeriodBound(ref value, end: false),
        Function.PeriodEnd => Conversions.ToPeriodBound(ref value, end: true),
        Function.Round => Conversions.ToRounded(ref value, (int)first, replacement == "half_even"),
        _ => throw new System.Diagnostics.UnreachableException($"{function} is no conversion."),
    };

    string Expected() => function switch
    {
        Function.Int => "a whole number",
        Function.Dec => $"a decimal with '{(char)numbers.Mark}'",
        Function.Date when pattern.Length == 0 => "a date as yyyyMMdd or yyyy-MM-dd",
        Function.Date => $"one day as {pattern}",
        Function.Time => $"a time as {pattern}",
        Function.Bool => $"'{pattern}' or '{replacement}'",
        Function.Implied => $"digits only, the last {first} of them decimals",
        Function.Text => "one value, not a period",
        Function.Round => "a number",
        _ => "a date or a period",
    };
}
