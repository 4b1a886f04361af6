using System.Reflection;
using System.Text.RegularExpressions;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Guides;

/// <summary>The engine's README shows for every finding of a guide a rule and an order that give it, in the words that stand there.</summary>
public sealed partial class GuideExampleTests
{
    static readonly string readme = File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "README.md"));

    static readonly (string Code, string Rule, string Instead, string Stands, string Says)[] examples =
        [.. Rows().Matches(readme).Select(row => (row.Groups["code"].Value, Cell(row, "rule"), Cell(row, "instead"), Cell(row, "stands"), Cell(row, "says")))];

    static string Cell(Match row, string name) => row.Groups[name].Value is "nothing" ? "" : row.Groups[name].Value.Trim('`', ' ');

    public static TheoryData<string> Listed => [.. examples.Select(example => example.Code)];

    [Theory]
    [MemberData(nameof(Listed))]
    public void An_example_gives_its_finding_and_no_other(string code)
    {
        var example = examples.Single(e => e.Code == code);
        var order = Order().Match(readme).Value;
        if (example.Instead.Length > 0)
        {
            Assert.Contains(example.Instead, order, StringComparison.Ordinal);
            order = order.Replace(example.Instead, example.Stands, StringComparison.Ordinal);
        }

        var finding = Assert.Single(Guided.Check(order, Guided.Right(example.Rule)).Findings);
        Assert.Equal((code, example.Says), (finding.Code, finding.Message));
    }

    [Fact]
    public void Every_code_of_a_guide_has_an_example()
    {
        var codes = typeof(Edi.Codes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(code => code[..3] == "GDE");
        Assert.Equal(codes.Order(StringComparer.Ordinal), examples.Select(e => e.Code));
    }

    [GeneratedRegex("^UNB\\+.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Order();

    [GeneratedRegex(@"^\| (?<code>GDE5\d{3}) \| (?<rule>`[^|]*`) \| (?<instead>[^|]*) \|(?<stands>[^|]*)\| (?<says>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rows();
}
