using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>Writes YAML nodes as text that reads as the same nodes, without comments.</summary>
static class YamlText
{
    /// <summary>A scalar as it is written on one line: an expression bare, a literal in quotes.</summary>
    public static string Of(YamlScalar scalar) => scalar.Quoted ? Quote(scalar.Text) : OneLine(scalar.Text);

    /// <summary>A node on one line, to tell it from others and to show it.</summary>
    public static string Flow(YamlNode node) => node switch
    {
        YamlScalar scalar => Of(scalar),
        YamlList list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        YamlMap map => $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Of(entry.Key)}: {Flow(entry.Value)}"))} }}",
        _ => "",
    };

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text)
    {
        if (!text.Any(char.IsControl))
            return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                _ when char.IsControl(letter) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => quoted.Append(letter),
            };
        return quoted.Append('"').ToString();
    }

    static string OneLine(string text) => text.Trim().ReplaceLineEndings(" ");
}
