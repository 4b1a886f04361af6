using DistributorHub.Mapping.Tests.Language;

namespace DistributorHub.Mapping.Tests.Overlays;

/// <summary>A base that is changed under a map that extends it.</summary>
public sealed class LockTests
{
    const string Base = "base/orders-edifact.yaml";

    readonly Maps maps = Layers.Over("override:\n  orders.deliver_on: DTM[63] ?? DTM[2]\n  order_parties.where: NAD.3035 = 'BY'\ndrop: [orders.note]\n");

    List<string> Said() => maps.Compile(Layers.Id).Diagnostics.ConvertAll(d => d.ToString());

    void Change(string from, string to, string file = Base)
    {
        Assert.Contains(from, maps[file], StringComparison.Ordinal);
        maps[file] = maps[file].Replace(from, to, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_lock_nobody_would_notice_and_that_is_a_warning()
    {
        var (map, diagnostics) = maps.Compile(Layers.Id);

        Assert.NotNull(map);
        var warning = Assert.Single(diagnostics);
        Assert.True(warning.Warning && MapLibrary.IsAboutLock(warning));
        Assert.Equal("partners/acme/orders.yaml:3:10 MAP1607 warning: Map acme/orders has no lock: nobody is told when a rule of base/orders-edifact that it overrides changes. "
            + "(hub map check acme/orders --accept writes partners/acme/orders.lock)", warning.ToString());
    }

    [Fact]
    public void The_lock_keeps_what_the_base_says_of_what_is_overridden()
    {
        maps.Accept();

        Assert.Empty(Said());
        var lines = maps[Layers.Lock].Split('\n');
        Assert.Equal(["hub: lock/1", "id: acme/orders", "base: base/orders-edifact"], lines[1..4]);
        Assert.Matches("^sha256: [0-9a-f]{64}$", lines[4]);
        Assert.Equal(
            [
                "rules:", "  'order_parties.where': 'NAD.3035 in (''BY'', ''DP'', ''IV'', ''SU'')'", "  'orders.deliver_on': 'DTM[2] ?? DTM[64]?'",
                "  'orders.note': 'join('' '', FTX[AAI].C108.4440*?)'", "",
            ], lines[5..]);
    }

    [Fact]
    public void A_rule_that_changes_under_an_override_stops_the_map_until_it_is_accepted()
    {
        maps.Accept();
        Change("DTM[2] ?? DTM[64]?", "DTM[2] ?? DTM[69]?");
        Change("join(' ', FTX[AAI]", "join('-', FTX[AAI]");

        Assert.Null(maps.Compile(Layers.Id).Map);
        Assert.Equal(
            [
                "partners/acme/orders.yaml:5:3 MAP1606 The base rule of orders.deliver_on was `DTM[2] ?? DTM[64]?`, is now `DTM[2] ?? DTM[69]?` (base/orders-edifact.yaml:12:19); keep, or take? "
                    + "(to keep what stands here: hub map check acme/orders --accept; to take the base's: remove this line)",
                "partners/acme/orders.yaml:7:8 MAP1606 The base rule of orders.note was `join(' ', FTX[AAI].C108.4440*?)`, is now `join('-', FTX[AAI].C108.4440*?)` (base/orders-edifact.yaml:16:19); keep, or take? "
                    + "(to keep what stands here: hub map check acme/orders --accept; to take the base's: remove this line)",
            ], Said());
        Assert.NotNull(maps.Library.Lock(Layers.Id, null, out var changes));
        Assert.Equal([5, 7], changes.Select(change => change.Line));
        maps.Accept();
        Assert.Empty(Said());
    }

    [Fact]
    public void To_take_the_rule_of_the_base_the_override_is_removed()
    {
        maps.Accept();
        Change("DTM[2] ?? DTM[64]?", "DTM[2] ?? DTM[69]?");
        Change("  orders.deliver_on: DTM[63] ?? DTM[2]\n", "", Layers.Acme);

        Assert.Contains("Map base/orders-edifact has changed since map acme/orders was locked, and no rule that acme/orders overrides has.", Assert.Single(Said()), StringComparison.Ordinal);
        Assert.Contains("orders.deliver_on: DTM[2] ?? DTM[69]?", Layers.Rules(maps.Fine()));
    }

    [Theory]
    [InlineData("RFF[CT]?", "RFF[ON]?", "Map base/orders-edifact has changed since map acme/orders was locked, and no rule that acme/orders overrides has.")]
    [InlineData("  set:\n    partner_id", "  # why\n  set:\n\n    partner_id", null)]
    public void Another_change_of_the_base_is_a_warning_and_one_of_its_comments_is_none(string from, string to, string? said)
    {
        maps.Accept();
        Change(from, to);

        Assert.NotNull(maps.Compile(Layers.Id).Map);
        Assert.Equal(said is null ? [] : [$"partners/acme/orders.yaml:3:10 MAP1607 warning: {said} (hub map check acme/orders --accept writes partners/acme/orders.lock)"], Said());
    }

    [Fact]
    public void A_quoted_text_and_an_expression_are_not_the_same()
    {
        Change("contract_no:  RFF[CT]?", "contract_no:  'RFF'");
        Change("override:\n", "override:\n  orders.contract_no: RFF[ON]?\n", Layers.Acme);
        maps.Accept();
        Change("contract_no:  'RFF'", "contract_no:  RFF");

        Assert.Contains("was `'RFF'`, is now `RFF`", Said()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_override_and_another_base_are_told()
    {
        maps.Accept();
        Change("override:\n", "override:\n  orders.contract_no: RFF[ON]?\n", Layers.Acme);
        Assert.Contains("Map acme/orders overrides other rules than when it was locked.", Assert.Single(Said()), StringComparison.Ordinal);

        maps["base/other.yaml"] = maps[Base].Replace("id: base/orders-edifact", "id: base/other", StringComparison.Ordinal);
        Change("extends: base/orders-edifact", "extends: base/other", Layers.Acme);
        Assert.Contains("The lock of map acme/orders is of base/orders-edifact, which it extends no longer.", Assert.Single(Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_was_dropped_and_has_changed_is_asked_for_too()
    {
        maps[Layers.Acme] = Layers.Text("drop: [order_parties]\n");
        maps.Accept();
        Change("city:     NAD.3164?", "city:     NAD.3164 ?? 'none'");

        Assert.StartsWith("partners/acme/orders.yaml:4:8 MAP1606 The block order_parties of the base is not what it was when it was dropped here (base/orders-edifact.yaml:21:3); drop it all the same?",
            Assert.Single(Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_code_lists_of_the_base_are_locked_as_well()
    {
        Change("to: shop\n", "to: shop\nlimits: { unit_bytes: 1 MB }\ncodes: { uom: { extends: uom, map: { KRT: BX } } }\n");
        maps[Layers.Acme] = Layers.Text("limits: { unit_bytes: 2 MB }\ncodes: { uom: { extends: uom, map: { KRT: CT } } }\n");
        maps.Accept();
        Change("unit_bytes: 1 MB", "unit_bytes: 3 MB");
        Change("KRT: BX", "KRT: PK");

        Assert.Equal([(4, 1), (5, 10)], maps.Compile(Layers.Id).Diagnostics.Select(d => (d.Line, d.Column)));
        Assert.All(Said(), said => Assert.Contains("MAP1606 The base rule of ", said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "1:1 YML0002")]
    [InlineData("hub: map/1\n", "1:1 MAP1608")]
    [InlineData("hub: lock/1\nid: acme/orders\n", "1:1 MAP1608")]
    [InlineData("hub: lock/1\nbase: []\nsha256: x\n", "1:1 MAP1608")]
    [InlineData("hub: lock/1\nbase: b\nsha256: x\nrules: [a]\n", "4:8 MAP1608")]
    [InlineData("hub: lock/1\nbase: b\nsha256: x\nrules: { a: { b: c } }\n", "4:13 MAP1608")]
    [InlineData("<<<<<<< HEAD\nhub: lock/1\n", "")]
    public void A_lock_that_is_none_stops_the_map(string text, string said)
    {
        maps[Layers.Lock] = text;

        Assert.Null(maps.Compile(Layers.Id).Map);
        Assert.StartsWith($"{Layers.Lock}:{said}", Said()[0], StringComparison.Ordinal);
        // Accepting writes it anew, after asking.
        Assert.NotNull(maps.Library.Lock(Layers.Id, null, out var changes));
        Assert.NotEmpty(changes);
        maps.Accept();
        Assert.Empty(Said());
    }

    [Fact]
    public void A_map_with_mistakes_and_one_that_extends_none_get_no_lock()
    {
        Assert.Null(maps.Library.Lock("base/orders-edifact", null, out _));
        maps[Layers.Acme] = Layers.Text("override: { orders.deliver_on: DTM63 }\n");
        Assert.Null(maps.Library.Lock(Layers.Id, null, out _));
        Assert.Null(maps.Library.Lock("acme/nothing", null, out _));
    }

    [Fact]
    public void A_lock_beside_no_map_is_told()
    {
        maps["base/orders-edifact.lock"] = "";
        maps["codes/uom.lock"] = "";
        maps.Accept();
        var diagnostics = new List<Diagnostic>();
        maps.Library.CheckTargetsAndCodeLists(diagnostics);

        Assert.Equal(["base/orders-edifact.lock", "codes/uom.lock"], diagnostics.Where(d => d.File.EndsWith(".lock", StringComparison.Ordinal)).Select(d => d.File).Order(StringComparer.Ordinal));
    }
}
