using System.Data.Common;
using System.Text.Json;
using Dapper;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

/// <summary>What became of the answer to an interchange of ours.</summary>
enum AnswerState
{
    /// <summary>None is waited for; one that comes is noted all the same.</summary>
    None,
    Pending,
    Accepted,
    AcceptedWithErrors,
    PartiallyAccepted,
    Rejected,

    /// <summary>None came in time. One that comes late still counts.</summary>
    Overdue,

    /// <summary>The document was written anew before an answer came.</summary>
    Superseded,
}

/// <summary>What is expected for an interchange that is written, and the numbers in it that an answer names besides its own.</summary>
sealed record AnswerExpectation(AnswerLevel Level, TimeSpan OverdueAfter, string GroupCode, string GroupReference, string MessageReference);

/// <summary>An interchange of ours as an answer finds it.</summary>
sealed record SentInterchange
{
    public long ExchangeId { get; init; }
    public int Ordinal { get; init; }
    public string Sender { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string Reference { get; init; } = "";
    public string MessageType { get; init; } = "";
    public string MessageReference { get; init; } = "";
    public AnswerState State { get; init; }
    public string? Technical { get; init; }
    public string? Functional { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What people call the document in it.</summary>
    public string? Number { get; init; }
}

/// <summary>What an answer of an exchange came to.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Offset">Where it stands in its file.</param>
/// <param name="Sent">What it answers; null for an orphan.</param>
/// <param name="Verdict">What it says of that.</param>
/// <param name="Names">What it names, for people.</param>
sealed record AnswerMatch(ReceivedAnswer Answer, long Offset, SentInterchange? Sent, AnswerVerdict Verdict, string Names);

/// <summary>An interchange whose answer did not come in time.</summary>
sealed record OverdueAnswer
{
    public string Partner { get; init; } = "";
    public long ExchangeId { get; init; }
    public string Reference { get; init; } = "";
    public DateTimeOffset DueAt { get; init; }
}

/// <summary>
/// The answers that are waited for: written with the effect that sends an interchange, settled with the answer that names it, overdue when none came.
/// Control numbers compare without leading zeros.
/// </summary>
sealed class ExpectedAnswers(Database database, TimeProvider clock)
{
    const string Sent =
        """
        a.exchange_id, a.ordinal, a.sender, a.recipient, a.reference, a.message_type, a.message_reference, a.state, a.technical, a.functional, a.due_at,
        (select d.number from document d join interchange i on i.id = d.interchange_id where d.exchange_id = a.exchange_id and i.ordinal = a.ordinal) as number
        """;

    /// <summary>A control number as it is compared.</summary>
    public static string Plain(string number) => number.Trim().TrimStart('0') is { Length: > 0 } digits ? digits : "0";

    /// <summary>Writes what is expected in the transaction that hands the interchange over; one of the same document that is unanswered is superseded.</summary>
    public static async Task Add(
        DbConnection connection, DbTransaction transaction, ExchangeRow exchange, int ordinal, InterchangeRow interchange, string messageType,
        AnswerExpectation expectation, DateTimeOffset now, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "update expected_ack set state = 'Superseded' where exchange_id = @Id and ordinal < @ordinal and state in ('None', 'Pending', 'Overdue')",
            new { exchange.Id, ordinal }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into expected_ack (exchange_id, ordinal, partner, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference,
                group_code, group_reference, message_type, message_reference, expected, overdue_seconds, created_at, due_at, state)
            values (@Id, @ordinal, @Partner, @Standard, @Sender, @SenderQualifier, @Recipient, @RecipientQualifier, @Reference,
                @GroupCode, @GroupReference, @messageType, @MessageReference, @Expected, @Overdue, @now, @Due, @State)
            on conflict (exchange_id, ordinal) do nothing
            """,
            new
            {
                exchange.Id,
                ordinal,
                exchange.Partner,
                interchange.Standard,
                interchange.Sender,
                interchange.SenderQualifier,
                interchange.Recipient,
                interchange.RecipientQualifier,
                Reference = Plain(interchange.Reference),
                expectation.GroupCode,
                GroupReference = expectation.GroupReference.Length == 0 ? "" : Plain(expectation.GroupReference),
                messageType,
                MessageReference = Plain(expectation.MessageReference),
                Expected = expectation.Level.ToString(),
                Overdue = (long)expectation.OverdueAfter.TotalSeconds,
                now,
                Due = expectation.Level == AnswerLevel.No ? (DateTimeOffset?)null : now + expectation.OverdueAfter,
                State = (expectation.Level == AnswerLevel.No ? AnswerState.None : AnswerState.Pending).ToString(),
            }, transaction, cancellationToken: cancellation));
    }

    /// <summary>The exchange's newest interchange lies in the partner's folder: from now on its answer is waited for. Sent again, it is waited for anew.</summary>
    public static async Task Delivered(DbConnection connection, DbTransaction transaction, long exchange, DateTimeOffset now, CancellationToken cancellation)
    {
        var seconds = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select overdue_seconds from expected_ack where exchange_id = @exchange order by ordinal desc limit 1", new { exchange }, transaction, cancellationToken: cancellation));
        if (seconds is { } wait)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update expected_ack set sent_at = @now, due_at = case when state = 'Pending' then @due else due_at end
                where exchange_id = @exchange and ordinal = (select max(ordinal) from expected_ack where exchange_id = @exchange)
                """,
                new { exchange, now, due = now.AddSeconds(wait) }, transaction, cancellationToken: cancellation));
    }

    /// <summary>
    /// The interchange of ours that an answer names by its number and parties, the newest of that number; otherwise, if there is one, an interchange that has the
    /// number and other parties.
    /// </summary>
    public async Task<(SentInterchange? Sent, SentInterchange? Near)> Find(string partner, ReceivedAnswer answer, CancellationToken cancellation)
    {
        var byGroup = answer.Interchange.Length == 0;
        await using var connection = await database.Open(cancellation);
        var found = (await connection.QueryAsync<SentInterchange>(new CommandDefinition(
            $"""
            select {Sent} from expected_ack a
            where a.partner = @partner and a.standard = @Standard
                and {(byGroup ? "a.group_reference = @Group and a.group_reference <> '' and a.group_code = @GroupCode" : "a.reference = @Reference")}
            order by a.created_at desc, a.exchange_id desc, a.ordinal desc limit 20
            """,
            new { partner, Standard = answer.Standard.ToString(), Group = Plain(answer.GroupReference), answer.GroupCode, Reference = Plain(answer.Interchange) },
            cancellationToken: cancellation))).AsList();
        return (found.Find(sent => sent.Sender == answer.Sender.Id && sent.Recipient == answer.Recipient.Id), found.FirstOrDefault());
    }

    /// <summary>Writes what an answer came to, in the transaction of its document. An answer that was noted is not noted again, an orphan that has found its parent is.</summary>
    public static async Task Note(
        DbConnection connection, DbTransaction transaction, ExchangeRow exchange, AnswerMatch match, DateTimeOffset now, CancellationToken cancellation)
    {
        var sent = match.Sent;
        var outcome = sent is null ? AnswerOutcome.Orphan
            : await Settle(connection, transaction, exchange.Id, match, now, cancellation) ? AnswerOutcome.Matched : AnswerOutcome.DuplicateAck;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into received_ack (exchange_id, at_offset, partner, kind, names, outcome, verdict, sent_exchange_id, sent_ordinal, errors, received_at)
            values (@Id, @Offset, @Partner, @Kind, @Names, @Outcome, @Verdict, @Sent, @Ordinal, @Errors, @now)
            on conflict (exchange_id, at_offset) do update set outcome = excluded.outcome, verdict = excluded.verdict,
                sent_exchange_id = excluded.sent_exchange_id, sent_ordinal = excluded.sent_ordinal, errors = excluded.errors
            where received_ack.outcome = 'Orphan'
            """,
            new
            {
                exchange.Id,
                match.Offset,
                exchange.Partner,
                match.Answer.Kind,
                match.Names,
                Outcome = outcome.ToString(),
                Verdict = match.Verdict.ToString(),
                Sent = sent?.ExchangeId,
                sent?.Ordinal,
                Errors = match.Answer.Errors.Count == 0 ? null : JsonSerializer.Serialize(match.Answer.Errors),
                now,
            }, transaction, cancellationToken: cancellation));
    }

    /// <summary>True when the answer is the first of its level, or this very one again.</summary>
    static async Task<bool> Settle(
        DbConnection connection, DbTransaction transaction, long exchange, AnswerMatch match, DateTimeOffset now, CancellationToken cancellation)
    {
        var (sent, verdict) = (match.Sent!, match.Verdict);
        var level = match.Answer.IsTechnical ? "technical" : "functional";
        var isFirst = await connection.ExecuteAsync(new CommandDefinition(
            $"update expected_ack set {level} = @Verdict where exchange_id = @ExchangeId and ordinal = @Ordinal and {level} is null",
            new { Verdict = verdict.ToString(), sent.ExchangeId, sent.Ordinal }, transaction, cancellationToken: cancellation)) == 1;
        if (!isFirst)
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "select exists (select 1 from received_ack where exchange_id = @exchange and at_offset = @Offset and outcome = 'Matched')",
                new { exchange, match.Offset }, transaction, cancellationToken: cancellation));
        var state = verdict switch
        {
            AnswerVerdict.Received => AnswerState.Accepted,
            _ => Enum.Parse<AnswerState>(verdict.ToString()),
        };
        // That it arrived is enough only where no more was asked for; that it did not is the end.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update expected_ack set answered_at = @now, answered_by = @exchange, late = coalesce(due_at < @now, false),
                state = case when state = 'Superseded' then state else @State end
            where exchange_id = @ExchangeId and ordinal = @Ordinal and (not @IsTechnical or @State = 'Rejected' or expected = 'Technical')
            """,
            new { now, exchange, State = state.ToString(), sent.ExchangeId, sent.Ordinal, match.Answer.IsTechnical }, transaction, cancellationToken: cancellation));
        return true;
    }

    /// <summary>Marks what was delivered and not answered in time; gives it.</summary>
    public async Task<IReadOnlyList<OverdueAnswer>> MarkOverdue(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<OverdueAnswer>(new CommandDefinition(
            """
            update expected_ack set state = 'Overdue' where state = 'Pending' and due_at < @Now and sent_at is not null
            returning partner, exchange_id, reference, due_at
            """,
            new { Now = clock.GetUtcNow() }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>A person has looked at what is rejected, overdue or accepted with errors; false when the exchange has nothing to look at.</summary>
    public async Task<bool> Review(long exchange, string actor, string comment, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            $"update expected_ack set reviewed_at = @now, reviewed_by = @actor, comment = @comment where exchange_id = @exchange and {AnswerQueries.NeedsReview}",
            new { exchange, now, actor, comment }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            return false;
        await Decisions.Record(connection, transaction, now, actor, "review", exchange, comment, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
