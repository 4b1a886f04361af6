using System.Reflection;
using ValueType = DistributorHub.Mapping.Language.ValueType;

namespace DistributorHub.Mapping.Functions;

/// <summary>A parameter of a function, or its result.</summary>
/// <param name="Name">As it is declared.</param>
/// <param name="Type">As maps see it.</param>
/// <param name="Declared">As the method has it, without its mark of nullability.</param>
/// <param name="Nullable">True when it takes, or may give, null.</param>
sealed record MapFunctionValue(string Name, ValueType Type, Type Declared, bool Nullable);

/// <summary>A method that maps may call.</summary>
sealed class MapFunction
{
    /// <summary>As many arguments as can be read in a line.</summary>
    public const int ParametersMax = 8;

    static readonly Dictionary<Type, ValueType> types = new()
    {
        [typeof(string)] = ValueType.Text,
        [typeof(decimal)] = ValueType.Decimal,
        [typeof(int)] = ValueType.Int,
        [typeof(long)] = ValueType.Int,
        [typeof(DateOnly)] = ValueType.Date,
        [typeof(bool)] = ValueType.Bool,
    };

    readonly MethodInvoker invoker;

    MapFunction(string name, MethodInfo method, IReadOnlyList<MapFunctionValue> parameters, MapFunctionValue result)
    {
        Name = name;
        Method = $"{method.DeclaringType!.FullName}.{method.Name}";
        Parameters = parameters;
        Result = result;
        invoker = MethodInvoker.Create(method);
    }

    public string Name { get; }

    /// <summary>The method, for people.</summary>
    public string Method { get; }

    public IReadOnlyList<MapFunctionValue> Parameters { get; }

    public MapFunctionValue Result { get; }

    public string Usage => $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.Name))})";

    /// <summary>The function, or null and why the method is none.</summary>
    public static MapFunction? Of(string name, MethodInfo method, out string problem)
    {
        problem = "";
        var context = new NullabilityInfoContext();
        var parameters = method.GetParameters();
        var values = parameters.Select(parameter => Value(parameter.Name!, parameter.ParameterType, context.Create(parameter).WriteState == NullabilityState.Nullable)).ToList();
        // Where nothing is said of it, a method may give null.
        var result = Value("the result", method.ReturnType, context.Create(method.ReturnParameter).ReadState != NullabilityState.NotNull);
        if (!(method.IsPublic && method.IsStatic && method.DeclaringType!.IsVisible))
            problem = "it is not public and static, in a public class";
        else if (method.ContainsGenericParameters)
            problem = "it is generic";
        else if (parameters.Length is 0 or > ParametersMax)
            problem = $"it has {parameters.Length} parameters; a function has 1 to {ParametersMax}";
        else if (values.FindIndex(value => value is null) is var index and >= 0)
            problem = $"its parameter {parameters[index].Name} is of type {parameters[index].ParameterType.Name}; {Known}";
        else if (result is null)
            problem = $"it gives {method.ReturnType.Name}; {Known}";
        return problem.Length > 0 ? null : new(name, method, values!, result!);
    }

    static string Known => $"a map has {string.Join(", ", types.Keys.Select(type => type.Name))}, nullable or not";

    static MapFunctionValue? Value(string name, Type declared, bool nullable)
    {
        var inner = Nullable.GetUnderlyingType(declared);
        return types.TryGetValue(inner ?? declared, out var type) ? new(name, type, inner ?? declared, inner is not null || (nullable && !declared.IsValueType)) : null;
    }

    /// <summary>Calls the method; what it throws comes out as it is.</summary>
    public object? Call(Span<object?> arguments)
    {
        try
        {
            return invoker.Invoke(null, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } thrown)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
            throw;
        }
    }
}
