using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Definitions;

/// <summary>Compares the embedded definitions with the published directories, when these stand beside the checkout.</summary>
public sealed partial class OfficialDirectoryTests
{
    [Fact]
    public void Every_message_of_D_96A_is_as_the_directory_prints_it()
    {
        if (Directory() is not { } directory)
            return;
        foreach (var (standard, type, release) in DefinitionLibrary.Embedded.List().Where(d => d.Release == "D.96A"))
            Assert.Equal((type, Printed(Member(directory, "TRMD.ZIP", $"{type}_D.96A"))), (type, Tree(DefinitionLibrary.Embedded.Find(standard, type, release)!)));
    }

    [Fact]
    public void Every_segment_of_D_96A_is_as_the_directory_prints_it()
    {
        if (Directory() is not { } directory)
            return;
        var printed = PrintedSegments(Member(directory, "TRSD.ZIP", "TRSD.96A"));
        var checkedSegments = 0;
        foreach (var segment in DefinitionLibrary.Embedded.Find(Standard.Edifact, "ORDERS", "D.96A")!.Segments.All.Values)
        {
            // ISO 9735 defines the service segments, not the directory.
            if (segment.Tag is "UNH" or "UNS" or "UNT")
                continue;
            Assert.Equal((segment.Tag, printed[segment.Tag]), (segment.Tag, string.Join('\n', segment.Elements.SelectMany(Lines))));
            checkedSegments++;
        }
        Assert.InRange(checkedSegments, 50, 500);
    }

    [Theory]
    [InlineData("850")]
    [InlineData("832")]
    [InlineData("810")]
    [InlineData("855")]
    [InlineData("856")]
    [InlineData("860")]
    [InlineData("997")]
    public void Every_set_of_004010_is_as_the_facts_have_it(string set)
    {
        if (Repository.Shared is not { } shared)
            return;
        var lines = File.ReadAllLines(Path.Combine(shared, "facts", "x12", "004010.txt"));
        var facts = lines.SkipWhile(l => l != $"set {set} 004010").Skip(1).TakeWhile(l => l.StartsWith(' '))
            .Select(l => l[2..].Replace("+", "", StringComparison.Ordinal).Replace(">", int.MaxValue.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            .Where(l => l is not ("ST M 1" or "SE M 1"));

        var definition = DefinitionLibrary.Embedded.Find(Standard.X12, set, "004010")!;
        var tree = Tree(definition).Split('\n').Where((_, i) => !IsTrigger(definition, i + 1)).Select(l => l.Replace(" C ", " O ", StringComparison.Ordinal));

        Assert.Equal(string.Join('\n', facts), string.Join('\n', tree));
    }

    [Fact]
    public void Every_segment_of_004010_is_as_the_facts_have_it()
    {
        if (Repository.Shared is not { } shared)
            return;
        var facts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(shared, "facts", "x12", "004010.txt")))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["segment", var tag])
                facts.Add(tag, []);
            else if (facts.Count > 0 && words.Length is 4 or 5 && line.StartsWith(' '))
                // The facts leave this one length open; its codes have one or two characters.
                facts.Last().Value.Add($"{words[1]} {words[2]} {(words[1] == "704" ? "1/2" : words[^1])}");
        }
        foreach (var segment in DefinitionLibrary.Embedded.Find(Standard.X12, "850", "004010")!.Segments.All.Values)
        {
            var ours = segment.Elements.SelectMany(e => e.Components.Prepend(e)).Select(e =>
                $"{e.Id} {(e.Mandatory ? 'M' : 'O')} {(e.Type == ElementType.Composite ? "composite" : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(e.Min, 1)}/{e.Max}"))}");
            Assert.Equal((segment.Tag, string.Join('\n', facts[segment.Tag])), (segment.Tag, string.Join('\n', ours)));
        }
    }

    static bool IsTrigger(MessageDefinition definition, int node) =>
        definition.Nodes[node] is { IsGroup: false, Parent: > 0 and var parent } && parent == node - 1;

    /// <summary>One line a node: two blanks a level, tag, M or C, most repetitions.</summary>
    static string Tree(MessageDefinition definition)
    {
        var lines = new List<string>();
        foreach (var node in definition.Nodes.Skip(1))
        {
            var depth = 0;
            for (var parent = node.Parent; parent > 0; parent = definition.Nodes[parent].Parent)
                depth++;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', depth * 2)}{node.Tag} {(node.Mandatory ? 'M' : 'C')} {node.Max}"));
        }
        return string.Join('\n', lines);
    }

    /// <summary>The segment table of a message, in the form of <see cref="Tree"/>; box-drawing corners close groups.</summary>
    static string Printed(string[] text)
    {
        var start = Array.FindLastIndex(text, l => l.StartsWith("4.3.1", StringComparison.Ordinal) && l.Contains("Segment table", StringComparison.OrdinalIgnoreCase));
        var lines = new List<string>();
        var depth = 0;
        (string Requirement, string Max)? group = null;
        foreach (var line in text[(start + 1)..])
        {
            if (GroupLine().Match(line) is { Success: true } opened)
                group = (opened.Groups["req"].Value, opened.Groups["max"].Value);
            else if (SegmentLine().Match(line) is { Success: true } row)
            {
                var tag = row.Groups["tag"].Value;
                if (tag == "UNT")
                    break;
                if (tag == "UNH")
                    continue;
                if (group is { } head)
                {
                    lines.Add($"{new string(' ', depth * 2)}{tag} {head.Requirement} {head.Max}");
                    depth++;
                    group = null;
                }
                lines.Add($"{new string(' ', depth * 2)}{tag} {row.Groups["req"].Value} {row.Groups["max"].Value}");
                depth -= row.Groups["end"].Value.Count(c => c is '\u00D9' or '\u00C1');
            }
        }
        Assert.Equal(0, depth);
        return string.Join('\n', lines);
    }

    static Dictionary<string, string> PrintedSegments(string[] text)
    {
        var segments = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? open = null;
        var wrapped = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 1 && text[i - 2].StartsWith("\u00C4\u00C4\u00C4", StringComparison.Ordinal) && SegmentHead().Match(text[i]) is { Success: true } head)
                segments.Add(head.Groups["tag"].Value, open = []);
            else if (open is not null && (wrapped.Length > 0 || ElementStart().IsMatch(text[i])))
            {
                wrapped = wrapped.Length > 0 ? $"{wrapped} {text[i].Trim()}" : text[i].TrimEnd();
                if (ElementLine().Match(wrapped) is not { Success: true } row)
                    continue;
                open.Add($"{row.Groups["id"].Value} {row.Groups["req"].Value} {row.Groups["type"].Value}".TrimEnd());
                wrapped = "";
            }
        }
        return segments.ToDictionary(s => s.Key, s => string.Join('\n', s.Value), StringComparer.Ordinal);
    }

    static IEnumerable<string> Lines(ElementDefinition element)
    {
        var requirement = element.Mandatory ? 'M' : 'C';
        if (element.Type == ElementType.Composite)
            return element.Components.SelectMany(Lines).Prepend($"{element.Id} {requirement}");
        var type = element.Type == ElementType.Decimal ? "n" : element.AlphabeticOnly ? "a" : "an";
        var length = element.Min == element.Max ? $"{element.Max}" : $"..{element.Max}";
        return [$"{element.Id} {requirement} {type}{length}"];
    }

    static byte[]? Directory() =>
        Repository.Shared is { } shared ? File.ReadAllBytes(Path.Combine(shared, "facts", "unece", "d96a.zip")) : null;

    static string[] Member(byte[] directory, string part, string name)
    {
        using var outer = new ZipArchive(new MemoryStream(directory));
        using var inner = new ZipArchive(new MemoryStream(Bytes(outer, part)));
        return Encoding.Latin1.GetString(Bytes(inner, name)).Replace("\r", "", StringComparison.Ordinal).Split('\n');
    }

    static byte[] Bytes(ZipArchive archive, string name)
    {
        using var stream = archive.Entries.Single(e => e.Name == name).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"^\d{4} [ +*#|X]* *\u00C4+ Segment group \d+ +\u00C4+ (?<req>[MC]) +(?<max>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex GroupLine();

    [GeneratedRegex(@"^\d{4} [ +*#|X]* *(?<tag>[A-Z]{3}) .*? (?<req>[MC]) +(?<max>\d+)(?<end>[ \u00B3-\u00DA]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex SegmentLine();

    [GeneratedRegex(@"^ {4}[ +*#|X] (?<tag>[A-Z]{3})    [A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex SegmentHead();

    [GeneratedRegex(@"^(\d{3} [ +*#|X]|  {2,5}[ +*#|X]) *[CS]?\d{3,4}  ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ElementStart();

    [GeneratedRegex(@"^(?:\d{3})? *[+*#|X]? *(?<id>[CS]\d{3}|\d{4})  .*? +(?<req>[MC])(?: +(?<type>(?:an|a|n)[.]{0,2}\d+))? *$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ElementLine();
}
