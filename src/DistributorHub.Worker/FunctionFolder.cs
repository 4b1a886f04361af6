using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using DistributorHub.Mapping.Functions;

namespace DistributorHub.Worker;

/// <summary>
/// The folder <c>Hub:Functions</c>: the installation's own assemblies, loaded once and never unloaded. Nothing is loaded unless the setting names it; a folder
/// with a mistake stops the program, because a map that is read otherwise than it was meant is worse.
/// </summary>
static class FunctionFolder
{
    static readonly ConcurrentDictionary<string, Lazy<MapFunctions>> loaded = new(StringComparer.Ordinal);

    public static MapFunctions Open(HubSettings settings) => settings.Functions is { } folder
        ? loaded.GetOrAdd(folder, static folder => new(() => Load(folder))).Value
        : MapFunctions.None;

    static MapFunctions Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new SettingsException($"Hub:Functions is '{folder}', and there is no such folder.");
        var context = new AssemblyLoadContext("functions");
        // What an assembly refers to stands beside it, or is the hub's own.
        context.Resolving += (_, name) => Path.Combine(folder, $"{name.Name}.dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        var mistakes = new List<string>();
        try
        {
            var assemblies = Directory.EnumerateFiles(folder, "*.dll").Where(path => !IsOfTheHub(path)).Order(StringComparer.Ordinal).Select(context.LoadFromAssemblyPath).ToList();
            if (MapFunctions.Of(assemblies, mistakes) is { } functions)
                return functions.Version.Length > 0 && functions.Usages.Any() ? functions
                    : throw new SettingsException($"Hub:Functions is '{folder}', and no assembly there has a public static method with [MapFunction].");
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException or ReflectionTypeLoadException or TypeLoadException or UnauthorizedAccessException)
        {
            var why = e is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first.Message : e.Message;
            throw new SettingsException($"Hub:Functions is '{folder}', and an assembly there cannot be read. {why}");
        }
        throw new SettingsException($"Hub:Functions is '{folder}'. {string.Join(' ', mistakes)}");
    }

    // A build copies what it refers to beside what it makes.
    static bool IsOfTheHub(string path) => File.Exists(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path)));
}
