using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Tests.Language;

public sealed class StreamTests
{
    [Theory]
    [InlineData("base/orders-edifact", "orders", "order_no", "Local")]
    [InlineData("base/orders-edifact", "orders", "total_amount", "Late")]
    [InlineData("base/orders-edifact", "orders", "line_count", "Fold")]
    [InlineData("base/orders-edifact", "order_parties", "email", "Local")]
    [InlineData("base/orders-edifact", "order_lines", "qty", "Local")]
    [InlineData("base/orders-edifact", "order_lines", "deliver_on", "Fixed")]
    [InlineData("base/pricat-edifact", "price_catalogue", "item_count", "Fold")]
    [InlineData("base/pricat-edifact", "price_items", "product_group", "Fixed")]
    [InlineData("base/pricat-edifact", "price_items", "valid_from", "Fixed")]
    [InlineData("base/pricat-edifact", "price_tiers", "price", "Local")]
    [InlineData("base/pricat-edifact", "price_tiers", "valid_from", "Fixed")]
    [InlineData("base/pricat-x12", "price_allowances", "amount", "Local")]
    public void Every_column_has_its_class(string map, string table, string column, string expected) =>
        Assert.Equal(expected, Maps.Column(Maps.Plan(map), table, column).Value.Stream.ToString());

    [Fact]
    public void A_value_after_the_lines_is_unknown_in_a_line() =>
        Says("base/orders-edifact", "/DTM[2]?", "/MOA[86]?", "46:29 MAP1401 not streamable: MOA comes after LIN, so its value is unknown when this row is written.");

    [Fact]
    public void A_line_read_in_the_header_must_be_folded() =>
        Says("base/pricat-edifact", "count(PGI/LIN)", "PGI/LIN.1082", "16:17 MAP1402 PGI/LIN is inside the repeating group PGI/LIN.");

    [Fact]
    public void What_may_be_absent_does_not_go_into_a_column_that_is_not_null() =>
        Says("base/pricat-edifact", "CUX.C504[2] ?? $price_catalogue.currency", "CUX.C504[2]?", "40:21 MAP1201 price_tiers.currency is not null, but this may be absent.");

    [Theory]
    [InlineData("- for: PGI ", "- for: PGI[!LIN] ", "17:8")]
    [InlineData("count(PGI/LIN)", "count(PGI[LIN]/LIN)", "16:23")]
    [InlineData("/PGI.C288.5389?", "/PGI[!LIN].C288.5389?", "26:22")]
    public void A_group_still_open_is_not_asked_for_what_may_yet_come(string old, string edit, string place) =>
        Assert.StartsWith($"{place} MAP1401 not streamable: what ", Maps.Short(Assert.Single(Maps.Edited("base/pricat-edifact", (old, edit)).Diagnostics)), StringComparison.Ordinal);

    [Theory]
    [InlineData("- for: PGI ", "- for: PGI[!PAC, 11] ")]
    [InlineData("count(PGI/LIN)", "count(PGI[PAC]/LIN)")]
    [InlineData("/PGI.C288.5389?", "/PGI[!TAX].C288.5389?")]
    public void A_group_is_asked_for_what_stands_before_the_rows(string old, string edit) =>
        Assert.NotNull(Maps.Plan("base/pricat-edifact", (old, edit)));

    [Fact]
    public void A_class_travels_through_references()
    {
        // net_price refers to orders.currency, which is fine; once that reads behind the lines, it no longer is.
        (string, string) reference = ("supplier_sku: PIA.C212[SA]?", "supplier_sku: $orders.currency");
        Assert.Equal(StreamClass.Fixed, Maps.Column(Maps.Plan("base/orders-edifact", reference), "order_lines", "supplier_sku").Value.Stream);

        var (map, diagnostics) = Maps.Edited("base/orders-edifact", reference, ("CUX.C504[2] ?? $partner.currency", "text(MOA[86])"));

        Assert.Null(map);
        Assert.Contains(diagnostics, d => d is { Line: 39, Column: 19, Code: "MAP1401" } && d.Message.Contains("it reads MOA[86] (13:24)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reference_through_a_reference_is_followed()
    {
        var (_, diagnostics) = Maps.Edited("base/pricat-edifact", ("DTM[206] ?? period_end(DTM[273]?)\n    currency", "date(first(PGI/LIN/DTM[206]?))\n    currency"));

        Assert.Equal([(29, "MAP1401")], diagnostics.Select(d => (d.Line, d.Code)));
    }

    [Fact]
    public void Columns_that_rows_inside_ask_for_are_marked()
    {
        var plan = Maps.Plan("base/pricat-edifact");

        Assert.Equal("valid_from valid_to currency",
            string.Join(' ', plan.Blocks[0].Columns.Where(c => c.NeededByOthers).Select(c => c.Definition.Name)));
        Assert.True(Maps.Column(plan, "price_items", "valid_to").NeededByOthers);
        Assert.False(Maps.Column(plan, "price_tiers", "valid_to").NeededByOthers);
    }

    [Fact]
    public void The_same_total_is_counted_once()
    {
        var plan = Maps.Plan("base/orders-edifact");

        var fold = Assert.Single(plan.Folds);
        Assert.Equal("LIN", fold.Path.Text);
        Assert.Equal(0, fold.Path.Scope);
    }

    [Fact]
    public void A_message_held_whole_may_read_everything_everywhere()
    {
        var plan = Maps.Plan("base/orders-edifact", ("to: shop", "to: shop\nstream: buffer\nmax_segments: 500"), ("PRI[AAA]?\n", "/MOA[86]?\n"));

        Assert.Equal(0, plan.Unit);
        Assert.Equal(500, plan.MaxSegments);
        Assert.Equal(StreamClass.Local, Maps.Column(plan, "order_lines", "net_price").Value.Stream);
        Assert.Equal(StreamClass.Local, Maps.Column(plan, "orders", "line_count").Value.Stream);
        Assert.Empty(plan.Folds);
    }

    [Fact]
    public void A_row_others_depend_on_decides_early()
    {
        var plan = Maps.Plan("base/orders-edifact", ("- table: orders\n", "- table: orders\n  where: BGM.1225? != '1'\n"));

        Assert.True(plan.Blocks[0].WhereNeededByOthers);
        Assert.False(plan.Blocks[1].WhereNeededByOthers);
    }

    static void Says(string map, string old, string edit, string expected)
    {
        var diagnostic = Assert.Single(Maps.Edited(map, (old, edit)).Diagnostics);
        Assert.StartsWith(expected, Maps.Short(diagnostic), StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Hint);
    }
}
