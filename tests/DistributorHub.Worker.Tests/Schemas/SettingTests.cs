using DistributorHub.Mapping;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>The readers and the schemas know the same settings: proved over every setting of every kind of file.</summary>
public sealed class SettingTests
{
    /// <summary>
    /// Rules of guides are about segments, composites or elements, and a schema does not know which of these a path leads to; an agreement is on messages or on files.
    /// </summary>
    static readonly string[] byMore = ["use", "route"];

    static readonly Validation validation = new(Examples.Schemas);

    static readonly HashSet<string> names = [.. SchemaFolder.Kinds.SelectMany(kind => Tables(kind.Head)).SelectMany(table => table.Names), "surely_not_known"];

    public static TheoryData<string> Paths => [.. Examples.Files.Keys];

    [Fact]
    public void Every_setting_of_every_kind_is_used_in_the_examples()
    {
        var used = Examples.Files.Keys.SelectMany(path => Places(path, out _)).SelectMany(place => place.Map.Entries.Select(entry => (place.Table.Name, entry.Key.Text))).ToHashSet();
        var all = SchemaFolder.Kinds.SelectMany(kind => Tables(kind.Head)).SelectMany(table => table.Names.Select(name => (table.Name, name)));
        Assert.DoesNotContain(all, setting => !used.Contains(setting));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_examples_are_taken_by_the_readers_and_by_the_schemas(string path)
    {
        Places(path, out var root);
        Assert.Empty(Examples.Read(path, Examples.Files[path]));
        Assert.Empty(validation.Judge(Examples.Files[path]));
        Assert.Empty(Examples.Read(path, YamlText.Write(root)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_setting_is_known_to_the_reader_just_where_it_is_known_to_the_schema(string path)
    {
        foreach (var place in Places(path, out var root))
        {
            foreach (var name in names.Where(name => place.Map.Find(name) is null && !IsSign(path, place, name)))
            {
                var added = new YamlScalar(name, Quoted: true, 0, 0);
                var text = YamlText.Write(Replace(root, place.Map, place.Map with { Entries = [.. place.Map.Entries, new(added, added)] }));
                var isKnown = place.Table.Names.Contains(name);
                var line = LineOf(text, $"'{name}': '{name}'");
                var isRead = !Examples.Read(path, text).Any(mistake => mistake.Line == line && mistake.Column == ColumnOf(text, line));
                var isInSchema = !validation.Judge(text).Any(mistake => mistake.Contains("false schema", StringComparison.Ordinal));
                Assert.True(isInSchema == isKnown, $"{path}: '{name}' in {place.Table.Name}: the schema says {isInSchema}.");
                Assert.True(isRead == isKnown || (byMore.Contains(place.Table.Name) && isKnown), $"{path}: '{name}' in {place.Table.Name}: the reader takes it: {isRead}; the table has it: {isKnown}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Each_setting_is_looked_at_by_the_reader_and_by_the_schema(string path)
    {
        var nonsense = new YamlList([new YamlList([new YamlScalar("nonsense", Quoted: true, 0, 0)], 0, 0)], 0, 0);
        foreach (var place in Places(path, out var root))
        {
            foreach (var entry in place.Map.Entries)
            {
                var entries = place.Map.Entries.Select(other => other.Key == entry.Key ? new(entry.Key, nonsense) : other);
                var text = YamlText.Write(Replace(root, place.Map, place.Map with { Entries = [.. entries] }));
                var line = LineOf(text, "'nonsense'");
                Assert.True(Examples.Read(path, text).Any(mistake => mistake.Line == line || mistake.Line == line - 1), $"{path}: the reader takes nonsense under '{entry.Key.Text}' in {place.Table.Name}.");
                Assert.True(validation.Judge(text).Count > 0, $"{path}: the schema takes nonsense under '{entry.Key.Text}' in {place.Table.Name}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_setting_that_the_schema_requires_is_required_by_the_reader(string path)
    {
        foreach (var place in Places(path, out var root))
        {
            foreach (var setting in place.Table.All.Where(setting => setting.Required))
            {
                var text = YamlText.Write(Replace(root, place.Map, place.Map with { Entries = [.. place.Map.Entries.Where(entry => entry.Key.Text != setting.Name)] }));
                Assert.True(Examples.Read(path, text).Count > 0, $"{path}: the reader takes {place.Table.Name} without '{setting.Name}'.");
                Assert.True(validation.Judge(text).Count > 0, $"{path}: the schema takes {place.Table.Name} without '{setting.Name}'.");
            }
        }
    }

    /// <summary>A mapping of a file that a table is about.</summary>
    sealed record Place(SettingTable Table, YamlMap Map);

    /// <summary>With its sign a file is of another kind, and read as such; so is a 'from' with 'format' or 'document'.</summary>
    static bool IsSign(string path, Place place, string name) => (place.Table.Name, name) is ("from", "format" or "document")
        || (place.Table == Examples.KindOf(path).Head && SchemaFolder.Kinds.Any(kind => kind.Hub == Examples.KindOf(path).Hub && kind.Sign == name));

    static List<Place> Places(string path, out YamlMap root)
    {
        root = YamlFile.Read(path, Examples.Files[path], new List<Diagnostic>())!;
        var places = new List<Place>();
        Walk(new Shape.Section(() => Examples.KindOf(path).Head), root, places);
        return places;
    }

    static void Walk(Shape shape, YamlNode node, List<Place> places)
    {
        switch (shape, node)
        {
            case (Shape.Section section, YamlMap map):
                places.Add(new(section.Table(), map));
                foreach (var (key, value) in map.Entries)
                    Walk(section.Table().All.Single(setting => setting.Name == key.Text).Value, value, places);
                break;
            case (Shape.Names below, YamlMap map):
                foreach (var (_, value) in map.Entries)
                    Walk(below.Value, value, places);
                break;
            case (Shape.Rows { Table: { } table }, YamlList list):
                foreach (var item in list.Items)
                    Walk(new Shape.Section(table), item, places);
                break;
            case (Shape.List below, YamlList list):
                foreach (var item in list.Items)
                    Walk(below.Item, item, places);
                break;
            case (Shape.OneOrList one, YamlList list):
                foreach (var item in list.Items)
                    Walk(one.Item, item, places);
                break;
            case (Shape.Sorted sorted, YamlMap map):
                var word = (map.Find(sorted.Key) as YamlScalar)?.Text;
                Walk(new Shape.Section(word is null ? sorted.Without : sorted.Sorts.Single(sort => sort.Word == word).Table), map, places);
                break;
            case (Shape.AnyOf { Shapes: [Shape.Section section, Shape.Names below] }, YamlMap map):
                // A block is told from a segment by what it holds.
                Walk(map.Find("write") is null ? below : section, map, places);
                break;
            case (Shape.AnyOf any, _):
                foreach (var one in any.Shapes)
                    Walk(one, node, places);
                break;
        }
    }

    /// <summary>All tables that a table leads to, itself among them.</summary>
    static HashSet<SettingTable> Tables(SettingTable head)
    {
        var found = new HashSet<SettingTable>();
        Add(new Shape.Section(() => head));
        return found;

        void Add(Shape shape)
        {
            if (shape is Shape.Section section && found.Add(section.Table()))
                foreach (var setting in section.Table().All)
                    Add(setting.Value);
            Shape[] below = shape switch
            {
                Shape.Names names => [names.Value],
                Shape.List list => [list.Item],
                Shape.OneOrList one => [one.Item],
                Shape.Rows { Table: { } table } => [new Shape.Section(table)],
                Shape.AnyOf any => [.. any.Shapes],
                Shape.Sorted sorted => [new Shape.Section(sorted.Without), .. sorted.Sorts.Select(sort => new Shape.Section(sort.Table))],
                _ => [],
            };
            foreach (var one in below)
                Add(one);
        }
    }

    static YamlNode Replace(YamlNode node, YamlMap old, YamlMap other) => node switch
    {
        _ when ReferenceEquals(node, old) => other,
        YamlMap map => map with { Entries = [.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Replace(entry.Value, old, other)))] },
        YamlList list => list with { Items = [.. list.Items.Select(item => Replace(item, old, other))] },
        _ => node,
    };

    static int LineOf(string text, string part) => 1 + text[..text.IndexOf(part, StringComparison.Ordinal)].Count(c => c == '\n');

    static int ColumnOf(string text, int line) => 1 + text.Split('\n')[line - 1].TakeWhile(c => c == ' ').Count();
}
