namespace DistributorHub.Worker.Golden;

/// <summary>A golden test: a file as a partner sends it, and beside it what must become of it.</summary>
/// <param name="Name">Path in the folder of mappings without endings, such as <c>base/orders-edifact.tests/01-basic</c>.</param>
/// <param name="Map">The map that is tested; null when the whole agreement of the partner is.</param>
/// <param name="Partner">Whose map or agreement it is; null for a shared map.</param>
sealed record GoldenTest(string Name, string? Map, string? Partner)
{
    public const string ExpectSuffix = ".expect.yaml";

    /// <summary>The file that is mapped, or null: only what is expected of it is there.</summary>
    public FileInfo? Input { get; init; }

    /// <summary>Other files of the same name: it is not clear which of them is meant.</summary>
    public IReadOnlyList<string> Twins { get; init; } = [];

    /// <summary>The expect file as diagnostics name it.</summary>
    public string ExpectName => Name + ExpectSuffix;
}

/// <summary>The golden tests of a folder of mappings: <c>X.tests/</c> beside the map <c>X.yaml</c>, and <c>partners/P/tests/</c>.</summary>
static class GoldenTests
{
    /// <summary>True for what stands in a folder of tests, and is no map, code list or partner whatever it says.</summary>
    /// <param name="relative">Path in the folder of mappings, with '/'.</param>
    public static bool IsTest(string relative) => FolderOf(relative) is not null;

    /// <summary>All tests, by name.</summary>
    public static IReadOnlyList<GoldenTest> Find(string mappings)
    {
        var files = Directory.EnumerateFiles(mappings, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(mappings, path).Replace('\\', '/'))
            .Where(path => IsTest(path) && (IsInput(path) || path.EndsWith(GoldenTest.ExpectSuffix, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return [.. files.GroupBy(NameOf, StringComparer.Ordinal).Select(files => Test(mappings, files.Key, [.. files.Where(IsInput)]))];
    }

    static GoldenTest Test(string mappings, string name, List<string> inputs)
    {
        var folder = FolderOf(name)!;
        var parts = folder.Split('/');
        var map = folder.EndsWith(Suffix, StringComparison.Ordinal) ? folder[..^Suffix.Length] : null;
        var partner = parts[0] == Partners ? parts[1] : null;
        return new(name, map is not null && partner is not null ? map[(Partners.Length + 1)..] : map, partner)
        {
            Input = inputs is [var input, ..] ? new(Path.Combine(mappings, input)) : null,
            Twins = [.. inputs.Skip(1)],
        };
    }

    const string Suffix = ".tests", Partners = "partners";

    /// <summary>The folder of tests a path leads into, or null.</summary>
    static string? FolderOf(string relative)
    {
        var parts = relative.Split('/');
        for (var i = 0; i < parts.Length - 1; i++)
            if (parts[i].EndsWith(Suffix, StringComparison.Ordinal) || (i == 2 && parts[0] == Partners && parts[i] == "tests"))
                return string.Join('/', parts[..(i + 1)]);
        return null;
    }

    // Notes, and what editors leave behind, are no files of a partner's.
    static bool IsInput(string path) => !path.EndsWith(".yaml", StringComparison.Ordinal) && !path.EndsWith(".md", StringComparison.Ordinal)
        && !path.EndsWith('~') && !Path.GetFileName(path).StartsWith('.');

    static string NameOf(string path)
    {
        if (path.EndsWith(GoldenTest.ExpectSuffix, StringComparison.Ordinal))
            return path[..^GoldenTest.ExpectSuffix.Length];
        var ending = Path.GetExtension(path);
        return path[..^ending.Length];
    }
}
