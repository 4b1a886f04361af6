using DistributorHub.Edi;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Mapping.Tests.Guides;

/// <summary>A guide may only narrow what stands before it; whatever else is in it is a mistake at its place.</summary>
public sealed class GuideMistakeTests
{
    const string Subset = """
        unused: [PAI, LIN/GIR, NAD.C058]
        use:
          BGM.1004: { required: yes, max: 17 }
          BGM.1225: { codes: ['9', '5', '1'] }
          DTM: { only: { '137': 1, '63': 0..1 } }
          LIN/PIA: { min: 1, max: 5 }
          LIN/PRI: { required: yes, severity: warn }
        """;

    [Theory]
    // What the definition has.
    [InlineData("unused: [BGM]", "4:10 GDE1005 BGM is mandatory in ORDERS D.96A. (a guide cannot leave it out)")]
    [InlineData("unused: [LIN/QTY.C186.6063]", "4:10 GDE1005 LIN/QTY.C186.6063 is mandatory in ORDERS D.96A. (a guide cannot leave it out)")]
    [InlineData("use: { LIN/PIA: { max: 30 } }", "4:24 GDE1005 LIN/PIA stands at most 25 times in ORDERS D.96A; 30 would widen that. (write 25 or fewer)")]
    [InlineData("use: { BGM.1004: { max: 36 } }", "4:25 GDE1005 BGM.1004 has at most 35 characters in ORDERS D.96A; 36 would widen that. (write 35 or fewer)")]
    [InlineData("use: { RFF.C506.1153: { codes: [ON, OO1] } }", "4:32 GDE1005 The code list 1153 of D.96A has no OO1; taking it would widen it. ('hub definitions show ORDERS D.96A --codes 1153' lists it)")]
    [InlineData("use: { DTM: { only: { '137': 1, QQQ: 1 } } }", "4:21 GDE1005 The code list 2005 of D.96A has no QQQ; taking it would widen it. ('hub definitions show ORDERS D.96A --codes 2005' lists it)")]
    [InlineData("use: { BGM.1004: { required: no } }", "4:30 GDE1005 A guide cannot make optional what it narrows. (leave the line out; what the definition has as optional stays so)")]
    [InlineData("use: { LIN/PIA: { min: 4, max: 3 } }", "4:32 GDE1006 LIN/PIA cannot stand 4 times or more: the most is 3. (lower min)")]
    [InlineData("extend: { LIN: { add: PIA C3 } }", "4:23 GDE1005 PIA is a segment of ORDERS D.96A already. (only segments the message does not have can be added)")]
    // Paths.
    [InlineData("unused: [PRI]", "4:10 MAP1101 PRI does not stand in ORDERS D.96A. (it exists at LIN/PRI)")]
    [InlineData("use: { 'NAD[BY].C082.3040': { required: yes } }", "4:22 MAP1102 C082 has no component 3040. (it has: 3039, 1131, 3055)")]
    [InlineData("use: { 'NAD[BY]/CTA': { required: yes } }", "4:9 GDE1007 Only the elements of the last segment can be asked for in 'NAD[BY]/CTA'. (NAD[BY].3039, LIN/PRI[AAA])")]
    [InlineData("use: { /BGM.1004: { required: yes } }", "4:8 GDE1007 '/BGM.1004' means one reading; a rule is about every value of its kind. (write the path without /, ?, # and *)")]
    [InlineData("use: { 'LIN/PRI[!RNG]': { required: yes } }", "4:9 GDE1007 Only the elements of the last segment can be asked for in 'LIN/PRI[!RNG]'. (NAD[BY].3039, LIN/PRI[AAA])")]
    [InlineData("use: { UNS: { only: { S: 1 } } }", "4:21 GDE1007 UNS has no qualifier. (only: goes with a tag alone whose segments are told apart by a qualifier)")]
    // Shape.
    [InlineData("uses: { BGM.1004: { required: yes } }", "4:1 GDE1002 'uses' is not a setting of a guide. (did you mean use?)")]
    [InlineData("use: { LIN/PIA: { codes: [SA] } }", "4:19 GDE1002 'codes' is not a setting of a segment or group. (known here: required, min, max, only, other, when, severity)")]
    [InlineData("use: { BGM.1004: { requierd: yes } }", "4:20 GDE1002 'requierd' is not a setting of an element. (did you mean required?)")]
    [InlineData("use: { BGM.1004: { max: 0 } }", "4:25 GDE1002 'max' is a whole number from 1. (what is not used at all stands in the list 'unused')")]
    [InlineData("use: { BGM.1004: { required: yes, severity: fatal } }", "4:45 GDE1002 'severity' is error, warn or off. (error rejects the message and is acknowledged; warn is told; off is only written down)")]
    [InlineData("use: { NAD: { only: { BY: many } } }", "4:27 GDE1002 How often NAD[BY] stands is a number or a range. (write 1, 0..1 or 1..)")]
    [InlineData("use: { NAD: { other: warn } }", "4:22 GDE1002 'other' is how bad codes beside those of 'only' are. (add only: { … })")]
    [InlineData("use: { IMD: { required: yes, when: exists(CUX) or exists(PAT) } }", "4:36 GDE1008 A condition is made of exists(PATH) and not exists(PATH), joined by 'and'.")]
    [InlineData("extend: { LIN: { add: ZZZ M1 } }", "4:23 GDE1002 'ZZZ M1' is no segment with its most occurrences. (write ZZZ C5; what the standard does not have is never mandatory)")]
    [InlineData("extend: { LIN: { after: QQQ, add: ZZZ C1 } }", "4:25 MAP1101 QQQ does not stand in LIN.")]
    public void A_guide_that_does_not_fit_its_definition_says_where_and_what_would(string rules, string mistake)
    {
        var (guide, mistakes) = Guided.Load(("guides/test", Guided.Text("guides/test", Guided.Orders, rules)));

        Assert.Null(guide);
        Assert.Equal([$"guides/test.yaml:{mistake}"], mistakes);
    }

    [Theory]
    [InlineData("use: { BGM.1004: { max: 20 } }", "4:25 GDE1005 BGM.1004: guide guides/subset has at most 17 characters (guides/subset.yaml:6:3); 20 would widen that. (write 17 or fewer)")]
    [InlineData("use: { BGM.1225: { codes: ['9', '4'] } }", "4:27 GDE1005 BGM.1225 takes 9, 5, 1 in guide guides/subset (guides/subset.yaml:7:3); 4 would widen that. (leave out what is not taken there)")]
    [InlineData("use: { BGM.1225: { codes: ['9'], severity: warn } }", "4:27 GDE1005 BGM.1225 is error in guide guides/subset (guides/subset.yaml:7:3); warn would widen that. (leave the severity, or change it there)")]
    [InlineData("use: { BGM.1004: { required: yes, severity: off } }", "4:30 GDE1005 BGM.1004 is error in guide guides/subset (guides/subset.yaml:6:3); off would widen that. (leave the severity, or change it there)")]
    [InlineData("use: { DTM: { only: { '137': 0..1 } } }", "4:30 GDE1005 DTM[137]: guide guides/subset has at least 1 (guides/subset.yaml:8:18); 0 would widen that. (write 1 or more)")]
    [InlineData("use: { DTM: { only: { '63': 1 } } }", "4:21 GDE1006 DTM would leave out DTM[137], which guide guides/subset asks for (guides/subset.yaml:8:18). (remove one of the two)")]
    [InlineData("use: { LIN/PIA: { max: 6 } }", "4:24 GDE1005 LIN/PIA: guide guides/subset has at most 5 (guides/subset.yaml:9:3); 6 would widen that. (write 5 or fewer)")]
    [InlineData("use: { LIN/PIA: { min: 6 } }", "4:17 GDE1006 LIN/PIA: guide guides/subset has at most 5 (guides/subset.yaml:9:3), this at least 6. (lower min)")]
    [InlineData("unused: [LIN/PIA]", "4:10 GDE1006 LIN/PIA would leave out LIN/PIA, which guide guides/subset asks for (guides/subset.yaml:9:3). (remove one of the two)")]
    [InlineData("unused: [BGM.1004]", "4:10 GDE1006 BGM.1004 would leave out BGM.1004, which guide guides/subset asks for (guides/subset.yaml:6:3). (remove one of the two)")]
    [InlineData("use: { PAI: { required: yes } }", "4:13 GDE1006 PAI is not used, by guide guides/subset (guides/subset.yaml:4:10). (remove one of the two)")]
    [InlineData("use: { LIN/GIR.7297: { required: yes } }", "4:34 GDE1006 LIN/GIR.7297 is not used, by guide guides/subset (guides/subset.yaml:4:15). (remove one of the two)")]
    [InlineData("use: { NAD.C058.3124: { max: 5 } }", "4:30 GDE1006 NAD.C058.3124 is not used, by guide guides/subset (guides/subset.yaml:4:24). (remove one of the two)")]
    public void A_guide_that_widens_another_names_both_places(string rules, string mistake)
    {
        var (guide, mistakes) = Guided.Load(
            ("guides/subset", Guided.Text("guides/subset", Guided.Orders, Subset)),
            ("guides/test", Guided.Text("guides/test", "guides/subset", rules)));

        Assert.Null(guide);
        Assert.Equal([$"guides/test.yaml:{mistake}"], mistakes);
    }

    [Fact]
    public void All_mistakes_come_at_once_with_those_of_the_guides_extended()
    {
        var (_, mistakes) = Guided.Load(
            ("guides/subset", Guided.Text("guides/subset", Guided.Orders, "unused: [BGM, PRI]")),
            ("guides/test", Guided.Text("guides/test", "guides/subset", "unused: [UNS]\nuse: { LIN/PIA: { max: 30 } }")));

        Assert.Equal(
            ["guides/subset.yaml:4:10 GDE1005", "guides/subset.yaml:4:15 MAP1101", "guides/test.yaml:4:10 GDE1005", "guides/test.yaml:5:24 GDE1005"],
            mistakes.Select(m => string.Join(' ', m.Split(' ').Take(2))));
    }

    [Theory]
    [InlineData("guides/tset", "guides/test.yaml:3:11 GDE1003 There is no guide 'guides/tset'. (did you mean guides/test?)")]
    [InlineData("edifact/D.95B/ORDERS", "guides/test.yaml:3:11 GDE1003 There is no definition of ORDERS D.95B. (there is ORDERS of: D.96A, D.97A, D.93A, D.01B, D.07A, D.21B)")]
    [InlineData("guides/test", "guides/test.yaml:3:11 GDE1003 The guide 'guides/test' extends itself.")]
    [InlineData("edifact/D.96A/ORDERS, edifact/D.01B/ORDERS", "guides/test.yaml:3:33 GDE1004 This is ORDERS D.01B, but what stands before it is of ORDERS D.96A. (a guide is of one message of one release)")]
    public void What_is_extended_must_be_there_and_of_one_message(string extends, string mistake)
    {
        var (guide, mistakes) = Guided.Load(("guides/test", Guided.Text("guides/test", extends, "unused: [PAI]")));

        Assert.Null(guide);
        Assert.Equal([mistake], mistakes);
    }

    [Fact]
    public void A_file_that_is_no_guide_or_has_another_id_says_so()
    {
        Assert.Equal(["guides/test.yaml:1:6 GDE1001 This is not a guide. (a guide starts with 'hub: guide/1')"], Guided.Load(("guides/test", "hub: map/1\n")).Mistakes);
        Assert.Equal(
            ["guides/test.yaml:2:5 GDE1001 The guide's id is not the file's name. (write id: guides/test)"],
            Guided.Load(("guides/test", Guided.Text("guides/other", Guided.Orders, "unused: [PAI]"))).Mistakes);
        Assert.Equal(["guides/test.yaml:1:1 GDE1001 A guide needs 'extends'. (extends: [edifact/D.96A/ORDERS])"], Guided.Load(("guides/test", "hub: guide/1\nid: guides/test\n")).Mistakes);
    }

    [Fact]
    public void A_partners_guide_on_a_subset_has_the_rules_of_both_and_each_fault_once()
    {
        var (guide, mistakes) = Guided.Load(
            ("guides/subset", Guided.Text("guides/subset", Guided.Orders, Subset.Replace("'63': 0..1", "'63': 0..1, '2': 0..1", StringComparison.Ordinal))),
            ("guides/test", Guided.Text("guides/test", "edifact/D.96A/ORDERS, guides/subset", "use:\n  BGM.1225: { codes: ['9'] }\n  LIN/PIA: { max: 2 }\n  LIN/PRI: { required: yes }")));
        Assert.Empty(mistakes);
        Assert.Equal("guides/test", guide!.Id);
        Assert.Empty(Guided.Faults(Guided.OrdersFile(), guide));

        var (findings, _) = Guided.Check(Guided.OrdersFile(
            ("4500017201+9'", "450001720100000000+5'"), ("PIA+1+HX-1001:SA+N-20431:IN'", ""), ("PIA+1+HX-1018:SA+N-20448:IN'", "PIA+1+A:SA'PIA+1+B:SA'PIA+1+C:SA'"), ("PRI+AAA:11.45'", "")), guide);
        Assert.Equal(
            [
                ("GDE5007 Error 2/2 ORDERS/BGM/1004", "guides/subset.yaml:6"),
                ("GDE5006 Error 2/3 ORDERS/BGM/1225", "guides/test.yaml:5"),
                ("GDE5002 Error 14 ORDERS/LIN[1]/PIA", "guides/subset.yaml:9"),
                ("GDE5003 Error 21 ORDERS/LIN[2]/PIA[3]", "guides/test.yaml:6"),
                ("GDE5002 Error 25 ORDERS/LIN[2]/PRI", "guides/test.yaml:7"),
            ],
            findings.Where(f => f.Code.StartsWith("GDE", StringComparison.Ordinal)).OrderBy(f => f.At.Segment)
                .Select(f => (Guided.Short(f), f.Message[(f.Message.LastIndexOf('(') + 1)..^2])));
    }

    [Fact]
    public void What_the_definition_says_already_is_no_rule()
    {
        var guide = Guided.Right("use: { BGM: { required: yes, max: 1 }, BGM.1004: { max: 35 }, LIN/QTY.C186.6063: { required: yes } }");

        Assert.Empty(guide.Rules);
    }

    [Fact]
    public void A_rule_that_is_off_is_written_down_only()
    {
        var guide = Guided.Right("use: { BGM.1004: { max: 5, severity: off } }");

        Assert.Null(Assert.Single(guide.Rules).Severity);
        Assert.Equal(GuideRuleKind.Length, guide.Rules[0].Kind);
        Assert.Empty(Guided.Faults(Guided.OrdersFile(), guide));
        Assert.NotEqual(Severity.Error, guide.Rules[0].Severity);
    }
}
