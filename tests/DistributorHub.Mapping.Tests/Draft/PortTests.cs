using DistributorHub.Mapping.Draft;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Draft;

/// <summary>What of a map another release asks to be changed.</summary>
public sealed class PortTests
{
    static List<string> Port(string release, params (string Old, string New)[] edits)
    {
        var text = File.ReadAllText(Repository.PathTo("mappings", "base", "orders-edifact.yaml"));
        foreach (var (old, to) in edits)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, to, StringComparison.Ordinal);
        }
        var mistakes = new List<Diagnostic>();
        var changes = MapPort.Compare(Drafting.Library(("base/orders-edifact.yaml", text)), "base/orders-edifact", release, null, mistakes);
        Assert.Empty(mistakes);
        return [.. changes!.Select(change => change.ToString())];
    }

    [Fact]
    public void Paths_and_types_that_do_not_resolve_are_told_with_the_nearest_that_does()
    {
        var changes = Port("D.01B");
        Assert.Equal(
        [
            "base/orders-edifact.yaml:9:23 MAP1102 BGM has no element 1004. (it exists at BGM.C106.1004)",
            "base/orders-edifact.yaml:36:31 MAP1203 This is a whole number, and LIN.1082 is a text. (use int(…) on one side)",
            "base/orders-edifact.yaml:42:19 MAP1202 order_lines.qty holds a decimal number, and this is a text. (use dec(…))",
        ], changes.Where(change => !change.Contains("warning", StringComparison.Ordinal)));
        Assert.Contains("base/orders-edifact.yaml:30:15 MAP1702 warning: NAD.3251 is text of at most 17 in ORDERS D.01B, and text of at most 9 in D.96A. (see whether its column still fits)", changes);
    }

    [Fact]
    public void Codes_that_the_release_does_not_have_are_told_where_the_map_asks_for_them()
    {
        var changes = Port("D.21B", ("RFF[CT]?", "RFF[ACM]?"), ("in ('BY', 'DP', 'IV', 'SU')", "in ('BY', 'PL', 'ZZQ')"), ("MOA[86]?", "MOA[38]?"));
        Assert.Equal(
        [
            "base/orders-edifact.yaml:14:19 MAP1701 ORDERS D.21B has no code ACM (Unique REINAC reference number of the sender) in RFF 1153.",
            "base/orders-edifact.yaml:17:19 MAP1701 ORDERS D.21B has no code 38 (Invoice item amount) in MOA 5025.",
            "base/orders-edifact.yaml:23:10 MAP1701 ORDERS D.21B has no code PL (Payor) in NAD 3035.",
        ], changes.Where(change => change.Contains("MAP1701", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_release_that_changes_nothing_says_nothing() => Assert.Empty(Port("D.96A"));

    [Theory]
    [InlineData("from: { standard: EDIFACT, message: ORDERS, release: D.96A } # x", "from: { standard: EDIFACT, message: ORDERS, release: 'D.01B' } # x")]
    [InlineData("from: { standard: X12, message: '850', release: '004010' }", "from: { standard: X12, message: '850', release: 'D.01B' }")]
    [InlineData("from: { message: ORDERS, release: [D.96A, 'D.93A'], standard: EDIFACT }", "from: { message: ORDERS, release: ['D.01B'], standard: EDIFACT }")]
    [InlineData("from:\n  release:\n  - D.96A\n  - D.93A\n  message: ORDERS", "from:\n  release:\n  - 'D.01B'\n\n  message: ORDERS")]
    public void The_map_stays_where_it_is_line_by_line(string text, string expected) => Assert.Equal(expected, MapPort.WithRelease(text, "D.01B"));
}
