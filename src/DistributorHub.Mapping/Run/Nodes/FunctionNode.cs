using System.Text;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

/// <summary>
/// A call of an installation's own function. A null for a parameter that takes none gives null without a call; what the function throws is a finding of the row.
/// </summary>
sealed class FunctionNode(BoundExpr.Own source, Node[] arguments) : Node(source)
{
    readonly MapFunction function = source.Function;

    public override void Evaluate(MapRun run, ref Value value)
    {
        var values = new object?[arguments.Length];
        var (isAbsent, read) = (false, Run.Source.None);
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i].Evaluate(run, ref value);
            if (value.IsFailed)
                return;
            if (read.Frame is null)
                read = value.Source;
            isAbsent |= value.IsNull && !function.Parameters[i].Nullable;
            if (!value.IsNull && !TryBox(value, function.Parameters[i], out values[i]))
            {
                run.Faults.NoResult(run, arguments[i].Source, value);
                value.SetFailed();
                return;
            }
        }
        value.Source = read;
        if (isAbsent)
        {
            value.SetNull();
            return;
        }
        try
        {
            Set(run.Scratch, ref value, function.Call(values));
        }
        // Whatever somebody's code throws must not end the run of the message.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            run.Faults.FunctionFailed(run, Source, value, function, e);
            value.SetFailed();
            return;
        }
        if (!value.IsNull || Source.Nullable)
            return;
        run.Faults.NothingLeft(run, Source, value);
        value.SetFailed();
    }

    /// <summary>False for a whole number that the parameter cannot hold.</summary>
    static bool TryBox(in Value value, MapFunctionValue parameter, out object? boxed)
    {
        boxed = value.Kind switch
        {
            ValueKind.Text => Encoding.UTF8.GetString(value.Text),
            ValueKind.Decimal => value.Number,
            ValueKind.Int when parameter.Declared == typeof(long) => value.Integer,
            ValueKind.Int => value.Integer is >= int.MinValue and <= int.MaxValue ? (int)value.Integer : null,
            ValueKind.Date => DateOnly.FromDayNumber((int)value.Integer),
            ValueKind.Bool => value.Bool,
            _ => throw new System.Diagnostics.UnreachableException($"No argument is {value.Kind}."),
        };
        return boxed is not null;
    }

    static void Set(Scratch scratch, ref Value value, object? result)
    {
        switch (result)
        {
            case null:
                value.SetNull();
                break;
            case string text:
                var room = scratch.Room(Encoding.UTF8.GetByteCount(text));
                scratch.Keep(Encoding.UTF8.GetBytes(text, room), ref value);
                break;
            case decimal number:
                value.SetDecimal(number);
                break;
            case int whole:
                value.SetInt(whole);
                break;
            case long whole:
                value.SetInt(whole);
                break;
            case DateOnly day:
                value.SetDate(day.DayNumber);
                break;
            case bool truth:
                value.SetBool(truth);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No function gives {result.GetType().Name}.");
        }
    }
}
