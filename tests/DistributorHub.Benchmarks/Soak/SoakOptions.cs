using System.Globalization;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>What a soak is made of.</summary>
sealed record SoakOptions
{
    /// <summary>Hub processes beside each other.</summary>
    public int Workers { get; init; } = 3;

    public int Partners { get; init; } = 20;

    /// <summary>Files in all: half of them lie there at the start, the others come one by one.</summary>
    public int Files { get; init; } = 4_000;

    /// <summary>Every so many files one is a price list.</summary>
    public int CatalogueEvery { get; init; } = 200;

    /// <summary>Longest time that one of the two halves may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time over which the second half comes; null makes it come at half the speed of the first.</summary>
    public TimeSpan? Steady { get; init; }

    /// <summary>True to print what the database server was asked most, for which it must have pg_stat_statements.</summary>
    public bool Statements { get; init; }

    /// <summary>Options as they are given, or null when one is not known.</summary>
    public static SoakOptions? Read(IReadOnlyList<string> given)
    {
        var options = new SoakOptions();
        for (var at = 0; at < given.Count; at++)
        {
            if (given[at] == "--statements")
            {
                options = options with { Statements = true };
                continue;
            }
            if (at + 1 == given.Count || !int.TryParse(given[at + 1], CultureInfo.InvariantCulture, out var number) || number < 1)
                return null;
            switch (given[at++])
            {
                case "--workers":
                    options = options with { Workers = number };
                    break;
                case "--partners":
                    options = options with { Partners = number };
                    break;
                case "--files":
                    options = options with { Files = number };
                    break;
                case "--minutes":
                    options = options with { Steady = TimeSpan.FromMinutes(number) };
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
