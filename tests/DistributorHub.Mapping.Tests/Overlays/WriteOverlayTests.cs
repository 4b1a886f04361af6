using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Tests.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Overlays;

/// <summary>Maps over maps that write. What is expected is the base's golden test, changed by hand as the overlay says.</summary>
public sealed class WriteOverlayTests
{
    const string File = "partners/acme/answer.yaml", Id = "acme/answer";

    static Maps Over(string body, MapFunctions? functions = null) => new() { Functions = functions ?? MapFunctions.None, [File] = $"hub: map/1\nid: {Id}\nextends: base/ordrsp-edifact\n{body}" };

    static List<string> Said(Maps maps) =>
        [.. maps.CompileWrite(Id).Diagnostics.Where(d => !MapLibrary.IsAboutLock(d)).Select(d => d.ToString().Replace(File + ':', "", StringComparison.Ordinal))];

    static List<string> Written(Maps maps)
    {
        Assert.Empty(Said(maps));
        var map = maps.CompileWrite(Id).Map!;
        var document = DocumentReader.Read("01-basic.json", System.IO.File.ReadAllText(Repository.PathTo("mappings/base/ordrsp-edifact.tests/01-basic.json")), map.Document, []);
        var findings = new Findings();
        var bytes = OutboundInterchange.Write(map, [document!], new()
        {
            Options = new() { Standard = Standard.Edifact },
            Interchange = new() { Sender = new("HUB", "ZZ"), Recipient = new("PARTNER", "ZZ"), Reference = "1", Prepared = new(2026, 1, 1, 12, 0, 0) },
            Partner = new Dictionary<string, string> { ["own_gln"] = "4012345000009" },
        }, findings);
        Assert.Empty(findings.Kept);
        return [.. Regex.Split(Encoding.Latin1.GetString(bytes!), "(?<![?])'", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10))[2..^3]];
    }

    static List<string> Base() => [.. System.IO.File.ReadAllLines(Repository.PathTo("mappings/base/ordrsp-edifact.tests/01-basic.expect.edi"), Encoding.Latin1)[2..^2].Select(line => line.TrimEnd('\''))];

    [Fact]
    public void An_overlay_that_changes_nothing_writes_what_its_base_writes() => Assert.Equal(Base(), Written(Over("")));

    [Fact]
    public void Values_elements_conditions_and_segments_are_changed_added_and_dropped()
    {
        var written = Written(Over("""
            override:
              BGM.1225: '29'
              lines/QTY[113].C186.6411: 'C62'
              lines/PRI[AAA]:
                C509.5118: lines.net_price?
                C509.5375: 'CT'
            add:
              lines.where: lines.ordered_qty > 6
              lines/LIN.1222: '1'
              after NAD[SU]:
              - NAD[DP]:
                  C082.3039: buyer_gln?
                  C082.3055: '9'
              before CUX:
              - NAD[IV]:
                  C082.3039: buyer_gln?
                  C082.3055: '9'
            drop:
            - FTX[AAI]
            - PIA[5].C212[BP]
            codes:
              ordrsp_line: { extends: ordrsp_line, map: { '6': changed }, reverse: { changed: '6' } }
            """));
        var expected = Base();
        expected[0] = "BGM+231+AB-2026-0071+29";
        expected.Remove("FTX+AAI+++Delivery in two parts?: it?'s agreed");
        expected.InsertRange(expected.IndexOf("CUX+2:EUR:9"), ["NAD+DP+4012345000016::9", "NAD+IV+4012345000016::9"]);
        expected[expected.IndexOf("LIN+10+5+4012345678901:EN")] += "++1";
        expected[expected.IndexOf("LIN+20+3")] = "LIN+20+6+++1";
        expected[expected.IndexOf("QTY+113:120:PCE")] = "QTY+113:120:C62";
        expected[expected.IndexOf("QTY+113:40:KGM")] = "QTY+113:40:C62";
        expected[expected.IndexOf("PRI+AAA:12.5")] = "PRI+AAA:12.5:CT";
        expected[expected.IndexOf("PIA+5+SC-4712:SA+778-A:BP")] = "PIA+5+SC-4712:SA";
        expected.RemoveRange(expected.IndexOf("LIN+30+7+4012345678918:EN"), 3);
        Assert.Equal(expected, written);
    }

    [Theory]
    [InlineData("override:\n  FTX[AAJ]: note?\n", "5:3 MAP1602 Map base/ordrsp-edifact writes no 'FTX[AAJ]'. (did you mean FTX[AAI]?)")]
    [InlineData("override:\n  BGM.1226: '4'\n", "5:3 MAP1602 BGM of map base/ordrsp-edifact has no rule '1226'. (did you mean 1225?)")]
    [InlineData("override:\n  CNT[2].C270.6066: '4'\n", "5:3 MAP1602 CNT[2] of map base/ordrsp-edifact has one value, and no rule 'C270.6066'. (write CNT[2]: …)")]
    [InlineData("override:\n  lines: note\n", "5:3 MAP1002 'lines' is a block, and a rule is meant here. (write lines.where, or the segments in it: lines/…)")]
    [InlineData("add:\n  BGM.1225: '4'\n", "5:3 MAP1603 Map base/ordrsp-edifact has BGM.1225 already (base/ordrsp-edifact.yaml:9:11). (change it under override:, or put more behind it: after BGM)")]
    [InlineData("add:\n  lines.for: lines\n", "5:3 MAP1602 lines of map base/ordrsp-edifact takes no 'for'. (a block takes 'where')")]
    [InlineData("add:\n  after BGM: x\n", "5:14 MAP1002 'after BGM' holds a list of segments and blocks, as write: does. (- NAD[DP]: …)")]
    [InlineData("add:\n  after BMG:\n  - NAD[DP]: note\n", "5:3 MAP1602 Map base/ordrsp-edifact writes no 'BMG'. (did you mean BGM?)")]
    [InlineData("drop:\n- BGM.1225\n- BGM\n", "5:3 MAP1603 'BGM.1225' is dropped in line 6. (remove one of the two)|base/ordrsp-edifact.yaml:10:3 MAP1502 BGM is mandatory in ORDRSP D.96A, and has no rule before DTM. (add - BGM: …)")]
    [InlineData("write: []\n", "4:1 MAP1002 'write' is not a setting of a map that extends one that writes. (put segments under add: after …, and change those of the base under override:)")]
    [InlineData("override:\n  orders.contract_no: RFF[ON]?\n", "5:3 MAP1602 Map base/ordrsp-edifact writes no 'orders.contract_no'.")]
    [InlineData("stream: buffer\n", "4:1 MAP1002 'stream' is not a setting of a map that extends one that writes.")]
    [InlineData("override:\n  BGM.1004: response_nr\n", "5:13 MAP1308 order_response has no field 'response_nr'. (did you mean response_no?)")]
    [InlineData("add:\n  after UNS.0081:\n  - LIN:\n      1082: $n\n", "6:5 MAP1501 LIN cannot stand behind UNS.0081 in ORDRSP D.96A.")]
    public void What_an_overlay_cannot_say_is_told_at_its_place(string body, string expected)
    {
        var said = Said(Over(body));
        foreach (var (one, sentence) in said.Zip(expected.Split('|')))
            Assert.StartsWith(sentence, one, StringComparison.Ordinal);
        Assert.Equal(expected.Split('|').Length, said.Count);
    }

    [Fact]
    public void What_the_base_makes_final_stays()
    {
        foreach (var change in new[] { "override:\n  lines/QTY[21].C186.6060: lines.confirmed_qty\n", "add:\n  QTY[21].C186.6064: '1'\n", "drop:\n- lines\n" })
        {
            var maps = Over(change);
            maps["base/ordrsp-edifact.yaml"] = "final:\n- lines/QTY[21]\n" + maps["base/ordrsp-edifact.yaml"];
            Assert.Contains("MAP1604 lines/QTY[21] is final in map base/ordrsp-edifact (base/ordrsp-edifact.yaml:2:3).", Assert.Single(Said(maps)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_change_of_the_base_under_an_override_is_asked_about()
    {
        var maps = Over("override:\n  lines/QTY[21].C186.6060: lines.confirmed_qty\n");
        maps[MapLibrary.LockOf(Id)] = maps.Library.Lock(Id, null, out _)!;
        Assert.Empty(maps.CompileWrite(Id).Diagnostics);
        Assert.Contains("rules:\n  'QTY[21].C186.6060': 'lines.ordered_qty'\n", maps[MapLibrary.LockOf(Id)], StringComparison.Ordinal);
        maps["base/ordrsp-edifact.yaml"] = maps["base/ordrsp-edifact.yaml"].Replace("C186.6060: lines.ordered_qty", "C186.6060: lines.ordered_qty + 0", StringComparison.Ordinal);
        var changed = Assert.Single(maps.CompileWrite(Id).Diagnostics);
        Assert.Equal((File, 5, 3, "MAP1606"), (changed.File, changed.Line, changed.Column, changed.Code));
        Assert.StartsWith("The base rule of QTY[21].C186.6060 was `lines.ordered_qty`, is now `lines.ordered_qty + 0` (base/ordrsp-edifact.yaml:35:", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_are_shown_as_one_with_the_origin_of_every_line()
    {
        var diagnostics = new List<Diagnostic>();
        var lines = Over("override:\n  BGM.1225: '29'\n").Library.Resolve(Id, diagnostics)!;
        Assert.All(diagnostics, d => Assert.True(MapLibrary.IsAboutLock(d)));
        Assert.Contains(lines, line => line.StartsWith("    1225: '29'", StringComparison.Ordinal) && line.EndsWith($"# {File}:5", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("- DTM[137]: issued_at", StringComparison.Ordinal) && line.EndsWith("# base/ordrsp-edifact.yaml:10", StringComparison.Ordinal));
        // What is shown compiles by itself.
        var maps = new Maps { [File] = string.Join('\n', lines) };
        Assert.Equal(Written(Over("override:\n  BGM.1225: '29'\n")), Written(maps));
    }

    [Fact]
    public void Another_partner_cannot_use_a_partners_map()
    {
        var maps = Over("partner: acme\n");
        Assert.Contains(maps.CompileWrite(Id, "nordlicht").Diagnostics, d => d.Code == "MAP1605");
        Assert.NotNull(maps.CompileWrite(Id, "acme").Map);
    }

    [Fact]
    public void Functions_of_the_installation_are_known_to_maps_that_write()
    {
        const string Body = "override:\n  BGM.1004: test_shout(response_no)\n";
        Assert.Equal("BGM+231+AB-2026-0071!+4", Written(Over(Body, MapFunctions.Of([typeof(WriteOverlayTests).Assembly], [])))[0]);
        Assert.Single(Over(Body).CompileWrite(Id).Diagnostics, d => d.Code == "MAP1106");
    }

    /// <summary>A function as an installation has it.</summary>
    [MapFunction("test_shout")]
    public static string Shout(string text) => text + "!";
}
