using System.Reflection;
using System.Text.RegularExpressions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Functions;

/// <summary>The functions of an installation's own assemblies.</summary>
public sealed partial class MapFunctions
{
    readonly SortedDictionary<string, MapFunction> byName = new(StringComparer.Ordinal);

    MapFunctions()
    {
    }

    /// <summary>No functions but those of the language: how it is unless the settings say otherwise.</summary>
    public static MapFunctions None { get; } = new();

    /// <summary>What they are called with, for people.</summary>
    public IEnumerable<string> Usages => byName.Values.Select(function => $"{function.Usage}: {function.Method}");

    /// <summary>Tells these assemblies from others, a rebuilt one among them; empty without functions.</summary>
    public string Version { get; private init; } = "";

    internal IReadOnlyCollection<MapFunction> All => byName.Values;

    /// <summary>The methods that are marked, or null when one of them is no function: all reasons are then among the mistakes.</summary>
    public static MapFunctions? Of(IReadOnlyCollection<Assembly> assemblies, ICollection<string> mistakes)
    {
        var before = mistakes.Count;
        var functions = new MapFunctions { Version = string.Join(' ', assemblies.Select(assembly => assembly.ManifestModule.ModuleVersionId).Order()) };
        foreach (var method in assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)))
        {
            if (method.GetCustomAttribute<MapFunctionAttribute>() is not { Name: var name })
                continue;
            var function = MapFunction.Of(name, method, out var problem);
            if (!Form().IsMatch(name))
                problem = "a name has small letters, digits and _, and starts with a letter";
            else if (FunctionTable.Names.Contains(name))
                problem = "the language has a function of this name";
            else if (function is not null && !functions.byName.TryAdd(name, function))
                problem = $"{functions.byName[name].Method} has this name already";
            if (problem.Length > 0)
                mistakes.Add($"{method.DeclaringType!.FullName}.{method.Name} cannot be the function '{name}': {problem}.");
        }
        return mistakes.Count > before ? null : functions;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
