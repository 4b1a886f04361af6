using System.Text;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>The verbs read a file with the leniency of its partner.</summary>
public sealed class LeniencyVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The sample file of two orders, the first with a line break inside a segment.</summary>
    async Task<string> Wrapped()
    {
        var path = Path.Combine(hub.Mappings, "wrapped.edi");
        var text = await File.ReadAllTextAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), Encoding.Latin1, Cancellation);
        Assert.Contains("BGM+220+4500017201", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace("BGM+220+4500017201", "BGM+220+45000\n17201", StringComparison.Ordinal), Encoding.Latin1, Cancellation);
        return path;
    }

    Task Agree(string leniency) =>
        File.AppendAllTextAsync(Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml"), $"\nleniency: {{ {leniency} }}\n", Cancellation);

    [Fact]
    public async Task What_a_partner_may_not_send_is_an_error_in_every_verb()
    {
        var file = await Wrapped();
        await Agree("line_breaks: error");
        var alone = await hub.Run("parse", file);
        var named = await hub.Run("parse", file, "--partner", "nordlicht");
        var ack = await hub.Run("ack", file);
        var map = await hub.Run("map", "run", file);

        Assert.Equal((0, 1, 1, 1), (alone.ExitCode, named.ExitCode, ack.ExitCode, map.ExitCode));
        Assert.Contains("warning SYN1014", alone.Output, StringComparison.Ordinal);
        Assert.All([named, map], result => Assert.Contains("error SYN1014", result.Output, StringComparison.Ordinal));
        Assert.Contains("It is refused from this partner (leniency: line_breaks).", named.Output, StringComparison.Ordinal);
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4'UCS+2+21'UNT", ack.Output, StringComparison.Ordinal);
        Assert.Contains("1 accepted, 1 rejected", ack.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_agreed_is_an_information()
    {
        var file = await Wrapped();
        await Agree("line_breaks: accept");
        var named = await hub.Run("parse", file, "--partner", "nordlicht");

        Assert.Equal(0, named.ExitCode);
        Assert.Contains("information SYN1014", named.Output, StringComparison.Ordinal);
        Assert.Contains("It is agreed with this partner (leniency: line_breaks).", named.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("ack", file)).ExitCode);
    }

    [Fact]
    public async Task A_mistake_is_told_by_the_check()
    {
        await Agree("line_break: accept");
        var check = await hub.Run("map", "check");
        Assert.Equal(1, check.ExitCode);
        Assert.Matches(@"partners/nordlicht/partner\.yaml:\d+:13 PTN1002 'leniency' has no setting 'line_break'\. \(did you mean 'line_breaks'\?\)", check.Output);
    }

    public void Dispose() => hub.Dispose();
}
