using System.Globalization;
using System.Text;
using System.Text.Json;
using DistributorHub.Edi.Parse;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>Real files of many systems against facts that were derived independently of this reader.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, string> issueCodes = new(StringComparer.Ordinal)
    {
        ["unt_count_mismatch"] = Codes.MessageCount,
        ["se_count_mismatch"] = Codes.MessageCount,
        ["unt_ref_mismatch"] = Codes.MessageReference,
        ["se_ref_mismatch"] = Codes.MessageReference,
        ["une_count_mismatch"] = Codes.GroupCount,
        ["ge_count_mismatch"] = Codes.GroupCount,
        ["une_ref_mismatch"] = Codes.GroupReference,
        ["ge_ref_mismatch"] = Codes.GroupReference,
        ["ge_ref_format"] = Codes.ReferencePadding,
        ["unz_count_mismatch"] = Codes.InterchangeCount,
        ["iea_count_mismatch"] = Codes.InterchangeCount,
        ["unz_ref_mismatch"] = Codes.InterchangeReference,
        ["iea_ref_mismatch"] = Codes.InterchangeReference,
        ["duplicate_message_ref"] = Codes.MessageDuplicate,
        ["duplicate_group_ref"] = Codes.GroupDuplicate,
        ["duplicate_interchange_ref"] = Codes.InterchangeDuplicate,
        ["missing_unb"] = Codes.InterchangeHeaderMissing,
        ["missing_isa"] = Codes.InterchangeHeaderMissing,
    };

    [Fact]
    public void Every_file_of_the_corpus_reads_as_its_facts_say()
    {
        if (Repository.Shared is null)
            return;
        var corpus = Path.Combine(Repository.Shared, "corpus");
        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(corpus, "facts.json")));
        var wrong = new List<string>();
        var agreeing = 0;
        foreach (var fact in facts.RootElement.EnumerateObject())
        {
            var file = File.ReadAllBytes(Path.Combine(corpus, "files", fact.Name));
            var expected = Describe(fact.Value);
            var actual = Describe(file);
            if (expected == actual)
                agreeing++;
            else if (CorpusExceptions.Of(fact.Name) is not { } disputed)
                wrong.Add($"{fact.Name}\n{Difference(expected, actual)}");
            else
                output.WriteLine($"{fact.Name} at byte {disputed.Offset}: {disputed.Reason} ({disputed.Clause})\n{Difference(expected, actual)}");
        }
        output.WriteLine($"{agreeing} files agree in everything, {CorpusExceptions.All.Count} differ for a listed reason.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(agreeing >= 200);
    }

    [Fact]
    public void A_disputed_fact_is_listed_with_the_bytes_it_is_about()
    {
        if (Repository.Shared is null)
            return;
        Assert.All(CorpusExceptions.All, fact => Assert.StartsWith(
            fact.Bytes, Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Repository.Shared, "corpus", "files", fact.File))[fact.Offset..]), StringComparison.Ordinal));
    }

    // The facts say once for a file that references repeat; the reader says it of every message.
    static bool Often(string code) => code is Codes.MessageDuplicate or Codes.GroupDuplicate;

    static string Difference(string expected, string actual)
    {
        var before = expected.Split('\n');
        var after = actual.Split('\n');
        return string.Join("\n", before.Except(after).Take(6).Select(l => "  fact: " + l).Concat(after.Except(before).Take(6).Select(l => "  read: " + l)));
    }

    static string Describe(JsonElement fact)
    {
        var text = new StringBuilder();
        var issues = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var issue in fact.GetProperty("all_issues").EnumerateArray())
            if (issueCodes.TryGetValue(issue.GetString()!.Split(':')[0], out var code))
                issues[code] = Often(code) ? 1 : issues.GetValueOrDefault(code) + 1;
        foreach (var interchange in fact.GetProperty("interchanges").EnumerateArray())
            Describe(text, interchange);
        return Finish(text, issues);
    }

    static void Describe(StringBuilder text, JsonElement interchange)
    {
        var d = interchange.GetProperty("delimiters");
        var x12 = Text(interchange, "syntax") == "x12";
        text.Append(CultureInfo.InvariantCulture, $"{Text(interchange, "syntax")} {Text(interchange, "syntax_id")} {Text(interchange, x12 ? "version" : "syntax_version")} ");
        text.Append(CultureInfo.InvariantCulture, $"from {Text(interchange, "sender")} to {Text(interchange, "recipient")} reference {Text(interchange, "control_ref")}\n");
        text.Append(CultureInfo.InvariantCulture, $"delimiters {Text(d, "component")} {Text(d, "element")} {Text(d, "release")} {Text(d, "repetition")} {Text(d, "terminator").Replace("\r", "\\r").Replace("\n", "\\n")}\n");
        text.Append(CultureInfo.InvariantCulture, $"segments {interchange.GetProperty("segments").GetInt32()}\n");
        foreach (var group in interchange.GetProperty("groups").EnumerateArray())
            if (!group.TryGetProperty("has_gs", out var has) || has.GetBoolean())
                text.Append(CultureInfo.InvariantCulture, $"group {Text(group, "type")} {Text(group, "control_ref")} {group.GetProperty("messages").GetInt32()}\n");
        foreach (var message in interchange.GetProperty("messages").EnumerateArray())
        {
            var release = x12 && Text(message, "impl").Length > 0 ? Text(message, "impl") : Text(message, x12 ? "version" : "release");
            text.Append(CultureInfo.InvariantCulture, $"message {Text(message, "type")} {(x12 ? "" : Text(message, "version"))} {release} {Text(message, "association")} ");
            text.Append(CultureInfo.InvariantCulture, $"{Text(message, "ref")} segments {message.GetProperty("segments").GetInt32()}\n");
        }
    }

    static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.TrimEnd(' ') : "";

    static string Describe(byte[] file)
    {
        var text = new StringBuilder();
        var issues = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var findings = new Findings
        {
            Added = finding =>
            {
                if (issueCodes.ContainsValue(finding.Code))
                    issues[finding.Code] = Often(finding.Code) ? 1 : issues.GetValueOrDefault(finding.Code) + 1;
            },
        };
        var groups = new StringBuilder();
        var messages = new StringBuilder();
        using var reader = new EdiReader(new MemoryStream(file), findings);
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.GroupEnd)
                groups.Append(CultureInfo.InvariantCulture, $"group {reader.Group!.Code} {reader.Group.Reference} {reader.Group.Messages}\n");
            if (reader.Event == EdiEvent.MessageEnd)
                messages.Append(CultureInfo.InvariantCulture, $"message {reader.Message!.Type} {reader.Message.Version} {reader.Message.Release} {reader.Message.Association} {reader.Message.Reference} segments {reader.Message.Segments}\n");
            if (reader.Event != EdiEvent.InterchangeEnd)
                continue;
            var i = reader.Interchange!;
            var d = i.Delimiters;
            text.Append(CultureInfo.InvariantCulture, $"{(i.Standard == Standard.X12 ? "x12" : "edifact")} {i.SyntaxIdentifier} {i.SyntaxVersion} from {i.Sender.Id} to {i.Recipient.Id} reference {i.Reference}\n");
            text.Append(CultureInfo.InvariantCulture, $"delimiters {Text(d.Component)} {Text(d.Element)} {Text(d.Release)} {Text(d.Repetition)} {Text(d.Terminator)}\n");
            text.Append(CultureInfo.InvariantCulture, $"segments {i.Segments}\n").Append(groups).Append(messages);
            groups.Clear();
            messages.Clear();
        }
        return Finish(text, issues);
    }

    // The last byte of the two characters of several bytes in the corpus: a broken bar and an ellipsis.
    static string Text(byte character) => character switch
    {
        0 => "",
        (byte)'\r' => "\\r",
        (byte)'\n' => "\\n",
        0xA6 => "…",
        _ => ((char)character).ToString(),
    };

    static string Finish(StringBuilder text, SortedDictionary<string, int> issues)
    {
        foreach (var (code, count) in issues)
            text.Append(CultureInfo.InvariantCulture, $"issue {code} {count}\n");
        return text.ToString().Replace('¦', '…');
    }
}
