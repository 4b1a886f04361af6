using System.Text;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Validate;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <summary>Which answers an interchange gets, and what stands in TA1, 999, APERAK and 824.</summary>
public sealed partial class AnswerTests
{
    static readonly AcknowledgementOptions Quiet = new() { Technical = Answering.Never };
    const string GoodOrder = AcknowledgementTests.GoodOrder;
    const string BadOrder = "BGM+220+1'LIN+1'UNS+S'";
    const string GoodPurchase = AcknowledgementTests.GoodPurchase;
    const string BadPurchase = "BEG*00*SA*1~PO1*1*5*EA~CTT*1~";

    static string X12(string ask, string version, params string[] bodies)
    {
        var text = new StringBuilder($"ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260101*1200*{(version[..6] == "004010" ? 'U' : '^')}*{(version[..6] == "004010" ? "00401" : "00501")}*000000905*{ask}*T*>~")
            .Append($"GS*PO*ACMEGS*SHOPGS*20260101*1200*12*X*{version}~");
        for (var i = 1; i <= bodies.Length; i++)
            text.Append($"ST*850*000{i}~{bodies[i - 1]}SE*{bodies[i - 1].Count(c => c == '~') + 2}*000{i}~");
        return text.Append($"GE*{bodies.Length}*12~IEA*1*000000905~").ToString();
    }

    static string Edifact(string ask, params string[] bodies)
    {
        var text = new StringBuilder($"UNB+UNOC:3+4000001000005:14+4000002000004:14+260101:1200+REF77++++{ask}'");
        for (var i = 1; i <= bodies.Length; i++)
            text.Append($"UNH+{i}+ORDERS:D:96A:UN:EAN008'{bodies[i - 1]}UNT+{bodies[i - 1].Count(c => c == '\'') + 2}+{i}'");
        return text.Append($"UNZ+{bodies.Length}+REF77'").ToString();
    }

    static string[] Types(string file, AcknowledgementOptions options) => [.. new Reading(file, options).Acknowledgements.Select(a => a.Type)];

    static string Only(string file, AcknowledgementOptions options) => AcknowledgementTests.Written(Assert.Single(new Reading(file, options).Acknowledgements));

    static string Technical(string file)
    {
        var options = new AcknowledgementOptions { Technical = Answering.Always, Functional = Answering.Never };
        return Only(file, options).Split('\n').Single(line => line.StartsWith("TA1", StringComparison.Ordinal));
    }

    // ---- who is answered, and when

    [Theory]
    [InlineData("0", Answering.Never, false, "")]
    [InlineData("1", Answering.Never, false, "")]
    [InlineData("0", Answering.Requested, true, "")]
    [InlineData("1", Answering.Requested, false, "TA1")]
    [InlineData("0", Answering.Errors, false, "")]
    [InlineData("0", Answering.Errors, true, "TA1")]
    [InlineData("1", Answering.Errors, false, "TA1")]
    [InlineData("0", Answering.Always, false, "TA1")]
    public void TA1_is_sent_by_policy_and_on_request(string isa14, Answering technical, bool broken, string expected)
    {
        var file = X12(isa14, "004010", GoodPurchase);
        file = broken ? file.Replace("IEA*1", "IEA*2", StringComparison.Ordinal) : file;

        Assert.Equal(expected, string.Concat(Types(file, new() { Technical = technical, Functional = Answering.Never })));
    }

    [Theory]
    [InlineData("", Answering.Never, true, "")]
    [InlineData("1", Answering.Never, true, "")]
    [InlineData("", Answering.Requested, true, "")]
    [InlineData("1", Answering.Requested, false, "CONTRL")]
    [InlineData("", Answering.Errors, false, "")]
    [InlineData("1", Answering.Errors, false, "CONTRL")]
    [InlineData("", Answering.Errors, true, "CONTRL")]
    [InlineData("", Answering.Always, false, "CONTRL")]
    public void CONTRL_is_sent_by_policy_and_on_request(string unb0031, Answering functional, bool broken, string expected) =>
        Assert.Equal(expected, string.Concat(Types(Edifact(unb0031, broken ? BadOrder : GoodOrder), Quiet with { Functional = functional })));

    [Fact]
    public void ISA14_asks_for_TA1_only()
    {
        var file = X12("1", "004010", GoodPurchase);

        Assert.Equal(["TA1"], Types(file, new() { Functional = Answering.Requested }));
        Assert.Equal(["TA1", "997"], Types(file, new()));
        Assert.Equal(["997"], Types(X12("0", "004010", BadPurchase), new() { Functional = Answering.Errors }));
    }

    [Theory]
    [InlineData("ST*997*0001~AK1*PO*1~AK9*A*1*1*1~SE*4*0001~", "FA")]
    [InlineData("ST*999*0001~AK1*PO*1~AK9*A*1*1*1~SE*4*0001~", "FA")]
    [InlineData("ST*824*0001~BGN*00*1*20260101~OTI*TR*TN*1~SE*4*0001~", "AG")]
    public void An_acknowledgement_is_never_acknowledged_even_when_it_asks(string set, string code)
    {
        var always = new AcknowledgementOptions { Technical = Answering.Always, Functional = Answering.Always, Business = true };
        var interchange = X12("1", "005010", GoodPurchase);
        var head = interchange[..interchange.IndexOf("GS*", StringComparison.Ordinal)];

        Assert.Empty(new Reading($"{head}GS*{code}*A2*B2*20260101*1200*12*X*005010~{set}GE*1*12~IEA*1*000000905~", always).Acknowledgements);
        Assert.Empty(new Reading($"{head}TA1*000000001*260101*1200*A*000~IEA*0*000000905~", always).Acknowledgements);
        Assert.Empty(new Reading($"{head}TA1*000000001*260101*1200*A*000~IEA*0*000000906~", always).Acknowledgements);
        // Our own answers, asked for or not, end the conversation.
        foreach (var answer in new Reading(X12("1", "005010", BadPurchase, GoodPurchase), always, Refusing).Acknowledgements)
            Assert.Empty(new Reading(new MemoryStream(Asking(answer.Write("7", DateTimeOffset.UnixEpoch))), always).Acknowledgements);
        Assert.Empty(new Reading("UNB+UNOC:3+A+B+260101:1200+1++++1'UNH+1+APERAK:D:96A:UN'BGM++1'UNT+3+1'UNZ+1+1'", always).Acknowledgements);
    }

    static byte[] Asking(byte[] answer) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(answer).Replace("*0*T*", "*1*T*", StringComparison.Ordinal));

    [Fact]
    public void A_TA1_beside_documents_does_not_keep_them_from_being_answered()
    {
        var file = X12("1", "004010", GoodPurchase).Replace("GS*PO", "TA1*000000001*260101*1200*A*000~GS*PO", StringComparison.Ordinal);

        Assert.Equal(["TA1", "997"], Types(file, new()));
    }

    // ---- TA1

    [Fact]
    public void A_sound_interchange_gets_its_own_numbers_back() => Assert.Equal(
        """
        ISA*00*          *00*          *01*SHOP           *ZZ*ACME           *260304*1530*U*00401*000000042*0*T*>~
        TA1*000000905*260101*1200*A*000~
        IEA*0*000000042~
        """,
        Only(X12("1", "004010", GoodPurchase), new() { Functional = Answering.Never }));

    [Theory]
    [InlineData("IEA*1*000000905", "IEA*1*000000906", "TA1*000000905*260101*1200*E*001~")]
    [InlineData("IEA*1*000000905", "IEA*2*000000905", "TA1*000000905*260101*1200*E*021~")]
    [InlineData("IEA*1*000000905~", "", "TA1*000000905*260101*1200*E*023~")]
    [InlineData("*5*EA~CTT*1~SE*5*0001~GE*1*12~IEA*1*000000905~", "*5*E", "TA1*000000905*260101*1200*R*023~")]
    [InlineData("IEA*1*", "XYZ*1~IEA*1*", "TA1*000000905*260101*1200*E*024~")]
    public void Faults_of_the_interchange_are_noted(string sound, string faulty, string expected) =>
        Assert.Equal(expected, Technical(X12("0", "004010", GoodPurchase).Replace(sound, faulty, StringComparison.Ordinal)));

    [Fact]
    public void An_empty_interchange_is_rejected() =>
        Assert.Equal("TA1*000000905*260101*1200*R*024~", Technical(
            "ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260101*1200*U*00401*000000905*0*T*>~IEA*0*000000905~"));

    [Fact]
    public void Rejected_sets_leave_the_interchange_accepted() =>
        Assert.Equal("TA1*000000905*260101*1200*A*000~", Technical(X12("0", "004010", BadPurchase)));

    // ---- 997 and 999

    [Fact]
    public void Accepted_sets_are_counted_and_not_listed() => Assert.Equal(
        """
        ISA*00*          *00*          *01*SHOP           *ZZ*ACME           *260304*1530*U*00401*000000042*0*T*>~
        GS*FA*SHOPGS*ACMEGS*20260304*1530*42*X*004010~
        ST*997*0001~
        AK1*PO*12~
        AK2*850*0002~
        AK3*BEG*2**8~
        AK4*5**1~
        AK5*R*5~
        AK9*P*2*2*1~
        SE*8*0001~
        GE*1*42~
        IEA*1*000000042~
        """,
        Only(X12("0", "004010", GoodPurchase, BadPurchase), Quiet));

    [Fact]
    public void Release_005010_is_answered_with_999() => Assert.Equal(
        """
        ISA*00*          *00*          *01*SHOP           *ZZ*ACME           *260304*1530*^*00501*000000042*0*T*>~
        GS*FA*SHOPGS*ACMEGS*20260304*1530*42*X*005010~
        ST*999*0001~
        AK1*PO*12*005010~
        AK2*850*0001~
        IK3*PO1*3**8~
        CTX*DOCUMENT NUMBER>DOC-1~
        IK4*2**2~
        CTX*SITUATIONAL TRIGGER*PO1*3~
        IK5*E*5~
        AK9*E*1*1*1~
        SE*10*0001~
        GE*1*42~
        IEA*1*000000042~
        """,
        Only(X12("0", "005010", "BEG*00*SA*1**20260101~PO1*1**EA~CTT*1~"), Quiet));

    [Fact]
    public void Release_005010_has_codes_of_its_own_for_too_many_components_and_repetitions()
    {
        var answer = Only(X12("0", "005010", "BEG*00*SA*1>2**20260101~PO1*1*5*EA~CTT*1~"), Quiet);

        Assert.Contains("IK3*BEG*2**8~\nCTX*DOCUMENT NUMBER>DOC-1~\nIK4*3**13*1 2~", answer, StringComparison.Ordinal);
        Assert.Contains("AK4*3**3*1 2~", Only(X12("0", "004010", "BEG*00*SA*1>2**20260101~PO1*1*5*EA~CTT*1~"), Quiet), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partner_may_want_997_for_005010() =>
        Assert.Contains("ST*997*0001~\nAK1*PO*12~\nAK2*850*0001~\nAK3*BEG*2**8~\nAK4*5**1~\nAK5*R*5~\n",
            Only(X12("0", "005010", BadPurchase), Quiet with { X12 = GroupAnswer.Only997 }), StringComparison.Ordinal);

    [Fact]
    public void Groups_under_a_health_care_guide_are_answered_under_the_guide_of_999()
    {
        var file = X12("0", "005010X999", GoodPurchase);

        var answer = Only(file, Quiet with { AcceptedLoops = true });
        Assert.Contains("*X*005010X231A1~\nST*999*0001*005010X231A1~\nAK1*PO*12*005010X999~\nAK2*850*0001*005010X999~\nIK5*A~", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IK304:I4", 0, "IK3*PO1*3**I4~|IK5*R*5~", "AK3*PO1*3**2~\nAK5*R*5~")]
    [InlineData("IK304:I6", 0, "IK3*PO1*3**I6~|IK5*R*5~", "AK3*PO1*3**3~\nAK5*R*5~")]
    [InlineData("IK304:I7", 0, "IK3*PO1*3**I7~|IK5*R*5~", "AK3*PO1*3**3~\nAK5*R*5~")]
    [InlineData("IK304:I8", 0, "IK3*PO1*3**I8~|IK5*R*5~", "AK3*PO1*3**3~\nAK5*R*5~")]
    [InlineData("IK304:I9", 0, "IK3*PO1*3**I9~|IK5*R*5~", "AK3*PO1*3**2~\nAK5*R*5~")]
    [InlineData("IK403:I6", 2, "IK3*PO1*3**8~|IK4*2**I6~\nIK5*R*5~", "AK3*PO1*3**8~\nAK4*2**7~\nAK5*R*5~")]
    [InlineData("IK403:I9", 2, "IK4*2**I9~\nIK5*R*5~", "AK4*2**2~\nAK5*R*5~")]
    [InlineData("IK403:I10", 2, "IK4*2**I10~\nIK5*R*5~", "AK4*2**3~\nAK5*R*5~")]
    [InlineData("IK403:I11", 2, "IK4*2**I11~\nIK5*R*5~", "AK4*2**1~\nAK5*R*5~")]
    [InlineData("IK403:I12", 2, "IK4*2**I12~\nIK5*R*5~", "AK4*2**6~\nAK5*R*5~")]
    [InlineData("IK403:I13", 2, "IK4*2**I13~\nIK5*R*5~", "AK4*2**10~\nAK5*R*5~")]
    [InlineData("IK502:I5", 0, "IK5*R*5~", "AK5*R*5~")]
    [InlineData("IK502:I6", 0, "IK5*R*I6~", "AK5*R*1~")]
    public void The_additional_codes_of_999_become_the_plain_ones_of_997(string code, int element, string in999, string in997)
    {
        foreach (var (x12, expected) in new[] { (GroupAnswer.Auto, in999), (GroupAnswer.Only997, in997) })
        {
            var builder = new AcknowledgementBuilder(Quiet with { X12 = x12 });
            var findings = new Findings();
            using var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes(X12("0", "005010", GoodPurchase))), findings);
            while (reader.Read())
            {
                if (reader.Event == EdiEvent.MessageEnd)
                    builder.Add(new()
                    {
                        Code = "GUI0001",
                        Severity = Severity.Error,
                        At = new(0, 1, 1, 1, 3, element),
                        Tag = "PO1",
                        Message = "The partner's guide asks for more.",
                        Acknowledgement = code,
                    });
                builder.Accept(reader);
            }
            var answer = AcknowledgementTests.Written(Assert.Single(builder.End()));
            Assert.All(expected.Split('|'), part => Assert.Contains(part, answer, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("007010", "IK5*R*5~")]
    [InlineData("007020", "IK5*R*I5~")]
    public void IK502_tells_faults_by_the_guide_from_those_by_the_standard_where_its_list_can(string version, string expected)
    {
        var builder = new AcknowledgementBuilder(Quiet);
        using var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes(X12("0", version, GoodPurchase))), new());
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.MessageEnd)
                builder.Add(new() { Code = "GUI0001", Severity = Severity.Error, At = new(0, 1, 1, 1, 3), Tag = "PO1", Message = "Not so.", Acknowledgement = "IK304:I6" });
            builder.Accept(reader);
        }
        Assert.Contains(expected, Encoding.Latin1.GetString(Assert.Single(builder.End()).Write("42", DateTimeOffset.UnixEpoch)), StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_two_releases_need_two_references()
    {
        var one = X12("0", "005010", GoodPurchase);
        var group = one[one.IndexOf("GS*", StringComparison.Ordinal)..one.IndexOf("IEA*", StringComparison.Ordinal)];
        var second = group.Replace("*12*X*005010", "*13*X*004010", StringComparison.Ordinal).Replace("GE*1*12", "GE*1*13", StringComparison.Ordinal);
        var acknowledgement = Assert.Single(new Reading(one.Replace(group, group + second, StringComparison.Ordinal).Replace("IEA*1", "IEA*2", StringComparison.Ordinal), Quiet).Acknowledgements);

        Assert.Equal(2, acknowledgement.References);
        Assert.Equal(
            ["GS*FA*SHOPGS*ACMEGS*20260304*1530*42*X*005010~", "ST*999*0001~", "GS*FA*SHOPGS*ACMEGS*20260304*1530*43*X*004010~", "ST*997*0001~"],
            AcknowledgementTests.Written(acknowledgement).Split('\n').Where(line => line[..2] is "GS" or "ST"));
    }

    // ---- CONTRL

    [Fact]
    public void Accepted_messages_are_listed_on_demand() =>
        Assert.Contains("+7'\nUCM+1+ORDERS:D:96A:UN:EAN008+7'\nUNT", Only(Edifact("", GoodOrder), Quiet with { AcceptedLoops = true }), StringComparison.Ordinal);

    [Fact]
    public void EANCOM_1997_has_its_own_version() => Assert.Equal(
        """
        UNA:+.? '
        UNB+UNOC:3+4000002000004:14+4000001000005:14+260304:1530+42'
        UNH+1+CONTRL:2:2:UN:EAN002'
        UCI+REF77+4000001000005:14+4000002000004:14+7'
        UCM+1+ORDERS:D:96A:UN:EAN008+4'
        UCS+2+13'
        UNT+5+1'
        UNZ+1+42'
        """,
        Only(Edifact("", BadOrder), Quiet with { Contrl = ContrlVersion.Eancom1997 }));

    [Theory]
    [InlineData("UNT+6+1", "UNT+7+1", "UCM+1+ORDERS:D:96A:UN:EAN008+4+5+UNT+2'")]
    [InlineData("ORDERS", "XXXXXX", "UCM+1+XXXXXX:D:96A:UN:EAN008+4+3+UNH'")]
    [InlineData("DTM+137:20260101:102'", "", "UCS+2+6'")]
    [InlineData("LIN+1'", "LIN+1'QTY'", "UCS+5'\nUCD+9+2'")]
    [InlineData("LIN+1'", "LIN+x'", "UCS+4'\nUCD+10+2'")]
    public void The_early_codes_stop_at_11(string sound, string faulty, string expected)
    {
        var file = Edifact("", GoodOrder).Replace(sound, faulty, StringComparison.Ordinal);
        file = faulty.Length == 0 ? file.Replace("UNT+6", "UNT+5", StringComparison.Ordinal) : faulty.Contains("QTY", StringComparison.Ordinal) ? file.Replace("UNT+6", "UNT+7", StringComparison.Ordinal) : file;

        Assert.Contains(expected, Only(file, Quiet with { ErrorCodes = SyntaxErrorCodes.Early }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_answer_to_every_real_file_can_be_read_without_errors()
    {
        if (DistributorHub.Tests.Repository.Shared is not { } shared)
            return;
        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        AcknowledgementOptions[] policies =
        [
            new() { Technical = Answering.Always, AcceptedLoops = true, Business = true },
            new() { Technical = Answering.Never, X12 = GroupAnswer.Only997, Contrl = ContrlVersion.Eancom1997, ErrorCodes = SyntaxErrorCodes.Early },
        ];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "*", SearchOption.AllDirectories))
            foreach (var policy in policies)
            {
                using var stream = File.OpenRead(file);
                foreach (var acknowledgement in new Reading(stream, policy, RefuseAll).Acknowledgements)
                {
                    var own = new Reading(new MemoryStream(acknowledgement.Write("42", DateTimeOffset.UnixEpoch)), policy);
                    // 997 of releases the hub has no definitions of can be read, but not checked.
                    Assert.Equal((file, ""), (file, string.Join("; ", own.Findings.Kept.Where(f => f.Severity >= Severity.Error && f.Code != Codes.MessageUnsupported).Select(f => $"{f.Code} {f.Tag} {f.Message} {f.Found}"))));
                    Assert.Empty(own.Acknowledgements);
                    answers[acknowledgement.Type] = answers.GetValueOrDefault(acknowledgement.Type) + 1;
                }
            }
        Assert.Equal(["824", "997", "999", "APERAK", "CONTRL", "TA1"], answers.Keys.Order(StringComparer.Ordinal));
        Assert.All(answers, count => Assert.InRange(count.Value, 20, int.MaxValue));
    }

    static Finding[] RefuseAll(EdiReader reader) =>
        [new() { Code = "MAP2101", Severity = Severity.Error, At = reader.Position, Tag = "UNT", Message = $"A value is absent in {reader.Message!.Type}, says the \u00BBmap\u00AB." }];
}
