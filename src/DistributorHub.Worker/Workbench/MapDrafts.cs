using System.Data.Common;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Workbench;

/// <summary>A text of a map that is kept and not live.</summary>
sealed record MapDraft
{
    public string File { get; init; } = "";
    public long Version { get; init; }
    public string Text { get; init; } = "";

    /// <summary>Hash of the text.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Hash of the live text that it began from.</summary>
    public string BaseSha256 { get; init; } = "";
    public string SavedBy { get; init; } = "";
    public DateTimeOffset SavedAt { get; init; }

    /// <summary>True for the live text that it began from.</summary>
    public bool BeganFrom(string live) => BaseSha256 == MapFile.Hash(live);

    /// <summary>True for its own text.</summary>
    public bool Says(string text) => Sha256 == MapFile.Hash(text);
}

/// <summary>What became of a saving.</summary>
enum Saving
{
    Kept,

    /// <summary>Nothing was to be kept: it is the draft, or without one the live text.</summary>
    Same,

    /// <summary>Somebody has saved another text, or put one live, since the one that was seen.</summary>
    Changed,

    /// <summary>There are as many drafts as are kept.</summary>
    Full,
}

/// <summary>Drafts of maps, one for each file, in the hub's database: of several workers each shows the same.</summary>
sealed class MapDrafts(Database database, TimeProvider clock)
{
    const string Columns = "file, version, text, sha256, base_sha256, saved_by, saved_at";

    /// <summary>The drafts there are, by file; their texts are left out.</summary>
    public async Task<IReadOnlyList<MapDraft>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<MapDraft>(new CommandDefinition(
            """
            select file, version, sha256, base_sha256, saved_by, saved_at from map_draft d
            where version = (select max(version) from map_draft where file = d.file) order by file
            """, cancellationToken: cancellation))).AsList();
    }

    /// <summary>The draft of a file, or null.</summary>
    public async Task<MapDraft?> Of(string file, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Of(connection, null, file, cancellation);
    }

    static Task<MapDraft?> Of(DbConnection connection, DbTransaction? transaction, string file, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<MapDraft?>(new CommandDefinition(
            $"select {Columns} from map_draft where file = @file order by version desc limit 1", new { file }, transaction, cancellationToken: cancellation));

    /// <summary>A text that was saved of a file and is still kept, by its hash; null when it is not.</summary>
    public async Task<string?> Earlier(string file, string sha256, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QueryFirstOrDefaultAsync<string?>(new CommandDefinition(
            "select text from map_draft where file = @file and sha256 = @sha256 order by version desc limit 1", new { file, sha256 }, cancellationToken: cancellation));
    }

    /// <summary>Keeps a text as the draft of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="text">The text.</param>
    /// <param name="seen">Hash of the text that was there when its author began.</param>
    /// <param name="live">Hash of the live text.</param>
    /// <param name="again">True to have the draft begin from that live text from now on.</param>
    /// <param name="actor">Who saves it.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Saving> Save(string file, string text, string seen, string live, bool again, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = await Of(connection, transaction, file, cancellation);
        if (seen != (now?.Sha256 ?? live))
            return Saving.Changed;
        var hash = MapFile.Hash(text);
        var begun = again ? live : now?.BaseSha256 ?? live;
        if (hash == (now?.Sha256 ?? live) && begun == (now?.BaseSha256 ?? live))
            return Saving.Same;
        if (now is null && await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(distinct file) from map_draft", transaction: transaction, cancellationToken: cancellation)) >= Limits.MapDraftsMax)
            return Saving.Full;
        var version = (now?.Version ?? 0) + 1;
        // Of two that save at the same moment, the second finds the number taken.
        if (await connection.ExecuteAsync(new CommandDefinition(
            $"insert into map_draft ({Columns}) values (@file, @version, @text, @hash, @begun, @actor, @at) on conflict do nothing",
            new { file, version, text, hash, begun, actor, at = clock.GetUtcNow() }, transaction, cancellationToken: cancellation)) == 0)
            return Saving.Changed;
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from map_draft where file = @file and version <= @last", new { file, last = version - Limits.MapDraftSavingsMax }, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return Saving.Kept;
    }

    /// <summary>Forgets a draft that was seen; false when there is none, or another meanwhile.</summary>
    public async Task<bool> Discard(string map, MapDraft draft, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Forget(connection, transaction, draft, cancellation))
            return false;
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), actor, "discard draft", Target(map), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Ends a draft with what it becomes; null when it was done, otherwise why not.</summary>
    /// <param name="map">Its map.</param>
    /// <param name="draft">The draft as it was seen.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="write">Puts its text into its place, or says why that cannot be.</param>
    /// <param name="cancellation">Stops it before the text is in its place.</param>
    public async Task<string?> PutLive(string map, MapDraft draft, string actor, string reason, Func<string?> write, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The row is the lock: of two who do this at once the second waits here, and finds nothing.
        if (!await Forget(connection, transaction, draft, cancellation))
            return "another draft has been saved meanwhile, or this one is gone.";
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), actor, "put live", Target(map), $"{reason} (SHA-256 {draft.BaseSha256} became {draft.Sha256})", cancellation);
        if (write() is { } refused)
            return refused;
        // The file is replaced and the record not yet written: a hub that dies here leaves the draft as it was, and its page says that it is the live text.
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }

    static async Task<bool> Forget(DbConnection connection, DbTransaction transaction, MapDraft draft, CancellationToken cancellation) =>
        // The newest first: it goes only while it is the newest.
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from map_draft where file = @File and version = @Version and version = (select max(version) from map_draft where file = @File) and sha256 = @Sha256",
            new { draft.File, draft.Version, draft.Sha256 }, transaction, cancellationToken: cancellation)) == 1
        && await connection.ExecuteAsync(new CommandDefinition(
            "delete from map_draft where file = @File and version < @Version", new { draft.File, draft.Version }, transaction, cancellationToken: cancellation)) >= 0;

    /// <summary>How the audit names a map.</summary>
    public static string Target(string map) => $"map {map}";
}
