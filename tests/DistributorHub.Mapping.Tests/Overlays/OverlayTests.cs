using DistributorHub.Mapping.Tests.Language;
using DistributorHub.Mapping.Tests.Run;

namespace DistributorHub.Mapping.Tests.Overlays;

/// <summary>What becomes of a base and of what a map says over it.</summary>
public sealed class OverlayTests
{
    const string Whole = """
        partner: acme
        override:
          orders.deliver_on: DTM[63] ?? DTM[2]
          order_lines.buyer_sku: replace(PIA[5].C212[BP]?, '^0+', '')
          order_parties.where: NAD.3035 in ('BY', 'UC')
          orders.check.line_count_agrees: CNT[2] = count(LIN)
          order_parties.for: NAD[!CTA]
        add:
          orders.check.has_lines: count(LIN) > 0
          order_parties.code: NAD.C082.3039?
          rows:
          - table: order_lines
            for: ALC@sum
            set: { line_no: 1000 + $n, action: 'add', qty: 1, uom: 'EA', price_basis: 1 }
        drop: [order_parties.email, orders.note]
        functions: { strip(x): "trim(x)" }
        ignore: [PAI]
        codes:
          uom: { extends: uom, map: { KRT: CT, PCE: ST } }
        """;

    [Fact]
    public void Rules_are_replaced_added_and_dropped_and_all_others_are_those_of_the_base()
    {
        var below = Layers.Rules(new Maps().Fine("base/orders-edifact"));
        var rules = Layers.Rules(Layers.Over(Whole).Fine());

        Assert.Equal(
            [
                "orders.deliver_on: DTM[2] ?? DTM[64]?", "orders.note: join(' ', FTX[AAI].C108.4440*?)", "orders.check line_count_agrees: CNT[2] ?? count(LIN) = count(LIN)",
                "order_parties.where: NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "order_parties.email: first(CTA/COM[EM]?)",
                "order_lines.buyer_sku: PIA.C212[IN] ?? PIA.C212[BP]?",
            ],
            below.Except(rules).OrderBy(below.IndexOf));
        Assert.Equal(
            [
                "orders.deliver_on: DTM[63] ?? DTM[2]", "orders.check line_count_agrees: CNT[2] = count(LIN)", "orders.check has_lines: count(LIN) > 0",
                "order_parties.where: NAD.3035 in ('BY', 'UC')", "order_parties.code: NAD.C082.3039?",
                "order_lines.buyer_sku: replace(PIA[5].C212[BP]?, '^0+', '')",
                "order_lines for ALC@sum", "order_lines.line_no: 1000 + $n", "order_lines.action: add", "order_lines.qty: 1", "order_lines.uom: EA", "order_lines.price_basis: 1",
            ],
            rules.Except(below).Except(["order_lines.price_basis: 1"]).Append("order_lines.price_basis: 1"));
    }

    [Fact]
    public void The_codes_of_the_map_go_before_those_of_the_partner_and_of_all()
    {
        var maps = Layers.Over(Whole);
        maps["partners/acme/codes/uom.yaml"] = "hub: codes/1\nid: uom\nmap: { KRT: BX, DOS: BX }\n";
        maps["partners/beta/codes/uom.yaml"] = "hub: codes/1\nid: uom\nmap: { KRT: BX, DOS: EA }\n";
        var list = Assert.IsType<Mapping.Language.BoundExpr.CodeLookup>(Maps.Column(maps.Fine().Plan, "order_lines", "uom").Value).List;

        // The partner's lists are read also where nobody says who is asking: the map is that partner's.
        Assert.Equal(("CT", "ST", "BX", "SE"), (list.Map["KRT"], list.Map["PCE"], list.Map["DOS"], list.Map["SET"]));
        Assert.Equal(("partners/acme/orders.yaml:22", "partners/acme/codes/uom.yaml:3", "codes/uom.yaml"), (list.Places["KRT"], list.Places["DOS"], list.Places["SET"].Split(':')[0]));
        Assert.Equal(Layers.Acme, list.File);
    }

    [Fact]
    public void A_list_that_extends_none_stands_alone()
    {
        var list = Assert.IsType<Mapping.Language.BoundExpr.CodeLookup>(Maps.Column(Layers.Over("codes: { uom: { map: { PCE: EA } } }\n").Fine().Plan, "order_lines", "uom").Value).List;

        Assert.Equal([new("PCE", "EA")], list.Map);
    }

    [Fact]
    public void Rows_are_made_by_both_maps_together()
    {
        var text = Layers.Text("""
            override: { order_parties.code: 'N1[03=UL|92].04?' }
            codes: { uom: { extends: uom, map: { EA: ST } } }
            """.Replace("'", "", StringComparison.Ordinal).Replace("{ order_parties.code: N1[03=UL|92].04? }", "\n  order_parties.code: N1[03=UL|92].04?", StringComparison.Ordinal), "base/orders-x12");
        var file = MappedFile.Map(MappedFile.Compile(Layers.Id, "acme", (Layers.Acme, text)), Samples.X12("850", "PO", Samples.X850));

        file.IsClean();
        Assert.Contains("code=4000001000005", file.Rows("order_parties")[0], StringComparison.Ordinal);
        Assert.Contains("code=DC4", file.Rows("order_parties")[1], StringComparison.Ordinal);
        Assert.Equal(["ST", "DZ"], file.Rows("order_lines").Select(row => row[(row.IndexOf("uom=", StringComparison.Ordinal) + 4)..][..2]));
    }

    [Fact]
    public void Tables_inside_others_and_scopes_have_names_too()
    {
        var maps = Layers.Over("""
            override:
              price_tiers.min_qty: RNG.C280.6162 ?? 5
              PGI.for: PGI[11]
            add:
              PGI.where: exists(PGI.C288.5389?)
              price_items.rows:
              - table: price_allowances
                for: TAX
                set: { seq: 100 + $n, kind: 'charge' }
            drop: [price_items/price_allowances#1]
            """, "base/pricat-edifact");
        var rules = Layers.Rules(maps.Fine());

        Assert.Contains("price_tiers.min_qty: RNG.C280.6162 ?? 5", rules);
        Assert.Single(maps.Library.Resolve(Layers.Id, [])!, line => line.StartsWith("- for: PGI[11] ", StringComparison.Ordinal));
        Assert.Contains(".where: exists(PGI.C288.5389?)", rules);
        Assert.Equal(["price_allowances for PGI/LIN/TAX"], rules.Where(rule => rule.StartsWith("price_allowances for", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_of_several_blocks_of_a_table_is_named_by_its_number()
    {
        var rules = Layers.Rules(Layers.Over("override: { price_allowances#2.min_qty: 7 }\n", "base/pricat-x12").Fine());

        Assert.Equal(["price_allowances.min_qty: 7"], rules.Where(rule => rule.StartsWith("price_allowances.min_qty", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_lies_between_standard_and_partner_is_a_map_as_well()
    {
        var maps = Layers.Over("override: { orders.contract_no: RFF[ON]? }\ncodes: { uom: { extends: uom, map: { KRT: CT } } }\n".Replace("{ orders.contract_no: RFF[ON]? }", "\n  orders.contract_no: RFF[ON]?", StringComparison.Ordinal), "base/trade-orders");
        maps["base/trade-orders.yaml"] = Layers.Text("override:\n  orders.contract_no: RFF[BC]?\n  orders.deliver_on: DTM[2]?\ncodes: { uom: { extends: uom, map: { KRT: BX, DOS: BX } } }\n", id: "base/trade-orders");
        var map = maps.Fine();
        var rules = Layers.Rules(map);

        Assert.Contains("orders.contract_no: RFF[ON]?", rules);
        Assert.Contains("orders.deliver_on: DTM[2]?", rules);
        var codes = Assert.IsType<Mapping.Language.BoundExpr.CodeLookup>(Maps.Column(map.Plan, "order_lines", "uom").Value).List.Map;
        Assert.Equal(("CT", "BX", "EA"), (codes["KRT"], codes["DOS"], codes["PCE"]));
        Assert.Equal([Layers.Id, "base/trade-orders", "base/orders-edifact"], maps.Library.Chain(Layers.Id));

        // Whatever of the chain changes is another version.
        foreach (var file in new[] { Layers.Acme, "base/trade-orders.yaml", "base/orders-edifact.yaml" })
        {
            var before = maps.Fine().Version;
            maps[file] += "# a word more\n";
            Assert.NotEqual(before, maps.Fine().Version);
        }
        var version = maps.Fine().Version;
        maps.Accept();
        Assert.Equal(version, maps.Fine().Version);
    }

    [Fact]
    public void A_map_of_one_partner_is_no_other_ones()
    {
        var maps = Layers.Over("partner: acme\n");

        Assert.NotNull(maps.Compiled(partner: "acme").Map);
        Assert.Equal(["4:10 MAP1605 Map acme/orders is partner acme's, and beta cannot use it. (name another map, or put what both have in common into base/)"], maps.Compiled(partner: "beta").Said);
    }

    [Theory]
    [InlineData(Whole, "base/orders-edifact")]
    [InlineData("override: { price_allowances#2.min_qty: 7 }\nlimits: { unit_bytes: 2 MB }\non_row_error: { quarantine: { max: 5 } }\nfinal: [price_items.gtin, price_tiers]\n", "base/pricat-x12")]
    [InlineData("add:\n  orders.note: >-\n    join(': ',\n      FTX[AAI].C108.4440*?)\n  order_lines.description: \"it's\"\n  orders.contract_no: |\n    RFF[CT]\n    ?? RFF[ON]?\ndrop: []\n", "base/bare")]
    public void What_is_shown_as_one_map_compiles_to_the_same(string body, string below)
    {
        var maps = Layers.Over(body, below);
        maps["base/bare.yaml"] = maps["base/orders-edifact.yaml"].Replace("id: base/orders-edifact", "id: base/bare", StringComparison.Ordinal);
        foreach (var line in new[] { "note:         join(' ', FTX[AAI].C108.4440*?)", "contract_no:  RFF[CT]?", "description:  join('', IMD[F].C273.7008*?)" })
            maps["base/bare.yaml"] = maps["base/bare.yaml"].Replace($"    {line}\n", "", StringComparison.Ordinal);
        var before = Layers.Rules(maps.Fine());
        var shown = string.Join('\n', maps.Library.Resolve(Layers.Id, [])!) + '\n';
        maps[Layers.Acme] = shown;

        Assert.Equal(before, Layers.Rules(maps.Fine()));
        Assert.DoesNotContain("extends: base/", shown, StringComparison.Ordinal);
        Assert.Equal(Bare(shown), Bare(string.Join('\n', maps.Library.Resolve(Layers.Id, [])!) + '\n'));

        static IEnumerable<string> Bare(string text) => text.Split('\n').Select(line => line.Split(" # ")[0].TrimEnd());
    }

    [Fact]
    public void Every_line_that_is_shown_names_its_place()
    {
        var lines = Layers.Over("override:\n  orders.deliver_on: DTM[63]?\n").Library.Resolve(Layers.Id, [])!;

        Assert.Equal($"    deliver_on: DTM[63]?", lines.Single(line => line.EndsWith("# partners/acme/orders.yaml:5", StringComparison.Ordinal)).Split(" # ")[0].TrimEnd());
        Assert.Equal("    order_no: BGM.1004", lines.Single(line => line.EndsWith("# base/orders-edifact.yaml:9", StringComparison.Ordinal)).Split(" # ")[0].TrimEnd());
        Assert.All(lines, line => Assert.Matches(@"  # (base/orders-edifact|partners/acme/orders)\.yaml:\d+$", line));
    }
}
