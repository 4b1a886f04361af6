namespace DistributorHub.Mapping.Tests.Language;

public sealed class BaseMapTests
{
    [Theory]
    [InlineData("base/orders-edifact", "orders order_parties order_lines")]
    [InlineData("base/orders-x12", "orders order_parties order_lines")]
    [InlineData("base/pricat-edifact", "price_catalogue price_items price_tiers price_allowances")]
    [InlineData("base/pricat-x12", "price_catalogue price_items price_tiers price_allowances")]
    public void A_base_map_compiles_without_a_word(string id, string tables)
    {
        var (map, diagnostics) = new Maps().Compile(id);

        Assert.Equal([], diagnostics.Select(d => d.ToString()));
        Assert.Equal(tables, string.Join(' ', map!.Tables.Select(t => t.Name)));
        Assert.Equal(map.Message.Detail, map.Plan.Unit);
    }
}
