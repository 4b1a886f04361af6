using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Mapping.Tests.Guides;

/// <summary>Each kind of rule on a real file that keeps it, and on the same file with a fault.</summary>
public sealed class GuideRuleTests
{
    [Theory]
    // rule, edit, finding, CONTRL
    [InlineData("unused: [PAI]", "DTM+2:20261123:102'", "DTM+2:20261123:102'PAI+::42'", "GDE5001 Error 5 ORDERS/PAI", "UCS+5+15'")]
    [InlineData("unused: [LIN/GIR]", "MOA+203:1374.00'", "MOA+203:1374.00'GIR+1+1:AA'", "GDE5001 Error 24 ORDERS/LIN[2]/GIR", "UCS+24+15'")]
    [InlineData("unused: [CUX/DTM]", "CUX+2:EUR:9'", "CUX+2:EUR:9'DTM+134:20260101:102'", "GDE5001 Error 13 ORDERS/CUX[1]/DTM", "UCS+13+15'")]
    [InlineData("unused: [PAT]", "LIN+1+", "PAT+1'LIN+1+", "GDE5001 Error 13 ORDERS/PAT[1]", "UCS+13+15'")]
    [InlineData("use: { RFF: { required: yes } }", "RFF+CT:RV-2026-118'", "", "GDE5002 Error 6 ORDERS/RFF", "UCS+5+13'")]
    [InlineData("use: { 'NAD[SU]': { required: yes } }", "NAD+SU+4098765000027::9'", "", "GDE5002 Error 11 ORDERS/NAD[SU]", "UCS+10+13'")]
    [InlineData("use: { LIN/PRI: { required: yes } }", "PRI+AAA:11.45'", "", "GDE5002 Error 24 ORDERS/LIN[2]/PRI", "UCS+23+13'")]
    [InlineData("use: { CNT: { min: 1, max: 1 } }", "CNT+2:3'", "", "GDE5002 Error 33 ORDERS/CNT", "UCS+32+13'")]
    [InlineData("use: { LIN: { max: 3 } }", "UNS+S'", "LIN+4'LIN+5'UNS+S'", "GDE5003 Error 31 ORDERS/LIN[4]", "UCS+31+36'")]
    [InlineData("use: { LIN/QTY: { only: { '21': 1 } } }", "QTY+21:120:PCE'", "QTY+21:120:PCE'QTY+21:1:PCE'", "GDE5003 Error 23 ORDERS/LIN[2]/QTY[2]", "UCS+23+35'")]
    [InlineData("use: { LIN/QTY: { only: { '21': 1 } } }", "QTY+21:120:PCE'", "QTY+21:120:PCE'QTY+12:1:PCE'", "GDE5006 Error 23/1/1 ORDERS/LIN[2]/QTY[2]/C186.6063", "UCS+23'UCD+12+2:1'")]
    [InlineData("use: { LIN/IMD.C273.7008: { required: yes } }", "IMD+F++:::Bit-Satz 32-teilig, f\u00fcr Torx'", "IMD+F'", "GDE5004 Error 21/3/4 ORDERS/LIN[2]/IMD/C273.7008", "UCS+21'UCD+13+4:4'")]
    [InlineData("unused: [NAD.C058]", "NAD+SU+4098765000027::9'", "NAD+SU+4098765000027::9+Us'", "GDE5005 Error 10/3/1 ORDERS/NAD[2]/C058.3124", "UCS+10'UCD+16+4:1'")]
    [InlineData("use: { BGM.1225: { codes: ['9'] } }", "4500017201+9'", "4500017201+5'", "GDE5006 Error 2/3 ORDERS/BGM/1225", "UCS+2'UCD+12+4'")]
    [InlineData("use: { LIN/QTY.C186.6411: { codes: [PCE, PK, PR] } }", "QTY+21:120:PCE'", "QTY+21:120:KRT'", "GDE5006 Error 22/1/3 ORDERS/LIN[2]/QTY/C186.6411", "UCS+22'UCD+12+2:3'")]
    [InlineData("use: { 'DTM[137].C507.2379': { codes: ['102'] } }", "DTM+137:20261116:102'", "DTM+137:202611160804:203'", "GDE5006 Error 3/1/3 ORDERS/DTM/C507.2379", "UCS+3'UCD+12+2:3'")]
    [InlineData("use: { BGM.1004: { max: 10 } }", "BGM+220+4500017201", "BGM+220+45000172012", "GDE5007 Error 2/2 ORDERS/BGM/1004", "UCS+2'UCD+39+3'")]
    [InlineData("use: { LIN/PRI.C509.5118: { max: 5 } }", "PRI+AAA:11.45'", "PRI+AAA:1134.45'", "GDE5007 Error 24/1/2 ORDERS/LIN[2]/PRI[1]/C509.5118", "UCS+24'UCD+39+2:2'")]
    [InlineData("use: { BGM.1004: { min: 10 } }", "BGM+220+4500017201", "BGM+220+45", "GDE5008 Error 2/2 ORDERS/BGM/1004", "UCS+2'UCD+40+3'")]
    public void A_rule_that_does_not_hold_is_a_finding_with_its_acknowledgement(string rules, string old, string edited, string finding, string answer)
    {
        var guide = Guided.Right(rules);
        Assert.Empty(Guided.Faults(Guided.OrdersFile(), guide));
        var (findings, contrl) = Guided.Check(Guided.OrdersFile((old, edited)), guide);

        var found = Assert.Single(findings, f => Guided.Short(f) == finding);
        Assert.Contains("guide guides/test ", found.Message, StringComparison.Ordinal);
        Assert.Contains("(guides/test.yaml:4)", found.Message, StringComparison.Ordinal);
        Assert.NotNull(found.Expected);
        Assert.NotNull(found.Advice);
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4", contrl, StringComparison.Ordinal);
        Assert.Contains(answer, contrl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Error", "+4'")]
    [InlineData(", severity: error", "Error", "+4'")]
    [InlineData(", severity: warn", "Warning", "+7'")]
    [InlineData(", severity: off", null, "+7'")]
    public void Severity_decides_whether_the_message_is_rejected_told_or_let_be(string severity, string? told, string verdict)
    {
        var guide = Guided.Right($"use: {{ BGM.1225: {{ codes: ['9']{severity} }} }}");
        var (findings, contrl) = Guided.Check(Guided.OrdersFile(("4500017201+9'", "4500017201+5'")), guide);

        Assert.Equal(told is null ? [] : [$"GDE5006 {told} 2/3 ORDERS/BGM/1225"], findings.Select(Guided.Short));
        Assert.Contains(verdict == "+4'" ? "UCM+1+ORDERS:D:96A:UN:EAN008+4'" : "UCI+NL000117+4012345000016:14+4098765000027:14+7'", contrl, StringComparison.Ordinal);
        Assert.Equal(verdict == "+4'", contrl.Contains("UCM+", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_codes_beside_those_of_only_have_a_severity_of_their_own()
    {
        var guide = Guided.Right("use: { DTM: { only: { '137': 1, '2': 1 }, other: warn } }");

        Assert.Equal(["GDE5006 Warning 4/1/1 ORDERS/DTM[2]/C507.2005", "GDE5002 Error 5 ORDERS/DTM[2]"], Guided.Faults(Guided.OrdersFile(("DTM+2:", "DTM+64:")), guide));
    }

    [Theory]
    [InlineData("LIN+1++4054321001013:EN'", "LIN+1++4054321001013:SA'", true)]
    [InlineData("LIN+1++4054321001013:EN'", "LIN+1'", true)]
    [InlineData("DTM+137", "DTM+137", false)]
    public void A_condition_is_decided_for_each_instance_of_the_group_around(string old, string edited, bool fires)
    {
        var guide = Guided.Right("""
            use:
              LIN/PIA:
                when: not exists(LIN.C212[EN]) and exists(LIN/PRI[AAA])
                required: yes
            """);
        var text = Guided.OrdersFile((old, edited), ("PIA+1+HX-1001:SA+N-20431:IN'", ""), ("PIA+1+HX-1018:SA+N-20448:IN'", ""));

        Assert.Equal(fires ? ["GDE5002 Error 14 ORDERS/LIN[1]/PIA"] : [], Guided.Faults(text, guide));
        Assert.Equal(fires, Guided.Check(text, guide).Findings.Any(f => f.Message.Contains("when not exists(LIN.C212[EN]) and exists(LIN/PRI[AAA])", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_condition_held_back_is_acknowledged_in_the_order_of_the_segments()
    {
        var guide = Guided.Right("""
            use:
              DTM.C507.2379:
                when: exists(CNT)
                codes: ['203']
              LIN/QTY.C186.6411: { codes: [PK] }
            """);
        var (findings, contrl) = Guided.Check(Guided.OrdersFile(), guide);

        Assert.Equal("GDE5006 Error 16/1/3 ORDERS/LIN[1]/QTY/C186.6411", Guided.Short(findings[0]));
        Assert.Equal("GDE5006 Error 3/1/3 ORDERS/DTM/C507.2379", Guided.Short(findings[1]));
        Assert.Matches(@"UCS\+3'UCD\+12\+2:3'UCS\+4'UCD\+12\+2:3'UCS\+16'", contrl);
    }

    [Fact]
    public void A_code_that_is_not_taken_is_told_once_for_each_message()
    {
        var guide = Guided.Right("use: { LIN/QTY.C186.6411: { codes: [PK, PR] } }");

        Assert.Equal(
            ["GDE5006 Error 16/1/3 ORDERS/LIN[1]/QTY/C186.6411", "GDE5006 Error 15/1/3 ORDERS/LIN[1]/QTY/C186.6411"], Guided.Faults(Guided.OrdersFile(), guide));
    }

    [Fact]
    public void One_cause_is_one_finding_of_the_definition_or_of_the_guide()
    {
        var guide = Guided.Right("""
            use:
              BGM.1225: { codes: ['9'] }
              BGM.1004: { max: 30 }
              LIN/QTY.C186.6060: { required: yes }
              LIN/QTY: { max: 5 }
            """);
        var text = Guided.OrdersFile(("4500017201+9'", $"{new string('4', 40)}+QQ'"), ("QTY+21:120:PCE'", "QTY+21'"));

        Assert.Equal(
            ["GDE5006 Error 2/3 ORDERS/BGM/1225", "GDE5007 Error 2/2 ORDERS/BGM/1004", "ELM4002 Error 22/1/2 ORDERS/LIN[2]/QTY/C186.6060"], Guided.Faults(text, guide));
    }

    [Fact]
    public void A_segment_out_of_its_order_ends_no_group_of_the_guides()
    {
        var guide = Guided.Right("use: { LIN/PRI: { required: yes }, LIN/QTY: { required: yes }, 'NAD[DP]': { required: yes } }");

        Assert.Equal(["STR3003 Error 17 ORDERS/LIN[1]/PIA[2]"], Guided.Faults(Guided.OrdersFile(("MOA+203:2157.60'", "PIA+5+1:SA'MOA+203:2157.60'")), guide));
    }

    [Fact]
    public void A_segment_beyond_the_standard_is_taken_where_the_guide_has_it_and_told_once()
    {
        var guide = Guided.Right("extend: { LIN: { after: QTY, add: ZZZ C2 } }");
        var text = Guided.OrdersFile(("QTY+21:24:PCE'", "QTY+21:24:PCE'ZZZ+1'"), ("QTY+21:120:PCE'", "QTY+21:120:PCE'ZZZ+1'ZZZ+2'"));

        Assert.Equal(["STR3001 Error 17 ", "STR3001 Error 24 ", "STR3001 Error 25 "], Guided.Faults(text, guide: null));
        Assert.Equal(["GDE5009 Information 17 "], Guided.Faults(text, guide));
        Assert.Equal(["GDE5009 Information 17 ", "GDE5003 Error 26 "], Guided.Faults(text.Replace("ZZZ+2'", "ZZZ+2'ZZZ+3'", StringComparison.Ordinal), guide));
        Assert.Equal(["STR3001 Error 3 "], Guided.Faults(Guided.OrdersFile(("DTM+137", "ZZZ+1'DTM+137")), guide));
    }

    [Theory]
    [InlineData("unused: [CUR]", "AK3*CUR*3**2~AK5*R*5~")]
    [InlineData("use: { 'REF[IA]': { required: yes } }", "AK3*REF*5**3~AK5*R*5~")]
    [InlineData("use: { 'N1[VN]': { required: yes } }", "AK3*N1*13**3~AK5*R*5~")]
    [InlineData("use: { 'N1[ST].04': { codes: ['0018'] } }", "AK3*N1*10**8~AK4*4**7*0017~AK5*R*5~")]
    [InlineData("use: { 'PO1.ID[UP]': { max: 11 } }", "AK3*PO1*13**8~AK4*7**5*071234541010~AK3*PO1*15**8~")]
    [InlineData("use: { 'PO1.ID[MG]': { required: yes } }", "AK3*PO1*13**8~AK4*7**1~AK3*PO1*15**8~")]
    [InlineData("unused: ['PO1.ID[IN]']", "AK3*PO1*13**8~AK4*11**3*PT88101~")]
    public void In_X12_a_997_says_the_nearest_it_has(string rules, string answer)
    {
        var guide = Guided.Right(rules, "x12/004010/850");
        var text = Guided.Sample("prairie", "850-20261116.x12");

        Assert.Empty(Guided.Faults(text, guide: null));
        Assert.Contains(answer, Guided.Check(text, guide).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Checking_with_a_guide_allocates_nothing_for_its_segments()
    {
        var guide = Guided.Right("""
            unused: [LIN/GIR]
            use:
              LIN/QTY: { only: { '21': 1 } }
              LIN/PIA:
                when: not exists(LIN.C212[EN])
                required: yes
              LIN/PRI.C509.5118: { required: yes, max: 9 }
            """);
        var lines = string.Concat(Enumerable.Repeat("LIN+1++4012345000009:EN'QTY+21:5:PCE'PRI+AAA:1.5'", 5_000));
        var text = System.Text.Encoding.Latin1.GetBytes($"UNB+UNOC:3+A+B+260101:1200+1'UNH+1+ORDERS:D:96A:UN'BGM+220+1'DTM+137:20260101:102'{lines}UNS+S'UNT+15005+1'UNZ+1+1'");
        var findings = new Findings();
        using var reader = new EdiReader(new MemoryStream(text), findings);
        var (with, without) = (new MessageValidator(guide.Definition, findings, guide), new MessageValidator(guide.Definition, findings));
        long allocated = 0;
        var segments = 0;
        while (reader.Read())
            if (reader.Event == EdiEvent.MessageStart)
            {
                with.Start(reader);
                without.Start(reader);
            }
            else if (reader.Event == EdiEvent.Segment)
            {
                without.Accept(reader);
                var collections = GC.CollectionCount(0);
                var before = GC.GetAllocatedBytesForCurrentThread();
                with.Accept(reader);
                var used = GC.GetAllocatedBytesForCurrentThread() - before;
                if (++segments > 100 && GC.CollectionCount(0) == collections)
                    allocated += used;
            }

        Assert.Empty(findings.Kept);
        // A byte for each segment would be 15,000: what the runtime itself takes now and then is less.
        Assert.InRange(allocated, 0, 14_000);
        Assert.Equal(15_003, segments);
    }

    [Fact]
    public void A_guide_is_one_of_its_definition()
    {
        var guide = Guided.Right("unused: [PAI]");
        var other = DefinitionLibrary.Embedded.Find(Standard.Edifact, "ORDERS", "D.01B")!;

        Assert.Throws<ArgumentException>(() => new MessageValidator(other, new Findings(), guide));
    }
}
