using System.Globalization;
using System.Text.Json;
using Dapper;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Ledger;

/// <summary>A remote file as the ledger knows it.</summary>
sealed class RemoteFileRow
{
    public long Id { get; init; }
    public string Partner { get; init; } = "";
    public string Path { get; init; } = "";
    public long Bytes { get; init; }
    public DateTimeOffset ModifiedAt { get; init; }
    public DateTimeOffset FirstSeen { get; init; }
    public FileState State { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }
    public long Fence { get; init; }
    public string? Note { get; init; }

    public RemoteFile File => new(Path, Bytes, ModifiedAt);
}

/// <summary>What a listing amounts to.</summary>
/// <param name="Ready">Settled files, oldest first, not more than one poll takes.</param>
/// <param name="Unsettled">Files to look at again once they had time to settle.</param>
/// <param name="More">Settled files left for the next poll.</param>
/// <param name="TooLarge">Files over the limit that this listing showed for the first time.</param>
/// <param name="Incomplete">Files without the end of their interchange, whose time of grace is not over.</param>
sealed record Sighted(
    IReadOnlyList<RemoteFileRow> Ready, int Unsettled, int More, IReadOnlyList<RemoteFileRow> TooLarge, IReadOnlyList<RemoteFileRow> Incomplete);

/// <summary>What the listings of partners' folders showed. Kept in the database, so that a restart never takes a file too early or twice.</summary>
sealed class Sightings(Database database, TimeProvider clock, string worker)
{
    /// <summary>Longest time that work of a dead process stays claimed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    readonly string record = SqlText.Query("record-listing", database.Engine);

    /// <summary>Takes a listing into account.</summary>
    public async Task<Sighted> Record(
        PartnerDefinition partner, IReadOnlyList<RemoteFile> listing, DateTimeOffset listedAt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var files = JsonSerializer.Serialize(listing.Select(file => new Listed(file.Path, file.Bytes, Stored(file.ModifiedAt))));
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            record, new { Partner = partner.Id, Files = files, Now = now, ListedAt = listedAt }, transaction, cancellationToken: cancellation));
        // What is gone or has changed before it was taken is nothing to remember.
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from remote_file where partner = @Partner and state in ('Seen', 'Settling', 'Incomplete', 'Quarantined') and last_seen < @Now",
            new { Partner = partner.Id, Now = now }, transaction, cancellationToken: cancellation));
        var open = (await connection.QueryAsync<RemoteFileRow>(new CommandDefinition(
            """
            select id, partner, path, bytes, modified_at, first_seen, state, lease_until, fence, note from remote_file
            where partner = @Partner and last_seen = @Now and state in ('Seen', 'Settling', 'Claimed', 'Incomplete', 'Quarantined')
            order by modified_at, path
            """,
            new { Partner = partner.Id, Now = now }, transaction, cancellationToken: cancellation))).AsList();
        // One that was over the limit is taken like any other once the limit is raised.
        var rest = open.FindAll(row => row.Bytes <= partner.Source.FileBytesMax);
        var tooLarge = open.FindAll(row => row.Bytes > partner.Source.FileBytesMax && row.State != FileState.Quarantined);
        foreach (var row in tooLarge)
            await connection.ExecuteAsync(new CommandDefinition(
                "update remote_file set state = 'Quarantined', ended_at = @Now, note = @Note where id = @Id",
                new { row.Id, Now = now, Note = string.Create(CultureInfo.InvariantCulture, $"larger than the limit of {partner.Source.FileBytesMax} bytes") },
                transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        var incomplete = rest.FindAll(row => row.State == FileState.Incomplete && AwaitsTrailer(row, partner.Source, now));
        var settled = rest.FindAll(row => IsFree(row, now) && IsSettled(row, now, partner.Source.Settle)).Except(incomplete).ToList();
        var cap = partner.Source.FilesPerPollMax;
        return new([.. settled.Take(cap)], rest.Count - settled.Count - incomplete.Count, Math.Max(0, settled.Count - cap), tooLarge, incomplete);
    }

    /// <summary>Takes files for this process, all of them in one commit; those that another was faster with are left out.</summary>
    public async Task<IReadOnlyList<RemoteFileRow>> Claim(IReadOnlyList<RemoteFileRow> files, CancellationToken cancellation)
    {
        if (files.Count == 0)
            return [];
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<RemoteFileRow>(new CommandDefinition(
            $"""
            update remote_file set state = 'Claimed', claimed_by = @Worker, lease_until = @Until, fence = fence + 1
            where id in {database.NumbersIn("Ids")}
                and (state in ('Seen', 'Settling', 'Incomplete', 'Quarantined') or (state = 'Claimed' and lease_until < @Now))
            returning id, partner, path, bytes, modified_at, first_seen, state, lease_until, fence, note
            """,
            new { Ids = JsonSerializer.Serialize(files.Select(file => file.Id)), Worker = worker, Until = now + Lease, Now = now }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Keeps this process's claims on a partner's files alive. Those that are being archived at this moment need it no more.</summary>
    public async Task Renew(string partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update remote_file set lease_until = @Until
            where id in (select id from remote_file where partner = @Partner and claimed_by = @Worker and state = 'Claimed'{database.SkippingLocked})
            """,
            new { Partner = partner, Worker = worker, Until = clock.GetUtcNow() + Lease }, cancellationToken: cancellation));
    }

    /// <summary>Gives a claimed file back: it changed while it was read, or could not be read. It has to settle anew.</summary>
    public async Task Release(RemoteFileRow file, string note, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update remote_file set state = 'Settling', claimed_by = null, lease_until = null, first_seen = @Now, note = @Note
            where id = @Id and state = 'Claimed' and fence = @Fence
            """,
            new { file.Id, file.Fence, Now = clock.GetUtcNow(), Note = note }, cancellationToken: cancellation));
    }

    /// <summary>Leaves a claimed file to its partner: the end of its interchange is missing. Changed, it is another file and settles anew.</summary>
    public async Task Wait(RemoteFileRow file, string note, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "update remote_file set state = 'Incomplete', claimed_by = null, lease_until = null, note = @note where id = @Id and state = 'Claimed' and fence = @Fence",
            new { file.Id, file.Fence, note }, cancellationToken: cancellation));
    }

    /// <summary>Files that polls saw and left where they are, and why.</summary>
    public async Task<IReadOnlyList<RemoteFileRow>> Left(string? partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<RemoteFileRow>(new CommandDefinition(
            """
            select id, partner, path, bytes, modified_at, first_seen, state, lease_until, fence, note from remote_file
            where state in ('Incomplete', 'Quarantined') and (@partner is null or partner = @partner) order by partner, first_seen, path
            """,
            new { partner }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>
    /// Leaves a file that is no exchange yet where it is, for good: it is neither taken nor listed as left. Changed, it is another file. The states of those of
    /// this path that are not ended, as they were found; nothing is done while one of them is being read.
    /// </summary>
    public async Task<IReadOnlyList<FileState>> Ignore(string partner, string path, string actor, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var found = (await connection.QueryAsync<string>(new CommandDefinition(
            "select state from remote_file where partner = @partner and path = @path and state in ('Seen', 'Settling', 'Claimed', 'Incomplete', 'Quarantined')",
            new { partner, path }, transaction, cancellationToken: cancellation))).Select(Enum.Parse<FileState>).ToList();
        if (found.Count == 0 || found.Contains(FileState.Claimed))
            return found;
        // A poll that took one of them meanwhile keeps it; then nothing here is committed.
        if (await connection.ExecuteAsync(new CommandDefinition(
            "update remote_file set state = 'Ignored', ended_at = @now, note = @reason where partner = @partner and path = @path and state in ('Seen', 'Settling', 'Incomplete', 'Quarantined')",
            new { partner, path, reason, now }, transaction, cancellationToken: cancellation)) != found.Count)
            return [FileState.Claimed];
        await Decisions.Record(connection, transaction, now, actor, "ignore file", $"{Decisions.PartnerTarget(partner)}: {path}", reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return found;
    }

    /// <summary>True while a file without the end of its interchange is left to its partner: counted from when it last changed.</summary>
    public static bool AwaitsTrailer(RemoteFileRow file, SourceDefinition source, DateTimeOffset now) =>
        source.RequireTrailer && now - file.FirstSeen < source.IncompleteGrace;

    /// <summary>The time as both engines keep it: whole microseconds.</summary>
    public static DateTimeOffset Stored(DateTimeOffset moment) =>
        new(moment.UtcTicks - moment.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    static bool IsFree(RemoteFileRow row, DateTimeOffset now) => row.State != FileState.Claimed || row.LeaseUntil < now;

    static bool IsSettled(RemoteFileRow row, DateTimeOffset now, TimeSpan settle) =>
        Settling.Judge(new Sighting(row.Bytes, row.ModifiedAt, row.FirstSeen), row.File, now, settle) == Settlement.Settled;

    // Property names are those of the statement's columns.
    sealed record Listed(string path, long bytes, DateTimeOffset modified)
    {
        public string modified_at => modified.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
    }
}
