using System.Globalization;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>A partner whose server refuses us: one try, and then a person decides, so that no account is locked.</summary>
public sealed class SignInRefusedTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("distributorhub-refused-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Mappings => Path.Combine(root, "mappings");

    [Fact]
    public async Task A_refused_sign_in_stops_the_polling_until_a_person_has_polled()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        Directory.CreateDirectory(Path.Combine(server.Folder, "nordlicht", "in"));
        FlowFixture.Copy(new(Repository.PathTo("mappings")), Mappings);
        Directory.Delete(Path.Combine(Mappings, "partners", "prairie"), recursive: true);
        var file = Path.Combine(Mappings, "partners", "nordlicht", "partner.yaml");
        var text = (await File.ReadAllTextAsync(file, Cancellation))
            .Replace("schedule: '* * * * *'", "schedule: '* * * * * *'", StringComparison.Ordinal)
            .Replace("kind: folder", string.Create(CultureInfo.InvariantCulture, $"""
                kind: sftp
                  host: 127.0.0.1
                  port: {server.Port}
                  user: {Environment.UserName}
                  private_key: file:{server.StrangerKeyFile}
                  host_keys: {server.Fingerprint("ed25519")}
                """), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, Cancellation);
        var settings = new Dictionary<string, string> { ["Hub__Data"] = Path.Combine(root, "data"), ["Hub__Mappings"] = Mappings };
        await using var hub = HubProcess.Start(settings);
        await hub.Until(async () => await Query("select paused_reason from partner_state") != "", "the refusal is noted", Cancellation);
        // Several times the schedule's second: there is no sign of a second try.
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal(1, server.RefusedSignIns);
        Assert.Equal("1", await Query("select failures from partner_state"));
        Assert.Contains("nordlicht  cannot be polled (SignInRefused)", hub.Output);
        Assert.Contains("nordlicht  is not polled any more until 'hub partner poll nordlicht' succeeds", hub.Output);

        await File.WriteAllTextAsync(file, text.Replace(server.StrangerKeyFile, server.KeyFile, StringComparison.Ordinal), Cancellation);
        await using (var poll = HubProcess.Start(settings, "partner", "poll", "nordlicht"))
            Assert.True(await poll.Exit(Cancellation) == 0, poll.Output);
        var polled = await Query("select polled_at from partner_state");
        await hub.Until(async () => await Query("select polled_at from partner_state") != polled, "the service polls again", Cancellation);
        Assert.Equal("", await Query("select paused_reason from partner_state"));
    }

    Task<string> Query(string sql) => EmbeddedHub.Query(Path.Combine(root, "data", "hub.db"), sql);

    public void Dispose() => EmbeddedHub.Delete(root);
}
