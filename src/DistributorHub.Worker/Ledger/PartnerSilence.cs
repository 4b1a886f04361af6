using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A partner who has sent nothing for longer than agreed.</summary>
/// <param name="Partner">Who.</param>
/// <param name="Since">When the last file came; when it was first watched, if none ever did.</param>
/// <param name="ExpectedEvery">How often files are expected.</param>
sealed record Silence(string Partner, DateTimeOffset Since, TimeSpan ExpectedEvery);

/// <summary>What changed in a look at who is silent.</summary>
/// <param name="Fallen">Silent now, and not at the last look.</param>
/// <param name="Returned">Ids of partners that were silent at the last look, and are not now.</param>
sealed record SilenceChanges(IReadOnlyList<Silence> Fallen, IReadOnlyList<string> Returned);

/// <summary>Partners from whom files are expected at least every so often.</summary>
sealed class PartnerSilence(Database database, TimeProvider clock)
{
    /// <summary>Those that are silent now.</summary>
    /// <param name="expected">How often files are expected, by partner.</param>
    /// <param name="cancellation">Stops the look.</param>
    public async Task<IReadOnlyList<Silence>> List(IReadOnlyDictionary<string, TimeSpan> expected, CancellationToken cancellation)
    {
        var silent = new List<Silence>();
        await using var connection = await database.Open(cancellation);
        foreach (var (partner, every) in expected)
        {
            var since = await connection.ExecuteScalarAsync<DateTimeOffset?>(new CommandDefinition(
                """
                select coalesce((select max(created_at) from exchange where partner = @partner and not outgoing),
                    (select watched_since from partner_state where partner = @partner))
                """,
                new { partner }, cancellationToken: cancellation));
            if (since is { } last && clock.GetUtcNow() - last > every)
                silent.Add(new(partner, last, every));
        }
        return silent;
    }

    /// <summary>Notes who is silent, and gives what has changed since the last time.</summary>
    public async Task<SilenceChanges> Mark(IReadOnlyDictionary<string, TimeSpan> expected, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using (var connection = await database.Open(cancellation))
            foreach (var partner in expected.Keys)
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into partner_state (partner, watched_since) values (@partner, @now)
                    on conflict (partner) do update set watched_since = excluded.watched_since where partner_state.watched_since is null
                    """,
                    new { partner, now }, cancellationToken: cancellation));
        var silent = await List(expected, cancellation);
        var fallen = new List<Silence>();
        await using var writing = await database.Open(cancellation);
        foreach (var one in silent)
            if (await writing.ExecuteAsync(new CommandDefinition(
                "update partner_state set silent_since = @Since where partner = @Partner and silent_since is null", new { one.Partner, one.Since }, cancellationToken: cancellation)) > 0)
                fallen.Add(one);
        var returned = new List<string>();
        foreach (var partner in await writing.QueryAsync<string>(new CommandDefinition(
            "select partner from partner_state where silent_since is not null", cancellationToken: cancellation)))
            if (silent.All(one => one.Partner != partner)
                && await writing.ExecuteAsync(new CommandDefinition(
                    "update partner_state set silent_since = null where partner = @partner and silent_since is not null", new { partner }, cancellationToken: cancellation)) > 0)
                returned.Add(partner);
        return new(fallen, returned);
    }
}
