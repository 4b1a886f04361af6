using System.Text.Json;
using Dapper;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

/// <summary>What an answer that came was found to be.</summary>
enum AnswerOutcome
{
    Matched,

    /// <summary>What it answers was answered before; the first answer counts.</summary>
    DuplicateAck,

    /// <summary>Nothing we sent has its number and parties.</summary>
    Orphan,
}

/// <summary>An interchange that was sent, and its answer.</summary>
sealed record SentRow
{
    public long ExchangeId { get; init; }
    public int Ordinal { get; init; }
    public string Partner { get; init; } = "";
    public string File { get; init; } = "";
    public string MessageType { get; init; } = "";
    public string? Number { get; init; }
    public string Standard { get; init; } = "";
    public string Sender { get; init; } = "";
    public string Recipient { get; init; } = "";

    /// <summary>Control number without leading zeros.</summary>
    public string Reference { get; init; } = "";
    public AnswerLevel Expected { get; init; }
    public AnswerState State { get; init; }
    public bool Late { get; init; }

    /// <summary>What the technical answer said, or null.</summary>
    public string? Technical { get; init; }

    /// <summary>What the functional answer said, or null.</summary>
    public string? Functional { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The exchange that brought the answer that counts.</summary>
    public long? AnsweredBy { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public string? ReviewedBy { get; init; }
    public string? Comment { get; init; }
}

/// <summary>An answer that came.</summary>
sealed record ReceivedRow
{
    public long ExchangeId { get; init; }
    public string Partner { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Names { get; init; } = "";
    public AnswerOutcome Outcome { get; init; }
    public AnswerVerdict Verdict { get; init; }
    public long? SentExchangeId { get; init; }
    public int? SentOrdinal { get; init; }
    public string? Errors { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The errors it names.</summary>
    public IReadOnlyList<AnswerError> ErrorList() => Errors is null ? [] : JsonSerializer.Deserialize<List<AnswerError>>(Errors)!;
}

/// <summary>Which interchanges to list. What is null is not asked for.</summary>
sealed record SentFilter
{
    public string? Partner { get; init; }
    public AnswerState? State { get; init; }

    /// <summary>True for only those that a person should look at.</summary>
    public bool NeedsReview { get; init; }
    public int Most { get; init; } = 100;
}

/// <summary>What was sent, its answers, and answers that answer nothing: for reading.</summary>
sealed class AnswerQueries(Database database)
{
    /// <summary>What a person should look at, and has not.</summary>
    public const string NeedsReview = "state in ('AcceptedWithErrors', 'PartiallyAccepted', 'Rejected', 'Overdue') and reviewed_at is null";

    const string Sent =
        """
        a.exchange_id, a.ordinal, a.partner, e.file, a.message_type, a.standard, a.sender, a.recipient, a.reference, a.expected, a.state, a.late, a.technical,
        a.functional, a.created_at, a.sent_at, a.due_at, a.answered_at, a.answered_by, a.reviewed_at, a.reviewed_by, a.comment,
        (select d.number from document d join interchange i on i.id = d.interchange_id where d.exchange_id = a.exchange_id and i.ordinal = a.ordinal) as number
        """;

    const string Received = "exchange_id, partner, kind, names, outcome, verdict, sent_exchange_id, sent_ordinal, errors, received_at";

    /// <summary>Interchanges that were sent, the newest first.</summary>
    public async Task<IReadOnlyList<SentRow>> List(SentFilter filter, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<SentRow>(new CommandDefinition(
            $"""
            select {Sent} from expected_ack a join exchange e on e.id = a.exchange_id
            where (@Partner is null or a.partner = @Partner) and (@State is null or a.state = @State){(filter.NeedsReview ? $" and {NeedsReview.Replace("state in", "a.state in", StringComparison.Ordinal)}" : "")}
            order by a.exchange_id desc, a.ordinal desc limit @Most
            """,
            new { filter.Partner, State = filter.State?.ToString(), filter.Most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Interchanges that an exchange sent, the newest last.</summary>
    public async Task<IReadOnlyList<SentRow>> Of(long exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<SentRow>(new CommandDefinition(
            $"select {Sent} from expected_ack a join exchange e on e.id = a.exchange_id where a.exchange_id = @exchange order by a.ordinal",
            new { exchange }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Answers to what an exchange sent, the first first.</summary>
    public async Task<IReadOnlyList<ReceivedRow>> To(long exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReceivedRow>(new CommandDefinition(
            $"select {Received} from received_ack where sent_exchange_id = @exchange order by exchange_id, at_offset", new { exchange }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Answers that an exchange brought.</summary>
    public async Task<IReadOnlyList<ReceivedRow>> In(long exchange, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReceivedRow>(new CommandDefinition(
            $"select {Received} from received_ack where exchange_id = @exchange order by at_offset", new { exchange }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Answers to nothing we sent, the newest first.</summary>
    public async Task<IReadOnlyList<ReceivedRow>> Orphans(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ReceivedRow>(new CommandDefinition(
            $"select {Received} from received_ack where outcome = 'Orphan' and (@partner is null or partner = @partner) order by received_at desc, at_offset desc limit @most",
            new { partner, most }, cancellationToken: cancellation))).AsList();
    }
}
