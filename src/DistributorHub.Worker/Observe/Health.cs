using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using Hangfire;

namespace DistributorHub.Worker.Observe;

/// <summary>What keeps the hub from working.</summary>
/// <param name="Words">In plain words, for everybody.</param>
/// <param name="Detail">What the other side said; it may name hosts and folders.</param>
sealed record Trouble(string Words, string? Detail)
{
    public override string ToString() => Detail is null ? Words : $"{Words} {Detail}";
}

/// <summary>
/// Whether the hub can work: both databases answer, the hub's has this program's schema, Hangfire's storage answers, and the spool has room for a download.
/// </summary>
sealed class Health(Hub hub, JobStorage storage)
{
    // A database that hangs is as bad as one that refuses.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Everything that is wrong now; nothing when the hub is ready.</summary>
    public async Task<IReadOnlyList<Trouble>> Troubles(CancellationToken cancellation)
    {
        var found = await Task.WhenAll(
            Look("The hub database does not answer.", Ledger, cancellation),
            Look("The seller's database does not answer.", token => Answers(hub.SellerDatabase, token), cancellation),
            Look("The storage of the jobs does not answer.", Jobs, cancellation),
            Look("The disk of the spool cannot be looked at.", _ => Task.FromResult(Spool()), cancellation));
        return [.. found.OfType<Trouble>()];
    }

    async Task<Trouble?> Ledger(CancellationToken cancellation)
    {
        await Answers(hub.Database, cancellation);
        var missing = await Migrations.Missing(hub.Database, cancellation);
        return missing.Count == 0 ? null : new("The hub database has an older schema than this program: run 'hub migrate'.", string.Join(", ", missing));
    }

    static async Task<Trouble?> Answers(Database database, CancellationToken cancellation)
    {
        try
        {
            await Ask();
        }
        catch (DbException)
        {
            // A connection of the pool that broke while nobody used it says nothing of the server.
            await Ask();
        }
        return null;

        async Task Ask()
        {
            await using var connection = await database.Open(cancellation);
            await connection.ExecuteScalarAsync<int>(new CommandDefinition("select 1", cancellationToken: cancellation));
        }
    }

    async Task<Trouble?> Jobs(CancellationToken cancellation)
    {
        await Task.Run(
            () =>
            {
                using var connection = storage.GetConnection();
                connection.GetAllItemsFromSet("recurring-jobs");
            }, cancellation);
        return null;
    }

    Trouble? Spool()
    {
        Directory.CreateDirectory(hub.Settings.Spool);
        var free = new DriveInfo(hub.Settings.Spool).AvailableFreeSpace;
        return free >= hub.Settings.SpaceLeast ? null
            : new("The disk of the spool is nearly full.", $"'{hub.Settings.Spool}' has {free} bytes left; Hub:Health:SpaceLeast is {hub.Settings.SpaceLeast}.");
    }

    static async Task<Trouble?> Look(string words, Func<CancellationToken, Task<Trouble?>> look, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await look(patience.Token).WaitAsync(Patience, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new(words, e is OperationCanceledException or TimeoutException ? $"It gave no answer for {Patience.TotalSeconds:0} s." : Failures.Sentence(e));
        }
    }
}
