using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using DistributorHub.Worker.Alerts;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Alerts;

/// <summary>When people are told of what, on either engine.</summary>
public abstract class AlertContract : IAsyncLifetime
{
    const string Key = "a key that both sides know";

    readonly string secrets = Directory.CreateTempSubdirectory("distributorhub-alerts-").FullName;
    HttpReceiver webhook = null!;
    FlowFixture flow = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Connection string of a new hub database; null for the embedded one.</summary>
    protected abstract Task<string?> NewDatabase();

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(secrets, "key"), Key, Cancellation);
        webhook = await HttpReceiver.Start(Cancellation);
        flow = await FlowFixture.Create(await NewDatabase(), change: settings => settings with
        {
            PublicAddress = new("https://hub.example/"),
            Alerts = new() { Webhook = new(webhook.Address, $"file:{Path.Combine(secrets, "key")}") },
        });
    }

    [Fact]
    public async Task A_failed_exchange_is_told_once_and_once_that_it_is_over()
    {
        var exchange = await SendBroken("secret-4711");
        await Round();
        await Round();
        var request = Assert.Single(webhook.Requests);
        var digest = Digest.FromJson(request.Body);
        Assert.Equal(("nordlicht", AlertLevel.Warn, 0), (digest.Partner, digest.Level, digest.More));
        var line = Assert.Single(digest.Alerts);
        Assert.Equal((DigestState.Open, AlertKind.ExchangeFailed, exchange, "MAP2105"), (line.State, line.Kind, line.Exchange, line.Code));
        Assert.Equal($"Exchange #{exchange} failed: one error.", line.Text);
        Assert.Equal($"https://hub.example/exchanges/{exchange}", line.Link!.ToString());
        // Nothing out of the document: no number, no code of it, no name of a file.
        var body = Encoding.UTF8.GetString(request.Body);
        foreach (var secret in new[] { "secret", "KRT", ".edi", "Nordlicht" })
            Assert.DoesNotContain(secret, body);

        await flow.Hub.Interventions.Ignore(exchange, "someone", "known", Cancellation);
        await Round();
        Assert.Single(webhook.Requests);
        await NextWindow();
        Assert.Equal(2, webhook.Requests.Count);
        var over = Assert.Single(Digest.FromJson(webhook.Requests[1].Body).Alerts);
        Assert.Equal((DigestState.Over, line.Alert), (over.State, over.Alert));
        Assert.Contains("It is Ignored now.", over.Text);
        await NextWindow();
        Assert.Equal(2, webhook.Requests.Count);
        Assert.Empty(await flow.Hub.Alerts.Open(null, 10, Cancellation));
    }

    [Fact]
    public async Task A_partner_has_one_message_a_window_and_the_receiver_can_prove_who_sent_it()
    {
        await SendBroken("1");
        await Round();
        await SendBroken("2");
        await SendBroken("3");
        await Round();
        Assert.Single(webhook.Requests);
        await NextWindow();
        Assert.Equal(2, webhook.Requests.Count);
        Assert.Equal(2, Digest.FromJson(webhook.Requests[1].Body).Alerts.Count);
        foreach (var request in webhook.Requests)
        {
            var signature = request.Headers["X-Hub-Signature"];
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(signature.Split(',')[0][2..], CultureInfo.InvariantCulture));
            Assert.Equal(AlertChannels.Sign(request.Body, Key, at), signature);
            Assert.NotEqual(AlertChannels.Sign(request.Body, "another key", at), signature);
            Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
            Assert.Equal(Digest.FromJson(request.Body).Id, request.Headers["X-Hub-Delivery"]);
        }
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_the_same_message_later_and_only_once()
    {
        webhook.Status = 503;
        await SendBroken("1");
        await Round();
        var tries = webhook.Requests.Count;
        // A moment's failure is tried again at once, and then later.
        Assert.Equal(3, tries);
        await flow.Restart();
        webhook.Status = 200;
        await Round();
        Assert.Equal(tries, webhook.Requests.Count);
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        await Round();
        Assert.Equal(tries + 1, webhook.Requests.Count);
        Assert.Single(webhook.Requests.Select(request => request.Headers["X-Hub-Delivery"]).Distinct());
        await NextWindow();
        Assert.Equal(tries + 1, webhook.Requests.Count);
    }

    [Fact]
    public async Task What_happened_before_anybody_was_told_is_told_as_over()
    {
        var exchange = await SendBroken("1");
        await flow.Hub.Interventions.Ignore(exchange, "someone", "known", Cancellation);
        await Round();
        Assert.Equal(DigestState.Over, Assert.Single(Digest.FromJson(Assert.Single(webhook.Requests).Body).Alerts).State);
        await NextWindow();
        Assert.Single(webhook.Requests);
    }

    [Fact]
    public async Task A_partner_is_unreachable_after_several_polls_and_not_for_each()
    {
        var failure = new SourceException(SourceFault.Unreachable, "secret.host.example does not answer.");
        for (var poll = 1; poll < flow.Partner.Source.AlertAfterFailures; poll++)
            await flow.Hub.PartnerStates.Failed("nordlicht", failure, Cancellation);
        await Round();
        Assert.Empty(webhook.Requests);
        await flow.Hub.PartnerStates.Failed("nordlicht", failure, Cancellation);
        await Round();
        await flow.Hub.PartnerStates.Failed("nordlicht", failure, Cancellation);
        await NextWindow();
        var line = Assert.Single(Digest.FromJson(Assert.Single(webhook.Requests).Body).Alerts);
        Assert.Equal(AlertKind.PartnerUnreachable, line.Kind);
        Assert.DoesNotContain("secret.host", line.Text);
        await flow.Hub.PartnerStates.Polled("nordlicht", 0, Cancellation);
        await Round();
        Assert.Equal(DigestState.Over, Assert.Single(Digest.FromJson(webhook.Requests[1].Body).Alerts).State);
    }

    [Theory]
    [InlineData("SignInRefused", "SignInRefused")]
    [InlineData("HostKeyMismatch", "HostKeyChanged")]
    public async Task What_stops_a_partner_is_told_at_once_and_is_urgent(string fault, string kind)
    {
        await flow.Hub.PartnerStates.Failed("nordlicht", new(Enum.Parse<SourceFault>(fault), "no"), Cancellation);
        await Round();
        var digest = Digest.FromJson(Assert.Single(webhook.Requests).Body);
        Assert.Equal((AlertLevel.Page, kind), (digest.Level, Assert.Single(digest.Alerts).Kind.ToString()));
    }

    [Fact]
    public async Task What_stands_still_is_told()
    {
        var stuck = await SendBroken("1");
        await NextWindow();
        var before = webhook.Requests.Count;
        await flow.Hub.Exchanges.Retry(stuck, "someone", null, Cancellation);
        await Sql("insert into outbox (kind, partner, exchange_id, dedupe_key, payload, due_at, created_at) values ('FinalizeRemote', 'prairie', @stuck, 'x', 'x', @Later, @Now)");
        await Sql("insert into worker (name, machine, started_at, seen_at) values ('w', 'elsewhere', @Now, @Now)");
        await Sql("update partner_state set silent_since = @Now where partner = 'nordlicht'");
        await Sql("""
            insert into expected_ack (exchange_id, ordinal, partner, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, group_code, group_reference,
                message_type, message_reference, expected, overdue_seconds, created_at, due_at, state)
            values (@stuck, 1, 'nordlicht', 'Edifact', 'a', '', 'b', '', '1', '', '', 'ORDRSP', '1', 'Functional', 60, @Now, @Now, 'Overdue')
            """);
        flow.Clock.Advance(TimeSpan.FromHours(2));
        await Round();
        var kinds = webhook.Requests.Skip(before).SelectMany(request => Digest.FromJson(request.Body).Alerts).Select(line => line.Kind).Order().ToList();
        Assert.Equal(
            [AlertKind.ExchangeStuck, AlertKind.PartnerSilent, AlertKind.AcknowledgementOverdue, AlertKind.OutboxStuck, AlertKind.WorkerGone], kinds);
        // One that starts takes the place of the one that is gone.
        await flow.Hub.Workers.Seen(Cancellation);
        await NextWindow();
        Assert.Contains(webhook.Requests.SelectMany(request => Digest.FromJson(request.Body).Alerts), line => line is { Kind: AlertKind.WorkerGone, State: DigestState.Over });

        async Task Sql(string text)
        {
            await using var connection = await flow.Hub.Database.Open(Cancellation);
            await connection.ExecuteAsync(text, new { stuck, Now = flow.Clock.GetUtcNow(), Later = flow.Clock.GetUtcNow().AddDays(1) });
        }
    }

    [Fact]
    public async Task A_key_that_runs_out_is_told_in_time_and_again_when_it_is_urgent()
    {
        var file = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file, Cancellation)).Replace("  kind: folder\n", "  kind: folder\n  valid_until: 2026-12-31\n", StringComparison.Ordinal), Cancellation);
        await flow.Restart();
        await Round();
        Assert.Empty(webhook.Requests);
        flow.Clock.Advance(TimeSpan.FromDays(16));
        await Round();
        Assert.Equal(AlertLevel.Warn, Assert.Single(Digest.FromJson(Assert.Single(webhook.Requests).Body).Alerts).Level);
        flow.Clock.Advance(TimeSpan.FromDays(27));
        await Round();
        Assert.Equal(AlertLevel.Page, Digest.FromJson(webhook.Requests[1].Body).Level);
    }

    [Fact]
    public async Task Messages_name_no_more_than_fits_and_say_how_many_there_are()
    {
        var conditions = Enumerable.Range(1, Digest.LinesMax + 7).Select(
            number => new AlertCondition(AlertKind.WorkerGone, "", number.ToString(CultureInfo.InvariantCulture), AlertLevel.Warn, "gone")).ToList();
        await flow.Hub.AlertBook.Reconcile(conditions, Cancellation);
        await flow.Hub.AlertBook.Tell("", TimeSpan.Zero, rows =>
        {
            var digest = Digest.Of("id", flow.Clock.GetUtcNow(), new("https://hub.example/"), "", rows);
            Assert.Equal((Digest.LinesMax, 7), (digest.Alerts.Count, digest.More));
            Assert.Equal("[Warn] DistributorHub: 57 alerts", AlertText.Subject(digest));
            Assert.Contains("… and 7 more.", AlertText.Body(digest));
            return [];
        }, Cancellation);
        Assert.Empty(await flow.Hub.AlertBook.Due(TimeSpan.Zero, Cancellation));
    }

    async Task<long> SendBroken(string number)
    {
        var details = await flow.Send($"orders-{number}.edi", Orders.File($"R{number}", Orders.Order(number, lines: 1, unit: "KRT")));
        Assert.Equal(ExchangeState.Failed, details.Exchange.State);
        return details.Exchange.Id;
    }

    Task Round() => flow.Hub.Alerts.Round(Cancellation);

    async Task NextWindow()
    {
        flow.Clock.Advance(flow.Hub.Settings.Alerts.Window);
        await Round();
    }

    public async ValueTask DisposeAsync()
    {
        await flow.DisposeAsync();
        await webhook.DisposeAsync();
        Directory.Delete(secrets, recursive: true);
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteAlertTests : AlertContract
{
    protected override Task<string?> NewDatabase() => Task.FromResult<string?>(null);
}

public sealed class PostgresAlertTests(PostgresFixture postgres) : AlertContract
{
    protected override async Task<string?> NewDatabase() => await postgres.NewDatabaseAsync();
}
