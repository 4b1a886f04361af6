using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class StructureTableTests
{
    [Theory]
    [InlineData(Standard.Edifact, "ORDERS", "D.96A", 2050)]
    [InlineData(Standard.Edifact, "PRICAT", "D.96A", 1413)]
    [InlineData(Standard.X12, "850", "004010", 3276)]
    [InlineData(Standard.X12, "832", "004010", 1658)]
    public void No_legal_segment_fits_two_places(Standard standard, string type, string release, int pairs)
    {
        var table = new StructureTable(DefinitionLibrary.Embedded.Find(standard, type, release)!);

        Assert.Empty(table.Ambiguities);
        Assert.Equal(pairs, table.LegalPairs);
    }
    [Fact]
    public void Show()
    {
        foreach (var (s, t, r) in DefinitionLibrary.Embedded.List())
        {
            var table = new StructureTable(DefinitionLibrary.Embedded.Find(s, t, r)!);
            TestContext.Current.TestOutputHelper!.WriteLine($"{t} {table.LegalPairs} amb {table.Ambiguities.Count} {string.Join(" ", table.Ambiguities.Take(5))}");
        }
    }
}
