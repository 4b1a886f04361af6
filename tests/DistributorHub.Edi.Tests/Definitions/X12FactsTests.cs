using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Definitions;

/// <summary>Compares the embedded X12 definitions with the structure facts, when these stand beside the checkout.</summary>
public sealed class X12FactsTests
{
    [Theory]
    [InlineData("004010", 28)]
    [InlineData("005010", 29)]
    public void Every_set_is_as_the_facts_have_it(string release, int sets)
    {
        if (Facts(release) is not { } lines)
            return;
        var compared = 0;
        foreach (var head in lines.Where(l => l.StartsWith("set ", StringComparison.Ordinal)))
        {
            var set = head.Split(' ')[1];
            var facts = lines.SkipWhile(l => l != head).Skip(1).TakeWhile(l => l.StartsWith(' '))
                .Select(l => l[2..].Replace("+", "", StringComparison.Ordinal).Replace(">", int.MaxValue.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                .Where(l => l is not ("ST M 1" or "SE M 1"));
            var definition = DefinitionLibrary.Embedded.Find(Standard.X12, set, release)!;
            var tree = OfficialDirectoryTests.Tree(definition).Split('\n')
                .Where((_, i) => !IsTrigger(definition, i + 1)).Select(l => l.Replace(" C ", " O ", StringComparison.Ordinal));

            Assert.Equal((set, string.Join('\n', facts)), (set, string.Join('\n', tree)));
            compared++;
        }
        Assert.Equal(sets, compared);
        Assert.Equal(sets, DefinitionLibrary.Embedded.List().Count(d => d.Release == release));
    }

    [Theory]
    [InlineData("004010", 210)]
    [InlineData("005010", 219)]
    public void Every_segment_is_as_the_facts_have_it(string release, int segments)
    {
        if (Facts(release) is not { } lines)
            return;
        var facts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["segment", var tag])
                facts.Add(tag, []);
            else if (facts.Count > 0 && words.Length is 4 or 5 && line.StartsWith(' '))
                facts.Last().Value.Add($"{words[1]} {words[2]} {words[3]} {(words[^1] == "?/?" ? LengthOfCodes(lines, words[1]) : words[^1])}");
        }
        var held = DefinitionLibrary.Embedded.Directory(Standard.X12, "850", release)!.Segments.All;
        Assert.Equal(segments, facts.Count);
        // TA1 stands outside of any set.
        Assert.Equal(facts.Keys.Append("TA1").Order(StringComparer.Ordinal), held.Keys.Order(StringComparer.Ordinal));
        foreach (var (tag, elements) in facts)
        {
            var ours = held[tag].Elements.SelectMany(e => e.Components.Prepend(e)).Select(e =>
                $"{e.Id} {(e.Mandatory ? 'M' : 'O')} {Type(e)} {(e.Type == ElementType.Composite ? "composite" : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(e.Min, 1)}/{e.Max}"))}");
            Assert.Equal((tag, string.Join('\n', elements)), (tag, string.Join('\n', ours)));
        }
    }

    [Theory]
    [InlineData("004010")]
    [InlineData("005010")]
    public void Every_code_list_is_as_the_facts_have_it(string release)
    {
        if (Facts(release) is not { } lines)
            return;
        var directory = DefinitionLibrary.Embedded.Directory(Standard.X12, "850", release)!;
        var used = directory.Segments.All.Values.SelectMany(s => s.Elements).SelectMany(e => e.Components.Prepend(e)).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var facts = lines.Where(l => l.StartsWith("codes ", StringComparison.Ordinal)).Select(l => l.Split(' ')).Where(w => used.Contains(w[1])).ToDictionary(w => w[1], w => w[2..]);

        Assert.Equal(facts.Keys.Order(StringComparer.Ordinal), directory.Segments.Codes.Elements);
        foreach (var (element, codes) in facts)
            Assert.Equal(codes, directory.Segments.Codes.Find(element)!.Select(c => c.Code));
    }

    /// <summary>Conditions that are printed in many partners' guides, as (segment, conditions).</summary>
    [Theory]
    [InlineData("CTP", "P0405 C0607 C0902 C1002 C1103")]
    [InlineData("N1", "R0203 P0304")]
    [InlineData("REF", "R0203")]
    [InlineData("DTM", "R020305 C0403 P0506")]
    [InlineData("SAC", "R0203 P0304 P0607 P0910")]
    [InlineData("PO1", "C0302 C0504 P0607 P0809 P1011 P2425")]
    [InlineData("TD5", "R0204050612 C0203 C0708 C1011 C1312 C1413 C1512")]
    [InlineData("PER", "P0304 P0506 P0708")]
    [InlineData("FOB", "C0302 C0405 C0706 C0809")]
    public void Segments_have_their_conditions(string tag, string conditions)
    {
        foreach (var release in new[] { "004010", "005010" })
        {
            var held = DefinitionLibrary.Embedded.Directory(Standard.X12, "850", release)!.Segments.Find(tag)!.Conditions.Select(c => c.Text).ToList();
            Assert.All(conditions.Split(' '), c => Assert.Contains(c, held));
        }
    }

    /// <summary>Where the facts leave a length open, the codes have it.</summary>
    static string LengthOfCodes(string[] lines, string element)
    {
        var codes = lines.Single(l => l.StartsWith($"codes {element} ", StringComparison.Ordinal)).Split(' ')[2..];
        return $"{codes.Min(c => c.Length)}/{codes.Max(c => c.Length)}";
    }

    static string Type(ElementDefinition element) => element.Type switch
    {
        ElementType.Composite => "composite",
        ElementType.Text => "AN",
        ElementType.Code => "ID",
        ElementType.Decimal => "R",
        ElementType.Implied => "N",
        ElementType.Date => "DT",
        ElementType.Time => "TM",
        _ => "B",
    };

    static string[]? Facts(string release) =>
        Repository.Shared is { } shared ? File.ReadAllLines(Path.Combine(shared, "facts", "x12", $"{release}.txt")) : null;

    static bool IsTrigger(MessageDefinition definition, int node) =>
        definition.Nodes[node] is { IsGroup: false, Parent: > 0 and var parent } && parent == node - 1;
}
