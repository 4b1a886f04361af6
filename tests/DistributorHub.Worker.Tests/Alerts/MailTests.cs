using DistributorHub.Worker.Alerts;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;
using MimeKit;

namespace DistributorHub.Worker.Tests.Alerts;

/// <summary>Mails to a real mail server, with TLS and a sign-in.</summary>
public sealed class MailTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("distributorhub-mail-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_exchange_is_mailed_to_the_installation_and_to_the_partners_contacts()
    {
        await using var server = MailReceiver.Start();
        await using var flow = await FlowFixture.Create(change: settings => settings with { PublicAddress = new("https://hub.example/"), Alerts = new() { Mail = Settings(server) } });
        var file = flow.MappingPath("partners/nordlicht/partner.yaml");
        await File.AppendAllTextAsync(file, "contacts:\n  mail: [nordlicht@shop.example]\n", Cancellation);
        await flow.Restart();
        await flow.Send("orders-4711.edi", Orders.File("R1", Orders.Order("4711", lines: 1, unit: "KRT")));
        await flow.Hub.Alerts.Round(Cancellation);
        await flow.Hub.Alerts.Round(Cancellation);
        Assert.Equal(2, server.Messages.Count);
        var mail = Assert.Single(server.Messages, message => message.To.Mailboxes.Any(to => to.Address == "edi@shop.example"));
        Assert.Equal(["edi@shop.example", "oncall@shop.example"], mail.To.Mailboxes.Select(to => to.Address));
        Assert.Equal("[Warn] nordlicht: Exchange #1 failed: one error.", mail.Subject);
        Assert.Equal("hub@shop.example", mail.From.Mailboxes.Single().Address);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Contains("warn  Exchange #1 failed: one error. (MAP2105)", mail.TextBody);
        Assert.Contains("https://hub.example/exchanges/1", mail.TextBody);
        Assert.DoesNotContain("4711", mail.TextBody);
        var contact = Assert.Single(server.Messages, message => message != mail);
        Assert.Equal(["nordlicht@shop.example"], contact.To.Mailboxes.Select(to => to.Address));
        Assert.NotEqual(mail.MessageId, contact.MessageId);
    }

    [Fact]
    public async Task Contacts_who_want_urgent_alerts_only_are_left_alone_until_then()
    {
        await using var server = MailReceiver.Start();
        var contacts = new Contacts { Mail = ["nordlicht@shop.example"], Level = AlertLevel.Page };
        var channels = new AlertChannels(new() { Mail = Settings(server) with { To = [] } }, id => id == "nordlicht" ? contacts : null);
        Assert.Empty(channels.For("nordlicht", AlertLevel.Warn));
        Assert.Empty(channels.For("prairie", AlertLevel.Page));
        Assert.Equal([AlertChannels.Partner], channels.For("nordlicht", AlertLevel.Page));
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_known_by_its_id()
    {
        await using var server = MailReceiver.Start();
        var channels = new AlertChannels(new() { Mail = Settings(server) }, _ => null);
        var content = Digest.OfTest("0123", new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero), new("https://hub.example/"), null).ToJson();
        for (var time = 0; time < 2; time++)
            await channels.Send(AlertChannels.Mail, "", content, Cancellation);
        Assert.Equal(["0123.mail@shop.example"], server.Messages.Select(message => message.MessageId).Distinct());
    }

    [Fact]
    public async Task A_server_that_is_not_the_one_agreed_gets_neither_password_nor_message()
    {
        await using var server = MailReceiver.Start();
        foreach (var fingerprint in new[] { null, new string('0', 64) })
        {
            var channels = new AlertChannels(new() { Mail = Settings(server) with { Fingerprint = fingerprint } }, _ => null);
            var failure = await Assert.ThrowsAsync<ChannelException>(() => channels.Send(AlertChannels.Mail, "", Test, Cancellation));
            Assert.Contains("certificate is not trusted", failure.Message);
        }
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task A_wrong_password_is_told_in_a_sentence()
    {
        await using var server = MailReceiver.Start();
        var settings = Settings(server);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), "another", Cancellation);
        var failure = await Assert.ThrowsAsync<ChannelException>(() => new AlertChannels(new() { Mail = settings }, _ => null).Send(AlertChannels.Mail, "", Test, Cancellation));
        Assert.Equal("The mail server refuses our sign-in.", failure.Message);
    }

    static byte[] Test => Digest.OfTest("0123", new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero), new("https://hub.example/"), null).ToJson();

    MailSettings Settings(MailReceiver server)
    {
        File.WriteAllText(Path.Combine(folder, "password"), MailReceiver.Password);
        return new()
        {
            Host = "localhost",
            Port = server.Port,
            Security = MailSecurity.StartTls,
            User = MailReceiver.User,
            Password = $"file:{Path.Combine(folder, "password")}",
            From = "hub@shop.example",
            To = ["edi@shop.example", "oncall@shop.example"],
            Fingerprint = server.Fingerprint,
        };
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
