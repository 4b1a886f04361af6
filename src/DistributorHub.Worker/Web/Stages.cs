using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web.Queries;

namespace DistributorHub.Worker.Web;

/// <summary>One stage of an exchange as its page shows it.</summary>
/// <param name="Name">What happened, or did not.</param>
/// <param name="Class">Empty for done, otherwise run, bad, hold or no.</param>
/// <param name="At">When, as far as the ledger keeps it.</param>
/// <param name="Fact">One fact.</param>
sealed record Stage(string Name, string Class, DateTimeOffset? At, string? Fact)
{
    /// <summary>The way of an exchange that came in, or of one that goes out, as far as it got.</summary>
    public static IReadOnlyList<Stage> Of(ExchangeDetail detail) => detail.Exchange.Outgoing ? Out(detail) : In(detail);

    static IReadOnlyList<Stage> In(ExchangeDetail detail)
    {
        var (exchange, counts) = (detail.Exchange, detail.DocumentCounts.ToDictionary(count => count.State, count => count.Count));
        var running = !Transitions.IsEnded(exchange.State);
        var documents = counts.Values.Sum();
        var read = detail.Interchanges.Count > 0 || documents > 0;
        var failed = Transitions.IsFailed(exchange.State);
        var settled = counts.Where(count => count.Key is DocumentState.Loaded or DocumentState.Skipped or DocumentState.Superseded).Sum(count => count.Value);
        var stopped = counts.GetValueOrDefault(DocumentState.Failed);
        var held = counts.GetValueOrDefault(DocumentState.Held);
        return
        [
            new("Seen", detail.Sighting is null ? "no" : "", detail.Sighting?.FirstSeen, detail.Sighting is null ? "by other means" : "in the partner's folder"),
            new("Archived", "", exchange.CreatedAt, $"{Show.Bytes(exchange.Bytes)}, sha {exchange.Sha256[..8]}"),
            read ? new("Parsed", "", detail.Attempts.Count > 0 ? detail.Attempts[0].StartedAt : null, $"{Show.Count(documents, "document", "documents")} in {Show.Count(detail.Interchanges.Count, "interchange", "interchanges")}")
                : new(failed ? "Not read" : "Parsed", failed ? "bad" : running ? "run" : "no", null, failed ? exchange.Cause : exchange.State == ExchangeState.Duplicate ? "not needed" : null),
            new("Validated", !read ? "no" : "", null, !read ? null : exchange.Findings == 0 ? "no finding" : $"{Show.Count(exchange.Errors, "error", "errors")}, {Show.Count(exchange.Findings - exchange.Errors)} other"),
            Loaded(exchange, running, documents, settled, stopped, held),
            Answered(detail),
            Finalised(detail),
        ];
    }

    static Stage Loaded(ExchangeRow exchange, bool running, long documents, long settled, long stopped, long held)
    {
        var fact = $"{Show.Count(settled)} of {Show.Count(documents, "document", "documents")}";
        if (running)
            return new("Loading", "run", null, exchange.State == ExchangeState.Received ? $"waits until {Show.Clock(exchange.DueAt)}" : fact);
        if (stopped > 0)
            return new(settled > 0 ? "Partly loaded" : "Not loaded", "bad", exchange.EndedAt, $"{Show.Count(stopped)} failed, {fact} loaded");
        if (held > 0)
            return new("Held", "hold", exchange.EndedAt, $"{Show.Count(held, "document waits", "documents wait")} for a person");
        return settled > 0 ? new("Loaded", "", exchange.EndedAt, fact)
            : new("Not loaded", Transitions.IsFailed(exchange.State) ? "bad" : "no", exchange.EndedAt, Show.Badge(exchange).Word.ToLowerInvariant());
    }

    static Stage Answered(ExchangeDetail detail)
    {
        var answers = detail.Effects.Where(effect => effect.Kind == OutboxKind.SendAcknowledgement).ToList();
        if (answers.Count == 0)
            return new("No answer", "no", null, "none is due");
        var waiting = answers.FirstOrDefault(answer => answer.DoneAt is null);
        return waiting is null ? new("Answered", "", answers.Max(answer => answer.DoneAt), Show.Count(answers.Count, "acknowledgement", "acknowledgements"))
            : new("Answer waits", waiting.LastError is null ? "run" : "bad", null, waiting.LastError);
    }

    static Stage Finalised(ExchangeDetail detail) => detail.Effects.FirstOrDefault(effect => effect.Kind == OutboxKind.FinalizeRemote) switch
    {
        null => new("Finalised", "no", null, "nothing to do"),
        { DoneAt: { } done } => new("Finalised", "", done, "the partner's folder is in order"),
        { LastError: { } error } => new("Not finalised", "bad", null, error),
        _ => new("Finalising", "run", null, null),
    };

    static IReadOnlyList<Stage> Out(ExchangeDetail detail)
    {
        var exchange = detail.Exchange;
        var sent = detail.Effects.LastOrDefault(effect => effect.Kind == OutboxKind.SendDocument);
        var written = exchange.Bytes > 0;
        return
        [
            new("Found", "", exchange.CreatedAt, "in the seller's view"),
            written ? new("Written", "", exchange.EndedAt, Show.Bytes(exchange.Bytes))
                : new("Not written", Transitions.IsFailed(exchange.State) ? "bad" : "run", exchange.EndedAt, exchange.Cause),
            sent switch
            {
                null => new("Sent", "no", null, "not yet"),
                { DoneAt: { } done } => new("Sent", "", done, sent.Payload),
                { LastError: { } error } => new("Not sent", "bad", null, error),
                _ => new("Sending", "run", null, null),
            },
        ];
    }
}
