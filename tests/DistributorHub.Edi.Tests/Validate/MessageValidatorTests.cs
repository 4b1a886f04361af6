using System.Text;
using CsCheck;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class MessageValidatorTests
{
    const string Unb = "UNA:+.? 'UNB+UNOC:3+4000001000005:14+4000002000004:14+260101:1200+1'";

    static string Orders(params string[] segments) =>
        $"{Unb}UNH+1+ORDERS:D:96A:UN:EAN008'{string.Concat(segments.Select(s => s + "'"))}UNT+{segments.Length + 2}+1'UNZ+1+1'";

    static string Set(string type, params string[] segments) =>
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*SHOP           *260101*1200*U*00401*000000001*0*P*:~" +
        $"GS*PO*ACME*SHOP*20260101*1200*1*X*004010~ST*{type}*0001~{string.Concat(segments.Select(s => s + "~"))}SE*{segments.Length + 2}*0001~GE*1*1~IEA*1*000000001~";

    [Theory]
    [InlineData("TA1*000000001*260401*0815*A*000~")]
    [InlineData("TA1*000000001*260401*0815*A~", "ELM4001 TA1 0/5")]
    [InlineData("TA1*1*260431*0815*A*000~", "ELM4004 TA1 0/1", "ELM4007 TA1 0/2")]
    [InlineData("TA1*000000001*260401*0815*Q*032~", "ELM4015 TA1 0/4", "ELM4015 TA1 0/5")]
    public void TA1_is_checked_though_it_stands_in_no_set(string ta1, params string[] faults)
    {
        const string isa = "ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260101*1200*U*00401*000000905*0*T*>~";
        var reading = new Reading($"{isa}{ta1}IEA*0*000000905~");
        Assert.Equal(faults, reading.Faults());
        Assert.All(reading.Findings.Kept, f => Assert.StartsWith("ISA/TA1/0", f.Path!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sound_order_has_no_findings()
    {
        var reading = new Reading(Orders(
            "BGM+220+PO1+9", "DTM+137:20260101:102", "NAD+BY+4000001000005::9", "CUX+2:EUR:9", "LIN+1++4012345000009:EN", "QTY+21:5:PCE", "PRI+AAA:1.50",
            "UNS+S", "MOA+86:7.5", "CNT+2:1"));

        Assert.Empty(reading.Findings.Kept);
        Assert.Equal(
            "ORDERS/BGM ORDERS/DTM ORDERS/NAD ORDERS/CUX ORDERS/LIN ORDERS/LIN/QTY ORDERS/LIN/PRI ORDERS/UNS ORDERS/MOA ORDERS/CNT",
            string.Join(' ', reading.Places));
    }

    [Theory]
    [InlineData("STR3012 UNS 6", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21:5", "CNT+2:1")]
    [InlineData("STR3012 UNS 7", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "MOA+203:5", "PRI+AAA:1")]
    [InlineData("STR3004 UNS 7", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21:5", "MOA+86:5", "CNT+2:1")]
    [InlineData("STR3004 UNS 7", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21:5", "MOA+86:5")]
    [InlineData("STR3004 UNS 8", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "ALC+A", "MOA+8:5", "MOA+86:5", "CNT+2:1")]
    [InlineData("STR3004 BGM 2", "DTM+137:20260101:102", "LIN+1", "UNS+S")]
    [InlineData("STR3012 UNS 5", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1")]
    [InlineData("STR3001 ZZZ 4", "BGM+220+PO1", "DTM+137:20260101:102", "ZZZ+1", "LIN+1", "UNS+S")]
    [InlineData("STR3002 PGI 4", "BGM+220+PO1", "DTM+137:20260101:102", "PGI+11", "LIN+1", "UNS+S")]
    [InlineData("STR3003 LOC 6", "BGM+220+PO1", "DTM+137:20260101:102", "NAD+BY", "RFF+VA:1", "LOC+7+X", "CTA+IC", "LIN+1", "UNS+S")]
    [InlineData("STR3006 BGM 3", "BGM+220+PO1", "BGM+220+PO2", "DTM+137:20260101:102", "LIN+1", "UNS+S")]
    [InlineData("STR3008 COM 4", "BGM+220+PO1", "DTM+137:20260101:102", "COM+1:TE", "LIN+1", "UNS+S")]
    [InlineData("ELM4005 QTY 5/1/2", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21:five", "UNS+S")]
    [InlineData("ELM4007 DTM 3/1/2", "BGM+220+PO1", "DTM+137:20260231:102", "LIN+1", "UNS+S")]
    [InlineData("ELM4002 QTY 5/1/2", "BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21", "UNS+S")]
    [InlineData("ELM4003 BGM 2/2", "BGM+220+123456789012345678901234567890123456", "DTM+137:20260101:102", "LIN+1", "UNS+S")]
    public void One_mistake_in_an_order_is_one_finding(string finding, params string[] segments) =>
        Assert.Equal([finding], new Reading(Orders(segments)).Faults());

    [Theory]
    [InlineData("STR3003 N3 5", "BEG*00*SA*1**20260101", "N1*ST*A", "N4*BERLIN", "N3*C", "PO1*1*1*EA", "CTT*1")]
    [InlineData("STR3005 PO1 3", "BEG*00*SA*1**20260101", "CTT*1")]
    [InlineData("STR3008 LE 4", "BEG*00*SA*1**20260101", "PO1*1*1*EA", "LE*1", "CTT*1")]
    [InlineData("STR3004 LE 6", "BEG*00*SA*1**20260101", "PO1*1*1*EA", "LS*1", "LDT*AF*1*DA", "CTT*1")]
    [InlineData("ELM4001 BEG 2/5", "BEG*00*SA*1", "PO1*1*1*EA", "CTT*1")]
    [InlineData("ELM4004 PO1 3/3", "BEG*00*SA*1**20260101", "PO1*1*1*E", "CTT*1")]
    public void One_mistake_in_a_purchase_order_is_one_finding(string finding, params string[] segments) =>
        Assert.Equal([finding], new Reading(Set("850", segments)).Faults());

    [Theory]
    [InlineData("", "HL*1**S", "HL*2*1*O", "HL*3*2*I", "HL*4*1*O")]
    [InlineData("STR3010 HL 4", "HL*1**S", "HL*2*7*O")]
    [InlineData("STR3010 HL 6", "HL*1**S", "HL*2*1*O", "HL*3*1*O", "HL*4*2*I")]
    [InlineData("STR3011 HL 4", "HL*1**S", "HL*1*1*O")]
    public void Levels_name_a_parent_that_is_open(string finding, params string[] levels) =>
        Assert.Equal(finding.Length == 0 ? [] : [finding], new Reading(Set("856", ["BSN*00*S1*20260101*1200", .. levels])).Faults());

    [Fact]
    public void A_price_list_without_product_groups_is_read_with_one_warning()
    {
        var reading = new Reading(
            $"{Unb}UNH+1+PRICAT:D:96A:UN'BGM+9+1'DTM+137:20260101:102'LIN+1++4012345000009:EN'PRI+AAA:1'LIN+2++4012345000016:EN'PRI+AAA:2'UNT+8+1'UNZ+1+1'");

        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.GroupImplied, Severity.Warning, 4), (finding.Code, finding.Severity, finding.At.Segment));
        Assert.Equal("PRICAT/PGI/LIN PRICAT/PGI/LIN/PRI", string.Join(' ', reading.Places.TakeLast(2)));
    }

    [Fact]
    public void A_finding_tells_place_path_found_expected_and_what_to_do()
    {
        var text = Orders("BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "QTY+21:5", "LIN+2", "QTY+21:1O:PCE", "UNS+S");
        var finding = Assert.Single(new Reading(text).Findings.Kept);

        Assert.Equal(new Position(text.IndexOf("1O", StringComparison.Ordinal), 1, 0, 1, 7, 1, 2, 1), finding.At);
        Assert.Equal(("QTY", "ORDERS/LIN[2]/QTY/C186.6060", "1O"), (finding.Tag, finding.Path, finding.Found));
        Assert.Equal(("ELM4005", "37"), (finding.Code, finding.Acknowledgement));
        Assert.Equal("QTY element 1 component 2 (6060) is not a number.", finding.Message);
        Assert.NotNull(finding.Expected);
        Assert.NotNull(finding.Advice);
    }

    [Fact]
    public void One_of_several_composites_and_an_x12_position_are_named_in_paths()
    {
        var edifact = new Reading(Orders("BGM+220+PO1", "DTM+137:20260101:102", "LIN+1", "PIA+1+A:SA+B:IN+C:TOOLONG", "UNS+S"));
        var x12 = new Reading(Set("850", "BEG*00*SA*1**20260101", "PO1*1*x*EA", "CTT*1"));

        Assert.Equal("ORDERS/LIN[1]/PIA/C212#3.7143", Assert.Single(edifact.Findings.Kept).Path);
        Assert.Equal(("850/PO1[1]/02", "AK403:6"), (Assert.Single(x12.Findings.Kept).Path, Assert.Single(x12.Findings.Kept).Acknowledgement));
    }

    [Fact]
    public void A_message_of_an_unknown_type_is_a_finding_and_the_next_is_read()
    {
        var reading = new Reading(
            $"{Unb}UNH+1+XXXXXX:D:96A:UN'BGM+9+1'UNT+3+1'UNH+2+ORDERS:D:96A:UN'BGM+220+1'DTM+137:20260101:102'UNS+S'UNT+5+2'UNZ+2+1'");

        var finding = Assert.Single(reading.Findings.Kept);
        Assert.Equal((Codes.MessageUnsupported, "XXXXXX D.96A", 1), (finding.Code, finding.Found, finding.At.Message));
        Assert.Equal(["ORDERS/BGM", "ORDERS/DTM", "ORDERS/UNS"], reading.Places);
        Assert.Equal("The hub has no definition of XXXXXX, in no release.", finding.Message);
    }

    [Theory]
    [InlineData("ORDERS:D:95B", "the nearest are D.96A, D.97A, D.93A.", "14")]
    [InlineData("OSTENQ:D:96A", "the nearest are D.97A, D.01B, D.07A.", "14")]
    public void A_release_that_is_not_there_is_told_with_the_nearest_that_are(string type, string part, string acknowledgement)
    {
        var finding = Assert.Single(new Reading($"{Unb}UNH+1+{type}:UN'BGM+220+1'UNT+3+1'UNZ+1+1'").Findings.Kept);

        Assert.Equal((Codes.MessageUnsupported, acknowledgement), (finding.Code, finding.Acknowledgement));
        Assert.EndsWith(part, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_code_is_a_warning_and_told_once_for_all_lines()
    {
        var reading = new Reading(Orders("BGM+220+1", "DTM+137:20260101:102", "LIN+1", "QTY+999:5", "LIN+2", "QTY+999:5", "QTY+998:5", "UNS+S"));

        Assert.Equal(["ELM4015 QTY 5/1/1", "ELM4015 QTY 8/1/1"], reading.Faults());
        var finding = reading.Findings.Kept[0];
        Assert.Equal((Severity.Warning, "12", "999", "ORDERS/LIN[1]/QTY/C186.6063"), (finding.Severity, finding.Acknowledgement, finding.Found, finding.Path));
        Assert.Equal("QTY element 1 component 1 (6063) is '999', which is not in its code list.", finding.Message);
    }

    [Fact]
    public void A_condition_of_x12_is_told_as_the_standard_writes_it()
    {
        var reading = new Reading(Set("850", "BEG*00*SA*1**20260101", "REF*ZZ", "PO1*1**EA*5", "TD3*TL*********AM04", "CTT*1"));

        Assert.Equal(
            [("ELM4016", "AK403:2", "850/REF/02"), ("ELM4016", "AK403:2", "850/PO1[1]/02"), ("ELM4017", "AK403:10", "850/PO1[1]/TD3/10")],
            reading.Findings.Kept.Select(f => (f.Code, f.Acknowledgement!, f.Path!)));
        Assert.Equal("REF element 2 (127) is empty, though one of elements 2, 3 has to be there (R0203).", reading.Findings.Kept[0].Message);
        Assert.Equal("PO1 element 2 (330) is empty, though element 3 asks for 2 (C0302).", reading.Findings.Kept[1].Message);
        Assert.All(reading.Findings.Kept, f => Assert.Equal(Severity.Warning, f.Severity));
    }

    [Fact]
    public void Broken_bytes_are_findings_and_never_exceptions()
    {
        string[] sound =
        [
            Orders("BGM+220+PO1", "DTM+137:20260101:102", "NAD+BY+1::9", "LIN+1++4:EN", "PIA+1+A:SA+B:IN", "QTY+21:5", "UNS+S", "CNT+2:1"),
            Set("850", "BEG*00*SA*1**20260101", "N1*ST*A", "PO1*1*1.5*EA*2*PE*VN*X", "SAC*C*D240***100", "DTM*002*20260101*1200", "CTT*1"),
            Set("856", "BSN*00*S1*20260101*1200", "HL*1**S", "HL*2*1*O", "HL*3*2*I"),
        ];
        var findings = 0L;
        Damage.ToOneOf(sound, most: 5).Sample(
            file =>
            {
                var reading = new Reading(new MemoryStream(file));
                Interlocked.Add(ref findings, reading.Findings.Count);
                foreach (var acknowledgement in reading.Acknowledgements)
                    Assert.NotEmpty(acknowledgement.Write("42", DateTimeOffset.UnixEpoch));
            },
            iter: 6_000,
            print: Encoding.Latin1.GetString);
        Assert.InRange(findings, 6_000, long.MaxValue);
    }

    [Fact]
    public void A_long_message_is_checked_without_allocating_for_its_segments()
    {
        var lines = string.Concat(Enumerable.Repeat("LIN+1++4012345000009:EN'QTY+21:5:PCE'PRI+AAA:1.5'", 20_000));
        var text = Encoding.Latin1.GetBytes($"{Unb}UNH+1+ORDERS:D:96A:UN'BGM+220+1'DTM+137:20260101:102'{lines}UNS+S'UNT+60005+1'UNZ+1+1'");
        var definition = DefinitionLibrary.Embedded.Find(Standard.Edifact, "ORDERS", "D.96A")!;
        var findings = new Findings();
        var validator = new MessageValidator(definition, findings);
        using var reader = new EdiReader(new MemoryStream(text), findings);
        long allocated = 0;
        var segments = 0;
        while (reader.Read())
            if (reader.Event == EdiEvent.MessageStart)
                validator.Start(reader);
            else if (reader.Event == EdiEvent.Segment)
            {
                var collections = GC.CollectionCount(0);
                var before = GC.GetAllocatedBytesForCurrentThread();
                validator.Accept(reader);
                var used = GC.GetAllocatedBytesForCurrentThread() - before;
                // A collection that other tests cause takes the rest of this thread's buffer away, and that is counted as allocated.
                if (++segments > 100 && GC.CollectionCount(0) == collections)
                    allocated += used;
            }
            else if (reader.Event == EdiEvent.MessageEnd)
                validator.End(reader);

        Assert.Equal(60_003, segments);
        // The runtime itself takes some bytes now and then, when it makes better code of what runs often: less than one for a segment.
        Assert.InRange(allocated, 0, segments);
        Assert.Empty(findings.Kept);
    }
}
