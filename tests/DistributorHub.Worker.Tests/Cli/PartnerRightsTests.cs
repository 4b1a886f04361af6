using System.Text.Json;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>Partners whose server lets us read and nothing else, or all but one thing.</summary>
public sealed class PartnerRightsTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("move", "files cannot be moved away from 'out'")]
    [InlineData("delete", "files cannot be deleted from 'out'")]
    public async Task A_server_that_is_read_only_is_told_by_the_check_and_by_the_list(string afterRead, string told)
    {
        await using var server = await SshdFixture.Start(Cancellation, sftp: "-R");
        await Connect(server, afterRead);
        var check = await hub.Run("partner", "check", "nordlicht");
        Assert.Equal(3, check.ExitCode);
        Assert.Contains(told, check.Output, StringComparison.Ordinal);
        Assert.Contains($"after_read: {afterRead}", check.Output, StringComparison.Ordinal);
        Assert.Contains("acknowledgements cannot be put into 'in'", check.Output, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Path.Combine(server.Folder, "out", "list.edi"), PriceLists.File("L1", "20261101", 3), Cancellation);
        var run = await hub.Run("run", "--once", "--partner", "nordlicht");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 file(s) completed", run.Output, StringComparison.Ordinal);
        var listed = (await hub.Run("partner", "list")).Output.Split('\n').Single(line => line.StartsWith("nordlicht", StringComparison.Ordinal));
        Assert.DoesNotContain("  Ok", listed, StringComparison.Ordinal);
        Assert.Contains("needs attention: 2 move(s), deletion(s), acknowledgement(s) or document(s) wait: ", listed, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await hub.Run("partner", "list", "--json")).Output);
        Assert.Contains("the server denies it", json.RootElement[0].GetProperty("attention").GetString(), StringComparison.Ordinal);

        // Looked at again, the file is the same one: it is not loaded twice, and the partner still needs attention.
        await hub.Run("partner", "poll", "nordlicht");
        var exchanges = JsonDocument.Parse((await hub.Run("exchange", "list", "--json")).Output).RootElement.EnumerateArray();
        Assert.Equal("Completed", Assert.Single(exchanges, exchange => exchange.GetProperty("partner").GetString() == "nordlicht").GetProperty("state").GetString());
        Assert.Contains("needs attention", (await hub.Run("partner", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_permits_all_is_left_as_it_was()
    {
        await using var server = await SshdFixture.Start(Cancellation);
        await Connect(server, "move");
        var check = await hub.Run("partner", "check", "nordlicht");
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        Assert.Contains("fine: files can be moved from 'out' to 'processed'", check.Output, StringComparison.Ordinal);
        Assert.Contains("fine: acknowledgements can be put into 'in'", check.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories));
        Assert.Equal(0, (await hub.Run("run", "--once", "--partner", "nordlicht")).ExitCode);
    }

    [Fact]
    public async Task A_server_that_takes_files_and_lets_none_go_is_told_with_the_file_that_stays()
    {
        await using var server = await SshdFixture.Start(Cancellation, sftp: "-P remove");
        await Connect(server, "delete");
        var check = await hub.Run("partner", "check", "nordlicht");
        Assert.Equal(3, check.ExitCode);
        Assert.Contains("files cannot be deleted from 'out'", check.Output, StringComparison.Ordinal);
        var left = Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "out")));
        Assert.Contains(Path.GetFileName(left), check.Output, StringComparison.Ordinal);
        // Nobody's poll takes it for a file of the partner's.
        Assert.Contains("0 file(s) completed", (await hub.Run("run", "--once", "--partner", "nordlicht")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_left_where_they_are_need_no_right()
    {
        await using var server = await SshdFixture.Start(Cancellation, sftp: "-R");
        await Connect(server, "leave", acknowledge: "functional: no\n  technical: no");
        var check = await hub.Run("partner", "check", "nordlicht");
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }

    /// <summary>The sample partner reads from the server's 'out', and gets its answers in 'in'.</summary>
    async Task Connect(SshdFixture server, string afterRead, string acknowledge = "functional: yes")
    {
        Directory.CreateDirectory(Path.Combine(server.Folder, "in"));
        var file = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        var text = await File.ReadAllTextAsync(file, Cancellation);
        var (head, tail) = (text[..text.IndexOf("source:", StringComparison.Ordinal)], text[text.IndexOf("schedule:", StringComparison.Ordinal)..]);
        await File.WriteAllTextAsync(file, $"""
            {head}source:
              kind: sftp
              host: 127.0.0.1
              port: {server.Port}
              user: {Environment.UserName}
              private_key: file:{server.KeyFile}
              host_keys: {server.Fingerprint("ed25519")}
              path: out
              settle: 0s
              after_read: {afterRead}

            {tail[..tail.IndexOf("acknowledge:", StringComparison.Ordinal)]}acknowledge:
              {acknowledge}
              folder: in

            """, Cancellation);
    }

    public void Dispose() => hub.Dispose();
}
