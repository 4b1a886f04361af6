namespace DistributorHub.Mapping.Schema;

/// <summary>
/// What may stand behind a setting. Readers take scalars as they are written, while a YAML editor reads <c>yes</c>, <c>1.10</c> or <c>0012</c> as it
/// thinks best: a shape of texts takes all of these.
/// </summary>
public abstract record Shape
{
    Shape()
    {
    }

    /// <summary>Any text.</summary>
    public static Shape AnyText { get; } = new Text();

    /// <summary>yes or no, true or false.</summary>
    public static Shape Flag { get; } = new YesOrNo();

    /// <summary>A list of texts.</summary>
    public static Shape Texts { get; } = new List(AnyText);

    /// <summary>A text; with a pattern (ECMAScript, for the whole text) of that form.</summary>
    public sealed record Text(string? Pattern = null) : Shape;

    /// <summary>An expression of the language: any scalar, <c>null</c> as well.</summary>
    public sealed record Expression : Shape;

    /// <summary>One of a closed list of words, written so or, with <paramref name="AnyCase"/>, in capital letters as well.</summary>
    public sealed record Choice(IReadOnlyList<string> Words, bool AnyCase = false) : Shape;

    /// <summary>A text of which editors propose some: <paramref name="Of"/> names what there is in the folder (see <see cref="SchemaSet"/>).</summary>
    public sealed record Known(KnownNames Of) : Shape;

    public sealed record YesOrNo : Shape;

    public sealed record Whole(int Least, int Most = int.MaxValue) : Shape;

    public sealed record List(Shape Item, int Least = 0) : Shape;

    /// <summary>A list, or one of it alone.</summary>
    public sealed record OneOrList(Shape Item) : Shape;

    /// <summary>A mapping whose keys are anybody's.</summary>
    public sealed record Names(Shape Value, int Least = 0) : Shape;

    /// <summary>A mapping of settings. Asked for late, so that a table may hold itself.</summary>
    public sealed record Section(Func<SettingTable> Table) : Shape;

    /// <summary>A mapping whose settings depend on what one of them says.</summary>
    /// <param name="Key">The setting.</param>
    /// <param name="Without">The settings where it is not there.</param>
    /// <param name="Sorts">The settings by its word.</param>
    public sealed record Sorted(string Key, Func<SettingTable> Without, params IReadOnlyList<(string Word, Func<SettingTable> Table)> Sorts) : Shape;

    /// <summary>Whatever the reader takes: a schema has no words for it.</summary>
    public sealed record Anything : Shape;

    public sealed record AnyOf(params IReadOnlyList<Shape> Shapes) : Shape;

    /// <summary>Something that depends on the targets of the folder; blocks are a list of sections.</summary>
    public sealed record Rows(RowsPart Part, Func<SettingTable>? Table = null) : Shape;
}

/// <summary>What editors propose where a text names something else of the folder.</summary>
public enum KnownNames
{
    Maps,
    Guides,
    Targets,
    CodeLists,
    Extendable,
    Documents,
}

/// <summary>Parts of a schema that are made of the targets of the folder.</summary>
public enum RowsPart
{
    /// <summary>The list of blocks of a map.</summary>
    Blocks,

    /// <summary>A table's name.</summary>
    Table,

    /// <summary>Columns of the block's table, with their rules.</summary>
    Columns,

    /// <summary>Tables of an expect file, with their rows.</summary>
    Expected,
}
