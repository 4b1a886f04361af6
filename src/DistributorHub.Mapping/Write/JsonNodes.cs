using System.Text;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>Reads a JSON file into the nodes that a YAML file is read into, with their places; texts are quoted scalars, everything else is plain.</summary>
static class JsonNodes
{
    const int DepthMax = 64;

    /// <summary>The object that is the file, or null after diagnostics.</summary>
    public static YamlMap? Read(string file, string text, ICollection<Diagnostic> diagnostics)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Limits.YamlBytesMax)
        {
            diagnostics.Add(new(file, 1, 1, "YML0001", $"The file is larger than {Limits.YamlBytesMax} bytes."));
            return null;
        }
        try
        {
            var reader = new Utf8JsonReader(bytes, new() { MaxDepth = DepthMax, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            reader.Read();
            var root = Node(ref reader, bytes);
            if (reader.Read())
                throw new JsonException("something stands behind the value", null, null, null);
            if (root is YamlMap map)
                return map;
            diagnostics.Add(new(file, 1, 1, "YML0002", "The file is not a JSON object."));
        }
        catch (JsonException e)
        {
            diagnostics.Add(new(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, "YML0003", $"This is not JSON: {e.Message}"));
        }
        return null;
    }

    static YamlNode Node(ref Utf8JsonReader reader, byte[] bytes)
    {
        var (line, column) = PlaceOf(bytes, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<YamlNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Node(ref reader, bytes));
                return new YamlList(items, line, column);
            case JsonTokenType.StartObject:
                var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (keyLine, keyColumn) = PlaceOf(bytes, (int)reader.TokenStartIndex);
                    var key = new YamlScalar(reader.GetString()!, Quoted: true, keyLine, keyColumn);
                    reader.Read();
                    entries.Add(new(key, Node(ref reader, bytes)));
                }
                return new YamlMap(entries, line, column);
            case JsonTokenType.String:
                return new YamlScalar(reader.GetString()!, Quoted: true, line, column);
            default:
                return new YamlScalar(Encoding.UTF8.GetString(reader.ValueSpan), Quoted: false, line, column);
        }
    }

    static (int Line, int Column) PlaceOf(byte[] bytes, int offset)
    {
        var before = bytes.AsSpan(0, offset);
        return (1 + before.Count((byte)'\n'), offset - before.LastIndexOf((byte)'\n'));
    }
}
