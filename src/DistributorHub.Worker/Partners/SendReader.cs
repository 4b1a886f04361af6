using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Worker.Partners;

/// <summary>Reads <c>send:</c> of a partner file.</summary>
static class SendReader
{
    public static List<SendDefinition> Read(Section file)
    {
        var sends = new List<SendDefinition>();
        if (!file.Has("send"))
            return sends;
        foreach (var entry in file.Sections("send", "what is sent to them"))
        {
            var send = new SendDefinition(
                entry.Required("map", "the id of a map that writes, such as base/ordrsp-edifact"), SourceReader.SafePath(entry, "folder") ?? "",
                entry.Required("sender", "our id in UNB or ISA").Trim(), entry.Text("sender_qualifier")?.Trim() ?? "",
                entry.Text("recipient")?.Trim() ?? "", entry.Text("recipient_qualifier")?.Trim() ?? "", entry.Flag("test", false),
                entry.Number("first_number", 1, 1, SendDefinition.NumberMax), entry.Number("last_number", SendDefinition.NumberMax, 1, SendDefinition.NumberMax), entry.Flag("rollover", false))
            {
                GroupSender = entry.Text("group_sender")?.Trim() ?? "",
                GroupRecipient = entry.Text("group_recipient")?.Trim() ?? "",
                Form = Form(entry),
                ExpectedAnswer = Expected(entry),
                OverdueAfter = entry.Duration("overdue_after", SendDefinition.OverdueAfterDefault, TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)),
            };
            if (send.Numbers < 1)
                entry.Report(entry.Map, "PTN1004", $"'first_number' is {send.FirstNumber}, and 'last_number' is {send.LastNumber}.", "the last is not below the first");
            if (!entry.Has("folder"))
                entry.Report(entry.Map, "PTN1001", "An entry of 'send' has no 'folder': where the files are put on the partner's side.");
            if (sends.Exists(other => other.Map == send.Map))
                entry.Report(entry.Map, "PTN1008", $"Map {send.Map} is sent already.", "a document goes to a partner once");
            entry.Finish();
            sends.Add(send);
        }
        return sends;
    }

    static AnswerLevel Expected(Section entry) => entry.Value<AnswerLevel>(
        "expect_ack", "no, technical or functional (yes is functional)", text => text.ToLowerInvariant() switch
        {
            "no" or "false" => AnswerLevel.No,
            "technical" => AnswerLevel.Technical,
            "yes" or "true" or "functional" => AnswerLevel.Functional,
            _ => null,
        }) ?? AnswerLevel.No;

    static SendForm Form(Section entry)
    {
        var form = new SendForm
        {
            Syntax = entry.Text("syntax")?.Trim(),
            Charset = entry.Text("charset")?.Trim(),
            Characters = entry.Choice("characters", CharacterPolicy.Reject),
            LineBreak = entry.Value<LineBreak>("line_breaks", "none, lf or crlf", text => text.ToLowerInvariant() switch
            {
                "none" => LineBreak.None,
                "lf" => LineBreak.LineFeed,
                "crlf" => LineBreak.CarriageReturnLineFeed,
                _ => null,
            }) ?? LineBreak.None,
            Una = entry.Flag("una", false),
        };
        if (entry.Child("separators") is not { } separators)
            return form;
        form = form with
        {
            Element = Character(separators, "element"),
            Component = Character(separators, "component"),
            Repetition = Character(separators, "repetition"),
            Release = Character(separators, "release"),
            Terminator = Character(separators, "terminator"),
            Decimal = Character(separators, "decimal"),
        };
        separators.Finish();
        return form;
    }

    static char Character(Section separators, string key) => separators.Value<char>(key, "one character of ASCII, or newline",
        text => text == "newline" ? '\n' : text is [< '\x7f' and > ' ' and var one] ? one : null) ?? '\0';
}
