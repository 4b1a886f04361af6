using System.Diagnostics;

namespace DistributorHub.Worker.Tests.Functions;

/// <summary>Builds real assemblies with functions for maps, as an installation would.</summary>
public sealed class FunctionAssembly : IAsyncLifetime
{
    const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="DistributorHub.Mapping" HintPath="HUB/DistributorHub.Mapping.dll" />
          </ItemGroup>
        </Project>
        """;

    const string Right = """
        using System;
        using DistributorHub.Mapping.Functions;

        namespace Acme;

        public static class Rules
        {
            // Their numbers carry a check character by modulo 7, which must be right and is not ours.
            [MapFunction("acme_sku")]
            public static string? Sku(string text, int letters)
            {
                if (text.Length <= letters)
                    return null;
                var number = int.Parse(text[letters..^1]);
                return number % 7 == text[^1] - '0' ? number.ToString() : throw new FormatException($"{text} ends with a wrong check digit.");
            }

            [MapFunction("acme_net")]
            public static decimal Net(decimal price, decimal? percent) => price - price * (percent ?? 0) / 100;

            [MapFunction("acme_workday")]
            public static DateOnly Workday(DateOnly day) => day.DayOfWeek switch
            {
                DayOfWeek.Saturday => day.AddDays(2),
                DayOfWeek.Sunday => day.AddDays(1),
                _ => day,
            };

            [MapFunction("acme_rush")]
            public static bool IsRush(string? note) => note?.Contains("rush", StringComparison.OrdinalIgnoreCase) == true;

            [MapFunction("acme_twice")]
            public static long Twice(long number) => checked(number * 2);
        }
        """;

    const string Wrong = """
        using System;
        using DistributorHub.Mapping.Functions;

        namespace Acme;

        public class Mistakes
        {
            [MapFunction("trim")] public static string Taken(string x) => x;
            [MapFunction("Acme")] public static string Capital(string x) => x;
            [MapFunction("acme_float")] public static double Binary(double x) => x;
            [MapFunction("acme_void")] public static void Nothing(string x) { }
            [MapFunction("acme_none")] public static string Constant() => "";
            [MapFunction("acme_own")] public string Instance(string x) => x;
            [MapFunction("acme_hidden")] internal static string Hidden(string x) => x;
            [MapFunction("acme_generic")] public static string Generic<T>(string x) => x;
            [MapFunction("acme_two")] public static string First(string x) => x;
            [MapFunction("acme_two")] public static string Second(string x) => x;
        }
        """;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("distributorhub-functions-");

    /// <summary>A folder as <c>Hub:Functions</c> names it.</summary>
    public string Good => Path.Combine(folder.FullName, "good", "out");

    /// <summary>A folder with an assembly that is full of mistakes.</summary>
    public string Bad => Path.Combine(folder.FullName, "bad", "out");

    public async ValueTask InitializeAsync()
    {
        await Build("good", Right);
        await Build("bad", Wrong);
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    async Task Build(string name, string source)
    {
        var place = folder.CreateSubdirectory(name);
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "Acme.csproj"), Project.Replace("HUB", AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar), StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "Rules.cs"), source);
        var start = new ProcessStartInfo("dotnet", ["build", place.FullName, "--output", Path.Combine(place.FullName, "out"), "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The tests are run by a build system of the same kind, whose settings are not meant for this build.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(process.ExitCode == 0, await output);
    }
}
