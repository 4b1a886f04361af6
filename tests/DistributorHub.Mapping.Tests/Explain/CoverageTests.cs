using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Tests.Run;

namespace DistributorHub.Mapping.Tests.Explain;

/// <summary>What of a message no rule reads, and what of a map no message uses.</summary>
public sealed class CoverageTests
{
    static CoverageReport Cover(CompiledMap map, params string[] messages)
    {
        var coverage = new MapCoverage(map);
        MappedFile.Map(map, Encoding.Latin1.GetBytes(Samples.Edifact("ORDERS", messages)), () => coverage);
        return coverage.Report();
    }

    static CoverageReport Cover(string rows, string message, string extra = "") => Cover(SmallMap.Compile(rows, extra), message);

    static List<string> Unread(CoverageReport report) => [.. report.Unread.Select(u => $"{u.Path} x{u.Count}: {string.Join(" | ", u.Samples)}")];

    const string Rows = "- table: doc\n  set:\n    no: BGM.1004\n    d: DTM[137]\n    t: NAD[BY].C082.3039\n";
    const string Lines = "- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n    t: PIA.C212[SA]?\n";

    [Fact]
    public void Segments_and_values_that_no_rule_reads_are_counted_with_samples() => Assert.Equal(
        [
            "BGM[220].C002.1001 x1: 220",
            "BGM[220].1225 x1: 9",
            "NAD[BY].C082.3055 x1: 9",
            "NAD[SU] x1: NAD+SU+2::9",
            "LIN.1082 x2: 1 | 2",
            "LIN/PIA[1].4347 x1: 1",
            "LIN/PIA[1].C212[IN].7140 x1: B",
            "LIN/PIA[1].C212[IN].7143 x1: IN",
            "LIN/QTY[21].C186.6411 x1: PCE",
            "LIN/QTY[12] x1: QTY+12:4",
            "LIN/MOA[203] x2: MOA+203:10 | MOA+203:20",
        ],
        Unread(Cover(Rows + Lines, SmallMap.Head + "NAD+SU+2::9'LIN+1'PIA+1+A:SA+B:IN'QTY+21:5:PCE'QTY+12:4'MOA+203:10'LIN+2'QTY+21:5'MOA+203:20'" + SmallMap.Tail)));

    [Fact]
    public void What_is_asked_of_a_group_decides_for_the_segments_in_it()
    {
        var report = Cover("- table: doc\n  set:\n    no: BGM.1004\n    t: NAD[BY]/RFF[VA]?\n" + "- table: line\n  for: NAD[SU]\n  set:\n    no: $n\n    t: CTA.3139?\n",
            "BGM+220+A1'DTM+137:20260301:102'NAD+BY+1'RFF+VA:1'CTA+OC'NAD+SU+2'RFF+VA:2'CTA+OC'");
        Assert.Equal(
            ["BGM[220].C002.1001 x1: 220", "DTM[137] x1: DTM+137:20260301:102", "NAD[BY].C082.3039 x1: 1", "NAD[SU].C082.3039 x1: 2", "NAD/RFF[VA] x1: RFF+VA:2", "NAD/CTA[OC] x1: CTA+OC"],
            Unread(report));
    }

    [Fact]
    public void What_a_map_ignores_is_left_out()
    {
        const string ignore = "ignore:\n- BGM.C002.1001\n- BGM.1225\n- NAD[BY].C082.3055\n- NAD[SU]\n- LIN/MOA[203]\n- LIN.1082\n";
        var message = SmallMap.Head + "NAD+SU+2::9'CTA+OC'COM+1:TE'LIN+1'QTY+21:5'MOA+203:10'MOA+66:11'" + SmallMap.Tail;
        Assert.Equal(["LIN/MOA[66] x1: MOA+66:11"], Unread(Cover(Rows + Lines, message, ignore)));
        // Without the notes the group of the supplier is there with all that is in it.
        Assert.Contains(Unread(Cover(Rows + Lines, message)), unread => unread.EndsWith(" x1: COM+1:TE", StringComparison.Ordinal));
    }

    [Fact]
    public void Pairs_levels_and_formats_are_read_with_their_values()
    {
        var map = MappedFile.Compile("base/orders-x12");
        var coverage = new MapCoverage(map);
        MappedFile.Map(map, Encoding.Latin1.GetBytes(Samples.X12("850", "PO", Samples.X850)), () => coverage);
        var unread = Unread(coverage.Report());
        Assert.Contains("PO105 x1: CA", unread);
        Assert.DoesNotContain(unread, u => u.StartsWith("PO1.ID[VN]", StringComparison.Ordinal) || u.StartsWith("DTM[002]", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_without_a_value_and_blocks_without_a_row_never_fired()
    {
        var report = Cover(Rows + "    t2: RFF[CT]?\n" + Lines, SmallMap.Head + SmallMap.Tail);
        Assert.Equal(["doc.t2 base/test.yaml:11:9 RFF[CT]? 1", "line base/test.yaml:12:3  0"], report.Unfired.Select(r => $"{r.Name} {r.Place} {r.Text} {r.Rows}"));
        var full = Cover(Rows + "    t2: RFF[CT]?\n" + Lines, "BGM+220+A1+9'DTM+137:20260301:102'RFF+CT:1'NAD+BY+1::9'LIN+1'PIA+1+A:SA'QTY+21:5'" + SmallMap.Tail);
        Assert.Empty(full.Unfired);
    }

    [Fact]
    public void A_rule_fires_in_any_of_the_messages()
    {
        var map = SmallMap.Compile(Rows + "    t2: RFF[CT]?\n");
        const string with = "BGM+220+A1+9'DTM+137:20260301:102'RFF+CT:1'NAD+BY+1::9'" + SmallMap.Tail;
        var report = Cover(map, with, SmallMap.Head + SmallMap.Tail);
        Assert.Equal(2, report.Messages);
        Assert.Empty(report.Unfired);
        Assert.Empty(report.AlwaysThere);
        Assert.Equal(["doc.t2 RFF[CT]? base/test.yaml:11:9 2"], Cover(map, with, with).AlwaysThere.Select(o => $"{o.Name} {o.Path} {o.Place} {o.Count}"));
    }

    [Fact]
    public void Codes_of_the_lists_that_no_message_held_are_named()
    {
        const string map = "hub: map/1\nid: base/test\nfrom: { standard: EDIFACT, message: ORDERS, release: D.96A }\nto: shop\nrows:\n- table: orders\n  set:\n    partner_id: 'p'\n    order_no: BGM.1004\n"
            + "    ordered_on: DTM[137]\n    currency: 'EUR'\n    function: code(BGM.1225, fn, 'none')\n    line_count: 1\n";
        var compiled = MappedFile.Compile("base/test", null, ("base/test.yaml", map), ("codes/fn.yaml", "hub: codes/1\nid: fn\nmap: { '9': original, '4': change, '1': delete }\n"));
        var list = Assert.Single(Cover(compiled, SmallMap.Head + SmallMap.Tail).Codes);
        Assert.Equal(("fn", 3), (list.List, list.Of));
        Assert.Equal(["1", "4"], list.Codes);
    }

    [Theory]
    [InlineData("- PGI[11]", "MAP1101", "PGI does not stand in ORDERS D.96A.")]
    [InlineData("- NAD[BY].9999", "MAP1102", "NAD has no element 9999.")]
    [InlineData("- RFF[CT]?", null, "'RFF[CT]?' is not read, so it need not be optional.")]
    [InlineData("- 'RFF'", null, "'ignore' holds paths without quotes.")]
    [InlineData("- 1 + 2", null, "Only a path can stand here.")]
    public void Ignored_paths_are_checked_when_the_map_is(string path, string? code, string message)
    {
        var text = $"hub: map/1\nid: base/test\nfrom: {{ standard: EDIFACT, message: ORDERS, release: D.96A }}\nto: test\nignore:\n{path}\nrows:\n- table: doc\n  set:\n    no: BGM.1004\n";
        var files = new Dictionary<string, string>
        {
            ["base/test.yaml"] = text,
            ["targets/test.target.yaml"] = "hub: target/1\nid: test\ntables:\n  doc:\n    is: test.doc\n    key: [no]\n    policy: update\n    columns: { no: text(10) not null }\n",
        };
        var diagnostics = new List<Diagnostic>();
        Assert.Null(new MapLibrary([.. files.Keys], files.GetValueOrDefault, DefinitionLibrary.Embedded).Compile("base/test", null, diagnostics));
        var mistake = Assert.Single(diagnostics);
        Assert.Equal((6, message), (mistake.Line, mistake.Message));
        if (code is not null)
            Assert.Equal(code, mistake.Code);
    }

    [Fact]
    public void Ignoring_changes_nothing_of_the_rows()
    {
        var message = Samples.Edifact("ORDERS", SmallMap.Head + SmallMap.Tail);
        Assert.Equal(MappedFile.Map(SmallMap.Compile(Rows), message).Rows("doc"), MappedFile.Map(SmallMap.Compile(Rows, "ignore: [NAD, DTM]\n"), message).Rows("doc"));
    }
}
