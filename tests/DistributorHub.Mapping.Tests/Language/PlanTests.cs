using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Tests.Language;

public sealed class PlanTests
{
    readonly MapPlan orders = Maps.Plan("base/orders-edifact");
    readonly MapPlan pricat = Maps.Plan("base/pricat-edifact");
    readonly MapPlan x12 = Maps.Plan("base/orders-x12");
    readonly MapPlan catalogue = Maps.Plan("base/pricat-x12");

    [Fact]
    public void A_segment_picked_by_its_qualifier_reads_its_value_element()
    {
        var path = Read(Maps.Column(orders, "order_lines", "qty").Value);

        Assert.Equal(["LIN/QTY"], path.Segments.Select(s => PathOf(orders, s)));
        Assert.Equal(orders.Unit, path.Scope);
        Assert.Equal([new ValueSlot(new(1, 2))], path.Slots);
        Assert.Equal(Mapping.Language.ValueType.Decimal, path.Type);
        var predicate = Assert.IsType<Predicate.Element>(Assert.Single(path.Predicates));
        Assert.Equal([new ValueSlot(new(1, 1))], predicate.Slots);
        Assert.Equal(["21"], predicate.Codes);
    }

    [Fact]
    public void A_moment_carries_its_format_and_is_made_a_date_for_a_date_column()
    {
        var value = Assert.IsType<BoundExpr.Convert>(Maps.Column(orders, "orders", "ordered_on").Value);

        Assert.Equal(Mapping.Language.ValueType.Date, value.Type);
        Assert.Equal([new ValueSlot(new(1, 2), null, new ElementAddress(1, 3))], Read(value.Operand).Slots);
    }

    [Fact]
    public void A_group_is_named_by_its_trigger_and_read_through_it()
    {
        var path = Read(Assert.IsType<BoundExpr.Call>(Maps.Column(orders, "orders", "buyer_gln").Value).Arguments[0]);

        Assert.Equal(["NAD"], path.Segments.Select(s => orders.Message.Nodes[s].Tag));
        Assert.False(orders.Message.Nodes[path.Segments[0]].IsGroup);
        Assert.True(path.Flat);
    }

    [Fact]
    public void A_path_goes_down_through_groups()
    {
        var path = Assert.IsType<BoundExpr.Aggregate>(Maps.Column(orders, "order_parties", "email").Value).Path;

        Assert.Equal(["NAD/CTA"], path.Groups.Select(g => PathOf(orders, Assert.Single(g.Groups))));
        Assert.Equal(["NAD/CTA/COM"], path.Segments.Select(s => PathOf(orders, s)));
    }

    [Fact]
    public void A_path_from_the_message_goes_through_the_open_group()
    {
        var path = Read(Maps.Column(pricat, "price_items", "product_group").Value);

        Assert.Equal("PGI", PathOf(pricat, path.Scope));
        Assert.Empty(path.Groups);
        Assert.Equal(path.Scope + 1, Assert.Single(path.Segments));
    }

    [Fact]
    public void A_composite_is_picked_by_its_qualifier_at_every_position_it_may_have()
    {
        var path = Read(Maps.Column(orders, "order_lines", "supplier_sku").Value);

        Assert.Equal(["SA"], path.Qualifiers);
        Assert.Equal([2, 3, 4, 5, 6], path.Slots.Select(s => s.Value.Element));
        Assert.All(path.Slots, s => Assert.Equal((1, 2), (s.Value.Component, s.Qualifier!.Value.Component)));
    }

    [Fact]
    public void Repeats_of_a_component_are_read_in_order()
    {
        var item = Assert.Single(Assert.IsType<BoundExpr.Join>(Maps.Column(orders, "order_parties", "name").Value).Items);

        Assert.Equal([1, 2, 3, 4, 5], item.Path!.Slots.Select(s => s.Value.Component));
        Assert.False(item.Required);
    }

    [Fact]
    public void A_pair_by_position_is_picked_by_its_code()
    {
        var path = Read(Assert.IsType<BoundExpr.Call>(Maps.Column(x12, "order_lines", "gtin").Value).Arguments[0]);

        Assert.Equal(["UK", "EN", "UP"], path.Qualifiers);
        Assert.Equal(10, path.Slots.Count);
        Assert.Equal(new ValueSlot(new(7), new ElementAddress(6)), path.Slots[0]);
        Assert.Equal(new ValueSlot(new(25), new ElementAddress(24)), path.Slots[^1]);
    }

    [Fact]
    public void Short_forms_of_X12_are_positions()
    {
        var code = Assert.IsType<BoundExpr.CodeLookup>(Maps.Column(catalogue, "price_tiers", "uom").Value);

        Assert.Equal([new ValueSlot(new(5, 1))], Read(Assert.IsType<BoundExpr.Coalesce>(code.Operand).Left).Slots);
        Assert.Equal(2, Read(Maps.Column(catalogue, "price_allowances", "amount").Value).ImpliedDecimals);
    }

    [Fact]
    public void Several_conditions_must_all_hold()
    {
        var path = Read(Assert.IsType<BoundExpr.Call>(Maps.Column(x12, "orders", "buyer_gln").Value).Arguments[0]);

        Assert.Equal(["1=BY", "3=UL"], path.Predicates.Cast<Predicate.Element>().Select(p => $"{p.Slots[0].Value.Element}={p.Codes[0]}"));
    }

    [Fact]
    public void A_repeating_segment_can_be_rows()
    {
        var block = catalogue.Blocks.First(b => b.Table?.Name == "price_allowances");

        Assert.Equal("LIN/SAC", PathOf(catalogue, block.Group));
        Assert.False(catalogue.Message.Nodes[block.Group].IsGroup);
        var path = Read(Maps.Column(catalogue, "price_allowances", "percent").Value);
        Assert.Equal((block.Group, block.Group), (path.Scope, path.Segments[0]));
    }

    [Fact]
    public void Rows_know_their_parents_across_scopes()
    {
        Assert.Equal(["price_catalogue", "", "price_items", "price_tiers", "price_allowances"], pricat.Blocks.Select(b => b.Table?.Name ?? ""));
        Assert.Equal([-1, -1, 0, 2, 2], pricat.Blocks.Select(b => b.ParentBlock));
        Assert.Equal([-1, -1, 1, 2, 2], pricat.Blocks.Select(b => b.Outer));
        Assert.Equal(["AAA", "AAB", "AAE"], Assert.IsType<Predicate.Element>(Assert.Single(Assert.Single(pricat.Blocks[3].For).Predicates)).Codes);
    }

    [Fact]
    public void A_group_can_be_asked_for_what_it_lacks()
    {
        var plan = Maps.Plan("base/pricat-edifact", ("PRI[AAA|AAB|AAE]", "PRI[AAA|AAB|AAE, !RNG, DTM]"), ("amount:  first(MOA[8|23|204]?)", "amount:  first(/PGI/PRI[AAA, !RNG]?)"));

        Assert.Equal([true, false], plan.Blocks[3].For[0].Predicates.OfType<Predicate.Child>().Select(c => c.Lacks));
        var path = Assert.IsType<BoundExpr.Aggregate>(Maps.Column(plan, "price_allowances", "amount").Value).Path;
        Assert.False(path.Flat);
        Assert.Equal("PGI/PRI", PathOf(plan, path.Groups[0].Groups[0]));
        Assert.Empty(path.Predicates);
    }

    [Fact]
    public void Groups_after_the_section_change_are_told_apart()
    {
        var plan = Maps.Plan("base/orders-edifact", ("line_count:   count(LIN)", "line_count:   count(ALC@sum) - count(ALC)"));
        var minus = Assert.IsType<BoundExpr.Arithmetic>(Maps.Column(plan, "orders", "line_count").Value);
        var (after, before) = (Assert.IsType<BoundExpr.Aggregate>(minus.Left), Assert.IsType<BoundExpr.Aggregate>(minus.Right));

        Assert.True(after.Path.Segments[0] > plan.Message.Nodes[plan.Unit].End);
        Assert.True(before.Path.Segments[0] < plan.Unit);
        Assert.Equal((StreamClass.Late, StreamClass.Local), (after.Stream, before.Stream));
    }

    [Fact]
    public void A_macro_becomes_its_body()
    {
        var plan = Maps.Plan("base/orders-edifact", ("to: shop", "to: shop\nfunctions:\n  strip(x): \"replace(trim(x), '^0+', '')\"\n  strip_or(x, y): \"strip(x) ?? y\""),
            ("PIA.C212[SA]?", "strip_or(PIA.C212[SA], 'none')"));
        var either = Assert.IsType<BoundExpr.Coalesce>(Maps.Column(plan, "order_lines", "supplier_sku").Value);
        var replace = Assert.IsType<BoundExpr.Call>(either.Left);

        Assert.Equal([Function.Replace, Function.Trim], [replace.Function, Assert.IsType<BoundExpr.Call>(replace.Arguments[0]).Function]);
        Assert.True(replace.Nullable);
        Assert.False(either.Nullable);
        Assert.Equal((6, 14), (replace.Place.Line, replace.Place.Column));
    }

    [Fact]
    public void Comparison_binds_looser_than_default_and_tighter_than_logic()
    {
        var check = Assert.IsType<BoundExpr.Compare>(orders.Blocks[0].Checks.Single().Condition);
        Assert.IsType<BoundExpr.Coalesce>(check.Left);

        var plan = Maps.Plan("base/orders-edifact", ("NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "NAD.3035 not in ('SU') and not NAD.3164? = 'X' or NAD.3207? = 'DE'"));
        var or = Assert.IsType<BoundExpr.Logical>(plan.Blocks[1].Where);
        var and = Assert.IsType<BoundExpr.Logical>(or.Left);
        Assert.True(Assert.IsType<BoundExpr.In>(and.Left).Negated);
        Assert.IsType<BoundExpr.Compare>(Assert.IsType<BoundExpr.Not>(and.Right).Operand);
        Assert.Equal((false, true), (or.IsAnd, and.IsAnd));
    }

    static BoundPath Read(BoundExpr expr) => Assert.IsType<BoundExpr.Read>(expr).Path;

    static string PathOf(MapPlan plan, int node) => new Structure(plan.Message).PathOf(node);
}
