using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>
/// A block of rows of a map, whose rules are found by name and changed: <c>where</c>, <c>for</c>, <c>check.name</c>, and any other name is a column. What
/// is not shaped like a block's rule is kept as it is, for the reader of maps to tell.
/// </summary>
sealed class RuleBlock
{
    public const string Check = "check.";

    readonly List<RuleBlock> nested = [];

    public RuleBlock(YamlMap written, RuleBlock? outer)
    {
        (Written, Outer) = (written, outer);
        foreach (var item in (written.Find("rows") as YamlList)?.Items ?? [])
            if (item is YamlMap block)
                nested.Add(new(block, this));
    }

    /// <summary>The block as it is now, without what was changed in the blocks inside.</summary>
    public YamlMap Written { get; private set; }

    public RuleBlock? Outer { get; }

    /// <summary>True when it is no longer in the map.</summary>
    public bool IsDropped { get; set; }

    /// <summary>What it is called by: its table, or what makes the rows of a scope; empty when it has neither.</summary>
    public string Name => ((Written.Find("table") ?? Written.Find("for")) as YamlScalar)?.Text ?? "";

    /// <summary>Itself and all blocks inside, in the order of the file.</summary>
    public IEnumerable<RuleBlock> WithNested => nested.SelectMany(block => block.WithNested).Prepend(this);

    /// <summary>Its names from the shortest to the one with all blocks around it: <c>price_tiers</c>, <c>price_items/price_tiers</c>, …</summary>
    public IEnumerable<string> Addresses => BlockAddress.Of(Name, Around.Select(around => around.Name));

    IEnumerable<RuleBlock> Around => Outer is null ? [] : Outer.Around.Prepend(Outer);

    public bool IsIn(RuleBlock other) => this == other || Outer?.IsIn(other) == true;

    /// <summary>The rule as written, or null when there is none.</summary>
    public YamlNode? Find(string part) => Field(part) is var (section, name) && section is not null ? (Written.Find(section) as YamlMap)?.Find(name) : Written.Find(part);

    /// <summary>Parts of all rules it has.</summary>
    public IEnumerable<string> Parts =>
    [
        .. new[] { "for", "where" }.Where(part => Written.Find(part) is not null),
        .. Names("set"),
        .. Names("check").Select(name => Check + name),
    ];

    /// <summary>Puts a rule in the place of the one of its name, or behind the others.</summary>
    /// <param name="part">The rule.</param>
    /// <param name="at">Where its name is written.</param>
    /// <param name="value">What it says.</param>
    public void Put(string part, YamlScalar at, YamlNode value)
    {
        var (section, name) = Field(part);
        var key = at with { Text = name };
        if (section is null)
            Written = Written.Put(key, value);
        else if (Written.Find(section) is YamlMap rules)
            Written = Written.Put(KeyOf(section)!, rules.Put(key, value));
        else if (Written.Find(section) is null)
            Written = Written.Put(at with { Text = section }, new YamlMap([new(key, value)], at.Line, at.Column) { Source = at.Source });
    }

    public void Remove(string part)
    {
        var (section, name) = Field(part);
        if (section is null)
            Written = Written.Without(name);
        else if (Written.Find(section) is YamlMap rules)
            Written = Written.Put(KeyOf(section)!, rules.Without(name));
    }

    /// <summary>Puts blocks behind those inside.</summary>
    public void Add(YamlScalar at, YamlList blocks)
    {
        if (Written.Find("rows") is null)
            Written = Written.Put(at with { Text = "rows" }, blocks);
        else if (Written.Find("rows") is YamlList there)
            Written = Written.Put(KeyOf("rows")!, there with { Items = [.. there.Items, .. blocks.Items] });
    }

    /// <summary>The block with all that was changed, in the blocks inside as well.</summary>
    public YamlMap ToYaml() => Written.Find("rows") is YamlList rows ? Written.Put(KeyOf("rows")!, rows with { Items = Changed(rows.Items, nested) }) : Written;

    /// <summary>Nodes among which blocks are replaced by what became of them.</summary>
    public static IReadOnlyList<YamlNode> Changed(IReadOnlyList<YamlNode> items, IReadOnlyList<RuleBlock> blocks)
    {
        var changed = new List<YamlNode>();
        var next = 0;
        // Blocks were made of the mappings in this order; those behind them were added.
        foreach (var item in items)
        {
            if (item is not YamlMap || next == blocks.Count)
                changed.Add(item);
            else if (blocks[next++] is { IsDropped: false } block)
                changed.Add(block.ToYaml());
        }
        return changed;
    }

    YamlScalar? KeyOf(string name) => Written.Entries.Where(entry => entry.Key.Text == name).Select(entry => entry.Key).FirstOrDefault();

    IEnumerable<string> Names(string section) => (Written.Find(section) as YamlMap)?.Entries.Select(entry => entry.Key.Text) ?? [];

    static (string? Section, string Name) Field(string part) => part is "where" or "for" ? (null, part)
        : part.StartsWith(Check, StringComparison.Ordinal) ? ("check", part[Check.Length..]) : ("set", part);
}
