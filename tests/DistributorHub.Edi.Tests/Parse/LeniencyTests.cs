using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>Every fix-up can be agreed, told or refused; the README's table is the list, and its examples are the files.</summary>
public sealed partial class LeniencyTests
{
    static readonly string readme = File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "README.md"));

    // Where a message has ended, refusing comes too late for it.
    static readonly string[] behindMessages = [Codes.LastTerminatorMissing, Codes.ReferencePadding];

    public static TheoryData<string, string> Faults => [.. FixUp.All.SelectMany(fixUp => fixUp.Codes.Select(code => (fixUp.Name, code)))];

    static FixUp Named(string name) => FixUp.All.Single(fixUp => fixUp.Name == name);

    static (Findings Findings, IReadOnlyList<Acknowledgement> Answers) Read(byte[] file, Leniency leniency, bool withMessages)
    {
        var builder = new AcknowledgementBuilder(new() { Technical = Answering.Always });
        var findings = new Findings { Added = builder.Add };
        using var reader = new EdiReader(new MemoryStream(file), findings, new() { Leniency = leniency });
        MessageValidator? validator = null;
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.MessageStart && withMessages)
            {
                validator = MessageValidator.Next(validator, DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!), findings);
                validator?.Start(reader);
            }
            if (reader.Event == EdiEvent.Segment)
                validator?.Accept(reader);
            if (reader.Event == EdiEvent.MessageEnd)
                validator?.End(reader);
            builder.Accept(reader);
        }
        return (findings, builder.End());
    }

    static (Findings Findings, IReadOnlyList<Acknowledgement> Answers) Read(string code, Leniency leniency) =>
        Read(FindingExamplesTests.FileOf(code), leniency, withMessages: code.StartsWith("STR", StringComparison.Ordinal));

    static string Text(Acknowledgement answer) => Encoding.Latin1.GetString(answer.Write("1", new(2026, 4, 2, 8, 0, 0, TimeSpan.Zero)));

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_agreed_is_an_information_and_no_answer_speaks_of_it(string name, string code)
    {
        var (findings, answers) = Read(code, Leniency.Default.With(Named(name), Severity.Information));

        Assert.All(findings.Kept, finding => Assert.Equal((code, Severity.Information, null), (finding.Code, finding.Severity, finding.Acknowledgement)));
        Assert.NotEmpty(findings.Kept);
        Assert.EndsWith($"(leniency: {name}).", findings.Kept[0].Advice, StringComparison.Ordinal);
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(0, answer.Rejected));
        Assert.All(answers.Select(Text), text => Assert.Matches(@"UCI[^']*\+7'UNT|AK9\*A\*|\*A\*000~", text));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_told_is_a_warning_and_accepted(string name, string code)
    {
        var (findings, answers) = Read(code, Leniency.Default.With(Named(name), Severity.Warning));

        Assert.All(findings.Kept, finding => Assert.Equal((code, Severity.Warning), (finding.Code, finding.Severity)));
        Assert.NotEmpty(findings.Kept);
        Assert.All(answers, answer => Assert.Equal(0, answer.Rejected));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_refused_rejects_and_is_acknowledged(string name, string code)
    {
        var fixUp = Named(name);
        var (before, _) = Read(code, Leniency.Default);
        var (findings, answers) = Read(code, Leniency.Default.With(fixUp, Severity.Error));

        Assert.All(before.Kept, finding => Assert.Equal(fixUp.Severity, finding.Severity));
        Assert.All(findings.Kept, finding => Assert.Equal((code, Severity.Error), (finding.Code, finding.Severity)));
        Assert.NotNull(findings.Kept[0].Acknowledgement);
        if (fixUp.Severity == Severity.Error)
            return;
        Assert.EndsWith($"It is refused from this partner (leniency: {name}).", findings.Kept[0].Advice, StringComparison.Ordinal);
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(behindMessages.Contains(code) ? (1, 0) : (0, 1), (answer.Accepted, answer.Rejected)));
        Assert.All(answers.Select(Text), text => Assert.DoesNotMatch(@"UCI[^']*\+7'UNT", text));
        if (!behindMessages.Contains(code))
            Assert.All(answers.Select(Text), text => Assert.DoesNotContain("AK9*A", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_setting_everything_is_as_it_was()
    {
        Assert.All(FixUp.All, fixUp => Assert.Null(Leniency.Default[fixUp]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Leniency.Default.With(FixUp.ShortIsa, Severity.Fatal));
    }

    [Fact]
    public void The_README_lists_every_fix_up_with_its_findings_and_default()
    {
        var rows = Rows().Matches(readme).Select(row => $"{row.Groups["name"]} {row.Groups["codes"]} {row.Groups["default"]}");
        Assert.Equal(FixUp.All.Select(fixUp => $"{fixUp.Name} {string.Join(", ", fixUp.Codes)} {fixUp.Severity.ToString().ToLowerInvariant()}"), rows);
        Assert.All(
            FixUp.All.Select(fixUp => (fixUp.Name, Codes: string.Join(", ", new[] { fixUp.Acknowledgement(Standard.Edifact), fixUp.Acknowledgement(Standard.X12) }.OfType<string>())))
                .Where(fixUp => fixUp.Codes.Length > 0),
            fixUp => Assert.Contains(Rows().Matches(readme), row => row.Groups["name"].Value == fixUp.Name && row.Groups["refused"].Value == fixUp.Codes));
    }

    const string Header = "UNB+UNOC:3+A:14+B:14+260401:0815+R1'";

    static string Message(int reference, string segments = "BGM+220'", int count = 3) => $"UNH+{reference}+ORDERS:D:96A:UN'{segments}UNT+{count}+{reference}'";

    [Fact]
    public void A_refused_habit_rejects_each_message_that_shows_it()
    {
        var file = $"{Header}{Message(1, "BGM+220+'FTX+AAI+'", 4)}{Message(2)}{Message(3, "BGM+220+'")}UNZ+3+R1'";
        var (findings, answers) = Read(Encoding.Latin1.GetBytes(file), Leniency.Default.With(FixUp.TrailingSeparators, Severity.Error), withMessages: false);

        Assert.Equal([(1, 2), (3, 2)], findings.Kept.Select(finding => (finding.At.Message, finding.At.Segment)));
        Assert.Equal((1, 2), (answers[0].Accepted, answers[0].Rejected));
        Assert.Contains("UCM+1+ORDERS:D:96A:UN+4'UCS+2+45'UCM+3+ORDERS:D:96A:UN+4'UCS+2+45'UNT", Text(answers[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Lower_case_in_level_A_is_refused_in_every_message_that_has_it()
    {
        var file = $"{Header.Replace("UNOC", "UNOA", StringComparison.Ordinal)}{Message(1, "FTX+AAI+++a'")}{Message(2)}{Message(3, "FTX+AAI+++b'")}UNZ+3+R1'";
        var (findings, _) = Read(Encoding.Latin1.GetBytes(file), Leniency.Default.With(FixUp.UndeclaredCharacters, Severity.Error), withMessages: false);
        Assert.Equal([1, 3], findings.Kept.Select(finding => finding.At.Message));
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(7)]
    public void A_fault_of_a_messages_own_header_is_that_messages(int window)
    {
        var file = $"{Header}{Message(1)}{Message(2).Replace(":UN'", ":UN+'", StringComparison.Ordinal)}{Message(3)}UNZ+3+R1'";
        var findings = new Findings();
        using var reader = new EdiReader(
            new MemoryStream(Encoding.Latin1.GetBytes(file)), findings, new() { Leniency = Leniency.Default.With(FixUp.TrailingSeparators, Severity.Error) }, 1024, window);
        while (reader.Read())
            Assert.Null(reader.Message?.Refused);
        Assert.Equal([(2, 1)], findings.Kept.Select(finding => (finding.At.Message, finding.At.Segment)));
    }

    [Fact]
    public void A_fault_of_a_groups_header_rejects_the_group_and_not_the_next()
    {
        const string isa = "ISA*00*          *00*          *ZZ*ACME           *ZZ*SHOP           *260401*0815*U*00401*000000905*0*P*:~";
        const string group = "GS*PO*ACME*SHOP*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~";
        var file = isa + group.Replace("004010~", "004010*~", StringComparison.Ordinal) + group.Replace("*1*X", "*2*X", StringComparison.Ordinal).Replace("GE*1*1", "GE*1*2", StringComparison.Ordinal)
            + "IEA*2*000000905~";
        var (findings, answers) = Read(Encoding.Latin1.GetBytes(file), Leniency.Default.With(FixUp.TrailingSeparators, Severity.Error), withMessages: false);

        Assert.Equal([(1, 0)], findings.Kept.Select(finding => (finding.At.Group, finding.At.Message)));
        Assert.Matches(@"AK1\*PO\*1~AK2\*850\*0001~AK5\*R~AK9\*R\*1\*1\*0~.*AK1\*PO\*2~AK9\*A\*1\*1\*1~", Text(answers[1]));
    }

    [Fact]
    public void A_fault_of_an_interchanges_header_rejects_it_and_not_the_next()
    {
        var one = Encoding.Latin1.GetString(FindingExamplesTests.FileOf(Codes.InterchangeHeaderLayout));
        var two = Reading.Isa().Replace("000000905", "000000906", StringComparison.Ordinal)
            + "GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~BEG*00~SE*3*0001~GE*1*1~IEA*1*000000906~";
        var (findings, answers) = Read(Encoding.Latin1.GetBytes(one + two), Leniency.Default.With(FixUp.ShortIsa, Severity.Error), withMessages: false);

        Assert.Equal([(1, 0)], findings.Kept.Select(finding => (finding.At.Interchange, finding.At.Message)));
        Assert.Contains("TA1*000000905*260401*0815*R*022~", Text(answers[0]), StringComparison.Ordinal);
        Assert.Contains("TA1*000000906*260401*0815*A*000~", Text(answers[2]), StringComparison.Ordinal);
        Assert.Equal([1, 0], new[] { answers[1], answers[3] }.Select(answer => answer.Rejected));
    }

    [Fact]
    public void Bytes_behind_the_last_interchange_reject_nothing_that_came_before()
    {
        var (findings, answers) = Read(
            Encoding.Latin1.GetBytes($"{Header}{Message(1)}UNZ+1+R1'RUBBISH"), Leniency.Default.With(FixUp.ForeignBytes, Severity.Error), withMessages: false);
        Assert.Equal((Codes.BytesSkipped, 1L), (Assert.Single(findings.Kept).Code, findings.Errors));
        Assert.Equal((1, 0), (answers[0].Accepted, answers[0].Rejected));
    }

    [Fact]
    public void A_message_in_which_the_file_ends_is_not_forgiven()
    {
        var (findings, answers) = Read(
            Encoding.Latin1.GetBytes($"{Header}{Message(1)}UNH+2+ORDERS:D:96A:UN'BGM+220'"), Leniency.Default.With(FixUp.MissingTrailers, Severity.Information), withMessages: false);
        Assert.Equal((Codes.FileEndsEarly, Severity.Error), (findings.Kept[0].Code, findings.Kept[0].Severity));
        Assert.Equal((1, 1), (answers[0].Accepted, answers[0].Rejected));
    }

    [Fact]
    public void A_file_torn_behind_a_forgiven_trailer_is_still_torn()
    {
        var (_, answers) = Read(
            Encoding.Latin1.GetBytes($"{Header}UNH+1+ORDERS:D:96A:UN'BGM+220'{Message(2)}UN"), Leniency.Default.With(FixUp.MissingTrailers, Severity.Information), withMessages: false);
        Assert.Contains("+7+13'", Text(answers[0]), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<codes>[A-Z0-9, ]+) \| (?<default>[a-z]+)[^|]* \| [^|]+ \| (?<refused>[^|]*?) ?\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rows();
}
