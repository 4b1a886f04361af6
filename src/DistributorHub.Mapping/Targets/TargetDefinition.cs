namespace DistributorHub.Mapping.Targets;

/// <summary>The kinds of value a column holds.</summary>
public enum ColumnKind
{
    Text,
    Int,

    /// <summary>Exact decimal: money, quantities, percentages. Never a binary fraction.</summary>
    Numeric,
    Date,
    Time,
    Timestamp,
    Bool,
}

/// <summary>What happens to a row whose key exists already.</summary>
public enum TablePolicy
{
    /// <summary>An existing key is an error.</summary>
    Insert,

    /// <summary>The existing row stays.</summary>
    Skip,

    /// <summary>Mapped columns are overwritten.</summary>
    Update,

    /// <summary>The existing row stops being current and a row with the next number is added.</summary>
    Version,

    /// <summary>The rows of the same parent are replaced as a set.</summary>
    Children,

    /// <summary>Rows are added, changed or deleted by their action; a full list also expires or deletes what it does not mention.</summary>
    Catalogue,
}

/// <summary>What happens to rows that a full list does not mention.</summary>
public enum MissingRows
{
    Keep,
    Expire,
    Delete,
}

/// <summary>The seller's own tables, as one <c>*.target.yaml</c> describes them.</summary>
public sealed record TargetDefinition
{
    public required string Id { get; init; }

    /// <summary>Name of the connection in the hub's settings; never a secret.</summary>
    public string Connection { get; init; } = "seller";

    /// <summary>The tables, parents before children.</summary>
    public required IReadOnlyList<TableDefinition> Tables { get; init; }

    /// <summary>Keyed tables that maps look values up in.</summary>
    public IReadOnlyList<XrefDefinition> Xrefs { get; init; } = [];

    public TableDefinition? Find(string table) => Tables.FirstOrDefault(t => t.Name == table);
}

public sealed record TableDefinition
{
    /// <summary>Name in maps.</summary>
    public required string Name { get; init; }

    /// <summary>Physical schema; null when the file names none.</summary>
    public string? Schema { get; init; }

    /// <summary>Physical table.</summary>
    public required string Physical { get; init; }

    /// <summary>Physical column of the surrogate key, or null.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the parent table in maps, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>Physical column of the parent that this table refers to: the parent's <see cref="Id"/>. Null without a parent.</summary>
    public string? ParentId { get; init; }

    /// <summary>Physical column of this table that refers to <see cref="ParentId"/>; null without a parent.</summary>
    public string? ParentColumn { get; init; }

    /// <summary>Columns (names in maps, or <see cref="ParentColumn"/>) that identify a row.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    public required TablePolicy Policy { get; init; }

    /// <summary>Set with <see cref="TablePolicy.Version"/>, and with <see cref="TablePolicy.Update"/> when it names <c>newer_by</c>.</summary>
    public VersionRule? Version { get; init; }

    /// <summary>Set with <see cref="TablePolicy.Catalogue"/>.</summary>
    public CatalogueRule? Catalogue { get; init; }

    public required IReadOnlyList<ColumnDefinition> Columns { get; init; }

    /// <summary>Columns whose values the map at hand looks up. They are null in its rows; the keys stand in <see cref="LookupKeys"/>.</summary>
    public IReadOnlyList<Lookup> Lookups { get; init; } = [];

    /// <summary>Keys of all lookups. Rows carry them behind <see cref="Columns"/>; the seller's table does not have them.</summary>
    public IReadOnlyList<ColumnDefinition> LookupKeys { get; init; } = [];

    /// <summary>All that a row carries.</summary>
    public IEnumerable<ColumnDefinition> Carried => Columns.Concat(LookupKeys);

    public ColumnDefinition? Find(string column) => Columns.FirstOrDefault(c => c.Name == column);

    /// <summary>The lookups that give a column its values: one for each xref that a block of the map takes; none for other columns.</summary>
    public IEnumerable<Lookup> LookupsOf(ColumnDefinition column) => Lookups.Where(l => l.Column == column.Name);

    /// <summary>Where a lookup's keys stand among the <see cref="Carried"/> columns.</summary>
    public IEnumerable<int> KeyPlaces(Lookup lookup) => Enumerable.Range(Columns.Count + lookup.FirstKey, lookup.Xref.Key.Count);
}

public sealed record ColumnDefinition
{
    /// <summary>Name in maps.</summary>
    public required string Name { get; init; }

    /// <summary>Name in the database.</summary>
    public required string Physical { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Most characters of a text; null = no bound.</summary>
    public int? Length { get; init; }

    /// <summary>Digits in all, of a numeric.</summary>
    public int Precision { get; init; }

    /// <summary>Digits after the mark, of a numeric.</summary>
    public int Scale { get; init; }

    /// <summary>True for an int of 64 bits (<c>bigint</c>).</summary>
    public bool Wide { get; init; }

    public bool Nullable { get; init; } = true;

    /// <summary>True for data of persons: it is masked where it is quoted, and emptied when it is to be erased.</summary>
    public bool Personal { get; init; }

    /// <summary>False when the map at hand has no rule for the column: what the table holds there stays as it is.</summary>
    public bool Mapped { get; init; } = true;
}

/// <summary>What happens when an xref's table has no value for a key.</summary>
public enum XrefMiss
{
    /// <summary>The message is refused, with the segment the key came from.</summary>
    Error,

    /// <summary>The column stays null.</summary>
    Null,
}

/// <summary>A table, or view, of the seller's that gives a value for a key; the hub only reads it.</summary>
public sealed record XrefDefinition
{
    /// <summary>Name in maps.</summary>
    public required string Name { get; init; }

    /// <summary>The table: its columns are the key's, in the order of the arguments, and then the value.</summary>
    public required TableDefinition Table { get; init; }

    public required XrefMiss Miss { get; init; }

    public IReadOnlyList<ColumnDefinition> Key => [.. Table.Columns.SkipLast(1)];

    public ColumnDefinition Value => Table.Columns[^1];
}

/// <summary>A column whose value is looked up when its rows are loaded.</summary>
/// <param name="Column">Name of the column in maps.</param>
/// <param name="Xref">Where.</param>
/// <param name="FirstKey">Index of its first key in <see cref="TableDefinition.LookupKeys"/>; the others follow.</param>
public sealed record Lookup(string Column, XrefDefinition Xref, int FirstKey);

/// <summary>How versions of a row are numbered and told apart.</summary>
/// <param name="Number">Physical column of the version number, or null.</param>
/// <param name="Current">Physical column that is true for the newest, or null.</param>
/// <param name="NewerBy">Column (name in maps) by which an older message is recognised and ignored, or null.</param>
public sealed record VersionRule(string? Number, string? Current, string? NewerBy);

public sealed record CatalogueRule
{
    /// <summary>Columns whose values bound what one full list replaces.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>Column of the parent (name in maps) and the value that says that a list is full; null: every list is partial.</summary>
    public (string Column, string Value)? FullWhen { get; init; }

    public MissingRows Missing { get; init; } = MissingRows.Keep;

    /// <summary>Column (name in maps) that takes the date of expiry, with <see cref="MissingRows.Expire"/>.</summary>
    public string? ExpireColumn { get; init; }

    /// <summary>Column (name in maps) that says add, change or delete; null: all rows are changes.</summary>
    public string? ActionColumn { get; init; }

    /// <summary>A full list that misses more than this share (0..1) of the rows in scope is held; null = no guard.</summary>
    public decimal? MaxMissing { get; init; }

    /// <summary>Table and column (names in maps) of the price that people compare one list with the next by: of this table or of one below it; null when there is none.</summary>
    public (string Table, string Column)? Price { get; init; }
}
