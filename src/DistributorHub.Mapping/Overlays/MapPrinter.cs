using System.Globalization;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>Writes a map as YAML that says the same, each line with the place it comes from as a comment.</summary>
sealed class MapPrinter
{
    // Longer lines have their comment right behind them.
    const int CommentColumnMax = 88;

    readonly List<(string Text, YamlNode? Origin)> lines = [];

    public static IReadOnlyList<string> Print(YamlMap root)
    {
        var printer = new MapPrinter();
        printer.Map(root, indent: "", first: "");
        var column = printer.lines.Where(line => line.Origin is not null).Select(line => line.Text.Length).Where(length => length <= CommentColumnMax).DefaultIfEmpty(0).Max();
        return [.. printer.lines.Select(line => line.Origin is { Source: not null } at
            ? string.Create(CultureInfo.InvariantCulture, $"{line.Text.PadRight(column)}  # {at.Source.File}:{at.Line}") : line.Text)];
    }

    /// <param name="map">What to write.</param>
    /// <param name="indent">Before each line.</param>
    /// <param name="first">Before the first line instead: a list's sign.</param>
    void Map(YamlMap map, string indent, string first)
    {
        var before = first;
        foreach (var (key, value) in map.Entries)
        {
            Value($"{before}{Key(key)}:", key, value, indent);
            before = indent;
        }
    }

    void Value(string start, YamlNode origin, YamlNode value, string indent)
    {
        switch (value)
        {
            case YamlMap { Entries.Count: > 0 } map:
                lines.Add((start, origin));
                Map(map, indent + "  ", indent + "  ");
                break;
            case YamlList { Items.Count: > 0 } list:
                lines.Add((start, origin));
                foreach (var item in list.Items)
                    Item(item, indent);
                break;
            case YamlMap:
                lines.Add(($"{start} {{}}", origin));
                break;
            case YamlList:
                lines.Add(($"{start} []", origin));
                break;
            case YamlScalar scalar:
                Scalar(start, origin, scalar, indent);
                break;
        }
    }

    void Item(YamlNode item, string indent)
    {
        if (item is YamlMap { Entries.Count: > 0 } map)
            Map(map, indent + "  ", indent + "- ");
        else
            Value(indent + "-", item, item, indent + "  ");
    }

    void Scalar(string start, YamlNode origin, YamlScalar scalar, string indent)
    {
        if (!scalar.Block)
        {
            lines.Add((scalar.Text.Length == 0 && !scalar.Quoted ? start : $"{start} {YamlText.Of(scalar)}", origin));
            return;
        }
        // Folding has been undone: each line stands for itself, under a sign that says how far it is indented.
        lines.Add(($"{start} |2-", origin));
        foreach (var line in scalar.Text.TrimEnd('\n').Split('\n'))
            lines.Add(($"{indent}  {line}", null));
    }

    static string Key(YamlScalar key) => key.Quoted ? YamlText.Quote(key.Text) : key.Text;
}
