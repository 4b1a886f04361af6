using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Fuzz;

/// <summary>Answers can be written whatever the interchange they answer says, and this engine finds nothing wrong with them.</summary>
static class AnswerCheck
{
    /// <summary>The kind of answers that go to documents the application refused.</summary>
    public const int Business = 1;

    static readonly DateTimeOffset written = new(2026, 4, 1, 8, 15, 0, TimeSpan.Zero);

    static readonly string[] numbers = ["PO-4711", "", "O'Neil?+:*~^\r\n", "\u4e2d\U0001F600", new('9', 36), "a"];

    public static AcknowledgementOptions Options(int kind)
    {
        var all = new AcknowledgementOptions { Technical = Answering.Always, Functional = Answering.Always };
        return kind switch
        {
            Business => all with { Business = true },
            2 => all with { AcceptedLoops = true },
            3 => all with { X12 = GroupAnswer.Only997, Contrl = ContrlVersion.Eancom1997 },
            4 => all with { ErrorCodes = SyntaxErrorCodes.Early, AcceptedLoops = true },
            5 => all with { ErrorCodes = SyntaxErrorCodes.Early, Contrl = ContrlVersion.Eancom1997 },
            6 => new() { Technical = Answering.Errors, Functional = Answering.Errors, Business = true },
            7 => new(),
            _ => all,
        };
    }

    public static string? Number(EdiReader reader) => numbers[reader.Message!.Ordinal % numbers.Length];

    /// <summary>Why the application refuses a message, in words that are hard to write.</summary>
    public static IReadOnlyList<Finding> Refusal(EdiReader reader) =>
    [
        new() { Code = "MAP2101", Severity = Severity.Error, At = reader.Position, Message = "No item has the number 'A+B:C?D*E~F^G\\', \u00fc\u20ac\U0001F600\u0001\r\n." },
        new() { Code = "MAP2105", Severity = Severity.Error, At = reader.Position with { Element = 3 }, Tag = "LIN", Message = string.Concat(Enumerable.Repeat("\U0001F600x ", 100)) },
    ];

    /// <summary>Writes all answers; reads them again where the setting says so.</summary>
    public static string? Trouble(IReadOnlyList<Acknowledgement> answers, Setting setting)
    {
        foreach (var answer in answers)
        {
            if (answer.References < 1)
                return $"{answer.Type} needs {answer.References} references";
            var bytes = answer.Write("000000042", written);
            if (setting.Deep && !bytes.AsSpan().SequenceEqual(answer.Write("000000042", written)))
                return $"{answer.Type} is not the same when it is written again";
            // A byte order mark makes an interchange UTF-8, and its answer.
            if (setting.AnswersRead && Trouble(bytes, setting.Reader.Charset ?? (answer.Interchange.Charset == "UTF-8" ? "utf-8" : null)) is { } trouble)
                return $"{answer.Type} {trouble} in {Encoding.Latin1.GetString(bytes)}";
        }
        return null;
    }

    static string? Trouble(byte[] bytes, string? charset)
    {
        var findings = new Findings();
        Finding? wrong = null;
        findings.Added = finding => wrong ??= IsRepeated(finding) ? null : finding;
        MessageValidator? validator = null;
        var messages = 0;
        using var reader = new EdiReader(new MemoryStream(bytes), findings, new() { Charset = charset }, 4 * 1024, 16 * 1024);
        while (reader.Read())
            switch (reader.Event)
            {
                case EdiEvent.InterchangeAcknowledgement:
                    messages++;
                    MessageValidator.CheckAcknowledgement(reader, findings);
                    break;
                case EdiEvent.MessageStart:
                    messages++;
                    validator = MessageValidator.Next(validator, DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!), findings);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    validator?.Accept(reader);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    break;
            }
        if (messages == 0)
            return "holds no message";
        return wrong is null ? null : $"has {wrong.Code} {wrong.At} {wrong.Message} Found {wrong.Found}";
    }

    /// <summary>
    /// True for what is wrong with values that an answer has to repeat as the sender wrote them: too long, too short, missing, no number; and
    /// with characters of theirs that the character set they declare does not have.
    /// </summary>
    static bool IsRepeated(Finding finding) => finding.Code switch
    {
        Codes.CharacterOutsideSet or Codes.LooksLikeUtf8 => true,
        Codes.CharsetUnknown => finding.Found == "UNOX",
        Codes.ElementMissing or Codes.ComponentMissing or Codes.ValueTooLong or Codes.ValueTooShort or Codes.NotANumber or Codes.DateInvalid or Codes.TimeInvalid or Codes.CodeUnknown =>
            finding.Tag is "UCI" or "UCF" or "UCM" or "AK1" or "AK2" or "AK9" or "TA1" or "RFF" or "NAD" or "OTI" or "IK3" or "AK3",
        _ => false,
    };
}
