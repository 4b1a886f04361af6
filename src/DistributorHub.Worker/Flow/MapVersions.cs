using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Functions;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// The versions of maps that took documents, kept as texts in the ledger: the folder of mappings holds the newest only, and a retry maps as the first attempt did.
/// Definitions of messages and the functions of the installation are those of now; a map that needs other functions is not found.
/// </summary>
/// <param name="database">The hub database.</param>
/// <param name="clock">The clock.</param>
/// <param name="folder">The folder <c>Hub:Mappings</c>.</param>
/// <param name="definitions">What maps are bound to.</param>
/// <param name="functions">The installation's own functions, or null.</param>
sealed class MapVersions(Database database, TimeProvider clock, string folder, DefinitionLibrary definitions, MapFunctions? functions)
{
    /// <summary>Maps of earlier versions that stay compiled; more are compiled again when they are asked for.</summary>
    const int CompiledMax = 64;

    readonly ConcurrentDictionary<string, bool> kept = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Version, string Partner), CompiledMap> compiled = new();

    public bool IsKept(CompiledMap map) => kept.ContainsKey(map.Version);

    /// <summary>Keeps the texts of a map before a document is loaded by it; once for each version.</summary>
    public async Task Keep(CompiledMap map, CancellationToken cancellation)
    {
        if (IsKept(map))
            return;
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into map_version (version, map, texts, kept_at) values (@Version, @Id, @texts, @now) on conflict do nothing",
            new { map.Version, map.Id, texts = JsonSerializer.Serialize(map.Texts), now = clock.GetUtcNow() }, cancellationToken: cancellation));
        kept[map.Version] = true;
    }

    /// <summary>The map of a version; null when it was not kept, or is another with a partner's code lists or the functions of now.</summary>
    public async Task<CompiledMap?> Find(string version, string partner, CancellationToken cancellation)
    {
        if (compiled.TryGetValue((version, partner), out var known))
            return known;
        await using var connection = await database.Open(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<KeptMap>(new CommandDefinition(
            "select map, texts from map_version where version = @version", new { version }, cancellationToken: cancellation)) is not { } row)
            return null;
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Texts)!;
        var library = new MapLibrary([.. texts.Keys], texts.GetValueOrDefault, definitions) { Functions = functions ?? MapFunctions.None };
        if (library.Compile(row.Map, partner, new List<Diagnostic>()) is not { } map || map.Version != version)
            return null;
        if (compiled.Count >= CompiledMax)
            compiled.Clear();
        return compiled[(version, partner)] = map;
    }

    /// <summary>
    /// The choice with the whole version of the map it names, which is kept from then on: what is asked for today is what runs, whatever becomes of the folder.
    /// Null after a sentence that says why there is none.
    /// </summary>
    /// <param name="choice">What a person wrote.</param>
    /// <param name="partner">Whose documents are mapped.</param>
    /// <param name="cancellation">Stops the look into the ledger.</param>
    public async Task<(MapChoice? Choice, string? Mistake)> Resolve(MapChoice choice, string partner, CancellationToken cancellation)
    {
        if (!choice.IsNamed)
            return (choice, null);
        var library = MapFolder.Open(folder, definitions, functions);
        var found = new List<Diagnostic>();
        var now = library.HasMap(choice.Word) && !library.Writes(choice.Word) ? library.Compile(choice.Word, partner, found) : null;
        if (now is not null && now.Version.StartsWith(choice.Version ?? "", StringComparison.Ordinal))
        {
            await Keep(now, cancellation);
            return (choice with { Version = now.Version }, null);
        }
        if (choice.Version is not { } version)
            return (null, found.FirstOrDefault(mistake => !mistake.Warning) is { } wrong ? $"Map {choice.Word} has mistakes: {wrong}" : $"There is no map '{choice.Word}' that reads messages.");
        await using var connection = await database.Open(cancellation);
        var versions = (await connection.QueryAsync<string>(new CommandDefinition(
            "select version from map_version where map = @Word and substr(version, 1, @Length) = @version limit 2",
            new { choice.Word, version, version.Length }, cancellationToken: cancellation))).AsList();
        return versions switch
        {
            [] => (null, $"No version of map {choice.Word} that begins with {version} has taken a document."),
            [var only] when await Find(only, partner, cancellation) is null => (null, $"Map {choice.Word}@{only} cannot be used for partner {partner}: it was made with other code lists or functions than there are now."),
            [var only] => (choice with { Version = only }, null),
            _ => (null, $"Several versions of map {choice.Word} begin with {version}: write more of it."),
        };
    }

    sealed record KeptMap
    {
        public string Map { get; init; } = "";

        public string Texts { get; init; } = "";
    }
}

/// <summary>One choice for exchanges of many partners, looked up once for each partner.</summary>
/// <param name="versions">Looks it up.</param>
/// <param name="choice">What a person wrote.</param>
sealed class ResolvedChoices(MapVersions versions, MapChoice choice)
{
    readonly Dictionary<string, (MapChoice? Choice, string? Mistake)> resolved = new(StringComparer.Ordinal);

    /// <summary>See <see cref="MapVersions.Resolve"/>.</summary>
    public async Task<(MapChoice? Choice, string? Mistake)> Of(string partner, CancellationToken cancellation) =>
        resolved.TryGetValue(partner, out var known) ? known : resolved[partner] = await versions.Resolve(choice, partner, cancellation);
}

/// <summary>Which version of its map takes a document in this run.</summary>
/// <param name="versions">Those that were kept.</param>
/// <param name="run">The run: it may be pinned, or name a map.</param>
/// <param name="partner">Whose file it is.</param>
sealed class MapChooser(MapVersions versions, ExchangeRun run, string partner)
{
    /// <summary>The map; or none, and the version that was to be used and is not there.</summary>
    /// <param name="ordinal">The document.</param>
    /// <param name="current">The map as it is agreed now, or null.</param>
    /// <param name="takes">Whether a map that is named takes this document.</param>
    /// <param name="cancellation">Stops the look into the ledger.</param>
    public async ValueTask<(CompiledMap? Map, string? Missing)> Choose(int ordinal, CompiledMap? current, Func<CompiledMap, bool> takes, CancellationToken cancellation)
    {
        var pinned = run.Pinned.GetValueOrDefault(ordinal);
        if ((pinned ?? run.Map?.Version) is { } wanted && current?.Version != wanted)
        {
            if (await versions.Find(wanted, partner, cancellation) is not { } kept)
                return (null, wanted);
            if (pinned is not null || takes(kept))
                return (kept, null);
        }
        if (current is not null && !versions.IsKept(current))
            await versions.Keep(current, cancellation);
        return (current, null);
    }
}
