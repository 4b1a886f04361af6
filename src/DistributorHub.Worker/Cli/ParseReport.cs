using System.Text;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Cli;

/// <summary>Writes what a file holds while it is read, so that a file of any size needs no more memory than a small one.</summary>
/// <param name="excerpts">Shows where in the file findings are.</param>
abstract class ParseReport(Excerpts excerpts) : IDisposable
{
    readonly List<Finding> pending = [];

    protected Excerpts Excerpts => excerpts;

    /// <summary>Findings since the last interchange began or ended, up to <see cref="Limits.FindingsPerFileMax"/>.</summary>
    protected IReadOnlyList<Finding> Pending => pending;

    public void Finding(Finding finding)
    {
        if (pending.Count < Limits.FindingsPerFileMax)
            pending.Add(finding);
    }

    public abstract void InterchangeStart(InterchangeInfo interchange);

    public abstract void Group(GroupInfo group);

    public abstract void Message(MessageInfo message, MessageDefinition? checkedAgainst);

    public abstract void InterchangeEnd(InterchangeInfo interchange);

    public abstract void End(Findings findings);

    public abstract void Dispose();

    /// <summary>The findings inside the interchange that ends; those outside any stay pending.</summary>
    protected List<Finding> TakeInside()
    {
        var inside = pending.FindAll(finding => finding.At.Interchange > 0);
        pending.RemoveAll(finding => finding.At.Interchange > 0);
        return inside;
    }
}

sealed class JsonParseReport : ParseReport
{
    readonly Stream output;
    readonly Utf8JsonWriter json;
    readonly List<GroupInfo> groups = [];
    InterchangeInfo? open;

    public JsonParseReport(Stream output, long bytes, Excerpts excerpts)
        : base(excerpts)
    {
        this.output = output;
        json = Json.Writer(output);
        json.WriteStartObject();
        json.WriteNumber("bytes", bytes);
        json.WriteStartArray("interchanges");
    }

    public override void InterchangeStart(InterchangeInfo interchange)
    {
        open = interchange;
        json.WriteStartObject();
        json.WriteString("syntax", interchange.Standard.Name());
        json.WriteString("syntaxIdentifier", interchange.SyntaxIdentifier);
        json.WriteString("syntaxVersion", interchange.SyntaxVersion);
        Party("sender", interchange.Sender);
        Party("recipient", interchange.Recipient);
        json.WriteString("reference", interchange.Reference);
        json.WriteBoolean("test", interchange.Test);
        json.WriteStartObject("delimiters");
        Delimiter("component", interchange.Delimiters.Component);
        Delimiter("element", interchange.Delimiters.Element);
        Delimiter("decimal", interchange.Delimiters.Decimal);
        Delimiter("release", interchange.Delimiters.Release);
        Delimiter("repetition", interchange.Delimiters.Repetition);
        Delimiter("terminator", interchange.Delimiters.Terminator);
        json.WriteEndObject();
        json.WriteStartArray("messages");
    }

    public override void Group(GroupInfo group) => groups.Add(group);

    public override void Message(MessageInfo message, MessageDefinition? checkedAgainst)
    {
        json.WriteStartObject();
        json.WriteString("type", message.Type);
        // GS08 names X12's version and release in one; EDIFACT has an element for each.
        json.WriteString("version", open?.Standard == Standard.X12 && groups.Count > 0 ? groups[^1].Version : message.Version);
        json.WriteString("release", message.Release);
        json.WriteString("agency", message.Agency);
        json.WriteString("association", message.Association);
        json.WriteString("reference", message.Reference);
        json.WriteNumber("segments", message.Segments);
        json.WriteNumber("offset", message.Offset);
        json.WriteEndObject();
        if (json.BytesPending > 64 * 1024)
            json.Flush();
    }

    public override void InterchangeEnd(InterchangeInfo interchange)
    {
        json.WriteEndArray();
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("code", group.Code);
            json.WriteString("reference", group.Reference);
            json.WriteString("version", group.Version);
            json.WriteEndObject();
        }
        groups.Clear();
        json.WriteEndArray();
        json.WriteNumber("segments", interchange.Segments);
        json.WriteFindings(TakeInside(), Excerpts);
        json.WriteEndObject();
        open = null;
    }

    public override void End(Findings findings)
    {
        // A fatal finding ends the reading inside an interchange.
        if (open is not null)
            InterchangeEnd(open);
        json.WriteEndArray();
        json.WriteFindings(Pending, Excerpts);
        json.WriteEndObject();
    }

    public override void Dispose()
    {
        json.Dispose();
        output.WriteByte((byte)'\n');
    }

    void Party(string name, Party party)
    {
        json.WriteStartObject(name);
        json.WriteString("id", party.Id);
        json.WriteString("qualifier", party.Qualifier);
        json.WriteEndObject();
    }

    void Delimiter(string name, byte delimiter) =>
        json.WriteString(name, delimiter == 0 ? "" : Encoding.Latin1.GetString([delimiter]));
}

sealed class TextParseReport(Stream output, Excerpts excerpts) : ParseReport(excerpts)
{
    readonly StreamWriter text = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024);

    public override void InterchangeStart(InterchangeInfo interchange)
    {
        var syntax = interchange.Standard == Standard.X12
            ? $"X12 {interchange.SyntaxVersion}" : $"EDIFACT {interchange.SyntaxIdentifier}:{interchange.SyntaxVersion}";
        text.WriteLine(
            $"Interchange {interchange.Reference}  {syntax}  {interchange.Charset}  from {interchange.Sender.Id} to {interchange.Recipient.Id}" +
            (interchange.Test ? "  TEST" : ""));
    }

    public override void Group(GroupInfo group) => text.WriteLine($"  Group {group.Reference}  {group.Code} {group.Version}");

    public override void Message(MessageInfo message, MessageDefinition? checkedAgainst) =>
        text.WriteLine($"  Message {message.Reference}  {message.Type} {message.FullRelease}  {message.Segments} segments" +
            (checkedAgainst is null ? "  (no definition of this message here: only its envelope was checked)" : ""));

    public override void InterchangeEnd(InterchangeInfo interchange)
    {
        text.WriteLine($"  {interchange.Messages} message(s), {interchange.Segments} segments");
        FindingText.Write(text, TakeInside(), Excerpts);
    }

    public override void End(Findings findings)
    {
        FindingText.Write(text, Pending, Excerpts);
        text.WriteLine(findings.Count == 0 ? "No findings." : $"{findings.Count} finding(s), {findings.Errors} of them error(s).");
    }

    public override void Dispose() => text.Dispose();
}
