using System.Text;
using DistributorHub.Edi;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DistributorHub.Mapping.Yaml;

/// <summary>A file that nodes stand in.</summary>
/// <param name="file">Its name for diagnostics.</param>
/// <param name="text">Its text.</param>
public sealed class YamlSource(string file, string text)
{
    public string File { get; } = file;

    public string Text { get; } = text;
}

/// <summary>A piece of a YAML file that knows where it stands.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public abstract record YamlNode(int Line, int Column)
{
    /// <summary>The file it was read from: a map that extends another holds nodes of several. Null when it was not read from one.</summary>
    public YamlSource? Source { get; init; }

    /// <summary>The name of its file, or <paramref name="otherwise"/> when it was not read from one.</summary>
    public string FileOr(string otherwise) => Source?.File ?? otherwise;
}

/// <summary>A scalar. Text is never interpreted (NO, 1.10 and 0012 stay as written).</summary>
/// <param name="Text">The text without quotes.</param>
/// <param name="Quoted">True when it was written in quotes: in maps, a literal.</param>
public sealed record YamlScalar(string Text, bool Quoted, int Line, int Column) : YamlNode(Line, Column)
{
    /// <summary>True when the text stands under <c>&gt;-</c> or <c>|</c>; the node's place is that sign.</summary>
    public bool Block { get; init; }
}

public sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

public sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries, int Line, int Column) : YamlNode(Line, Column)
{
    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
            if (entry.Key.Text == key)
                return entry.Value;
        return null;
    }

    /// <summary>The mapping with this entry in the place of the one of its name, or at the end.</summary>
    public YamlMap Put(YamlScalar key, YamlNode value)
    {
        var entries = Entries.ToList();
        var index = entries.FindIndex(entry => entry.Key.Text == key.Text);
        if (index < 0)
            entries.Add(new(key, value));
        else
            entries[index] = new(key, value);
        return this with { Entries = entries };
    }

    /// <summary>The mapping without the entry of this name.</summary>
    public YamlMap Without(string key) => this with { Entries = [.. Entries.Where(entry => entry.Key.Text != key)] };
}

/// <summary>Reads the YAML of <c>mappings/</c>: one document, no anchors, aliases, tags or merge keys, no key twice.</summary>
public static class YamlFile
{
    /// <summary>The root mapping, or null after diagnostics that say why there is none.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static YamlMap? Read(string file, string text, ICollection<Diagnostic> diagnostics)
    {
        if (Encoding.UTF8.GetByteCount(text) > Limits.YamlBytesMax)
        {
            diagnostics.Add(new(file, 1, 1, "YML0001", $"The file is larger than {Limits.YamlBytesMax} bytes.", "Split it."));
            return null;
        }
        if (text.IndexOf('\uFFFD') is >= 0 and var broken)
        {
            var start = text.LastIndexOf('\n', broken) + 1;
            diagnostics.Add(new(file, 1 + text.AsSpan(0, start).Count('\n'), broken - start + 1, "YML0013", "Bytes stand here that are no characters of UTF-8.", "save the file as UTF-8"));
            return null;
        }
        if (!YamlScan.IsClean(file, text, diagnostics))
            return null;
        var parser = new Parser(new StringReader(text));
        var source = new YamlSource(file, text);
        try
        {
            parser.Consume<StreamStart>();
            var root = parser.TryConsume<DocumentStart>(out _) ? ReadNode(parser, source, diagnostics, depth: 0) : null;
            // Reading to the end finds what is wrong behind the root, and a second document.
            parser.TryConsume<DocumentEnd>(out _);
            if (parser.TryConsume<DocumentStart>(out var second))
                diagnostics.Add(new(file, (int)second.Start.Line, (int)second.Start.Column, "YML0012", "A second document starts here.", "One file holds one document."));
            else
                parser.Consume<StreamEnd>();
            if (root is YamlMap map)
                return map;
            diagnostics.Add(new(file, 1, 1, "YML0002", "The file does not start with 'key: value' lines."));
        }
        catch (YamlException e)
        {
            diagnostics.Add(new(file, (int)e.Start.Line, (int)e.Start.Column, "YML0003", $"This is not YAML: {e.Message}", HintOf(e.Message)));
        }
        catch (InvalidOperationException)
        {
            // The scanner's own way to give up on some unbalanced brackets; it says no more than that.
            var near = parser.Current?.End ?? Mark.Empty;
            diagnostics.Add(new(file, (int)near.Line, (int)near.Column, "YML0003", "This is not YAML from here on."));
        }
        return null;
    }

    // What the scanner was looking for, in the words of somebody who writes such files.
    static string? HintOf(string message) => message switch
    {
        _ when message.Contains("expected key", StringComparison.Ordinal) => "a line is 'key: value', indented like those it belongs to; see whether a colon with a blank behind it is missing here or above",
        _ when message.Contains("mapping values are not allowed", StringComparison.OrdinalIgnoreCase) => "a second ': ' stands in this line, or it is indented further than the one above: quote the value, or mend the indentation",
        _ when message.Contains("flow sequence", StringComparison.Ordinal) => "close the ] of this list; names with [ ] in them stand in quotes or on lines of their own",
        _ when message.Contains("flow mapping", StringComparison.Ordinal) => "close the } of this mapping, with a comma between its entries",
        _ => null,
    };

    static YamlNode ReadNode(Parser parser, YamlSource source, ICollection<Diagnostic> diagnostics, int depth)
    {
        var here = parser.Current!.Start;
        int line = (int)here.Line, column = (int)here.Column;
        if (depth > 64)
            throw new YamlException(here, here, "nested too deeply");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            throw new YamlException(here, here, "anchors (&) and aliases (*) are not used here; quote a text that starts with one of them");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false })
            throw new YamlException(here, here, "tags (!) are not used here; quote a text that starts with one");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(scalar.Value, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted, line, column)
            {
                Source = source,
                Block = scalar.Style is ScalarStyle.Folded or ScalarStyle.Literal,
            };
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(parser, source, diagnostics, depth + 1));
            return new YamlList(items, line, column) { Source = source };
        }
        parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, source, diagnostics, depth + 1) is not YamlScalar key)
                throw new YamlException(here, here, "a key must be a plain text");
            if (!seen.Add(key.Text))
                diagnostics.Add(new(source.File, key.Line, key.Column, "YML0004", $"'{key.Text}' stands here twice."));
            entries.Add(new(key, ReadNode(parser, source, diagnostics, depth + 1)));
        }
        return new YamlMap(entries, line, column) { Source = source };
    }
}
