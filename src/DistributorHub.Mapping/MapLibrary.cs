using System.Security.Cryptography;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Guides;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Overlays;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping;

/// <summary>
/// Everything under one <c>mappings</c> folder, compiled once. Reads files through the delegate it is given, so that it stays pure:
/// the delegate answers a path relative to the folder (with '/') with the file's text, or null.
/// </summary>
public sealed partial class MapLibrary(IReadOnlyList<string> files, Func<string, string?> read, DefinitionLibrary definitions)
{
    /// <summary>Paths of all YAML files in the folder, relative, with '/'; locks of maps, and those called <c>*.yml</c>, which are only told of, as well.</summary>
    public IReadOnlyList<string> Files { get; } = files;

    /// <summary>The installation's own functions.</summary>
    public MapFunctions Functions { get; init; } = MapFunctions.None;

    const string TargetSuffix = ".target.yaml";

    readonly Func<string, string?> read = read;
    readonly DefinitionLibrary definitions = definitions;

    /// <summary>The same folder with some more texts in it, or others in their place: path → text.</summary>
    internal MapLibrary With(IReadOnlyDictionary<string, string> texts) =>
        new([.. Files.Union(texts.Keys, StringComparer.Ordinal)], path => texts.TryGetValue(path, out var text) ? text : read(path), definitions) { Functions = Functions };

    /// <summary>The text of a file of the folder, or null.</summary>
    internal string? Text(string path) => read(path);

    /// <summary>The message definitions that maps are compiled with.</summary>
    internal DefinitionLibrary Definitions => definitions;

    /// <summary>
    /// Compiles a map by id (<c>base/orders-edifact</c> = <c>base/orders-edifact.yaml</c>; a partner's own map <c>acme/orders</c> =
    /// <c>partners/acme/orders.yaml</c>) for a partner, whose code lists (<c>partners/&lt;partner&gt;/codes/*.yaml</c>) go before the shared ones.
    /// Null when it has errors; all of them are in <paramref name="diagnostics"/>.
    /// </summary>
    public CompiledMap? Compile(string id, string? partner, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        var map = Compile(id, partner, found);
        var file = FileOf(id);
        var isWrong = found.Exists(d => !d.Warning);
        // In the order of the file; what was found in others is told after it. A map with mistakes is mended first, and locked then.
        foreach (var diagnostic in found.Distinct().Where(d => !isWrong || !IsAboutLock(d)).OrderBy(d => d.File != file).ThenBy(d => d.File == file ? (d.Line, d.Column) : default))
            diagnostics.Add(diagnostic);
        return isWrong ? null : map;
    }

    CompiledMap? Compile(string id, string? partner, List<Diagnostic> found)
    {
        var sources = new Sources(read);
        if (Load(id, partner, sources, found) is not var (map, lists))
            return null;
        var compiler = new MapCompiler(definitions, to => Target(to, map.File, sources, found), lists.Find) { Own = Functions, DropOf = map.Base is { } below ? below.DropOf : (_, _) => null };
        var plans = compiler.Compile(map.File, map.Text, id, map.Root, found);
        lists.CheckUse();
        return plans.Count == 0 ? null : CompiledMap.Of(id, sources.Hash(Functions.Version), plans, sources.Texts, Guide(map, sources, found));
    }

    /// <summary>A map with those it extends, and the code lists it uses; null after diagnostics when there is none.</summary>
    (LoadedMap Map, MapLists Lists)? Load(string id, string? partner, Sources sources, List<Diagnostic> found)
    {
        if (Loader(sources, found).Load(id) is not { } map)
            return null;
        var owner = (map.Root.Find("partner") as YamlScalar)?.Text;
        if (owner is not null && partner is not null && owner != partner && map.Root.Find("partner") is { } at)
            found.Add(new(at.FileOr(map.File), at.Line, at.Column, MapCodes.Owner, $"Map {id} is partner {owner}'s, and {partner} cannot use it.", "name another map, or put what both have in common into base/"));
        return (map, new(map.Root.Find("codes"), (name, diagnostics) => CodeListReader.Load(name, partner ?? owner, sources.Read, diagnostics), found));
    }

    // The guide that stands for those partners whose agreement names none.
    string Guide(LoadedMap map, Sources sources, List<Diagnostic> found)
    {
        if (map.Root.Find("guide") is not { } node)
            return "";
        if (node is not YamlScalar { Text.Length: > 0 } guide)
            found.Add(new(node.FileOr(map.File), node.Line, node.Column, MapCodes.Shape, "'guide' is the id of a guide.", "guide: guides/…, or acme/orders-guide for one of partner acme"));
        else if (HasGuide(guide.Text))
        {
            sources.ReadAside(GuideLoader.FileOf(guide.Text));
            return guide.Text;
        }
        else
            found.Add(new(guide.FileOr(map.File), guide.Line, guide.Column, MapCodes.NoGuide, $"There is no guide '{guide.Text}'.", Hints.DidYouMeanOr(guide.Text, "guides", Guides())));
        return "";
    }

    // What a lock says changes no row, so that it is no part of the version.
    MapLoader Loader(Sources sources, List<Diagnostic> found) => new(file => file.EndsWith(LockSuffix, StringComparison.Ordinal) ? sources.ReadAside(file) : sources.Read(file), Maps, found);

    /// <summary>The map with those it extends as one, each line with its place as a comment; null after diagnostics.</summary>
    public IReadOnlyList<string>? Resolve(string id, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        var map = Loader(new(read), found).Load(id);
        foreach (var diagnostic in found.Distinct())
            diagnostics.Add(diagnostic);
        return map is null || found.Exists(d => !d.Warning && d.Code is not (MapCodes.BaseChanged or MapCodes.Lock)) ? null : MapPrinter.Print(map.Root);
    }

    /// <summary>Ids of a map and of those it extends, the map first, as far as they are there.</summary>
    public IReadOnlyList<string> Chain(string id)
    {
        var chain = new List<string>();
        for (var next = id; next is not null && !chain.Contains(next) && read(FileOf(next)) is { } text;)
        {
            chain.Add(next);
            next = (YamlFile.Read(FileOf(next), text, [])?.Find("extends") as YamlScalar)?.Text;
        }
        return chain;
    }

    /// <summary>
    /// The lock of a map that extends another, as it is to be written to <see cref="LockOf"/> when a person accepts its base as it is now. Null for a map that
    /// extends none, and for one with mistakes.
    /// </summary>
    /// <param name="id">The map.</param>
    /// <param name="partner">As for <see cref="Compile(string, string?, ICollection{Diagnostic})"/>.</param>
    /// <param name="changes">The rules of the base that the map overrides and that have changed since it was locked, and what is wrong with the lock.</param>
    public string? Lock(string id, string? partner, out IReadOnlyList<Diagnostic> changes)
    {
        var found = new List<Diagnostic>();
        if (Writes(id))
            CompileWrite(id, partner, found);
        else
            Compile(id, partner, found);
        changes = [.. found.Distinct().Where(d => d.File == LockOf(id) || (d.File == FileOf(id) && d.Code == MapCodes.BaseChanged))];
        return found.Where(d => !d.Warning).Except(changes).Any() ? null : Loader(new(read), []).Load(id)?.Base?.Text;
    }

    /// <summary>True for what is said of a lock that is missing or out of date.</summary>
    public static bool IsAboutLock(Diagnostic diagnostic) => diagnostic.Code == MapCodes.Unlocked;

    /// <summary>
    /// Reads a guide by id (<c>guides/acme-orders</c> = <c>guides/acme-orders.yaml</c>; a partner's own <c>acme/orders-guide</c> =
    /// <c>partners/acme/orders-guide.yaml</c>) with those it extends. Null when one of them has a mistake; all are in <paramref name="diagnostics"/>.
    /// </summary>
    public Guide? Guide(string id, ICollection<Diagnostic> diagnostics) => new GuideLoader(definitions, read, Guides(), diagnostics).Load(id);

    /// <summary>Ids of the files in <c>guides/</c>, in order.</summary>
    public IReadOnlyList<string> Guides() =>
        [.. Files.Where(f => f.StartsWith("guides/", StringComparison.Ordinal) && f.EndsWith(".yaml", StringComparison.Ordinal)).Select(f => f[..^".yaml".Length])];

    /// <summary>True when there is a map of this id, right or wrong.</summary>
    public bool HasMap(string id) => Files.Contains(FileOf(id));

    /// <summary>True when there is a guide of this id, right or wrong.</summary>
    public bool HasGuide(string id) => Files.Contains(GuideLoader.FileOf(id));

    /// <summary>Ids of the files in <c>targets/</c>, in order.</summary>
    public IReadOnlyList<string> Targets() =>
        [.. Files.Where(f => f.StartsWith("targets/", StringComparison.Ordinal) && f.EndsWith(TargetSuffix, StringComparison.Ordinal)).Select(f => f["targets/".Length..^TargetSuffix.Length])];

    /// <summary>Names of the shared code lists, in order.</summary>
    public IReadOnlyList<string> CodeLists() =>
        [.. Files.Where(f => f.Split('/') is ["codes", _] && f.EndsWith(".yaml", StringComparison.Ordinal)).Select(f => f["codes/".Length..^".yaml".Length])];

    /// <summary>Reads <c>targets/&lt;id&gt;.target.yaml</c>; null when it has errors.</summary>
    public TargetDefinition? Target(string id, ICollection<Diagnostic> diagnostics) => Target(id, new(read), diagnostics);

    /// <summary>
    /// Reads every target and every code list of the folder, those that no map uses as well; a partner's lists with the shared ones below them. Names the
    /// files that nothing reads.
    /// What is wrong is added to <paramref name="diagnostics"/>, also what a map that uses the file has told already.
    /// </summary>
    public void CheckTargetsAndCodeLists(ICollection<Diagnostic> diagnostics)
    {
        foreach (var target in Targets())
            Target(target, diagnostics);
        foreach (var file in Files)
        {
            var (list, partner) = file.Split('/') switch
            {
                _ when !file.EndsWith(".yaml", StringComparison.Ordinal) => default,
                ["codes", var name] => (name, null),
                ["partners", var id, "codes", var name] => (name, id),
                _ => default,
            };
            if (list is not null)
                CodeListReader.Load(list[..^".yaml".Length], partner, read, diagnostics);
            else if (Misplaced(file) is { } hint)
                diagnostics.Add(new(file, 1, 1, MapCodes.Misplaced, "Nothing reads this file where it stands.", hint, Warning: true));
        }
    }

    // Under no name that anything in its folder has, or in none of our folders although it says that it is ours; null for the others.
    string? Misplaced(string file) => file.Split('/') switch
    {
        _ when file.EndsWith(LockSuffix, StringComparison.Ordinal) => IsLock(file) ? null : "it stands beside a map that extends another; delete it when there is none",
        _ when !file.EndsWith(".yaml", StringComparison.Ordinal) => KindOf(read(file) ?? "") is null ? null : $"call it {Path.ChangeExtension(file, ".yaml")}",
        ["targets", var name] when !name.EndsWith(TargetSuffix, StringComparison.Ordinal) => $"call it targets/{name[..^".yaml".Length]}{TargetSuffix}",
        ["targets" or "codes" or "guides" or "base" or "docs", _, _, ..] => $"put it into {file[..file.IndexOf('/', StringComparison.Ordinal)]}/ itself",
        ["partners", var partner, "codes", _, _, ..] => $"put it into partners/{partner}/codes/ itself",
        ["partners", _] => "put it into a partner's folder",
        ["targets" or "codes" or "guides" or "base" or "partners" or "docs", ..] => null,
        _ => KindOf(read(file) ?? "") switch
        {
            "map" => "put it into base/ or a partner's folder",
            "guide" => "put it into guides/ or a partner's folder",
            "codes" => "put it into codes/, or codes/ in a partner's folder",
            "target" => "put it into targets/",
            "document" => "put it into docs/",
            "partner" => "put it into partners/, in a folder of the partner's id",
            _ => null,
        },
    };

    bool IsLock(string file)
    {
        var map = Path.ChangeExtension(file, ".yaml");
        return read(map) is { } text && YamlFile.Read(map, text, [])?.Find("extends") is not null;
    }

    /// <summary>What a file says it is: <c>map</c>, <c>guide</c>, <c>codes</c>, …; null when it does not. Comments and other lines may stand before it.</summary>
    public static string? KindOf(string text)
    {
        var said = Array.Find(text.Split('\n'), line => line.StartsWith("hub:", StringComparison.Ordinal))?["hub:".Length..].TrimStart(' ', '\'', '"') ?? "";
        return said.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? said[..end] : null;
    }

    static TargetDefinition? Target(string id, Sources sources, ICollection<Diagnostic> diagnostics)
    {
        var file = $"targets/{id}.target.yaml";
        if (sources.Read(file) is { } text)
            return TargetReader.Read(file, text, diagnostics, id);
        diagnostics.Add(new(file, 1, 1, MapCodes.NoTarget, $"There is no target '{id}'."));
        return null;
    }

    TargetDefinition? Target(YamlScalar to, string file, Sources sources, List<Diagnostic> diagnostics)
    {
        if (sources.Read($"targets/{to.Text}.target.yaml") is not null)
            return Target(to.Text, sources, diagnostics);
        diagnostics.Add(new(file, to.Line, to.Column, MapCodes.NoTarget, $"There is no target '{to.Text}'.", Hints.DidYouMeanOr(to.Text, "targets", Targets())));
        return null;
    }

    /// <summary>The file of a map, relative to the folder.</summary>
    public static string FileOf(string id) => id.StartsWith("base/", StringComparison.Ordinal) ? $"{id}.yaml" : $"partners/{id}.yaml";

    const string LockSuffix = ".lock";

    /// <summary>The lock of a map that extends another: beside its file.</summary>
    public static string LockOf(string id) => Path.ChangeExtension(FileOf(id), LockSuffix);

    /// <summary>Ids of the files that stand where maps do, in order.</summary>
    public IReadOnlyList<string> Maps() =>
    [
        .. Files.Where(f => f.EndsWith(".yaml", StringComparison.Ordinal) && !f.EndsWith(".expect.yaml", StringComparison.Ordinal))
            .Select(f => f[..^".yaml".Length])
            .Where(f => f.Split('/') is ["base", _] or ["partners", _, not "partner"])
            .Select(f => f.StartsWith("partners/", StringComparison.Ordinal) ? f["partners/".Length..] : f),
    ];

    /// <summary>Files as one compilation reads them, remembered so that the result can name its version by them.</summary>
    sealed class Sources(Func<string, string?> read)
    {
        readonly SortedDictionary<string, string?> texts = new(StringComparer.Ordinal);
        readonly Dictionary<string, string> aside = new(StringComparer.Ordinal);

        public string? Read(string path)
        {
            if (!texts.TryGetValue(path, out var text))
                texts[path] = text = read(path);
            return text;
        }

        /// <summary>Reads a text that the map needs and that changes no row: it is no part of the version.</summary>
        public string? ReadAside(string path)
        {
            var text = read(path);
            if (text is not null)
                aside[path] = text;
            return text;
        }

        /// <summary>All that was read and is there, by path.</summary>
        public IReadOnlyDictionary<string, string> Texts =>
            texts.Where(text => text.Value is not null).Select(text => KeyValuePair.Create(text.Key, text.Value!)).Concat(aside).ToDictionary(StringComparer.Ordinal);

        public string Hash(string functions)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (path, text) in texts)
            {
                if (text is null)
                    continue;
                // The lengths keep two files from passing for one.
                hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{text.Length}\n{text}\n"));
            }
            if (functions.Length > 0)
                hash.AppendData(Encoding.UTF8.GetBytes(functions));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}

/// <summary>A map that passed every check, as it reads one release: immutable, shared by all threads.</summary>
public sealed class CompiledMap
{
    CompiledMap(string id, string version, MapPlan plan, string guide, IReadOnlyList<CompiledMap> releases)
    {
        Id = id;
        Guide = guide;
        Releases = releases;
        Version = version;
        Plan = plan;
        Tables = [.. plan.Target.Tables.Where(t => plan.Blocks.Any(b => b.Table == t)).Select(t => Filled(t, plan))];
    }

    internal static CompiledMap Of(string id, string version, IReadOnlyList<MapPlan> plans, IReadOnlyDictionary<string, string> texts, string guide = "")
    {
        var releases = new List<CompiledMap>();
        foreach (var plan in plans)
            releases.Add(new(id, version, plan, guide, releases) { Texts = texts });
        return releases[0];
    }

    static TableDefinition Filled(TableDefinition table, MapPlan plan)
    {
        var mapped = plan.Blocks.Where(b => b.Table == table).SelectMany(b => b.Columns).Select(c => c.Definition.Name).ToHashSet(StringComparer.Ordinal);
        return table with { Columns = [.. table.Columns.Select(c => c with { Mapped = mapped.Contains(c.Name) })] };
    }

    public string Id { get; }

    /// <summary>Id of the guide its messages are checked with where an agreement names none; empty = none.</summary>
    public string Guide { get; }

    /// <summary>SHA-256 over the texts this map was compiled from (map, code lists, target), in hex: its version.</summary>
    public string Version { get; }

    /// <summary>The texts it was compiled from, by path: a folder of them alone gives this version again.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; private init; } = new Dictionary<string, string>();

    public MessageDefinition Message => Plan.Message;

    /// <summary>True when the map reads files without an envelope.</summary>
    public bool ReadsRecords => Plan.Format is not null;

    /// <summary>Reads a file without an envelope.</summary>
    /// <param name="open">Opens the file from its first byte, as often as it is asked; what it gives is closed with the reader.</param>
    /// <param name="sender">Id of the partner whose file it is.</param>
    /// <param name="findings">Takes what is wrong with the file.</param>
    /// <exception cref="InvalidOperationException">The map reads EDI.</exception>
    public RecordReader Open(Func<Stream> open, string sender, Findings findings) =>
        Plan.Format?.Open(open, sender, findings) ?? throw new InvalidOperationException($"Map {Id} reads messages of {Message.Standard.Name()}, not records.");

    /// <summary>The map in every release it names, this one among them.</summary>
    public IReadOnlyList<CompiledMap> Releases { get; }

    /// <summary>The map as it reads a message: in its release, or in the first the map names when that is none of them.</summary>
    public CompiledMap For(MessageInfo message) => Releases.Count == 1 ? this
        : For(message.FullRelease, message.Association) ?? Releases[0];

    /// <summary>The map in a release as an envelope names it; the first the map names when that is none of them.</summary>
    public CompiledMap For(string release) => For(release, association: "") ?? Releases[0];

    // An association's own definition goes before that of the release; in X12 an implementation names itself after the release (004010VICS).
    CompiledMap? For(string release, string association) =>
        (association.Length > 0 ? Releases.FirstOrDefault(map => map.Message.Release == $"{release}.{association}") : null)
        ?? Releases.FirstOrDefault(map => map.Message.Release == release)
        ?? Releases.FirstOrDefault(map => map.Message.Standard == Standard.X12 && release.StartsWith(map.Message.Release, StringComparison.Ordinal));

    /// <summary>True when the map is of messages of this standard and type.</summary>
    public bool Takes(Standard standard, string type) => Message.Standard == standard && Message.Type == type;

    public TargetDefinition Target => Plan.Target;

    /// <summary>Tables the map fills, in the target's order (parents first), their columns marked as mapped or not.</summary>
    public IReadOnlyList<TableDefinition> Tables { get; }

    /// <summary>When each of its values is known.</summary>
    public StreamReport Streams => StreamReport.Of(Plan);

    internal MapPlan Plan { get; }
}
