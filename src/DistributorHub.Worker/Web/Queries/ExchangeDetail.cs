using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>An effect outside the databases as a page shows it.</summary>
public sealed record EffectRow
{
    public OutboxKind Kind { get; init; }
    public string Payload { get; init; } = "";
    public int Attempts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public string? LastError { get; init; }
    public byte[]? Content { get; init; }
}

/// <summary>The remote file of an exchange.</summary>
public sealed record SightingRow
{
    public DateTimeOffset FirstSeen { get; init; }
    public FileState State { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Note { get; init; }
}

/// <summary>An exchange as its page shows it: bounded, however many documents and findings it has.</summary>
public sealed record ExchangeDetail
{
    public required ExchangeRow Exchange { get; init; }
    public required IReadOnlyList<InterchangeRow> Interchanges { get; init; }

    /// <summary>Documents: those with trouble first, at most <see cref="ExchangeDetailQueries.DocumentsMax"/>.</summary>
    public required IReadOnlyList<DocumentRow> Documents { get; init; }
    public required IReadOnlyList<DocumentCount> DocumentCounts { get; init; }
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }
    public required IReadOnlyList<FindingRow> Findings { get; init; }
    public required IReadOnlyList<DecisionRow> Decisions { get; init; }
    public required IReadOnlyList<EffectRow> Effects { get; init; }
    public required SightingRow? Sighting { get; init; }

    /// <summary>The maps that took the documents shown, with their versions.</summary>
    public IEnumerable<(string Map, string? Version)> Maps => Documents.Where(document => document.Map is not null).Select(document => (document.Map!, document.MapVersion)).Distinct();

    /// <summary>The attempt that runs now, or null.</summary>
    public AttemptRow? Running => Attempts.FirstOrDefault(attempt => attempt.State == AttemptState.Running);

    /// <summary>True while a person may end its run.</summary>
    public bool CanBeCancelled => !Transitions.IsEnded(Exchange.State) && !Exchange.Outgoing && Exchange.CancelBy is null;

    public bool AwaitsDecision => Transitions.IsEnded(Exchange.State) && DocumentCounts.Any(count => count.State == DocumentState.Held);

    /// <summary>True for a document of ours that was delivered.</summary>
    public bool IsDelivered => Exchange.Outgoing && Effects.Any(effect => effect.Kind == OutboxKind.SendDocument && effect.DoneAt is not null);

    /// <summary>What a page says it has seen, so that a decision on something else is refused.</summary>
    public string Seen => $"{Exchange.State}/{Attempts.Count}";
}

/// <summary>One exchange for its page.</summary>
sealed class ExchangeDetailQueries(Hub hub)
{
    public const int DocumentsMax = 200;
    public const int FindingsMax = 200;
    const int OthersMax = 100;

    /// <summary>Null when there is none of this number.</summary>
    public async Task<ExchangeDetail?> Read(long id, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        var parameters = new { Id = id, Target = Decisions.Target(id), Documents = DocumentsMax, Findings = FindingsMax, Others = OthersMax };
        if (await connection.QuerySingleOrDefaultAsync<ExchangeRow>(Command($"select {Exchanges.Columns} from exchange where id = @Id")) is not { } exchange)
            return null;
        return new()
        {
            Exchange = exchange,
            Interchanges = await All<InterchangeRow>(
                "select ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state from interchange where exchange_id = @Id order by ordinal limit @Others"),
            Documents = await All<DocumentRow>(
                """
                select ordinal, identity, type, release, reference, number, stated_number, state, class, cause, map, map_version, revision, duplicate_of, segments, at_offset, rows_loaded
                from document where exchange_id = @Id
                order by case state when 'Failed' then 0 when 'Held' then 1 else 2 end, ordinal limit @Documents
                """),
            DocumentCounts = await All<DocumentCount>("select state, count(*) as count from document where exchange_id = @Id group by state"),
            Attempts = await All<AttemptRow>(
                "select id, parent_id, kind, actor, reason, state, worker, started_at, ended_at, class, error, map, noted_at, coalesce(bytes_read, 0) as bytes_read, coalesce(segments_read, 0) as segments_read, coalesce(rows_staged, 0) as rows_staged, coalesce(is_loading, false) as is_loading from attempt where exchange_id = @Id order by id desc limit @Others"),
            Findings = await All<FindingRow>(
                """
                select code, severity, at_offset, interchange, group_ordinal, message_ordinal, segment, element, component, repetition, tag, path, found, expected, message, advice
                from finding where exchange_id = @Id and attempt_id = (select max(id) from attempt where exchange_id = @Id)
                order by case severity when 'Fatal' then 0 when 'Error' then 0 when 'Warning' then 1 else 2 end, at_offset, ordinal limit @Findings
                """),
            Decisions = await All<DecisionRow>("select at, actor, action, reason from audit where target = @Target order by id desc limit @Others"),
            Effects = await All<EffectRow>(
                "select kind, payload, attempts, created_at, due_at, done_at, last_error, content from outbox where exchange_id = @Id order by id limit @Others"),
            Sighting = exchange.RemoteFileId is null ? null : await connection.QuerySingleOrDefaultAsync<SightingRow>(
                new("select first_seen, state, ended_at, note from remote_file where id = @RemoteFileId", new { exchange.RemoteFileId }, cancellationToken: cancellation)),
        };

        async Task<IReadOnlyList<T>> All<T>(string sql) => (await connection.QueryAsync<T>(Command(sql))).AsList();

        CommandDefinition Command(string sql) => new(sql, parameters, cancellationToken: cancellation);
    }
}
