using System.Text;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>Writes a tree of YAML with a line for each key, quoted texts quoted and plain ones plain.</summary>
static class YamlText
{
    public static string Write(YamlNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.ToString();
    }

    static void Write(StringBuilder text, YamlNode node, int depth)
    {
        if (node is YamlMap map)
        {
            foreach (var (key, value) in map.Entries)
            {
                text.Append(' ', depth * 2).Append(Scalar(key)).Append(':');
                Value(text, value, depth);
            }
        }
        else
        {
            foreach (var item in ((YamlList)node).Items)
            {
                text.Append(' ', depth * 2).Append('-');
                Value(text, item, depth);
            }
        }
    }

    static void Value(StringBuilder text, YamlNode value, int depth)
    {
        switch (value)
        {
            case YamlScalar scalar:
                text.Append(' ').Append(Scalar(scalar)).Append('\n');
                break;
            case YamlList { Items.Count: 0 }:
                text.Append(" []\n");
                break;
            case YamlMap { Entries.Count: 0 }:
                text.Append(" {}\n");
                break;
            default:
                text.Append('\n');
                Write(text, value, depth + 1);
                break;
        }
    }

    static string Scalar(YamlScalar scalar) => scalar.Quoted ? $"'{scalar.Text.Replace("'", "''")}'" : scalar.Text;
}
