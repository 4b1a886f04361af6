using System.Net;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>Somebody edits the mappings while the service runs.</summary>
public sealed class ChangedMappingsTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("distributorhub-changed-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Mappings => Path.Combine(root, "mappings");

    public ChangedMappingsTests() => FlowFixture.Copy(new(Repository.PathTo("mappings")), Mappings);

    [Fact]
    public async Task A_code_that_is_added_while_the_service_runs_is_there_for_the_retry_on_the_dashboard()
    {
        await using var hub = Start();
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => await Query("hub", "select count(job) from exchange where state = 'Failed'") == "1", "the broken sample is shown", Cancellation);
        await Write("partners/nordlicht/codes/uom.yaml", "hub: codes/1\nid: uom\nmap: { KRT: CT }\n");
        Assert.Equal(HttpStatusCode.NoContent, await EmbeddedHub.Requeue(browser, await Query("hub", "select job from exchange where state = 'Failed'")));
        await hub.Until(async () => await Query("hub", "select count(*) from exchange where state = 'Completed'") == "5", "it is loaded", Cancellation);
        Assert.Equal("CT", await Query("seller",
            "select distinct l.uom from sales_purchase_order_line l join sales_purchase_order o on o.po_id = l.po_id where o.po_number = '4500017203' and l.uom = 'CT'"));
        Assert.Contains("The mappings have changed and were read again", hub.Output);
        Assert.Equal(0, await hub.Stop(Cancellation));
    }

    [Fact]
    public async Task A_partner_that_comes_is_polled_and_one_that_goes_is_not()
    {
        await using var hub = Start();
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => await Query("hub", "select count(*) from partner_state") == "2", "both are polled", Cancellation);
        var nordlicht = await File.ReadAllTextAsync(Path.Combine(Mappings, "partners", "nordlicht", "partner.yaml"), Cancellation);
        Directory.CreateDirectory(Path.Combine(root, "data", "files", "third", "in"));
        await Write("partners/third/partner.yaml", nordlicht
            .Replace("4012345000016", "4000000000001", StringComparison.Ordinal).Replace("nordlicht/in", "third/in", StringComparison.Ordinal));
        Directory.Delete(Path.Combine(Mappings, "partners", "prairie"), recursive: true);
        await hub.Until(async () => await Query("hub", "select count(*) from partner_state where partner = 'third'") == "1", "the new one is polled", Cancellation);
        var page = await browser.GetStringAsync("/hangfire/recurring", Cancellation);
        Assert.Contains("poll/third", page);
        Assert.Contains("poll/nordlicht", page);
        Assert.DoesNotContain("poll/prairie", page);
    }

    [Fact]
    public async Task A_partner_whose_file_is_spoilt_goes_on_as_it_was_and_a_right_change_is_taken_up()
    {
        await using var hub = Start();
        using var browser = new HttpClient { BaseAddress = hub.Address };
        await hub.Until(async () => await Query("hub", "select count(*) from exchange where ended_at is not null") == "5", "the samples are done", Cancellation);
        var file = Path.Combine(Mappings, "partners", "prairie", "partner.yaml");
        var right = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, right + "\nnonsense: here\n", Cancellation);
        await Says("prairie  goes on as its files were before");
        Assert.Matches(@"prairie/partner\.yaml:\d+:\d+ PTN1002", hub.Output);
        Assert.Contains("poll/prairie", await browser.GetStringAsync("/hangfire/recurring", Cancellation), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, right.Replace("'* * * * *'", "'7 3 * * *'", StringComparison.Ordinal), Cancellation);
        await Says("prairie  goes on by its mended files");
        await hub.Until(async () => (await browser.GetStringAsync("/hangfire/recurring", Cancellation)).Contains("7 3 * * *", StringComparison.Ordinal), "its schedule is the new one", Cancellation);

        Task Says(string line) => hub.Until(() => Task.FromResult(hub.Output.Contains(line, StringComparison.Ordinal)), line, Cancellation);
    }

    [Fact]
    public async Task A_map_that_does_not_compile_at_the_start_pauses_its_partner_and_the_others_run()
    {
        var map = Path.Combine(Mappings, "base", "orders-x12.yaml");
        await File.WriteAllTextAsync(map, (await File.ReadAllTextAsync(map, Cancellation)).Replace("BEG03", "BEX03", StringComparison.Ordinal), Cancellation);
        await using var hub = Start();
        await hub.Until(async () => await Query("hub", "select count(*) from exchange where ended_at is not null") == "3", "the other partner's files are done", Cancellation);
        Assert.Matches(@"base/orders-x12\.yaml:9:19 MAP1101 .*BEX", hub.Output);
        Assert.Contains("prairie  is paused until its files are mended; the other partners run", hub.Output);
        Assert.Equal("nordlicht", await Query("hub", "select group_concat(partner) from partner_state"));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(root, "data", "files", "prairie", "in")).Length);
    }

    HubProcess Start() =>
        HubProcess.Start(new Dictionary<string, string> { ["Hub__Data"] = Path.Combine(root, "data"), ["Hub__Mappings"] = Mappings });

    Task Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Mappings, path))!);
        return File.WriteAllTextAsync(Path.Combine(Mappings, path), text, Cancellation);
    }

    Task<string> Query(string database, string sql) => EmbeddedHub.Query(Path.Combine(root, "data", database + ".db"), sql);

    public void Dispose() => EmbeddedHub.Delete(root);
}
