using DistributorHub.Edi.Definitions;
using DistributorHub.Tests;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>What partners' agreements name is checked with the agreement, before any message comes.</summary>
public sealed class PartnerRoutesTests : IDisposable
{
    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("distributorhub-routes-").FullName, "mappings");

    public PartnerRoutesTests() => FlowFixture.Copy(new(Repository.PathTo("mappings")), folder);

    [Theory]
    [InlineData("edifact, message: INVOIC, release: D.96A", "Map base/orders-edifact is of EDIFACT ORDERS, but this takes EDIFACT INVOIC. (name a map of INVOIC here)")]
    [InlineData("x12, message: ORDERS, release: D.96A", "Map base/orders-edifact is of EDIFACT ORDERS, but this takes X12 ORDERS. (name a map of ORDERS here)")]
    [InlineData("x12, message: '850'", "Map base/orders-edifact is of EDIFACT ORDERS, but this takes X12 850. (name a map of 850 here)")]
    public void A_map_of_another_message_or_standard_is_a_mistake_and_pauses_the_partner(string takes, string told)
    {
        Change("- { standard: edifact, message: PRICAT,", $"- {{ standard: {takes}, map: base/orders-edifact }}\n- {{ standard: edifact, message: PRICAT,");
        var partners = Read();
        var place = Line("map: base/orders-edifact }");
        Assert.Equal([$"partners/nordlicht/partner.yaml:{place.Line}:{place.Column} PTN1013 {told}"], partners.Diagnostics.Select(d => d.ToString()));
        Assert.Equal(["nordlicht"], partners.Paused);
        // The agreement beside it names the same map rightly; this one has none.
        var nordlicht = partners.Find("nordlicht")!;
        Assert.Null(partners.Map(nordlicht, nordlicht.Routes[1]));
        Assert.NotNull(partners.Map(nordlicht, nordlicht.Routes[0]));
    }

    [Fact]
    public void A_map_and_a_guide_that_are_not_there_are_told_where_they_are_named()
    {
        Change("map: base/orders-edifact", "map: base/order-edifact");
        Change("guide: guides/nordlicht-orders", "guide: guides/nope");
        var (map, guide) = (Line("base/order-edifact"), Line("guides/nope"));
        Assert.Equal(
            [
                $"partners/nordlicht/partner.yaml:{map.Line}:{map.Column} PTN1014 There is no map 'base/order-edifact'. (did you mean base/orders-edifact?)",
                $"partners/nordlicht/partner.yaml:{guide.Line}:{guide.Column} PTN1014 There is no guide 'guides/nope'. (guides: guides/nordlicht-orders)",
            ],
            Read().Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void All_mistakes_come_at_once_those_of_the_file_and_those_of_what_it_names()
    {
        Change("map: base/orders-edifact", "map: base/nope");
        Change("map: base/pricat-edifact", "map: base/orders-edifact");
        Change("schedule:", "sched:");
        Assert.Equal(["PTN1002", "PTN1013", "PTN1014"], Read().Diagnostics.Select(d => d.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_an_entry_with_a_mistake_the_map_must_exist_and_what_it_takes_is_not_guessed()
    {
        Change("standard: edifact, message: ORDERS", "standard: edifakt, message: ORDERS");
        Assert.Equal(["PTN1004"], Read().Diagnostics.Select(d => d.Code));
        Change("map: base/orders-edifact", "map: base/nope");
        Assert.Equal(["PTN1004", "PTN1014"], Read().Diagnostics.Select(d => d.Code));
    }

    PartnerMaps Read() => new(PartnerBook.Load(folder, samples: true), MapFolder.Open(folder, DefinitionLibrary.Embedded));

    string PartnerFile => Path.Combine(folder, "partners", "nordlicht", "partner.yaml");

    void Change(string before, string after)
    {
        var text = File.ReadAllText(PartnerFile);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(PartnerFile, text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Where the value of a setting stands.</summary>
    (int Line, int Column) Line(string text)
    {
        var lines = File.ReadAllLines(PartnerFile);
        var line = Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        return (line + 1, lines[line].IndexOf(text, StringComparison.Ordinal) + 1 + (text.StartsWith("map: ", StringComparison.Ordinal) ? "map: ".Length : 0));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
}
