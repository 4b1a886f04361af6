using System.Text.Json;
using DistributorHub.Worker.Tests.Flow;

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
        Assert.Matches(@"base/orders-edifact\.yaml:\d+:\d+ ", retry.Errors);
        Assert.Equal(before, (await hub.Run("exchange", "show", id)).Output);
        Assert.Contains("The files of partner nordlicht have mistakes ('hub map check' lists them). A service that has read them right before goes on with that", list.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense: here\n")]
    [InlineData("a: [")]
    public async Task A_partner_whose_file_has_mistakes_stays_in_the_list(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml"), text, Cancellation);
        Assert.Matches("(?m)^nordlicht +Mistakes", (await hub.Run("partner", "list")).Output);
        using var json = JsonDocument.Parse((await hub.Run("partner", "list", "--json")).Output);
        Assert.Equal(["nordlicht Mistakes", "prairie Live"], json.RootElement.EnumerateArray().Select(row => $"{row.GetProperty("id")} {row.GetProperty("state")}"));
    }

    [Fact]
    public async Task Of_many_documents_the_one_asked_for_is_shown_first_and_files_nobody_has_read_are_spoken_of()
    {
        await hub.Run("partner", "list");
        var inbox = Path.Combine(hub.Data, "files", "nordlicht", "in");
        await File.WriteAllBytesAsync(Path.Combine(inbox, "five.edi"), Orders.File("R1", [.. Enumerable.Range(1, 5).Select(number => Orders.Order($"N{number}"))]), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(inbox, "cut.edi"), Orders.File("R2", Orders.Order("N6"))[..^40], Cancellation);
        await hub.Run("partner", "poll", "nordlicht");

        Assert.Contains("ORDERS N5 Loaded, ORDERS N1 Loaded, ORDERS N2 Loaded, and 2 more", (await hub.Run("exchange", "list", "--number", " n5")).Output, StringComparison.Ordinal);
        var none = await hub.Run("exchange", "list", "--number", "N6");
        Assert.Contains("No exchanges.", none.Output, StringComparison.Ordinal);
        Assert.Contains("1 file(s) are left where they are, and what numbers are in them is not known", none.Errors, StringComparison.Ordinal);
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
