using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Something a partner's messages have since lately, or have no more.</summary>
public sealed record Drift
{
    public string Type { get; init; } = "";
    public string Release { get; init; } = "";

    /// <summary>Path of the segment; empty when the whole kind of message is new.</summary>
    public string Path { get; init; } = "";
    public string Qualifier { get; init; } = "";
    public bool IsGone { get; init; }

    /// <summary>True when no other qualifier of the segment stays, or came before.</summary>
    public bool IsSegment { get; init; }

    /// <summary>Documents that have it.</summary>
    public long Documents { get; init; }

    /// <summary>Documents from the first that has it: to the last of all, or to the last that has it when it is gone.</summary>
    public long Among { get; init; }

    /// <summary>Documents that came after the last that has it.</summary>
    public long Without { get; init; }

    /// <summary>The first exchange that has it; 0 when its record was deleted.</summary>
    public long FirstExchange { get; init; }
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>The last one; 0 when its record was deleted.</summary>
    public long LastExchange { get; init; }
    public DateTimeOffset LastAt { get; init; }

    /// <summary>What it is, in words.</summary>
    public string What => Path.Length == 0 ? "New message"
        : $"{(IsGone ? "Gone" : "New")} {(IsSegment || Qualifier.Length == 0 ? "segment" : "qualifier")}";

    /// <summary>Where it stands, as a map writes it.</summary>
    public string Place => Qualifier.Length == 0 ? Path : $"{Path}[{Qualifier}]";

    /// <summary>How many of the documents have it, in words.</summary>
    public string Share => FormattableString.Invariant(
        $"in {Documents} of {Among} document{(Among == 1 ? "" : "s")}{(IsGone ? $"; not in the {Without} since" : "")}");
}

/// <summary>What has changed in a partner's messages, from what <see cref="DriftBook"/> counts.</summary>
sealed class DriftReport(Database database, TimeProvider clock)
{
    /// <summary>Documents of a kind that are only learned from: nothing in the first ones is new.</summary>
    public const int Learned = 20;

    /// <summary>Documents without something, and before those with it, until it counts as gone.</summary>
    public const int Missing = 20;

    /// <summary>How long a partner's messages are known until another kind of them is new.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromDays(7);

    /// <summary>How far back people look who do not say.</summary>
    public const int DaysUsual = 30;

    public const int DaysMax = 3_660;

    const int RowsMax = 200;

    // Usual = in more than half of the documents from the first that has it to the last one.
    const string Keys = """
        select k.type, k.release, k.path, k.qualifier, k.documents,
            coalesce((select e.id from exchange e where e.id = k.first_exchange), 0) as first_exchange, k.first_at,
            coalesce((select e.id from exchange e where e.id = k.last_exchange), 0) as last_exchange, k.last_at,
            k.last_number <= d.documents - @Missing as is_gone,
            case when k.last_number <= d.documents - @Missing then k.last_number else d.documents end - k.first_number + 1 as among,
            d.documents - k.last_number as without,
            not exists (
                select 1 from drift_key o where o.partner = k.partner and o.type = k.type and o.release = k.release and o.path = k.path and o.qualifier <> k.qualifier
                    and case when k.last_number <= d.documents - @Missing then o.last_number > d.documents - @Missing else o.first_number < k.first_number end) as is_segment
        from drift_key k join drift_kind d on d.partner = k.partner and d.type = k.type and d.release = k.release
        where k.partner = @Partner and (
            k.first_number > @Learned and k.first_at >= @Since and k.last_number > d.documents - @Missing
            or k.last_number <= d.documents - @Missing and k.last_at >= @Since and k.documents >= @Missing and k.documents * 2 > k.last_number - k.first_number + 1)
        order by k.type, k.release, case when k.last_number <= d.documents - @Missing then k.last_at else k.first_at end desc, k.path, k.qualifier
        limit @Most
        """;

    const string Kinds = """
        select k.type, k.release, k.documents, k.documents as among, coalesce((select e.id from exchange e where e.id = k.first_exchange), 0) as first_exchange, k.first_at, k.last_at
        from drift_kind k where k.partner = @Partner order by k.first_at desc, k.type, k.release
        """;

    /// <summary>What is new or gone since some days ago; documents that a running service has just read may follow some minutes later.</summary>
    public async Task<IReadOnlyList<Drift>> List(string partner, int days, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow().AddDays(-days);
        await using var connection = await database.Open(cancellation);
        var values = new { Partner = partner, Since = since, Learned, Missing, Most = RowsMax };
        var kinds = (await connection.QueryAsync<Drift>(new CommandDefinition(Kinds, values, cancellationToken: cancellation))).AsList();
        var keys = await connection.QueryAsync<Drift>(new CommandDefinition(Keys, values, cancellationToken: cancellation));
        return [.. kinds.Where(kind => kind.FirstAt >= since && kind.FirstAt - kinds[^1].FirstAt >= Settled), .. keys];
    }

    /// <summary>Documents that were counted, so that a report that is empty can say of how many it is.</summary>
    public async Task<long> Documents(string partner, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select cast(coalesce(sum(documents), 0) as bigint) from drift_kind where partner = @partner", new { partner }, cancellationToken: cancellation));
    }
}
