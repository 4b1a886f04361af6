using System.Security.Cryptography;
using System.Text;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>
/// One table of a load: the target's description, the live table, and the names of its two tables of this load.
/// The stage holds the rows as they came (<c>_row, _parent_row, _seg, _byte, c0…</c>), the match what shall happen to each of them
/// (<c>_row, _id, _parent, _new, _apply, _current, _write, _drop</c>). In all SQL: s = stage, t = target, r = match, p = parent's match.
/// </summary>
sealed class StagedTable(SellerDialect dialect, TableDefinition table, int number, StagedTable? parent)
{
    readonly Dictionary<string, LiveTable> xrefs = new(StringComparer.Ordinal);
    readonly string shape = $"{number}_{Shape(string.Join(',', table.Carried.Select(dialect.StagingType)))}";
    LiveTable? live;

    public TableDefinition Table { get; } = table;

    public StagedTable? Parent { get; } = parent;

    /// <summary>The table that rows are staged in. Named for its shape, because PostgreSQL's connections keep it from one document to the next.</summary>
    public string Intake => IsFew ? $"hub_few_{shape}" : $"hub_stage_{shape}";

    /// <summary>True while its rows are few and are staged in the transaction of the merge, at the end of which the table is empty again.</summary>
    public bool IsFew { get; set; }

    /// <summary>The intake with what was looked up: made only for tables that have lookups.</summary>
    public string Found { get; } = $"hub_found_{number}";

    /// <summary>The stage as the merge reads it: the intake, or <see cref="Found"/> once there is one.</summary>
    public string Stage => LookedUp ? Found : Intake;

    public bool LookedUp { get; set; }

    public string Match => dialect.MatchName(number, IdType, ParentType);

    /// <summary>Types of the surrogate keys in the match.</summary>
    public string IdType => Table.Id is { } id && live?.Find(id) is { } column ? column.Type : "bigint";

    public string ParentType => Parent?.IdType ?? "bigint";

    /// <summary>Rows staged.</summary>
    public long Rows { get; set; }

    /// <summary>Parents' rows, or 0, under which rows were left out for their faults: what they had before is not known to be gone.</summary>
    public HashSet<long> Missed { get; } = [];

    /// <summary>True once it is certain that no staged row can be found more than once in the target.</summary>
    public bool MatchesOnce { get; set; }

    /// <summary>True when the document counts again whatever was loaded after it: no list is newer.</summary>
    public bool Reinstates { get; set; }

    /// <summary>The stage in a from clause.</summary>
    public string StageRows => dialect.Few(Stage, Rows);

    /// <summary>The match in a from clause.</summary>
    public string MatchRows => MatchesOnce ? dialect.Few(Match, Rows) : Match;

    /// <summary>Quoted name in the database.</summary>
    public string Sql { get; } = dialect.Name(table);

    public LiveTable Live => live ?? throw new InvalidOperationException($"'{Table.Name}' was not compared with the database yet.");

    public SellerDialect Dialect => dialect;

    public LiveColumn? LiveId => Table.Id is { } id ? Live[id] : null;

    /// <summary>Takes the table of an xref as it really is; says what it has not.</summary>
    public IEnumerable<string> Compare(XrefDefinition xref, LiveTable real)
    {
        xrefs[xref.Name] = real;
        var name = dialect.Name(xref.Table);
        return real.Exists
            ? xref.Table.Columns.Where(c => real.Find(c.Physical) is null).Select(c => $"Table {name} of xref '{xref.Name}' has no column \"{c.Physical}\".")
            : [$"Table {name} of xref '{xref.Name}' does not exist."];
    }

    public LiveTable LiveOf(XrefDefinition xref) => xrefs[xref.Name];

    /// <summary>Takes the table as it really is; says what the target expects and it has not.</summary>
    public IEnumerable<string> Compare(LiveTable real)
    {
        live = real;
        if (!real.Exists)
            return [$"Table {Sql} does not exist."];
        string?[] own = [Table.Id, Table.ParentColumn, Table.Version?.Number, Table.Version?.Current];
        return own.OfType<string>().Concat(Table.Columns.Where(c => c.Mapped).Select(c => c.Physical))
            .Where(c => real.Find(c) is null)
            .Select(c => $"Table {Sql} has no column \"{c}\".");
    }

    /// <summary>A few characters that differ between shapes.</summary>
    public static string Shape(string types) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(types)), 0, 4);

    public string CreateStage()
    {
        var columns = Table.Carried.Select((c, i) => $", c{i} {dialect.StagingType(c)}");
        return $"create temp table if not exists {Intake} (_row bigint, _parent_row bigint, _seg integer, _byte bigint{string.Concat(columns)}){(IsFew ? " on commit delete rows" : "")}";
    }

    /// <summary>Columns of the stage by which rows are compared with each other and with the target.</summary>
    public IReadOnlyList<string> StageKey => [.. Table.Key.Select(k => k == Table.ParentColumn ? "_parent_row" : StageColumn(k))];

    /// <summary>The staged value of a column, in the type of the live column; <paramref name="stage"/> is the stage's alias.</summary>
    public string Value(string column, string stage = "s")
    {
        var definition = Table.Find(column) ?? throw new KeyNotFoundException($"No column '{column}'.");
        return dialect.Cast($"{stage}.{StageColumn(column)}", Live[definition.Physical]);
    }

    /// <summary>Physical name of a column of maps, or of the parent's column, quoted.</summary>
    public string Physical(string column) =>
        SellerDialect.Quote(column == Table.ParentColumn ? column : (Table.Find(column) ?? throw new KeyNotFoundException($"No column '{column}'.")).Physical);

    /// <summary>Condition that a row of the target is the staged row <c>s</c>, whose parent has the id <paramref name="parentId"/>.</summary>
    public string SameKey(string target, string parentId) => Same(Table.Key, target, parentId);

    /// <summary>Condition that a row <c>t</c> of the target is the one that the match <c>r</c> has found for the staged row <c>s</c>.</summary>
    public string SameRow => Table.Id is { } id ? $"t.{SellerDialect.Quote(id)} = r._id" : SameKey("t", "r._parent");

    /// <summary>The row's own key as a text for people, without that of the row above it.</summary>
    /// <param name="column">Gives a column of the key as an expression.</param>
    public string OwnKey(Func<string, string> column) => SellerDialect.KeyText(Table.Key.Where(key => key != Table.ParentColumn).Select(column));

    /// <summary>The same for other columns than the key's.</summary>
    public string Same(IEnumerable<string> columns, string target, string parentId) => string.Join(" and ", columns.Select(k =>
    {
        var value = k == Table.ParentColumn ? parentId : Value(k);
        // Only equality can be hashed or looked up in an index; every key has at least one such column.
        var equals = MayBeNull(k) ? "is not distinct from" : "=";
        return $"{target}.{Physical(k)} {equals} {value}";
    }));

    /// <summary>Expression that is null when a left join found no row of the target.</summary>
    public string Probe => $"t.{(Table.Id is { } id ? SellerDialect.Quote(id) : Physical(Table.Key.First(k => !MayBeNull(k))))}";

    public bool IsKeyUnique => Live.IsUnique(Table.Key.Select(k => k == Table.ParentColumn ? k : Table.Find(k)!.Physical));

    public bool KeyMayBeNull => Table.Key.Any(MayBeNull);

    public bool KeyHasParent => Table.ParentColumn is { } column && Table.Key.Contains(column);

    public int ColumnNumber(string column)
    {
        for (var i = 0; i < Table.Columns.Count; i++)
        {
            if (Table.Columns[i].Name == column)
                return i;
        }
        throw new KeyNotFoundException($"No column '{column}' in '{Table.Name}'.");
    }

    string StageColumn(string column) => $"c{ColumnNumber(column)}";

    bool MayBeNull(string key) => Table.Find(key) is { Nullable: true } column && (live is null || Live[column.Physical].Nullable);
}
