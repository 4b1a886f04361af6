using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>A segment or a block under <c>write:</c> of a map that writes, which is found by name and changed.</summary>
sealed class WriteItem
{
    public const string Where = "where";

    readonly List<WriteItem> inner;
    YamlMap? block;

    /// <param name="key">The segment as written; null for a block.</param>
    /// <param name="value">Its value or elements; the block.</param>
    /// <param name="outer">The block it stands in, or null.</param>
    WriteItem(YamlScalar? key, YamlNode value, WriteItem? outer)
    {
        (Key, Value, Outer) = (key, value, outer);
        block = key is null ? value as YamlMap : null;
        inner = block?.Find("write") is YamlList list ? Of(list, this) : [];
    }

    /// <summary>The segment as the map writes it; null for a block.</summary>
    public YamlScalar? Key { get; private set; }

    /// <summary>The block as it was written, or what the segment holds now.</summary>
    public YamlNode Value { get; private set; }

    public WriteItem? Outer { get; }

    public bool IsBlock => Key is null;

    public bool IsDropped { get; set; }

    /// <summary>Entries that are put before and behind it.</summary>
    public List<YamlNode> Before { get; } = [];

    public List<YamlNode> After { get; } = [];

    /// <summary>What it is called by: the segment with its codes, the list of a block, or its group where it has none.</summary>
    public string Name => Key?.Text ?? ((block!.Find("for") ?? block.Find("group")) as YamlScalar)?.Text ?? "";

    /// <summary>Its names from the shortest to the one with all blocks around it: <c>QTY[21]</c>, <c>lines/QTY[21]</c>.</summary>
    public IEnumerable<string> Addresses => BlockAddress.Of(Name, Around.Select(around => around.Name));

    IEnumerable<WriteItem> Around => Outer is null ? [] : Outer.Around.Prepend(Outer);

    public IEnumerable<WriteItem> WithInner => inner.SelectMany(item => item.WithInner).Prepend(this);

    public bool IsIn(WriteItem other) => this == other || Outer?.IsIn(other) == true;

    /// <summary>What of it has rules of its own: elements of a segment, the condition of a block.</summary>
    public IReadOnlyList<string> Parts => IsBlock ? block!.Find(Where) is null ? [] : [Where] : Value is YamlMap elements ? [.. elements.Entries.Select(entry => entry.Key.Text)] : [];

    /// <summary>A part as written, the whole with an empty name; null when it is not there.</summary>
    public YamlNode? Find(string part) => part.Length == 0 ? Value : IsBlock ? part == Where ? block!.Find(Where) : null : (Value as YamlMap)?.Find(part);

    /// <summary>True when a rule of this name can be added: an element to elements, a condition to a block.</summary>
    public bool Takes(string part) => IsBlock ? part == Where : part.Length > 0 && Value is YamlMap;

    /// <summary>Puts a part in the place of the one of its name, or behind the others.</summary>
    public void Put(string part, YamlScalar at, YamlNode value)
    {
        if (IsBlock)
            block = block!.Put(at with { Text = part }, value);
        else if (part.Length > 0)
            Value = ((YamlMap)Value).Put(at with { Text = part }, value);
        else
            (Key, Value) = (at with { Text = Key!.Text }, value);
    }

    public void Remove(string part)
    {
        if (IsBlock)
            block = block!.Without(part);
        else
            Value = ((YamlMap)Value).Without(part);
    }

    /// <summary>The items of a list; what is not shaped like one is kept, for the reader of maps to tell.</summary>
    public static List<WriteItem> Of(YamlList list, WriteItem? outer)
    {
        var items = new List<WriteItem>();
        foreach (var node in list.Items)
            if (node is YamlMap map && map.Find("write") is null && map.Find("for") is null && map.Find("group") is null)
                items.AddRange(map.Entries.Select(entry => new WriteItem(entry.Key, entry.Value, outer)));
            else if (node is YamlMap written)
                items.Add(new(null, written, outer));
        return items;
    }

    /// <summary>The items as they are now, with what was put beside them.</summary>
    public static IReadOnlyList<YamlNode> ToYaml(IEnumerable<WriteItem> items)
    {
        var nodes = new List<YamlNode>();
        foreach (var item in items)
        {
            nodes.AddRange(item.Before);
            if (!item.IsDropped)
                nodes.Add(item.ToYaml());
            nodes.AddRange(item.After);
        }
        return nodes;
    }

    YamlMap ToYaml() => Key is { } key ? new YamlMap([new(key, Value)], key.Line, key.Column) { Source = key.Source }
        : block!.Find("write") is YamlList list ? block.Put(block.Entries.First(entry => entry.Key.Text == "write").Key, list with { Items = ToYaml(inner) })
        : block;
}
