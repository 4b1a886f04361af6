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

    /// <summary>True when the file is a document, of which a map writes a message.</summary>
    public bool IsDocument { get; init; }

    /// <summary>The message that is expected of a document, as a path in the folder of mappings; null = there is no such file yet.</summary>
    public string? Message { get; init; }

    /// <summary>True when no message may be written of the document, and its expect file says why.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The expect file as diagnostics name it.</summary>
    public string ExpectName => IsDocument && !IsRefused ? Message ?? Name + MessageSuffixes[0] : Name + ExpectSuffix;

    /// <summary>Endings of messages that are expected of documents.</summary>
    public static readonly string[] MessageSuffixes = [".expect.edi", ".expect.x12"];
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
            .Where(path => IsTest(path) && (IsInput(path) || IsDocument(path) || path.EndsWith(GoldenTest.ExpectSuffix, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return [.. files.GroupBy(NameOf, StringComparer.Ordinal).Where(files => !files.All(IsYaml)).Select(files => IsOfDocument([.. files]) ? Document(mappings, files.Key, [.. files])
            : Test(mappings, files.Key, [.. files.Where(IsInput)]))];
    }

    // A YAML file is a document where something is expected of it, and no file of a partner's has its name; otherwise it is a note.
    static bool IsOfDocument(List<string> files) => files.Exists(file => IsMessage(file) || file.EndsWith(Json, StringComparison.Ordinal)) || (files.Exists(IsYaml) && !files.Exists(IsInput));

    static GoldenTest Document(string mappings, string name, List<string> files)
    {
        var (inputs, messages) = (files.FindAll(path => IsInput(path) && !IsMessage(path) || IsDocument(path)), files.FindAll(IsMessage));
        var isRefused = messages.Count == 0 && files.Exists(path => path.EndsWith(GoldenTest.ExpectSuffix, StringComparison.Ordinal));
        return Test(mappings, name, inputs) with { IsDocument = true, IsRefused = isRefused, Message = messages.FirstOrDefault(), Twins = [.. inputs.Concat(messages.Skip(1)).Skip(1)] };
    }

    static bool IsMessage(string path) => Array.Exists(GoldenTest.MessageSuffixes, suffix => path.EndsWith(suffix, StringComparison.Ordinal));

    // Data of a document, whatever a partner's files are called.
    static bool IsDocument(string path) => path.EndsWith(Json, StringComparison.Ordinal) || IsYaml(path);

    static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.Ordinal) && !path.EndsWith(GoldenTest.ExpectSuffix, StringComparison.Ordinal);

    const string Json = ".json";

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
        foreach (var suffix in GoldenTest.MessageSuffixes.Append(GoldenTest.ExpectSuffix))
            if (path.EndsWith(suffix, StringComparison.Ordinal))
                return path[..^suffix.Length];
        var ending = Path.GetExtension(path);
        return path[..^ending.Length];
    }
}
