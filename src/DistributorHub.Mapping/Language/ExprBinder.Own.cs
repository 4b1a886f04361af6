using DistributorHub.Mapping.Functions;

namespace DistributorHub.Mapping.Language;

/// <summary>Calls of the installation's own functions.</summary>
sealed partial class ExprBinder
{
    BoundExpr.Own? Own(Expr.Call call, MapFunction function, bool optional, Environment? environment)
    {
        if (!Takes(call, function.Parameters.Count, function.Parameters.Count, function.Usage, environment))
            return null;
        var arguments = new List<BoundExpr>();
        foreach (var (argument, parameter) in call.Arguments.Zip(function.Parameters))
            if (Bind(argument, optional, environment) is { } bound && Fitting(call, parameter, bound) is { } fitting)
                arguments.Add(fitting);
        if (arguments.Count < function.Parameters.Count)
            return null;
        return new(function, arguments)
        {
            Type = function.Result.Type,
            Nullable = function.Result.Nullable || arguments.Zip(function.Parameters).Any(pair => pair.First.Nullable && !pair.Second.Nullable),
            Stream = Worst([.. arguments]),
            Place = call.Place,
            Text = call.Text,
        };
    }

    BoundExpr? Fitting(Expr.Call call, MapFunctionValue parameter, BoundExpr argument)
    {
        if (Types.Coerce(argument, parameter.Type) is { } fitting)
            return fitting;
        Fail(argument, MapCodes.OperandType, $"{call.Name} takes {Types.NameOf(parameter.Type)} as {parameter.Name}, and this is {Types.NameOf(argument.Type)}.",
            Types.Advice(argument.Type, parameter.Type));
        return null;
    }
}
