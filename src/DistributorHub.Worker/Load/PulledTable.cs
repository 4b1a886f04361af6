using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>A table of the seller's on its way into a draft: which of its columns number its rows, tell them apart, and lead to a parent.</summary>
sealed class PulledTable
{
    readonly HashSet<string> referring;

    /// <param name="name">Name in maps.</param>
    /// <param name="full">Physical name with its schema.</param>
    /// <param name="live">The table.</param>
    /// <param name="before">Tables of the draft that stand before this one: one of them may be the parent.</param>
    public PulledTable(string name, string full, LiveTable live, IReadOnlyList<PulledTable> before)
    {
        (Name, Full, Live) = (name, full, live);
        referring = live.References.Where(r => r.Columns.Length == 1).Select(r => r.Columns[0]).ToHashSet(StringComparer.Ordinal);
        Surrogate = live.UniqueKeys.Where(k => k.Count == 1).Select(k => live[k[0]])
            .FirstOrDefault(c => c.Numbered && IsPlain(c.Name) && !referring.Contains(c.Name))?.Name;
        var key = live.UniqueKeys.Where(MayServe).OrderBy(k => k.Count(c => live[c].Nullable)).ThenBy(k => k.Count(c => live[c].Default is not null))
            .ThenBy(k => k.Count).FirstOrDefault();
        (Parent, ParentColumn) = FindParent(before, key);
        key ??= live.UniqueKeys.Where(k => k.Count > 1 && k.Contains(ParentColumn) && MayServe([.. k.Where(c => c != ParentColumn)])).OrderBy(k => k.Count).FirstOrDefault();
        HasKey = key is not null;
        Key = key ?? GuessKey();
        Obstacle = FindObstacle();
    }

    public string Name { get; }

    public string Full { get; }

    public LiveTable Live { get; }

    /// <summary>A key of one column that the database fills by itself, or null.</summary>
    public string? Surrogate { get; }

    /// <summary>The table whose rows this one's belong to, or null.</summary>
    public PulledTable? Parent { get; }

    public string? ParentColumn { get; }

    /// <summary>Physical columns.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>False when no unique index serves as key, so that <see cref="Key"/> is a guess.</summary>
    public bool HasKey { get; }

    /// <summary>Why the table cannot be described, or null.</summary>
    public string? Obstacle { get; }

    /// <summary>Columns of the file's <c>columns</c>: neither the surrogate nor the way to the parent.</summary>
    public IEnumerable<LiveColumn> Described => Live.Columns.Where(c => c.Name != Surrogate && c.Name != ParentColumn);

    /// <summary>Why a column stays a comment, or null: the draft shall fit its database, and its maps need not fill what the database fills.</summary>
    public string? Without(LiveColumn live, ColumnDefinition definition) => live switch
    {
        { Computed: true } => "the database computes it",
        _ when !IsWritable(live.Name) => "its name cannot be written here",
        _ when TargetCheck.Misfit(definition, live) is null => live is { Nullable: false, Default: not null } && !Key.Contains(live.Name)
            ? "the database has a default for it; take it in when maps shall fill it" : null,
        { Nullable: false, Default: null } => "the hub cannot load it, and it must have a value: no row can be added before it may be empty or has a default",
        _ => "the hub cannot load it",
    };

    /// <summary>True for a name that a table's name may have: it is written with a dot between it and the next.</summary>
    public static bool IsPlain(string name) => IsWritable(name) && !name.Contains('.') && !name.Contains('=');

    static bool IsWritable(string name) => name.Length > 0 && name.Trim() == name && !name.Any(char.IsControl);

    bool MayServe(IReadOnlyList<string> key) =>
        !(key is [var only] && only == Surrogate) && key.All(c => Live[c] is { Computed: false, Identity: false } column && IsLoadable(column));

    static bool IsLoadable(LiveColumn column) =>
        IsWritable(column.Name) && TargetCheck.Misfit(ColumnDraft.Describe(column, column.Name, isKey: true).Column, column) is null;

    /// <summary>
    /// Of the tables whose surrogate a column refers to, the one that has the better claim: by this table's key, by its name, by the column's place.
    /// </summary>
    (PulledTable? Table, string? Column) FindParent(IReadOnlyList<PulledTable> before, IReadOnlyList<string>? key)
    {
        var candidates =
            from reference in Live.References
            where reference.Columns.Length == 1
            let column = Live[reference.Columns[0]]
            where !column.Nullable && IsPlain(column.Name) && column.Name != Surrogate && key?.Contains(column.Name) != false
            let parent = before.FirstOrDefault(t => t.Obstacle is null && t.Live.Identity == reference.TableIdentity && t.Surrogate == reference.TableColumns[0])
            where parent is not null
            let named = Name.StartsWith(parent.Name.TrimEnd('s'), StringComparison.Ordinal)
            let place = (key ?? [.. Live.Columns.Select(c => c.Name)]).TakeWhile(c => c != column.Name).Count()
            orderby named descending, place
            select (parent, column.Name);
        return candidates.FirstOrDefault();
    }

    /// <summary>Rows below a parent are told apart by their first column that always has a value; without a parent there is nothing to go by.</summary>
    IReadOnlyList<string> GuessKey()
    {
        var second = Live.Columns.FirstOrDefault(c => c is { Nullable: false, Default: null, Computed: false } && c.Name != Surrogate
            && !referring.Contains(c.Name) && IsLoadable(c));
        return Parent is null || second is null ? [] : [ParentColumn!, second.Name];
    }

    string? FindObstacle()
    {
        if (!Full.Split('.').All(IsPlain))
            return "its name cannot be written here";
        if (Key.Count == 0)
            return "it has no unique index, of columns that the hub can load, by which a row is found again; add one, then pull it again";
        return Described.All(c => Without(c, ColumnDraft.Describe(c, c.Name, Key.Contains(c.Name)).Column) is not null)
            ? "it has no column that a map could fill" : null;
    }
}

/// <summary>A live column in the words of a target.</summary>
static class ColumnDraft
{
    const int PrecisionMax = 28;

    /// <summary>The nearest type that a target has, and what is to be said of it; whether it is near enough, <see cref="TargetCheck.Misfit"/> knows.</summary>
    public static (ColumnDefinition Column, string? Remark) Describe(LiveColumn live, string name, bool isKey)
    {
        var column = new ColumnDefinition { Name = name, Physical = live.Name, Kind = ColumnKind.Text, Nullable = live.Nullable && !isKey };
        return live.Type switch
        {
            "character varying" or "varchar" or "char" or "character" or "bpchar" => (column with { Length = live.Length }, null),
            "text" or "citext" => (column, null),
            "smallint" or "integer" or "int" => (column with { Kind = ColumnKind.Int }, null),
            "bigint" => (column with { Kind = ColumnKind.Int, Wide = true }, null),
            "numeric" or "decimal" when live.Precision is { } precision => Bounded(column, precision, live.Scale ?? 0),
            "numeric" or "decimal" => (column with { Kind = ColumnKind.Numeric, Precision = PrecisionMax, Scale = 6 }, "without bounds in the database"),
            "double precision" or "real" or "float" or "double" =>
                (column with { Kind = ColumnKind.Numeric, Precision = 15, Scale = 4 }, $"a {live.Type} in the database: not exact, so no place for money"),
            "date" => (column with { Kind = ColumnKind.Date }, null),
            "boolean" => (column with { Kind = ColumnKind.Bool }, null),
            var type when type.StartsWith("timestamp", StringComparison.Ordinal) => (column with { Kind = ColumnKind.Timestamp }, null),
            var type when type.StartsWith("time", StringComparison.Ordinal) => (column with { Kind = ColumnKind.Time }, null),
            "" => (column, "without a type in the database"),
            var type => (column, $"{type} in the database"),
        };
    }

    /// <summary>Of a number with more digits than an exact decimal of the hub has, the ones before the mark are given up first, but not all of them.</summary>
    static (ColumnDefinition Column, string? Remark) Bounded(ColumnDefinition column, int precision, int scale)
    {
        var whole = Math.Max(precision - scale, 0);
        var fine = Math.Clamp(scale, 0, Math.Max(PrecisionMax - whole, PrecisionMax / 2));
        var all = Math.Clamp(whole + fine, 1, PrecisionMax);
        return (column with { Kind = ColumnKind.Numeric, Precision = all, Scale = fine }, (all, fine) == (precision, scale) ? null : $"numeric({precision},{scale}) in the database");
    }
}
