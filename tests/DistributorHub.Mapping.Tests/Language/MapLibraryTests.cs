using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Tests.Language;

public sealed class MapLibraryTests
{
    const string Map = "base/orders-edifact";

    [Fact]
    public void A_partners_codes_go_before_the_shared_ones()
    {
        var maps = new Maps { ["partners/acme/codes/uom.yaml"] = "hub: codes/1\nid: uom\nextends: uom\nmap: { KRT: CT, PCE: ST }\n" };

        var shared = Uom(maps.Compile(Map).Map!);
        var (own, diagnostics) = maps.Compile(Map, "acme");

        Assert.Empty(diagnostics);
        Assert.False(shared.ContainsKey("KRT"));
        Assert.Equal(("CT", "ST", "SE"), (Uom(own!)["KRT"], Uom(own!)["PCE"], Uom(own!)["SET"]));
        Assert.NotEqual(maps.Compile(Map).Map!.Version, own!.Version);
    }

    [Theory]
    [InlineData("base/orders-edifact.yaml", true)]
    [InlineData("targets/shop.target.yaml", true)]
    [InlineData("codes/uom.yaml", true)]
    [InlineData("codes/x12_purpose.yaml", false)]
    public void The_version_follows_every_text_the_map_was_made_of(string file, bool follows)
    {
        var maps = new Maps();
        var before = maps.Compile(Map).Map!.Version;
        maps[file] += "\n# a word more\n";

        Assert.Equal(64, before.Length);
        Assert.Equal(follows, before != maps.Compile(Map).Map!.Version);
    }

    [Fact]
    public void A_partners_own_map_stands_in_its_folder()
    {
        var maps = new Maps();
        maps["partners/acme/orders.yaml"] = maps["base/orders-edifact.yaml"].Replace("id: base/orders-edifact", "id: acme/orders", StringComparison.Ordinal);

        var (map, diagnostics) = maps.Compile("acme/orders", "acme");

        Assert.Empty(diagnostics);
        Assert.Equal("acme/orders", map!.Id);
    }

    [Fact]
    public void A_map_that_is_not_there_is_said_with_one_that_is()
    {
        var (map, diagnostics) = new Maps().Compile("base/order-edifact");

        Assert.Null(map);
        Assert.Equal(["base/order-edifact.yaml:1:1 MAP1003 There is no map 'base/order-edifact'. (did you mean base/orders-edifact?)"],
            diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void A_mistake_in_a_code_list_stands_in_its_own_file_once()
    {
        var (map, diagnostics) = new Maps { ["codes/msg_function.yaml"] = "hub: codes/1\nid: msg_function\nmap: { '9': '' }\n" }.Compile(Map);

        Assert.Null(map);
        Assert.Equal([("codes/msg_function.yaml", "COD1008")], diagnostics.Select(d => (d.File, d.Code)));
    }

    [Fact]
    public void A_result_of_a_code_list_that_its_column_cannot_hold_does_not_compile()
    {
        var maps = new Maps();
        maps["codes/uom.yaml"] = maps["codes/uom.yaml"].Replace("  PK: PK\n", "  PK: PACK\n", StringComparison.Ordinal);

        var (map, diagnostics) = maps.Compile(Map);

        Assert.Null(map);
        Assert.Equal(["43:19 MAP1204 'PACK' (code PK of list uom) does not fit order_lines.uom."], diagnostics.Select(Maps.Short));
    }

    [Fact]
    public void A_mistake_in_the_target_stands_in_its_own_file()
    {
        var maps = new Maps();
        maps["targets/shop.target.yaml"] = maps["targets/shop.target.yaml"].Replace("order_no:      text(35)", "order_no:      txt(35)", StringComparison.Ordinal);

        var (map, diagnostics) = maps.Compile(Map);

        Assert.Null(map);
        Assert.NotEmpty(diagnostics);
        Assert.All(diagnostics, d => Assert.Equal("targets/shop.target.yaml", d.File));
    }

    [Fact]
    public void All_mistakes_come_at_once_in_the_order_of_the_file()
    {
        var (_, diagnostics) = Maps.Edited(Map, ("QTY[21]\n", "QTI[21]\n"), ("BGM.1004", "BGM.1005"), ("CUX.C504[2]", "CUX.C504[2"), ("table: order_parties", "table: order_party"));

        Assert.Equal([(9, "MAP1102"), (13, "MAP1010"), (21, "MAP1301"), (42, "MAP1101")], diagnostics.Select(d => (d.Line, d.Code)));
    }

    [Fact]
    public void A_place_in_a_folded_expression_is_its_own_line_and_column()
    {
        var (_, diagnostics) = Maps.Edited(Map, ("join(' ', FTX[AAI].C108.4440*?)", ">-\n      join(': ', FTX[AAI].C108.4440*?,\n           RFFF[CT]?)"));

        Assert.Equal(["18:12 MAP1101 RFFF does not stand in ORDERS D.96A. (did you mean RFF?)"], diagnostics.Select(Maps.Short));
    }

    [Fact]
    public void A_warning_does_not_stop_a_map()
    {
        var (map, diagnostics) = Maps.Edited(Map, ("RFF[CT]?", "'RFF[CT]'"));

        Assert.NotNull(map);
        Assert.Equal(["MAP1011"], diagnostics.Select(d => d.Code));
        Assert.Equal("RFF[CT]", Assert.IsType<BoundExpr.Literal>(Maps.Column(map.Plan, "orders", "contract_no").Value).Value);
    }

    static IReadOnlyDictionary<string, string> Uom(CompiledMap map) =>
        Assert.IsType<BoundExpr.CodeLookup>(Maps.Column(map.Plan, "order_lines", "uom").Value).List.Map;
}
