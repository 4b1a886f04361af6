using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>Exchanges that failed or wait for one and the same reason.</summary>
sealed record Trouble
{
    public string Partner { get; init; } = "";
    public ExchangeState State { get; init; }
    public FailureClass? Class { get; init; }
    public string? Cause { get; init; }
    public long Count { get; init; }
    public DateTimeOffset Since { get; init; }

    /// <summary>Number of the newest of them.</summary>
    public long Newest { get; init; }
}

/// <summary>Exchanges of one hour, partner and state.</summary>
sealed record HourCount
{
    /// <summary>The hour in UTC, as <c>2026-11-23T06</c>.</summary>
    public string Hour { get; init; } = "";
    public string Partner { get; init; } = "";
    public ExchangeState State { get; init; }
    public long Count { get; init; }
}

/// <summary>Documents of one state.</summary>
public sealed record DocumentCount
{
    public DocumentState State { get; init; }
    public long Count { get; init; }
}

/// <summary>The last file of a partner.</summary>
public sealed record LastFile
{
    public long Id { get; init; }
    public string File { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How long files took from the archive to their end.</summary>
/// <param name="Files">How many of the newest were looked at.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Most">19 of 20 took no longer.</param>
sealed record Latency(int Files, TimeSpan Median, TimeSpan Most);

/// <summary>What the overview shows.</summary>
sealed record OverviewFacts
{
    public required DateTimeOffset At { get; init; }
    public required IReadOnlyList<Trouble> Troubles { get; init; }
    public required IReadOnlyList<DocumentCount> Today { get; init; }
    public required IReadOnlyList<HourCount> Hours { get; init; }
    public required IReadOnlyDictionary<string, PartnerStatus> Polls { get; init; }
    public required IReadOnlyDictionary<string, LastFile> Last { get; init; }
    public required IReadOnlyList<RemoteFileRow> Left { get; init; }
    public required Latency? Latency { get; init; }

    /// <summary>True when no file was ever received.</summary>
    public required bool Empty { get; init; }
}

/// <summary>The state of everything, from what the ledger's indexes give cheaply.</summary>
sealed class OverviewQueries(Hub hub)
{
    /// <summary>Exchanges with trouble that are looked at, the newest.</summary>
    public const int TroublesMax = 5_000;

    /// <summary>Newest files whose times are taken.</summary>
    const int TimedMax = 500;

    public async Task<OverviewFacts> Read(CancellationToken cancellation)
    {
        var now = hub.Clock.GetUtcNow();
        await using var connection = await hub.Database.Open(cancellation);
        var troubles = await All<Trouble>(
            $"""
            select partner, state, class, cause, count(*) as count, min(created_at) as since, max(id) as newest
            from (select id, partner, state, class, cause, created_at from exchange where state in ({ExchangeStates.FailedList}, 'Held') order by id desc limit @Troubles) as troubled
            group by partner, state, class, cause order by count(*) desc, max(id) desc
            """);
        // By the number of the day's first exchange, asked for before: only so does PostgreSQL know how few the documents are.
        var first = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            $"select min(id) from (select id from exchange where created_at >= @Midnight order by created_at limit {ExchangeSearch.Disorder}) as young",
            new { Midnight = Midnight(now) }, cancellationToken: cancellation));
        var today = first is null ? [] : (await connection.QueryAsync<DocumentCount>(new CommandDefinition(
            "select state, count(*) as count from document where exchange_id >= @first group by state order by count(*) desc", new { first }, cancellationToken: cancellation))).AsList();
        var hours = await All<HourCount>(
            $"select {Hour} as hour, partner, state, count(*) as count from exchange where created_at >= @Yesterday group by {Hour}, partner, state");
        var ended = await All<Ended>("select created_at, ended_at from exchange where ended_at is not null and duplicate_of is null order by id desc limit @Timed");
        var last = new Dictionary<string, LastFile>(StringComparer.Ordinal);
        foreach (var partner in hub.Partners.Book.Partners)
            if (await connection.QuerySingleOrDefaultAsync<LastFile>(new CommandDefinition(
                "select id, file, created_at from exchange where partner = @Id order by id desc limit 1", new { partner.Id }, cancellationToken: cancellation)) is { } file)
                last[partner.Id] = file;
        var any = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select 1 from exchange)", cancellationToken: cancellation));
        return new()
        {
            At = now,
            Troubles = troubles,
            Today = today,
            Hours = hours,
            Polls = (await hub.PartnerStates.List(cancellation)).ToDictionary(status => status.Partner, StringComparer.Ordinal),
            Last = last,
            Left = await hub.Sightings.Left(null, cancellation),
            Latency = Times(ended),
            Empty = !any,
        };

        async Task<IReadOnlyList<T>> All<T>(string sql) => (await connection.QueryAsync<T>(new CommandDefinition(
            sql, new { Troubles = TroublesMax, Yesterday = FirstHour(now), Timed = TimedMax },
            cancellationToken: cancellation))).AsList();
    }

    static DateTimeOffset Midnight(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The start of the first of the last 24 hours that a chart shows.</summary>
    public static DateTimeOffset FirstHour(DateTimeOffset now) =>
        new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero).AddHours(-23);

    string Hour => hub.Database.Engine == Engine.Sqlite ? "substr(created_at, 1, 13)" : "to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24')";

    static Latency? Times(IReadOnlyList<Ended> ended)
    {
        if (ended.Count == 0)
            return null;
        var spans = ended.Select(times => times.EndedAt - times.CreatedAt).Order().ToList();
        return new(spans.Count, spans[(spans.Count - 1) / 2], spans[(spans.Count - 1) * 19 / 20]);
    }

    sealed record Ended
    {
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset EndedAt { get; init; }
    }
}
