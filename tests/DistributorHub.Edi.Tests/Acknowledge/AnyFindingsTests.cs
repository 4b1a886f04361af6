using System.Reflection;
using System.Text;
using CsCheck;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Validate;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <summary>Whatever is found in whatever interchange, and whatever a partner wants to know of it: each answer is one that our own reader has nothing to say against.</summary>
public sealed class AnyFindingsTests
{
    /// <summary>An interchange of sound messages, what is to be found in each of them (the first list: outside them), and what is answered.</summary>
    sealed record Exchange(byte[] File, Finding[][] Findings, Finding[][] Reasons, string?[] Numbers, AcknowledgementOptions Options)
    {
        public override string ToString() =>
            $"{Options}\n{Encoding.Latin1.GetString(File)}\n{string.Join('\n', Findings.SelectMany(f => f))}\nrefused: {string.Join('\n', Reasons.SelectMany(f => f))}\nnumbers: {string.Join(", ", Numbers)}";
    }

    const int MessagesMax = 3;

    static readonly string[] codes = [.. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    static readonly Gen<string> words = Gen.Char["ABCxyz019 .,:+'?*~^>|\n\u0001äß漢"].Array[0, 200].Select(c => new string(c));

    static readonly Gen<string> name = Gen.Char["ABCXYZ0189 -/+:'?"].Array[1, 14].Select(c => $"A{new string(c, 1, c.Length - 1)}".TrimEnd());

    static readonly Gen<AcknowledgementOptions> options =
        from loops in Gen.Bool
        from x12 in Gen.Enum<GroupAnswer>()
        from contrl in Gen.Enum<ContrlVersion>()
        from list in Gen.Enum<SyntaxErrorCodes>()
        select new AcknowledgementOptions { Technical = Answering.Always, Business = true, AcceptedLoops = loops, X12 = x12, Contrl = contrl, ErrorCodes = list };

    [Fact]
    public void Every_answer_to_an_Edifact_interchange_is_sound() => Exchanges(
        from syntax in Gen.OneOf("UNOA", "UNOB", "UNOC", "UNOY")
        from version in Gen.OneOf("1", "2", "3", "4")
        from sender in name
        from recipient in name
        from reference in name
        from grouped in Gen.Bool
        from messages in Gen.Int[0, MessagesMax]
        select Edifact(new() { SyntaxIdentifier = syntax, SyntaxVersion = version }, sender, recipient, reference, grouped, messages),
        Acknowledgements(Enumerable.Range(12, 29).Concat([2, 7, 43, 45, 46, 47, 48]).Select(code => $"{code}"))).Sample(AnswersAreSound, iter: 2000);

    [Fact]
    public void Every_answer_to_an_X12_interchange_is_sound() => Exchanges(
        from version in Gen.OneOf("00401", "00501", "00704")
        from release in Gen.OneOf("004010", "005010", "005010X220A1")
        from sender in name
        from recipient in name
        from messages in Gen.Int[0, MessagesMax]
        select X12(new() { Standard = Standard.X12, SyntaxVersion = version }, sender, recipient, release, messages),
        Acknowledgements(Enumerable.Range(1, 8).Select(c => $"AK304:{c}")
            .Concat(Enumerable.Range(1, 10).Select(c => $"AK403:{c}"))
            .Concat(Enumerable.Range(1, 7).Select(c => $"AK502:{c}"))
            .Concat(Enumerable.Range(1, 6).Select(c => $"AK905:{c}"))
            .Concat(Enumerable.Range(1, 27).Select(c => $"TA105:{c:000}"))
            .Concat("IK304:I4 IK304:I6 IK304:I7 IK304:I8 IK304:I9 IK403:I6 IK403:I9 IK403:I10 IK403:I11 IK403:I12 IK403:I13 IK502:I5 IK502:I6".Split(' '))))
        .Sample(AnswersAreSound, iter: 2000);

    static Gen<string?> Acknowledgements(IEnumerable<string> codes) => Gen.Frequency((1, Gen.Const((string?)null)), (8, Gen.OneOf(codes.ToArray()).Select(code => (string?)code)));

    static Gen<Exchange> Exchanges(Gen<byte[]> files, Gen<string?> acknowledgements) =>
        from file in files
        from found in Findings(acknowledgements).Array[0, 6].Array[MessagesMax + 1]
        from reasons in Findings(acknowledgements).Array[0, 3].Array[MessagesMax]
        from numbers in Gen.OneOf(words.Select(number => (string?)number), Gen.Const((string?)null)).Array[MessagesMax]
        from wanted in options
        select new Exchange(file, found, reasons, numbers, wanted);

    static Gen<Finding> Findings(Gen<string?> acknowledgements) =>
        from code in Gen.OneOf(codes)
        from severity in Gen.OneOf(Severity.Information, Severity.Warning, Severity.Error)
        from segment in Gen.OneOf(Gen.Int[0, 9], Gen.Int[0, 2_000_000])
        from element in Gen.OneOf(Gen.Int[0, 12], Gen.Int[0, Limits.SegmentMarksMax])
        from component in Gen.OneOf(Gen.Int[0, 4], Gen.Int[0, Limits.SegmentMarksMax])
        from tag in Gen.OneOf("LIN", "N1", "UNB", "UNZ", "UNG", "UNE", "UNH", "UNT", "ISA", "X", "LONG", "")
        from found in words
        from message in words
        from acknowledgement in acknowledgements
        select new Finding
        {
            Code = code,
            Severity = severity,
            At = new(0, 1, 0, 0, segment, element, component),
            Tag = tag.Length == 0 ? null : tag,
            Found = found,
            Message = message,
            Acknowledgement = acknowledgement,
        };

    static byte[] Edifact(WriterOptions form, string sender, string recipient, string reference, bool grouped, int messages) => Written(form, writer =>
    {
        writer.BeginInterchange(new() { Sender = new(sender, "14"), Recipient = new(recipient, ""), Reference = reference, Prepared = new(2026, 1, 2, 3, 4, 0) });
        if (grouped)
            writer.BeginGroup(new() { Code = "ORDERS", Sender = new(sender, ""), Recipient = new(recipient, ""), Prepared = new(2026, 1, 2, 3, 4, 0), Agency = "UN", Version = "D", Release = "96A" });
        for (var i = 0; i < messages; i++)
        {
            writer.BeginMessage(new() { Type = "ORDERS", Version = "D", Release = "96A" });
            writer.EndMessage();
        }
    }, grouped);

    static byte[] X12(WriterOptions form, string sender, string recipient, string release, int messages) => Written(form with { DelimitersInValues = DelimiterPolicy.Substitute }, writer =>
    {
        writer.BeginInterchange(new() { Sender = new(sender, "ZZ"), Recipient = new(recipient, "01"), Reference = "905", Prepared = new(2026, 1, 2, 3, 4, 0), AcknowledgementRequested = true });
        writer.BeginGroup(new() { Code = "PO", Sender = new(sender.PadRight(2, 'X'), ""), Recipient = new(recipient.PadRight(2, 'X'), ""), Prepared = new(2026, 1, 2, 3, 4, 0), Agency = "X", Release = release, Reference = "12" });
        for (var i = 0; i < messages; i++)
        {
            writer.BeginMessage(new() { Type = "850" });
            writer.EndMessage();
        }
    }, grouped: true);

    static byte[] Written(WriterOptions form, Action<EdiWriter> write, bool grouped)
    {
        using var output = new MemoryStream();
        var findings = new Findings();
        using (var writer = new EdiWriter(output, findings, form))
        {
            write(writer);
            if (grouped)
                writer.EndGroup();
            writer.EndInterchange();
        }
        Assert.Equal(0, findings.Errors);
        return output.ToArray();
    }

    static void AnswersAreSound(Exchange exchange)
    {
        var builder = new AcknowledgementBuilder(exchange.Options);
        using var reader = new EdiReader(new MemoryStream(exchange.File), new());
        var (messages, rejected) = (0, 0);
        while (reader.Read())
        {
            var ordinal = reader.Message?.Ordinal ?? 0;
            if (reader.Event == EdiEvent.GroupStart)
                Tell(builder, exchange.Findings[0], new(0, 1, 1));
            if (reader.Event == EdiEvent.MessageEnd)
            {
                var found = exchange.Findings[ordinal];
                Tell(builder, found, new(0, 1, reader.Group is null ? 0 : 1, ordinal));
                builder.Identify(exchange.Numbers[ordinal - 1]);
                messages++;
                rejected += found.Any(f => f.Severity >= Severity.Error) ? 1 : 0;
            }
            builder.Accept(reader);
            if (reader.Event == EdiEvent.MessageEnd)
                builder.Refuse(exchange.Reasons[ordinal - 1]);
        }
        var answers = builder.End();
        Assert.NotEmpty(answers);
        Assert.All(answers, answer =>
        {
            Assert.Equal((messages - rejected, rejected), (answer.Accepted, answer.Rejected));
            var bytes = answer.Write("42", DateTimeOffset.UnixEpoch);
            var own = new Reading(new MemoryStream(bytes));
            Assert.True(own.Findings.Count == 0, $"{Encoding.Latin1.GetString(bytes)}\n{string.Join('\n', own.Findings.Kept)}");
            Assert.All(own.Messages, message => Assert.True(message.Defined));
            Assert.Empty(own.Acknowledgements);
        });
    }

    static void Tell(AcknowledgementBuilder builder, Finding[] findings, Position at)
    {
        foreach (var finding in findings)
            builder.Add(finding with { At = finding.At with { Group = at.Group, Message = at.Message } });
    }
}
