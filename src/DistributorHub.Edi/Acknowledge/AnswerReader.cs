using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>
/// Reads one CONTRL, 997 or 999 from its segments. Whether it is right otherwise is its validator's question.
/// </summary>
/// <param name="reader">Stands at the answer's UNH or ST.</param>
public sealed class AnswerReader(EdiReader reader)
{
    readonly string kind = reader.Message!.Type;
    readonly InterchangeInfo envelope = reader.Interchange!;
    readonly Dictionary<string, AnswerVerdict> messages = new(StringComparer.Ordinal);
    readonly List<AnswerError> errors = [];
    ReceivedAnswer? answer;
    string message = "", tag = "";
    bool isUnclear;
    int segment;

    /// <summary>The TA1 the reader stands at, or null when it names no interchange.</summary>
    public static ReceivedAnswer? Technical(EdiReader reader)
    {
        var ta1 = reader.Segment;
        var number = Text(ta1, 1);
        if (number.Length == 0)
            return null;
        var note = Text(ta1, 5);
        var verdict = Text(ta1, 4) switch
        {
            "A" => AnswerVerdict.Accepted,
            "E" => AnswerVerdict.AcceptedWithErrors,
            _ => AnswerVerdict.Rejected,
        };
        return new("TA1", Standard.X12, reader.Interchange!.Recipient, reader.Interchange.Sender)
        {
            Interchange = number,
            Verdict = verdict,
            Errors = note is "" or "000" ? [] : [new($"TA105:{note}", AnswerCodes.Meaning("TA105", note), "") { At = reader.Position }],
        };
    }

    /// <summary>Takes the segment the reader stands at, between header and trailer.</summary>
    public void Accept(EdiReader reader)
    {
        var it = reader.Segment;
        switch (Encoding.ASCII.GetString(it.Tag))
        {
            case "UCI":
                answer = new(kind, Standard.Edifact, new(Text(it, 2), Text(it, 2, 2)), new(Text(it, 3), Text(it, 3, 2))) { Interchange = Text(it, 1) };
                answer = answer with { Verdict = Action(Text(it, 4), Text(it, 5)) };
                Service(reader, 5);
                break;
            case "UCF":
                message = "";
                // Of the one group that an interchange of ours may have, it is said of all.
                answer = answer is null ? null : answer with { GroupReference = Text(it, 1), Verdict = Worse(answer.Verdict, Action(Text(it, 4), Text(it, 5))) };
                Service(reader, 5);
                break;
            case "UCM":
                message = Text(it, 1);
                Say(Action(Text(it, 3), Text(it, 4)));
                Service(reader, 4);
                break;
            case "UCS":
                segment = Number(it, 1);
                tag = "";
                Note(reader, "0085", Text(it, 2));
                break;
            case "UCD":
                // The tag is position 1 (0098).
                Note(reader, "0085", Text(it, 1), Math.Max(Number(it, 2) - 1, 0), Number(it, 2, 2));
                break;
            case "AK1":
                answer = new(kind, Standard.X12, envelope.Recipient, envelope.Sender) { GroupCode = Text(it, 1), GroupReference = Text(it, 2) };
                break;
            case "AK2":
                message = Text(it, 2);
                break;
            case "AK3" or "IK3":
                (tag, segment) = (Text(it, 1), Number(it, 2));
                Note(reader, $"{Prefix(it)}304", Text(it, 4));
                break;
            case "AK4" or "IK4":
                Note(reader, $"{Prefix(it)}403", Text(it, 3), Number(it, 1), Number(it, 1, 2), Text(it, 4));
                break;
            case "AK5" or "IK5":
                Say(Of(Text(it, 1)));
                (segment, tag) = (0, "");
                Codes(reader, $"{Prefix(it)}502", 2);
                break;
            case "AK9":
                (message, segment, tag) = ("", 0, "");
                answer = answer is null ? null : answer with { Verdict = Of(Text(it, 1)) };
                Codes(reader, "AK905", 5);
                break;
        }
    }

    /// <summary>Ends the answer; null when it names nothing that was sent, or what it says of it cannot be understood.</summary>
    public ReceivedAnswer? End() => answer is null || isUnclear ? null : answer with { Messages = messages, Errors = errors };

    static string Prefix(Segment segment) => Encoding.ASCII.GetString(segment.Tag[..2]);

    void Say(AnswerVerdict verdict)
    {
        if (messages.Count < AcknowledgementBuilder.ListedMax || messages.ContainsKey(message))
            messages[message] = verdict;
    }

    /// <summary>What UCI, UCF and UCM say of service segments: 0085, the segment (0013), the element (S011).</summary>
    void Service(EdiReader reader, int element)
    {
        (segment, tag) = (0, Text(reader.Segment, element + 1));
        Note(reader, "0085", Text(reader.Segment, element), Math.Max(Number(reader.Segment, element + 2) - 1, 0), Number(reader.Segment, element + 2, 2));
    }

    void Codes(EdiReader reader, string name, int first)
    {
        for (var i = first; i < first + 5; i++)
            Note(reader, name, Text(reader.Segment, i));
    }

    void Note(EdiReader reader, string name, string code, int element = 0, int component = 0, string value = "")
    {
        if (code.Length == 0 || errors.Count >= Limits.FindingsPerFileMax)
            return;
        errors.Add(new($"{name}:{code}", AnswerCodes.Meaning(name, code), message)
        {
            At = reader.Position,
            Tag = tag.Length == 0 ? null : tag,
            Segment = segment,
            Element = element,
            Component = component,
            Value = value.Length == 0 ? null : Finding.Cut(value, Limits.QuotedCharsMax),
        });
    }

    static AnswerVerdict Worse(AnswerVerdict one, AnswerVerdict other) => one > other ? one : other;

    /// <summary>0083 with 0085.</summary>
    AnswerVerdict Action(string action, string error)
    {
        isUnclear |= action is not ("4" or "7" or "8");
        return (action, error) switch
        {
            ("8", _) => AnswerVerdict.Received,
            ("7", "") => AnswerVerdict.Accepted,
            ("7", _) => AnswerVerdict.AcceptedWithErrors,
            _ => AnswerVerdict.Rejected,
        };
    }

    /// <summary>Elements 717 and 715.</summary>
    AnswerVerdict Of(string code)
    {
        isUnclear |= code is not ("A" or "E" or "P" or "R" or "M" or "W" or "X");
        return code switch
        {
            "A" => AnswerVerdict.Accepted,
            "E" => AnswerVerdict.AcceptedWithErrors,
            "P" => AnswerVerdict.PartiallyAccepted,
            _ => AnswerVerdict.Rejected,
        };
    }

    static string Text(Segment segment, int element, int component = 1) => Finding.Cut(Encoding.UTF8.GetString(segment.Value(element, component)).Trim(), Limits.RepeatedCharsMax);

    static int Number(Segment segment, int element, int component = 1) =>
        int.TryParse(segment.Value(element, component), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
