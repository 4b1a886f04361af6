using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>What a person sees and can do while a partner's files have mistakes.</summary>
public sealed class MistakesVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_retry_that_could_only_fail_is_refused_and_the_first_cause_stays()
    {
        await hub.Run("run", "--once", "--partner", "nordlicht");
        using var failed = JsonDocument.Parse((await hub.Run("exchange", "list", "--state", "Failed", "--json")).Output);
        var id = Assert.Single(failed.RootElement.EnumerateArray()).GetProperty("id").ToString();
        var before = (await hub.Run("exchange", "show", id)).Output;
        Assert.Contains("the code 'KRT' is not in the list 'uom'", before, StringComparison.Ordinal);
        var map = Path.Combine(hub.Mappings, "base", "orders-edifact.yaml");
        await File.WriteAllTextAsync(map, (await File.ReadAllTextAsync(map, Cancellation)).Replace("BGM.1004", "BGM.1005", StringComparison.Ordinal), Cancellation);

        var retry = await hub.Run("exchange", "retry", id, "--reason", "try");
        var list = await hub.Run("partner", "list");

        Assert.Equal((1, ""), (retry.ExitCode, retry.Output));
        Assert.Contains("The files of partner nordlicht have mistakes ('hub map check' lists them). Nothing was tried: mend that first.", retry.Errors, StringComparison.Ordinal);
        Assert.Equal(before, (await hub.Run("exchange", "show", id)).Output);
        Assert.Contains("The files of partner nordlicht have mistakes ('hub map check' lists them). A service that has read them right before goes on with that", list.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_for_a_partner_who_is_gone_is_refused()
    {
        await hub.Run("run", "--once", "--partner", "nordlicht");
        using var failed = JsonDocument.Parse((await hub.Run("exchange", "list", "--state", "Failed", "--json")).Output);
        var id = Assert.Single(failed.RootElement.EnumerateArray()).GetProperty("id").ToString();
        Directory.Delete(Path.Combine(hub.Mappings, "partners", "nordlicht"), recursive: true);

        var retry = await hub.Run("exchange", "retry", id);

        Assert.Equal(1, retry.ExitCode);
        Assert.Contains("Partner nordlicht is not configured. Nothing was tried", retry.Errors, StringComparison.Ordinal);
    }
}
