using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map write</c>, and golden tests of maps that write.</summary>
public sealed class WriteVerbTests : IDisposable
{
    static readonly string Document = Repository.PathTo("mappings", "base", "ordrsp-edifact.tests", "01-basic.json");

    readonly CommandLine hub = new();

    public void Dispose() => hub.Dispose();

    string PathOf(string relative) => Path.Combine(hub.Mappings, relative);

    [Fact]
    public async Task A_document_is_printed_as_the_message_that_a_partner_would_get()
    {
        var result = await hub.Run("map", "write", "base/ordrsp-edifact", Document);
        Assert.Equal((0, await File.ReadAllTextAsync(Repository.PathTo("mappings", "base", "ordrsp-edifact.tests", "01-basic.expect.edi"), TestContext.Current.CancellationToken)), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_and_nothing_is_printed()
    {
        var result = await hub.Run("map", "write", "base/ordrsp-edifact", Document, "--partner", "nordlicht");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("error MAP2101: NAD[SU].C082.3039 needs $partner.own_gln, which is not set. (Set 'own_gln' in the partner's partner.yaml.)", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_reads_is_wrong_usage()
    {
        var result = await hub.Run("map", "write", "base/orders-edifact", Document);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Map base/orders-edifact reads messages, and writes none.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_writes_maps_no_file()
    {
        var result = await hub.Run("map", "run", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--map", "base/ordrsp-edifact");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("MAP1008 Map base/ordrsp-edifact writes messages, and reads none.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_writes_takes_no_messages_of_a_partner()
    {
        var partner = PathOf("partners/nordlicht/partner.yaml");
        await File.WriteAllTextAsync(partner, (await File.ReadAllTextAsync(partner, TestContext.Current.CancellationToken)).Replace("map: base/orders-edifact", "map: base/ordrsp-edifact", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var result = await hub.Run("map", "check");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"^partners/nordlicht/partner\.yaml:\d+:\d+ PTN1013 Map base/ordrsp-edifact writes messages, and here are those that come\.", result.Output);
        Assert.Contains("1 mistake(s)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_golden_test_shows_the_segments_that_differ_and_writes_what_is_accepted()
    {
        var expected = PathOf("base/ordrsp-edifact.tests/01-basic.expect.edi");
        var right = await File.ReadAllTextAsync(expected, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(expected, right.Replace("QTY+113:40:KGM'\n", "", StringComparison.Ordinal).Replace("12.5'", "12.50'", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var differs = await hub.Run("map", "test", "base/ordrsp-edifact");
        var accepted = await hub.Run("map", "test", "base/ordrsp-edifact", "--accept", "--yes");
        Assert.Equal((1, 0), (differs.ExitCode, accepted.ExitCode));
        Assert.Contains("base/ordrsp-edifact.tests/01-basic.expect.edi:16:1 EXP1101 PRI+AAA:12.50' is expected, and PRI+AAA:12.5' is written.", differs.Output, StringComparison.Ordinal);
        Assert.Contains("QTY+113:40:KGM' is written", differs.Output, StringComparison.Ordinal);
        Assert.Equal(right, await File.ReadAllTextAsync(expected, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_document_without_an_expected_message_is_told_and_accepted()
    {
        File.Delete(PathOf("base/ordrsp-edifact.tests/01-basic.expect.edi"));
        var result = await hub.Run("map", "test", "base/ordrsp-edifact.tests/01-basic");
        Assert.Contains("EXP1009 There is no message expected of 01-basic.json yet.", result.Output, StringComparison.Ordinal);
        var accepted = await hub.Run("map", "test", "base/ordrsp-edifact.tests/01-basic", "--accept", "--yes");
        Assert.Equal(0, accepted.ExitCode);
        Assert.True(File.Exists(PathOf("base/ordrsp-edifact.tests/01-basic.expect.edi")));
    }

    [Fact]
    public async Task Mistakes_of_documents_and_of_maps_that_write_are_found_by_map_check()
    {
        await File.AppendAllTextAsync(PathOf("base/ordrsp-edifact.yaml"), "- BGM: response_no\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("docs/other.yaml"), "hub: document/1\nid: other\nview: v\nkey: [id]\nfields: { id: int }\n", TestContext.Current.CancellationToken);
        var result = await hub.Run("map", "check");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("MAP1501 BGM cannot stand behind CNT[2] in ORDRSP D.96A. (in ORDRSP D.96A it stands before DTM: move it there)", result.Output, StringComparison.Ordinal);
        Assert.Contains("docs/other.yaml:4:6 DOC1006 The key 'id' may be null. (a key is 'not null')", result.Output, StringComparison.Ordinal);
    }
}
