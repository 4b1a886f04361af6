using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Definitions;

/// <summary>
/// The message definitions the hub has: those the program carries and those that were imported. Loads each on first use; safe for many threads.
/// </summary>
public sealed class DefinitionLibrary
{
    const string Root = "definitions/";
    const int RememberedMax = 1_000;

    readonly List<DefinitionDirectory> directories = [];
    readonly Dictionary<(Standard Standard, string Release), List<DefinitionDirectory>> byRelease = [];
    readonly List<(Standard Standard, string Type, string Release)> held = [];

    // What messages asked for before: many small messages of one kind follow each other.
    readonly ConcurrentDictionary<(Standard, string Type, string Version, string Release, string Association), MessageDefinition> found = new();

    /// <summary>What the program carries.</summary>
    public static DefinitionLibrary Embedded { get; } = new([], _ => []);

    /// <summary>
    /// TA1, which stands in an interchange and in no transaction set, and is the same in every release: I17 has what became of the interchange,
    /// I18 why.
    /// </summary>
    public static MessageDefinition InterchangeAcknowledgement { get; } = DefinitionReader.Read(
        Standard.X12, "message ISA -\nTA1 M1\n",
        SegmentDictionaryReader.Read(
            "segments -\n", "TA1", DefinitionNotes.X12,
            new(() => Encoding.ASCII.GetBytes($"codes -\nI17 A E R\nI18 {string.Join(' ', Enumerable.Range(0, 32).Select(code => code.ToString("000", CultureInfo.InvariantCulture)))}\n"), "TA1")),
        "TA1");

    /// <param name="files">Paths of imported definitions, such as <c>edifact/D.16B/ORDERS.txt</c>. They go before those the program carries.</param>
    /// <param name="read">Gives the bytes of such a path.</param>
    public DefinitionLibrary(IEnumerable<string> files, Func<string, byte[]> read)
    {
        Add(files, shipped: false, read);
        Add(EmbeddedText.Paths.Where(p => p.StartsWith(Root, StringComparison.Ordinal)).Select(p => p[Root.Length..]), shipped: true, path => EmbeddedText.Bytes(Root + path));
        foreach (var directory in directories)
            foreach (var type in directory.Messages)
                if (!held.Contains((directory.Standard, type, directory.Release)))
                    held.Add((directory.Standard, type, directory.Release));
        held.Sort(static (a, b) => a.Standard != b.Standard ? a.Standard.CompareTo(b.Standard)
            : string.CompareOrdinal(a.Type, b.Type) is not 0 and var order ? order : string.CompareOrdinal(a.Release, b.Release));
    }

    /// <summary>Every release, in order; one that was imported and is shipped too stands here twice, the imported first.</summary>
    public IReadOnlyList<DefinitionDirectory> Directories => directories;

    /// <summary>The definition, or null when the library has none for this type and release (<c>ORDERS</c>, <c>D.96A</c>; <c>850</c>, <c>004010</c>).</summary>
    /// <exception cref="DefinitionTextException">The text of an imported definition is wrong.</exception>
    public MessageDefinition? Find(Standard standard, string type, string release) => Directory(standard, type, release)?.Find(type);

    /// <summary>
    /// The definition of a message: that of its association (<c>D.96A.EAN008</c>) where one was imported, otherwise that of its release.
    /// </summary>
    /// <exception cref="DefinitionTextException">The text of an imported definition is wrong.</exception>
    public MessageDefinition? Find(Standard standard, MessageInfo message)
    {
        var asked = (standard, message.Type, message.Version, message.Release, message.Association);
        if (found.TryGetValue(asked, out var known))
            return known;
        var definition = (message.Association.Length > 0 ? Find(standard, message.Type, $"{message.FullRelease}.{message.Association}") : null)
            ?? Find(standard, message.Type, message.FullRelease);
        // Partners choose the names, so what is remembered has a bound.
        if (definition is not null && found.Count < RememberedMax)
            found.TryAdd(asked, definition);
        return definition;
    }

    /// <summary>The directory a definition comes from, or null when there is none.</summary>
    public DefinitionDirectory? Directory(Standard standard, string type, string release)
    {
        // Implementation conventions name themselves after the release: GS08 004010VICS is 004010 with narrower use.
        if (!byRelease.TryGetValue((standard, release), out var all) && standard == Standard.X12 && release.Length > X12ReleaseLength)
            byRelease.TryGetValue((standard, release[..X12ReleaseLength]), out all);
        return all?.Find(d => d.Messages.Contains(type, StringComparer.Ordinal));
    }

    /// <summary>
    /// What a definition takes the place of: the shipped one of the same release, or the release that an association's is made from
    /// (<c>D.96A</c> of <c>D.96A.EAN008</c>). Null when there is none.
    /// </summary>
    public (DefinitionDirectory Directory, MessageDefinition Message)? Base(DefinitionDirectory directory, string type)
    {
        var release = directory.Standard == Standard.Edifact ? string.Join('.', directory.Release.Split('.').Take(2)) : directory.Release;
        var other = byRelease.GetValueOrDefault((directory.Standard, release))?.Find(d => d != directory && d.Messages.Contains(type, StringComparer.Ordinal));
        return directory.Shipped || other?.Find(type) is not { } message ? null : (other, message);
    }

    /// <summary>What the library holds, as (standard, type, release), in order.</summary>
    public IReadOnlyList<(Standard Standard, string Type, string Release)> List() => held;

    /// <summary>Releases that have a message of this type, the nearest in time to <paramref name="release"/> first.</summary>
    public IReadOnlyList<string> Nearest(Standard standard, string type, string release)
    {
        var wanted = Age(release);
        return [.. held.Where(d => d.Standard == standard && d.Type == type).Select(d => d.Release)
            .OrderBy(r => Math.Abs(Age(r) - wanted)).ThenBy(r => r, StringComparer.Ordinal)];
    }

    const int X12ReleaseLength = 6;

    /// <summary>Half-years for EDIFACT (<c>D.96A</c> is the first of 1996), the number itself for X12; 0 for what is neither.</summary>
    static int Age(string release)
    {
        var name = release.AsSpan(release.IndexOf('.', StringComparison.Ordinal) + 1);
        if (name.Length >= X12ReleaseLength && int.TryParse(name[..X12ReleaseLength], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        if (name.Length < 3 || !int.TryParse(name[..2], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return 0;
        // The first directory is of 1988.
        return (year >= 88 ? 1900 + year : 2000 + year) * 2 + (name[2] is 'B' or 'b' ? 1 : 0);
    }

    void Add(IEnumerable<string> paths, bool shipped, Func<string, byte[]> read)
    {
        var folders = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var file = path.LastIndexOf('/');
            if (!path.EndsWith(".txt", StringComparison.Ordinal) || path.Split('/') is not [("edifact" or "x12"), _, _])
                continue;
            if (!folders.TryGetValue(path[..file], out var files))
                folders.Add(path[..file], files = []);
            files.Add(path[(file + 1)..]);
        }
        foreach (var (folder, files) in folders)
        {
            var release = folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..];
            var directory = new DefinitionDirectory(
                folder.StartsWith("x12/", StringComparison.Ordinal) ? Standard.X12 : Standard.Edifact, release, shipped, files, file => read($"{folder}/{file}"));
            directories.Add(directory);
            if (!byRelease.TryGetValue((directory.Standard, release), out var known))
                byRelease.Add((directory.Standard, release), known = []);
            known.Add(directory);
        }
    }
}
