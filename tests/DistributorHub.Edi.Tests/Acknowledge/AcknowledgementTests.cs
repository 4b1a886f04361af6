using System.Text;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Tests.Validate;

namespace DistributorHub.Edi.Tests.Acknowledge;

public sealed class AcknowledgementTests
{
    static readonly DateTimeOffset Time = new(2026, 3, 4, 15, 30, 0, TimeSpan.Zero);
    internal const string GoodOrder = "BGM+220+1'DTM+137:20260101:102'LIN+1'UNS+S'";
    internal const string GoodPurchase = "BEG*00*SA*1**20260101~PO1*1*5*EA~CTT*1~";

    static string Edifact(string version, string test, params string[] bodies)
    {
        var text = new StringBuilder($"UNB+UNOC:{version}+4000001000005:14+4000002000004:14+{(version == "4" ? "20260101" : "260101")}:1200+REF77{test}'");
        for (var i = 1; i <= bodies.Length; i++)
            text.Append($"UNH+{i}+ORDERS:D:96A:UN:EAN008'{bodies[i - 1]}UNT+{bodies[i - 1].Count(c => c == '\'') + 2}+{i}'");
        return text.Append($"UNZ+{bodies.Length}+REF77'").ToString();
    }

    static string X12(string code, string type, params string[] bodies)
    {
        var text = new StringBuilder("ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260101*1200*U*00401*000000905*0*T*>~")
            .Append($"GS*{code}*ACMEGS*SHOPGS*20260101*1200*12*X*004010~");
        for (var i = 1; i <= bodies.Length; i++)
            text.Append($"ST*{type}*000{i}~{bodies[i - 1]}SE*{bodies[i - 1].Count(c => c == '~') + 2}*000{i}~");
        return text.Append($"GE*{bodies.Length}*12~IEA*1*000000905~").ToString();
    }

    /// <summary>The one answer to a file, a segment a line, and proof that our own reader has nothing to say against it.</summary>
    static string Answer(string file, AcknowledgementOptions? options = null) =>
        Written(Assert.Single(new Reading(file, options ?? new() { Technical = Answering.Never, AcceptedLoops = file.StartsWith("ISA", StringComparison.Ordinal) }).Acknowledgements));

    internal static string Written(Acknowledgement acknowledgement, string reference = "42")
    {
        var bytes = acknowledgement.Write(reference, Time);
        Assert.Equal(bytes, acknowledgement.Write(reference, Time));

        var own = new Reading(new MemoryStream(bytes));
        Assert.Empty(own.Findings.Kept.Select(f => $"{f.Code} {f.Message} {f.Found}"));
        Assert.All(own.Messages, m => Assert.True(m.Defined));
        Assert.Empty(own.Acknowledgements);
        var terminator = acknowledgement.Interchange.Standard == Edi.Parse.Standard.X12 ? "~" : "'";
        return Encoding.Latin1.GetString(bytes).Replace(terminator, terminator + "\n", StringComparison.Ordinal).TrimEnd('\n');
    }

    [Fact]
    public void A_sound_interchange_is_acknowledged_as_a_whole() => Assert.Equal(
        """
        UNA:+.? '
        UNB+UNOC:3+4000002000004:14+4000001000005:14+260304:1530+42'
        UNH+1+CONTRL:D:3:UN'
        UCI+REF77+4000001000005:14+4000002000004:14+7'
        UNT+3+1'
        UNZ+1+42'
        """,
        Answer(Edifact("3", "", GoodOrder, GoodOrder)));

    [Fact]
    public void A_rejected_message_is_listed_with_its_segments_and_elements() => Assert.Equal(
        """
        UNA:+.? '
        UNB+UNOC:3+4000002000004:14+4000001000005:14+260304:1530+42++++++1'
        UNH+1+CONTRL:D:3:UN'
        UCI+REF77+4000001000005:14+4000002000004:14+7'
        UCM+2+ORDERS:D:96A:UN:EAN008+4'
        UCS+1+13'
        UCS+4'
        UCD+37+2'
        UCS+5'
        UCD+37+2:2'
        UNT+9+1'
        UNZ+1+42'
        """,
        Answer(Edifact("3", "++++++1", GoodOrder, "DTM+137:20260101:102'NAD+BY'LIN+A'QTY+21:x'UNS+S'", GoodOrder)));

    [Fact]
    public void Warnings_do_not_keep_a_message_from_being_accepted() =>
        Assert.DoesNotContain("UCM", Answer(Edifact("3", "", "BGM+220+1'DTM+137:20260231:102'LIN+1'UNS+S'")), StringComparison.Ordinal);

    [Fact]
    public void Syntax_4_is_answered_in_syntax_4() => Assert.Equal(
        """
        UNA:+.?*'
        UNB+UNOC:4+4000002000004:14+4000001000005:14+20260304:1530+42'
        UNH+1+CONTRL:4:1:UN'
        UCI+REF77+4000001000005:14+4000002000004:14+7'
        UCM+1+ORDERS:D:96A:UN:EAN008+4'
        UCS+1+13'
        UNT+5+1'
        UNZ+1+42'
        """,
        Answer(Edifact("4", "", "DTM+137:20260101:102'LIN+1'UNS+S'")));

    [Fact]
    public void A_wrong_count_of_segments_is_said_of_the_message()
    {
        var answer = Answer(Edifact("3", "", GoodOrder).Replace("UNT+6+1", "UNT+7+1", StringComparison.Ordinal));

        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4+29+UNT+2'", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("UCS", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_an_unknown_type_is_rejected() =>
        Assert.Contains("UCM+1+XXXXXX:D:96A:UN:EAN008+4+14+UNH'", Answer(Edifact("3", "", GoodOrder).Replace("ORDERS", "XXXXXX", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void A_broken_interchange_lists_every_message_that_was_accepted()
    {
        var answer = Answer(Edifact("3", "", GoodOrder, GoodOrder).Replace("UNZ+2", "UNZ+3", StringComparison.Ordinal));

        Assert.Contains("UCI+REF77+4000001000005:14+4000002000004:14+7+29+UNZ+2'", answer, StringComparison.Ordinal);
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+7'", answer, StringComparison.Ordinal);
        Assert.Contains("UCM+2+ORDERS:D:96A:UN:EAN008+7'", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_was_cut_off_is_rejected_and_those_before_it_are_not()
    {
        var whole = Edifact("3", "", GoodOrder, GoodOrder);
        var answer = Answer(whole[..(whole.IndexOf("UNH+2", StringComparison.Ordinal) + 60)]);

        Assert.Contains("UCI+REF77+4000001000005:14+4000002000004:14+7+13+UNZ'", answer, StringComparison.Ordinal);
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+7'", answer, StringComparison.Ordinal);
        Assert.Contains("UCM+2+ORDERS:D:96A:UN:EAN008+4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Acknowledgements_are_not_acknowledged()
    {
        Assert.Empty(new Reading("UNB+UNOC:3+A+B+260101:1200+1'UNH+1+CONTRL:D:3:UN'UCI+1+B+A+7'UNT+3+1'UNZ+1+1'").Acknowledgements);
        Assert.Empty(new Reading(X12("FA", "997", "AK1*PO*1~AK9*A*1*1*1~")).Acknowledgements);
    }

    [Fact]
    public void A_sound_group_is_accepted_with_swapped_parties_and_the_same_test_flag() => Assert.Equal(
        """
        ISA*00*          *00*          *01*SHOP           *ZZ*ACME           *260304*1530*U*00401*000000042*0*T*>~
        GS*FA*SHOPGS*ACMEGS*20260304*1530*42*X*004010~
        ST*997*0001~
        AK1*PO*12~
        AK2*850*0001~
        AK5*A~
        AK9*A*1*1*1~
        SE*6*0001~
        GE*1*42~
        IEA*1*000000042~
        """,
        Answer(X12("PO", "850", GoodPurchase)));

    [Fact]
    public void Groups_of_one_version_are_answered_in_one_group()
    {
        var one = X12("PO", "850", GoodPurchase);
        var group = one[one.IndexOf("GS*", StringComparison.Ordinal)..one.IndexOf("IEA*", StringComparison.Ordinal)];
        var second = group.Replace("*12*X", "*13*X", StringComparison.Ordinal).Replace("GE*1*12", "GE*1*13", StringComparison.Ordinal);
        var answer = Answer(one.Replace(group, group + second, StringComparison.Ordinal).Replace("IEA*1", "IEA*2", StringComparison.Ordinal));
        Assert.Equal(
            ["GS*FA", "ST*997*0001", "AK1*PO*12", "ST*997*0002", "AK1*PO*13", "GE*2*42", "IEA*1*000000042"],
            answer.Split('\n').Select(line => line.TrimEnd('~')).Where(line => line[..3] is "GS*" or "ST*" or "AK1" or "GE*" or "IEA")
                .Select(line => line.StartsWith("GS*", StringComparison.Ordinal) ? line[..5] : line));
    }

    [Fact]
    public void One_bad_set_of_three_leaves_the_group_partly_accepted() => Assert.Equal(
        """
        AK1*PO*12~
        AK2*850*0001~
        AK5*A~
        AK2*850*0002~
        AK3*BEG*2**8~
        AK4*5**1~
        AK3*ZZZ*3**1~
        AK3*PO1*4**8~
        AK4*2**6*x~
        AK4*3**4*E~
        AK5*R*5~
        AK2*850*0003~
        AK5*A~
        AK9*P*3*3*2~
        """,
        Loop(Answer(X12("PO", "850", GoodPurchase, "BEG*00*SA*1~ZZZ*1~PO1*1*x*E~CTT*1~", GoodPurchase))));

    [Theory]
    [InlineData("BEG*00*SA*1**20260101~PO1*1*5*E~CTT*1~", "AK5*E*5~", "AK9*E*1*1*1~")]
    [InlineData("BEG*00*SA*1~PO1*1*5*EA~CTT*1~", "AK5*R*5~", "AK9*R*1*1*0~")]
    [InlineData("BEG*00*SA*1**20260101~CTT*1~", "AK3*PO1*3**3~", "AK9*R*1*1*0~")]
    public void A_set_is_accepted_with_errors_or_rejected(string body, string part, string group)
    {
        var answer = Answer(X12("PO", "850", body));

        Assert.Contains(part, answer, StringComparison.Ordinal);
        Assert.Contains(group, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SE*5*0001", "SE*6*0001", "AK5*R*4~")]
    [InlineData("SE*5*0001", "SE*5*0002", "AK5*R*3~")]
    [InlineData("ST*850", "ST*999", "AK5*R*1~")]
    [InlineData("GE*1*12", "GE*1*13", "AK9*E*1*1*1*4~")]
    [InlineData("GE*1*12", "GE*2*12", "AK9*E*2*1*1*5~")]
    public void Faults_of_the_envelope_have_their_codes(string sound, string faulty, string expected)
    {
        var file = X12("PO", "850", GoodPurchase).Replace(sound, faulty, StringComparison.Ordinal);
        var type = faulty.StartsWith("ST", StringComparison.Ordinal) ? file.Replace("ST*999", "ST*123", StringComparison.Ordinal) : file;

        Assert.Contains(expected, Answer(type), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_would_break_the_answer_is_not_repeated() =>
        Assert.Contains("AK4*2**6~", Answer(X12("PO", "850", "BEG*00*SA*1**20260101~PO1*1*5\u00FC*EA~CTT*1~")), StringComparison.Ordinal);

    [Fact]
    public void References_with_separators_are_released()
    {
        var answer = Answer(Edifact("3", "", GoodOrder).Replace("REF77", "R?+7", StringComparison.Ordinal));

        Assert.Contains("UCI+R?+7+", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_real_file_gets_answers_that_can_be_read_without_findings()
    {
        if (DistributorHub.Tests.Repository.Shared is not { } shared)
            return;
        var answers = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "*", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            foreach (var acknowledgement in new Reading(stream).Acknowledgements)
            {
                var own = new Reading(new MemoryStream(acknowledgement.Write("42", Time)));
                // What the file itself says wrongly of its parties is repeated as it stands; 997 of other releases have no definition here.
                Assert.Equal((file, ""), (file, string.Join("; ", own.Findings.Kept.Where(f => f.Severity >= Severity.Error && f.Code != Codes.MessageUnsupported).Select(f => $"{f.Code} {f.Tag} {f.Message} {f.Found}"))));
                answers++;
            }
        }
        Assert.InRange(answers, 100, int.MaxValue);
    }

    [Fact]
    public void The_list_of_a_file_with_very_many_bad_messages_stays_bounded()
    {
        var bodies = Enumerable.Repeat("BEG*00*SA*1~PO1*1*x*E~CTT*1~", 3_000).ToArray();
        var reading = new Reading(X12("PO", "850", bodies).Replace("SE*5*000", "SE*5*000", StringComparison.Ordinal));

        var answer = Encoding.Latin1.GetString(Assert.Single(reading.Acknowledgements).Write("42", Time));
        Assert.Equal(3_000, answer.Split("AK5*R").Length - 1);
        Assert.True(answer.Split("AK4*").Length - 1 <= Limits.FindingsPerFileMax);
        Assert.Contains("AK9*R*3000*3000*0~", answer, StringComparison.Ordinal);
    }

    static string Loop(string answer) => answer[answer.IndexOf("AK1", StringComparison.Ordinal)..answer.IndexOf("\nSE*", StringComparison.Ordinal)];

    [Theory]
    [InlineData("\u00a7", ">")]
    [InlineData("\u00e7", ">")]
    [InlineData("\u2028", ">")]
    [InlineData("~", "\u00b6")]
    public void Delimiters_of_several_bytes_are_written_whole(string terminator, string component)
    {
        var file = X12("PO", "850", GoodPurchase).Replace("*>~", $"*{component}~", StringComparison.Ordinal).Replace("~", terminator, StringComparison.Ordinal);
        var acknowledgement = Assert.Single(new Reading(new MemoryStream(Encoding.UTF8.GetBytes(file)), new() { AcceptedLoops = true }).Acknowledgements);
        var bytes = acknowledgement.Write("42", Time);
        var own = new Reading(new MemoryStream(bytes));
        Assert.Empty(own.Findings.Kept.Select(finding => $"{finding.Code} {finding.Message}"));
        var segments = Encoding.UTF8.GetString(bytes).Split(terminator);
        // ISA, GS and ST come before.
        Assert.Equal(["AK1*PO*12", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1", "SE*6*0001", "GE*1*42", "IEA*1*000000042", ""], segments[3..]);
        Assert.EndsWith($"*T*{component}", segments[0]);
    }
}
