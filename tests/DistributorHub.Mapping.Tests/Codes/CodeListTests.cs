using System.Text;
using DistributorHub.Mapping.Codes;

namespace DistributorHub.Mapping.Tests.Codes;

public sealed class CodeListTests
{
    const string Uom = "hub: codes/1\nid: uom\nmap: { PCE: EA, CT: CT, NO: NR, '0012': X }\n";

    readonly List<Diagnostic> diagnostics = [];

    [Fact]
    public void A_shared_list_is_read_and_searched_by_bytes()
    {
        var list = Load(null, ("codes/uom.yaml", Uom))!;
        Assert.Empty(diagnostics);
        Assert.Equal("EA", Find(list, "PCE"));
        Assert.Equal("NR", Find(list, "NO"));
        Assert.Equal("X", Find(list, "0012"));
        Assert.Null(Find(list, "12"));
        Assert.Null(Find(list, "pce"));
        Assert.Null(Find(list, ""));
        Assert.Equal(Miss.Error, list.Miss);
    }

    [Fact]
    public void A_partners_entries_go_before_the_shared_ones()
    {
        var list = Load("acme", ("codes/uom.yaml", Uom),
            ("partners/acme/codes/uom.yaml", "hub: codes/1\nid: uom\nmap: { KRT: CT, PCE: ST }\nmiss: pass\n"))!;
        Assert.Empty(diagnostics);
        Assert.Equal("ST", Find(list, "PCE"));
        Assert.Equal("CT", Find(list, "KRT"));
        Assert.Equal("CT", Find(list, "CT"));
        Assert.Equal(Miss.Pass, list.Miss);
        Assert.Equal("partners/acme/codes/uom.yaml", list.File);
    }

    [Fact]
    public void A_list_may_belong_to_a_partner_alone()
    {
        var list = Load("acme", ("partners/acme/codes/uom.yaml", "hub: codes/1\nid: uom\nmap: { KRT: CT }\nmiss: '?'\nreverse: { CT: KRT }\n"))!;
        Assert.Empty(diagnostics);
        Assert.Equal((Miss.Literal, "?"), (list.Miss, list.Literal));
        Assert.Equal("KRT", list.Reverse["CT"]);
    }

    [Fact]
    public void A_list_that_does_not_exist_is_null_without_diagnostics()
    {
        Assert.Null(Load("acme", ("codes/other.yaml", Uom)));
        Assert.Empty(diagnostics);
    }

    [Theory]
    [InlineData("hub: map/1\nid: uom\nmap: { A: B }", "COD1001", 1, 6)]
    [InlineData("hub: codes/1\nmap: { A: B }", "COD1002", 1, 1)]
    [InlineData("hub: codes/1\nid: oum\nmap: { A: B }", "COD1002", 2, 5)]
    [InlineData("hub: codes/1\nid: uom\nmaps: { A: B }\nmap: { A: B }", "COD1003", 3, 1)]
    [InlineData("hub: codes/1\nid: uom\nextends: iso\nmap: { A: B }", "COD1004", 3, 10)]
    [InlineData("hub: codes/1\nid: uom", "COD1005", 1, 1)]
    [InlineData("hub: codes/1\nid: uom\nmap: [A, B]", "COD1006", 3, 6)]
    [InlineData("hub: codes/1\nid: uom\nmap: { A: [B] }", "COD1007", 3, 11)]
    [InlineData("hub: codes/1\nid: uom\nmap: { A: '' }", "COD1008", 3, 8)]
    [InlineData("hub: codes/1\nid: uom\nmap: { A: B }\nmiss: maybe", "COD1009", 4, 7)]
    [InlineData("hub: codes/1\nid: uom\nmap: { A: B, A: C }", "YML0004", 3, 14)]
    public void A_mistake_is_told_with_its_place(string text, string code, int line, int column)
    {
        Assert.Null(Load(null, ("codes/uom.yaml", text)));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal((code, line, column), (diagnostic.Code, diagnostic.Line, diagnostic.Column));
        Assert.Equal("codes/uom.yaml", diagnostic.File);
    }

    [Fact]
    public void A_table_finds_every_entry_of_a_large_list()
    {
        var entries = Enumerable.Range(0, 5_000).ToDictionary(i => $"c{i}", i => $"v{i}");
        var table = new Utf8Table(entries);
        Assert.All(entries, e => Assert.Equal(e.Value, Encoding.UTF8.GetString(table.Find(Encoding.UTF8.GetBytes(e.Key))!)));
        Assert.Null(table.Find("c5000"u8));
    }

    [Fact]
    public void The_shared_lists_of_the_checkout_are_right()
    {
        var folder = DistributorHub.Tests.Repository.PathTo("mappings", "codes");
        foreach (var file in Directory.GetFiles(folder, "*.yaml"))
            Assert.NotNull(CodeListReader.Read(file, File.ReadAllText(file), Path.GetFileNameWithoutExtension(file), null, diagnostics));
        Assert.Empty(diagnostics);
    }

    CodeList? Load(string? partner, params (string File, string Text)[] files) =>
        CodeListReader.Load("uom", partner, path => Array.Find(files, f => f.File == path).Text, diagnostics);

    static string? Find(CodeList list, string code) => list.Find(Encoding.UTF8.GetBytes(code)) is { } found ? Encoding.UTF8.GetString(found) : null;
}
