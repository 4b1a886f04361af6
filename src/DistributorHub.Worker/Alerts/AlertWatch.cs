using System.Globalization;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Alerts;

/// <summary>
/// Looks at what the ledger and the partners' files show, and says what a person should know of. It is the state that counts, not the moment: what is
/// missed now is seen by the next look, and an alert begins and ends once whoever looks, and however often.
/// </summary>
sealed class AlertWatch(Hub hub)
{
    // More of one kind at once is one trouble, not a thousand.
    const int OfAKindMax = 200;

    // A key or password that runs out is told once when it can still be renewed in peace, and once when it cannot.
    static readonly (int Days, AlertLevel Level)[] warnings = [(3, AlertLevel.Page), (30, AlertLevel.Warn)];

    /// <summary>Everything that is so now.</summary>
    public async Task<IReadOnlyList<AlertCondition>> Look(CancellationToken cancellation)
    {
        var now = hub.Clock.GetUtcNow();
        var stuck = now - hub.Settings.Alerts.StuckAfter;
        return
        [
            .. await Partners(cancellation),
            .. hub.Partners.Paused.Select(id => new AlertCondition(AlertKind.PartnerBroken, id, "", AlertLevel.Warn, $"The files of partner {id} have mistakes, and it is paused. 'hub map check' lists them.")),
            .. hub.Partners.Live.Select(partner => Expires(partner, now)).OfType<AlertCondition>(),
            .. await StuckExchanges(cancellation),
            .. await StuckEffects(stuck, cancellation),
            .. await Answers(cancellation),
            .. (await hub.Workers.Gone(cancellation)).Select(worker => new AlertCondition(
                AlertKind.WorkerGone, "", worker.Name, AlertLevel.Warn, $"The service on {worker.Machine} is gone: it was last seen {At(worker.SeenAt)}.")),
        ];
    }

    async Task<IEnumerable<AlertCondition>> Partners(CancellationToken cancellation)
    {
        var live = hub.Partners.Live.ToDictionary(partner => partner.Id, StringComparer.Ordinal);
        var states = await hub.PartnerStates.List(cancellation);
        return states.Where(state => live.ContainsKey(state.Partner)).SelectMany(state => Conditions(state, live[state.Partner].Source.AlertAfterFailures));
    }

    static IEnumerable<AlertCondition> Conditions(PartnerStatus state, int afterFailures)
    {
        var id = state.Partner;
        if (state.PausedReason is not null)
            yield return state.Outcome == nameof(Receive.SourceFault.HostKeyMismatch)
                ? new(AlertKind.HostKeyChanged, id, "", AlertLevel.Page,
                    $"The server of {id} shows another key than the one that was agreed. Nothing is sent or fetched until 'hub partner poll {id}' succeeds: ask the partner, by telephone, what changed.")
                : new(AlertKind.SignInRefused, id, "", AlertLevel.Page,
                    $"The server of {id} refuses our sign-in. It is not polled until 'hub partner poll {id}' succeeds, so that the account is not locked.");
        else if (state.Failures >= afterFailures)
            yield return new(AlertKind.PartnerUnreachable, id, "", AlertLevel.Warn, state.Outcome == nameof(Receive.SourceFault.Refused)
                ? string.Create(CultureInfo.InvariantCulture, $"The server of {id} refused our last {state.Failures} polls: a folder or a right is missing. 'hub partner check {id}' tries them.")
                : string.Create(CultureInfo.InvariantCulture, $"Partner {id} cannot be reached: the last {state.Failures} polls failed. 'hub partner check {id}' tries the connection."));
        if (state.SilentSince is { } silent)
            yield return new(AlertKind.PartnerSilent, id, "", AlertLevel.Warn, $"Partner {id} has sent nothing for longer than agreed: the silence began {At(silent)}.");
    }

    static AlertCondition? Expires(PartnerDefinition partner, DateTimeOffset now)
    {
        if (partner.Source.ValidUntil is not { } day)
            return null;
        var left = day.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        foreach (var (days, level) in warnings)
            if (left <= days)
                return new(AlertKind.CredentialExpires, partner.Id, $"{day:yyyy-MM-dd} {level}", level, string.Create(CultureInfo.InvariantCulture,
                    $"The key or password of partner {partner.Id} {(left < 0 ? "ran" : "runs")} out on {day:yyyy-MM-dd} (valid_until in its file). Agree on a new one."));
        return null;
    }

    async Task<IEnumerable<AlertCondition>> StuckExchanges(CancellationToken cancellation) =>
        (await hub.Stuck.List(null, OfAKindMax, cancellation)).Where(item => item is { Kind: "exchange" or "document", ExchangeId: not null }).Select(item => new AlertCondition(
            AlertKind.ExchangeStuck, item.Partner, item.ExchangeId!.Value.ToString(CultureInfo.InvariantCulture), AlertLevel.Page,
            $"Exchange #{item.ExchangeId} is stuck: it has no end, and nobody works on it since {At(item.Since)}.", item.ExchangeId));

    async Task<IEnumerable<AlertCondition>> StuckEffects(DateTimeOffset since, CancellationToken cancellation)
    {
        var rows = await Query<(string Partner, bool Notice, long Count)>(
            "select partner, kind = 'Notify', count(*) from outbox where done_at is null and created_at < @since group by partner, kind = 'Notify' order by partner limit @OfAKindMax", since, cancellation);
        return rows.Select(row => row.Notice
            ? new AlertCondition(AlertKind.OutboxStuck, "", $"messages {row.Partner}", AlertLevel.Page, $"{row.Count} message(s) about alerts of {(row.Partner.Length == 0 ? "the installation" : row.Partner)} cannot be sent. 'hub alert test' says why.")
            : new AlertCondition(AlertKind.OutboxStuck, row.Partner, "", AlertLevel.Page, $"{row.Count} move(s), deletion(s), acknowledgement(s) or document(s) for {row.Partner} wait for longer than {hub.Settings.Alerts.StuckAfter:c}. 'hub partner list' says why."));
    }

    async Task<IEnumerable<AlertCondition>> Answers(CancellationToken cancellation)
    {
        var rows = await Query<(long Exchange, int Ordinal, string Partner, string State)>(
            """
            select exchange_id, ordinal, partner, state from expected_ack
            where state in ('Overdue', 'Rejected', 'PartiallyAccepted') and reviewed_at is null order by partner, state, exchange_id limit @OfAKindMax
            """, default, cancellation);
        return rows.Select(row => row.State == "Overdue"
            ? new AlertCondition(AlertKind.AcknowledgementOverdue, row.Partner, $"{row.Exchange}/{row.Ordinal}", AlertLevel.Warn, $"Partner {row.Partner} has not acknowledged exchange #{row.Exchange} in the time that was agreed.", row.Exchange)
            : new AlertCondition(AlertKind.AcknowledgementRejected, row.Partner, $"{row.Exchange}/{row.Ordinal}", AlertLevel.Warn, $"Partner {row.Partner} refused {(row.State == "Rejected" ? "" : "a part of ")}what exchange #{row.Exchange} sent.", row.Exchange));
    }

    async Task<IReadOnlyList<T>> Query<T>(string sql, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, new { since, OfAKindMax }, cancellationToken: cancellation))).AsList();
    }

    static string At(DateTimeOffset moment) => string.Create(CultureInfo.InvariantCulture, $"{moment.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
