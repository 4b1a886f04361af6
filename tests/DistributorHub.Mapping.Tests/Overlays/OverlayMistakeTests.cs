using DistributorHub.Mapping.Tests.Language;

namespace DistributorHub.Mapping.Tests.Overlays;

/// <summary>What is wrong in a map that extends another is told where it is written.</summary>
public sealed class OverlayMistakeTests
{
    [Theory]
    // Names of what the base has.
    [InlineData("override:\n  orders.deliver: DTM[2]?\n", "5:3 MAP1602 orders of map base/orders-edifact has no rule 'deliver'. (did you mean deliver_on?)")]
    [InlineData("override:\n  order.deliver_on: DTM[2]?\n", "5:3 MAP1602 Map base/orders-edifact has no block 'order'. (did you mean orders?)")]
    [InlineData("override:\n  orders.where: BGM.1004 = '1'\n", "5:3 MAP1602 orders of map base/orders-edifact has no rule 'where'. (it has: partner_id, order_no, function, ordered_on, deliver_on, currency, contract_no, buyer_gln, note, total_amount, line_count, check.line_count_agrees)")]
    [InlineData("override:\n  orders.check.line_count_agree: CNT[2] = 1\n", "5:3 MAP1602 orders of map base/orders-edifact has no rule 'check.line_count_agree'. (did you mean check.line_count_agrees?)")]
    [InlineData("override:\n  orders: DTM[2]?\n", "5:3 MAP1002 'orders' is a block of rows, and a rule is meant here. (write orders.column, .where, .for or .check.name)")]
    [InlineData("override:\n  orders.: DTM[2]?\n", "5:3 MAP1002 'orders.' names no rule. (write orders.column, .where, .for or .check.name)")]
    [InlineData("override:\n  orders.check: DTM[2]?\n", "5:3 MAP1002 'orders.check' names no rule. (write orders.column, .where, .for or .check.name)")]
    [InlineData("override:\n  orders#2.note: DTM[2]?\n", "5:3 MAP1602 Map base/orders-edifact has no block 'orders#2'. (did you mean orders?)")]
    [InlineData("drop: [order_line]\n", "4:8 MAP1602 Map base/orders-edifact has no block 'order_line'. (did you mean order_lines?)")]
    [InlineData("drop: [order_lines.uon]\n", "4:8 MAP1602 order_lines of map base/orders-edifact has no rule 'uon'. (did you mean uom?)")]
    [InlineData("add:\n  orderz.note: BGM.1004\n", "5:3 MAP1602 Map base/orders-edifact has no block 'orderz'. (did you mean orders?)")]
    [InlineData("final: [orders.nothing]\n", "4:9 MAP1602 orders of map acme/orders has no rule 'nothing'. (it has: partner_id, order_no, function, ordered_on, deliver_on, currency, contract_no, buyer_gln, note, total_amount, line_count, check.line_count_agrees)")]
    // Two sayings about one thing.
    [InlineData("add:\n  orders.note: BGM.1004\n", "5:3 MAP1603 Map base/orders-edifact has orders.note already (base/orders-edifact.yaml:16:19). (change it under override:)")]
    [InlineData("override:\n  orders.note: BGM.1004\ndrop: [orders.note]\n", "5:3 MAP1603 'orders.note' is dropped in line 6. (remove one of the two)")]
    [InlineData("add:\n  order_parties.code: NAD.3035\ndrop: [order_parties]\n", "5:3 MAP1603 'order_parties.code' is dropped in line 6. (remove one of the two)")]
    [InlineData("drop: [order_parties, order_parties.email]\n", "4:23 MAP1603 'order_parties.email' is dropped in line 4. (remove one of the two)")]
    [InlineData("drop: [orders.note, orders.note]\n", "4:21 MAP1603 'orders.note' is dropped twice.")]
    [InlineData("override:\n  orders.note: BGM.1004\n  orders#1.note: BGM.1225\n", "6:3 MAP1603 'orders#1.note' is 'orders.note' of line 5 under another name. (remove one of the two)")]
    // Shapes.
    [InlineData("override: [orders.note]\n", "4:11 MAP1002 'override' holds 'name: expression' lines. (write orders.note: BGM.1004)")]
    [InlineData("add: x\n", "4:6 MAP1002 'add' holds 'name: expression' lines. (write orders.note: BGM.1004)")]
    [InlineData("drop: orders.note\n", "4:7 MAP1002 'drop' is a list of names. (write drop: [orders.note, order_parties])")]
    [InlineData("drop: [[a]]\n", "4:8 MAP1002 'drop' holds names of rules and blocks. (write drop: [orders.note, order_parties])")]
    [InlineData("drop: [order_lines.for]\n", "4:8 MAP1002 'order_lines.for' says what the rows of the block are made of. (change it under override:, or drop the whole block)")]
    [InlineData("override:\n  orders.note:\n", "5:3 MAP1002 'orders.note' needs one expression.")]
    [InlineData("override:\n  orders.note: { a: b }\n", "5:16 MAP1002 'orders.note' needs one expression. (write a line for each rule: orders.note.…)")]
    [InlineData("add: { rows: x }\n", "4:14 MAP1002 'rows' is a list. (each block starts with '- table: …' or '- for: …')")]
    [InlineData("add: { orders.rows: { a: b } }\n", "4:21 MAP1002 'rows' is a list. (each block starts with '- table: …' or '- for: …')")]
    [InlineData("final: { a: b }\n", "4:8 MAP1002 'final' is a list of names. (write final: [orders.note, order_parties])")]
    [InlineData("functions: x\n", "4:12 MAP1306 'functions' holds 'name(x): body' lines. (strip(x): \"replace(trim(x), '^0+', '')\")")]
    [InlineData("ignore: PAI\n", "4:9 MAP1002 'ignore' is a list of paths. (ignore: [PAC, LIN/MOA])")]
    [InlineData("codes: x\n", "4:8 MAP1002 'codes' holds code lists. (write codes: { uom: { extends: uom, map: { KRT: CT } } })")]
    [InlineData("codes: { uom: x }\n", "4:15 MAP1002 'uom' is no code list. (write codes: { uom: { extends: uom, map: { KRT: CT } } })")]
    [InlineData("codes: { uom: { extends: [a], map: { a: b } } }\n", "4:26 MAP1002 A code list extends one other. (write codes: { uom: { extends: uom, map: { KRT: CT } } })")]
    [InlineData("codes: { uom: { extends: nouns, map: { a: b } } }\n", "4:26 MAP1107 There is no code list 'nouns' to extend. (put it into codes/nouns.yaml, or leave out extends)")]
    [InlineData("codes: { uom: { id: uom, map: { a: b } } }\n", "4:17 COD1003 A code list has no 'id'. (")]
    [InlineData("codes: { uom: { extends: uom, map: { KRT: [a] } } }\n", "4:43 COD1007 'KRT' has no single code on its right side.")]
    [InlineData("codes: { uom: {} }\n", "4:15 COD1005 The list has no 'map'. (Write 'map: { theirs: ours }'.)")]
    // What belongs elsewhere.
    [InlineData("from: { standard: EDIFACT, message: ORDERS, release: D.96A }\n", "4:1 MAP1002 'from' is not a setting of a map that extends another. (it is of the messages its base is of)")]
    [InlineData("rows: []\n", "4:1 MAP1002 'rows' is not a setting of a map that extends another. (put blocks under add: rows: …, and change those of the base under override:)")]
    [InlineData("overide:\n  orders.note: BGM.1004\n", "4:1 MAP1002 'overide' is not a setting of a map that extends another. (did you mean override?)")]
    [InlineData("partner: beta\n", "4:10 MAP1605 Map acme/orders stands in the folder of partner acme, not beta. (write partner: acme, or put the map into partners/beta/)")]
    [InlineData("partner: [acme]\n", "4:10 MAP1002 'partner' must be one text.")]
    // Expressions of the overlay, in its own file.
    [InlineData("override:\n  orders.deliver_on: DTM[2] ?? DTX[64]?\n", "5:32 MAP1101 DTX does not stand in ORDERS D.96A.")]
    [InlineData("override:\n  orders.order_no: >-\n    join(' ',\n      BGM.1005)\n", "7:11 MAP1102 ")]
    [InlineData("override:\n  orders.order_no: RFF[CT]?\n", "5:20 MAP1201 orders.order_no is not null, but this may be absent.")]
    [InlineData("add:\n  orders.notes: BGM.1004\n", "5:3 MAP1302 orders has no column 'notes'. (did you mean note?)")]
    [InlineData("add:\n  order_lines.where: LIN.1082\n", "5:22 MAP1203 'where' takes true or false")]
    [InlineData("add:\n  rows:\n  - table: order_line\n    for: LIN\n", "6:12 MAP1301 Target 'shop' has no table 'order_line'. (did you mean order_lines?)")]
    [InlineData("functions: { own(x): \"trm(x)\" }\n", "4:23 MAP1106 ")]
    [InlineData("ignore: [LINN]\n", "4:10 MAP1101 ")]
    [InlineData("stream: quickly\n", "4:9 MAP1002 'quickly' is not a way to stream.")]
    [InlineData("drop: [orders.order_no]\n", "4:8 MAP1205 orders.order_no is not null, and has no rule when this one is dropped. (override it, or leave it as it is)")]
    [InlineData("guide: acme-orders\n", "4:8 MAP1009 There is no guide 'acme-orders'.")]
    [InlineData("guide: [acme-orders]\n", "4:8 MAP1002 'guide' is the id of a guide.")]
    public void It_is_told_where_it_stands(string body, string said)
    {
        var (map, found) = Layers.Over(body).Compiled();

        Assert.Null(map);
        Assert.StartsWith(said, Assert.Single(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extends: base/order-edifact\n", "3:10 MAP1601 There is no map 'base/order-edifact'. (did you mean base/orders-edifact?)")]
    [InlineData("extends: [base/orders-edifact, base/orders-x12]\n", "3:10 MAP1601 A map extends one map. (write extends: base/…; what several have in common stands in one that they all extend)")]
    [InlineData("extends: { a: b }\n", "3:10 MAP1601 A map extends one map.")]
    [InlineData("extends:\n", "3:9 MAP1601 A map extends one map.")]
    [InlineData("extends: acme/orders\n", "3:10 MAP1601 acme/orders extends acme/orders: a circle. (one of them must not extend another)")]
    [InlineData("extends: nordlicht/partner\n", "3:10 MAP1601 Map nordlicht/partner is partner nordlicht's own. (extend a shared map: what both have in common belongs into base/)")]
    [InlineData("extends: acme/guide\n", "3:10 MAP1601 'acme/guide' is not a map. (a map starts with 'hub: map/1')")]
    [InlineData("extends: ../../secrets\n", "3:10 MAP1601 ")]
    [InlineData("extend: base/orders-edifact\n", "3:1 MAP1002 'extend' is not a setting of a map. (did you mean extends?)")]
    [InlineData("extends: base/broken\n", "base/broken.yaml:2:1 YML0005 ")]
    public void What_cannot_be_extended_is_told_at_its_name(string head, string said)
    {
        var maps = new Maps { [Layers.Acme] = $"hub: map/1\nid: acme/orders\n{head}override:\n  orders.contract_no: RFF[ON]?\n" };
        maps["partners/acme/guide.yaml"] = "hub: guide/1\nid: acme/guide\nextends: [edifact/D.96A/ORDERS]\n";
        maps["base/broken.yaml"] = "hub: map/1\n\tid: base/broken\n";
        var (map, found) = maps.Compiled();

        Assert.Null(map);
        Assert.StartsWith(said, Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_extends_none_changes_none()
    {
        var (map, diagnostics) = Maps.Edited("base/orders-edifact", ("to: shop", "to: shop\npartner: acme\noverride: { orders.note: BGM.1004 }\ndrop: [x]\nfinal: [orders.notes]"));

        Assert.Null(map);
        Assert.Equal(
            [
                "5:10 MAP1605 Map base/orders-edifact is a shared one, and no partner's. (leave this out, or put the map into partners/acme/)",
                "6:1 MAP1002 'override' changes a map that this one extends, and it extends none. (write extends: base/…)",
                "7:1 MAP1002 'drop' changes a map that this one extends, and it extends none. (write extends: base/…)",
                "8:9 MAP1602 orders of map base/orders-edifact has no rule 'notes'. (did you mean note?)",
            ], diagnostics.Select(Maps.Short));
    }

    [Fact]
    public void What_is_final_stays_as_it_is()
    {
        var maps = Layers.Over("""
            override:
              orders.partner_id: BGM.1004
              order_lines.uom: 'EA'
              orders.note: BGM.1004
            add:
              order_lines.rows: []
            drop: [orders, order_lines.qty, orders.check.line_count_agrees]
            """);
        maps["base/orders-edifact.yaml"] = maps["base/orders-edifact.yaml"].Replace("to: shop", "to: shop\nfinal: [orders.partner_id, order_lines, orders.check.line_count_agrees]", StringComparison.Ordinal);
        var (map, found) = maps.Compiled();

        Assert.Null(map);
        const string hint = "(leave this out: maps that extend it must not change it)";
        Assert.Equal(
            [
                "5:3 MAP1603 'orders.partner_id' is dropped in line 10. (remove one of the two)",
                $"6:3 MAP1604 order_lines is final in map base/orders-edifact (base/orders-edifact.yaml:5:28). {hint}",
                "7:3 MAP1603 'orders.note' is dropped in line 10. (remove one of the two)",
                $"9:3 MAP1604 order_lines is final in map base/orders-edifact (base/orders-edifact.yaml:5:28). {hint}",
                $"10:8 MAP1604 orders.partner_id is final in map base/orders-edifact (base/orders-edifact.yaml:5:9). {hint}",
                $"10:16 MAP1604 order_lines is final in map base/orders-edifact (base/orders-edifact.yaml:5:28). {hint}",
                "10:33 MAP1603 'orders.check.line_count_agrees' is dropped in line 10. (remove one of the two)",
            ], found);
    }

    [Fact]
    public void What_a_map_in_between_says_is_final_is_final_for_those_that_extend_it()
    {
        var maps = Layers.Over("override:\n  orders.partner_id: BGM.1004\n  orders.currency: 'EUR'\n", "base/trade-orders");
        maps["base/orders-edifact.yaml"] = maps["base/orders-edifact.yaml"].Replace("to: shop", "to: shop\nfinal: [orders.partner_id]", StringComparison.Ordinal);
        maps["base/trade-orders.yaml"] = Layers.Text("final: [orders.currency]\n", id: "base/trade-orders");

        Assert.Equal([(5, "base/orders-edifact.yaml:5:9"), (6, "base/trade-orders.yaml:4:9")],
            maps.Compiled().Said.Select(said => (said[0] - '0', said.Split('(')[1].Split(')')[0])));
    }

    [Fact]
    public void Circles_and_long_chains_are_told_where_they_begin()
    {
        var maps = new Maps();
        foreach (var (id, below) in new[] { ("a", "base/b"), ("b", "base/c"), ("c", "base/d"), ("d", "base/orders-edifact"), ("x", "base/y"), ("y", "base/z"), ("z", "base/y") })
            maps[$"base/{id}.yaml"] = Layers.Text("", below, $"base/{id}");

        Assert.Equal(["base/b.yaml:3:10 MAP1601 base/b extends base/c extends base/d extends base/orders-edifact: a chain of more than 3 maps. (extend one further down, and write here what is missing)"],
            maps.Compiled("base/b").Said);
        Assert.Single(maps.Compiled("base/a").Said);
        Assert.Empty(maps.Compiled("base/c").Said);
        Assert.Equal(["base/x.yaml:3:10 MAP1601 base/x extends base/y extends base/z extends base/y: a circle. (one of them must not extend another)"], maps.Compiled("base/x").Said);
        Assert.Equal(["base/x", "base/y", "base/z"], maps.Library.Chain("base/x"));
    }

    [Fact]
    public void Mistakes_of_the_base_stand_in_the_base_and_those_of_the_overlay_in_it()
    {
        var maps = Layers.Over("override:\n  orders.contract_no: RXX[ON]?\n");
        maps["base/orders-edifact.yaml"] = maps["base/orders-edifact.yaml"].Replace("gln(NAD[BY]", "gln(NAT[BY]", StringComparison.Ordinal);

        Assert.Equal(["5:23 MAP1101", "base/orders-edifact.yaml:15:23 MAP1101"], maps.Compiled().Said.Select(said => said[..(said.IndexOf("MAP1101", StringComparison.Ordinal) + 7)]));
    }

    [Fact]
    public void A_list_that_no_rule_uses_and_a_function_of_the_base_are_told()
    {
        var (map, found) = Layers.Over("codes: { uon: { extends: uom, map: { KRT: CT } } }\n").Compiled();
        Assert.NotNull(map);
        Assert.Equal(["4:10 MAP1609 warning: No rule of this map uses the code list 'uon'. (did you mean uom?)"], found);

        var maps = Layers.Over("functions: { own(y): \"upper(y)\" }\n");
        maps["base/orders-edifact.yaml"] = maps["base/orders-edifact.yaml"].Replace("to: shop", "to: shop\nfunctions: { own(x): \"trim(x)\" }", StringComparison.Ordinal);
        Assert.Equal(["4:14 MAP1603 The base has a function 'own' (base/orders-edifact.yaml:5), which its own rules may call. (choose another name)"], maps.Compiled().Said);
    }

    [Fact]
    public void Several_blocks_of_one_name_are_asked_for_by_number()
    {
        Assert.Equal(["5:3 MAP1602 Map base/pricat-x12 has 2 blocks 'price_allowances'. (write one of price_allowances#1, price_allowances#2)"],
            Layers.Over("override:\n  price_allowances.min_qty: 7\n", "base/pricat-x12").Compiled().Said.Select(said => said));
        Assert.Equal(["4:8 MAP1602 Map base/pricat-x12 has 2 blocks 'price_allowances'. (write one of price_allowances#1, price_allowances#2)"],
            Layers.Over("drop: [price_allowances]\n", "base/pricat-x12").Compiled().Said);
    }

    const string Signs = "'\"[]{}()|>&*!@#?:,.-/=<>$ \t\n0Aa";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_overlay_base_and_lock_are_damaged_they_compile_or_say_why(int seed)
    {
        var random = new Random(seed);
        var whole = Layers.Text("""
            partner: acme
            override:
              order_lines.buyer_sku: own(PIA[5].C212[BP]?)
              orders#1.note: 'x'
            add: { orders.check.c: count(LIN) > 0, rows: [{ table: order_lines, for: ALC@sum, set: { line_no: $n, action: 'add', qty: 1, uom: 'EA', price_basis: 1 } }] }
            drop: [order_parties, orders.contract_no]
            functions: { own(x): "trim(x)" }
            ignore: [PAI]
            final: [orders.note]
            limits: { unit_bytes: 2 MB }
            codes: { uom: { extends: uom, map: { KRT: CT } } }
            """, "base/trade");
        var middle = Layers.Text("add: { order_parties.code: NAD.3035 }\ncodes: { uom: { extends: uom, map: { DOS: BX } } }\nfinal: [orders.partner_id]\n", id: "base/trade");
        var maps = new Maps { [Layers.Acme] = whole, ["base/trade.yaml"] = middle };
        maps.Accept();
        Assert.NotNull(maps.Fine());
        foreach (var file in new[] { Layers.Acme, "base/trade.yaml", Layers.Lock })
        {
            var right = maps[file];
            for (var run = 0; run < 250; run++)
            {
                var text = maps[file] = Damaged(right, random);
                var (map, diagnostics) = maps.Compile(Layers.Id);

                Assert.True(map is not null || diagnostics.Exists(d => !d.Warning), text);
                Assert.All(diagnostics, d => Assert.True(d.Line >= 1 && d.Column >= 1 && d.File.Length > 0, d.ToString()));
                maps.Library.Lock(Layers.Id, null, out _);
                maps.Library.Resolve(Layers.Id, []);
                maps.Library.Chain(Layers.Id);
            }
            maps[file] = right;
        }
    }

    static string Damaged(string text, Random random)
    {
        for (var edits = random.Next(1, 4); edits > 0 && text.Length > 0; edits--)
        {
            var at = random.Next(text.Length);
            text = random.Next(5) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                1 => text.Insert(at, Signs[random.Next(Signs.Length)].ToString()),
                2 => text[..at] + Signs[random.Next(Signs.Length)] + text[(at + 1)..],
                // A whole line goes, or comes twice.
                3 => string.Join('\n', text.Split('\n').Where((_, line) => line != at % text.Split('\n').Length)),
                _ => string.Join('\n', text.Split('\n').SelectMany((line, n) => n == at % text.Split('\n').Length ? new[] { line, line } : [line])),
            };
        }
        return text;
    }
}
