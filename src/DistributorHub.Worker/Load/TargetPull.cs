using System.Globalization;
using System.Text;
using Dapper;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Drafts a target file from a seller's existing tables: what <c>target pull</c> writes. Policies are guesses, and marked as such.</summary>
static class TargetPull
{
    const int PrecisionMax = 28;

    const string PostgresTables = """
        select n.nspname as schema, c.relname as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'hangfire')
          and n.nspname not like 'pg!_%' escape '!' and c.relname not like 'hub!_%' escape '!'
        order by 1, 2
        """;

    const string SqliteTables = """
        select name from sqlite_master
        where type = 'table' and name not like 'sqlite!_%' escape '!' and name not like 'hub!_%' escape '!'
        order by 1
        """;

    /// <summary>The file's text.</summary>
    /// <param name="database">The seller's.</param>
    /// <param name="id">Id of the target.</param>
    /// <param name="names">Tables to take (<c>schema.table</c> or <c>table</c>); none = all.</param>
    public static async Task<string> Draft(Database database, string id, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var dialect = SellerDialect.Of(database.Engine);
        await using var connection = await database.Open(cancellation);
        var listing = new CommandDefinition(database.Engine == Engine.PostgreSql ? PostgresTables : SqliteTables, cancellationToken: cancellation);
        var tables = new List<PulledTable>();
        foreach (var entry in await connection.QueryAsync<Entry>(listing))
        {
            var schema = entry.Schema == "public" ? null : entry.Schema;
            var full = schema is null ? entry.Name : $"{schema}.{entry.Name}";
            if (names.Count > 0 && !names.Contains(full) && !names.Contains(entry.Name))
                continue;
            var bare = TargetCheck.Bare(schema, entry.Name);
            tables.Add(new(MapName(entry.Name, tables.Select(t => t.Name)), full, dialect.Name(bare), await dialect.Read(connection, null, bare, cancellation)));
        }
        var text = new StringBuilder($"hub: target/1\nid: {id}\nconnection: seller\ntables:\n");
        foreach (var table in tables)
            Write(text, table, tables);
        return text.ToString();
    }

    /// <summary>Those of the names that are none of the tables a draft can take.</summary>
    public static async Task<IReadOnlyList<string>> Missing(Database database, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var listing = new CommandDefinition(database.Engine == Engine.PostgreSql ? PostgresTables : SqliteTables, cancellationToken: cancellation);
        var known = (await connection.QueryAsync<Entry>(listing))
            .SelectMany(entry => entry.Schema is null or "public" ? [entry.Name] : new[] { entry.Name, $"{entry.Schema}.{entry.Name}" })
            .ToHashSet(StringComparer.Ordinal);
        return [.. names.Where(name => !known.Contains(name))];
    }

    static void Write(StringBuilder text, PulledTable table, List<PulledTable> all)
    {
        var surrogate = table.Surrogate;
        var (parent, column) = table.Parent(all);
        var mapped = table.Live.Columns.Where(c => c.Name != surrogate && c.Name != column).ToList();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var live in mapped)
            names.Add(live.Name, MapName(live.Name, names.Values.Concat(column is null ? [] : [column])));
        text.Append(CultureInfo.InvariantCulture, $"  {table.Name}:\n    is: {table.Full}\n");
        if (surrogate is not null)
            text.Append(CultureInfo.InvariantCulture, $"    id: {surrogate}\n");
        if (parent is not null)
            text.Append(CultureInfo.InvariantCulture, $"    parent: {parent.Name}.{column}\n");
        var key = table.Key(surrogate);
        var shown = key.Select(k => k == column ? k : names[k]);
        text.Append(CultureInfo.InvariantCulture, $"    key: [{string.Join(", ", shown)}]{(table.HasKey ? "" : "   # a guess: the table has no unique index that could serve as key")}\n");
        text.Append(CultureInfo.InvariantCulture, $"    policy: {(parent is null ? "update  " : "children")}   # a guess; one of insert, skip, update, version, children, catalogue\n    columns:\n");
        foreach (var live in mapped)
        {
            var inKey = key.Contains(live.Name);
            var (definition, remark) = Describe(live, names[live.Name], inKey);
            var without = inKey ? null : Without(live, definition);
            var remarks = string.Join("; ", new[] { remark, without }.OfType<string>());
            text.Append(CultureInfo.InvariantCulture,
                $"      {(without is null ? "" : "# ")}{definition.Name}: {ColumnType.Write(definition)}{(remarks.Length == 0 ? "" : $"   # {remarks}")}\n");
        }
    }

    /// <summary>Why a column stays a comment, or null: the draft shall fit its database, and its maps need not fill what the database fills.</summary>
    static string? Without(LiveColumn live, ColumnDefinition definition) => live switch
    {
        { Computed: true } => "the database computes it",
        _ when TargetCheck.Misfit(definition with { Length = 0 }, live) is not null && definition.Kind == ColumnKind.Text => "the hub cannot load it",
        { Nullable: false, Default: not null } => "the database has a default for it; take it in when maps shall fill it",
        _ => null,
    };

    static (ColumnDefinition Column, string? Remark) Describe(LiveColumn live, string name, bool inKey)
    {
        var column = new ColumnDefinition { Name = name, Physical = live.Name, Kind = ColumnKind.Text, Nullable = live.Nullable && !inKey };
        return live.Type switch
        {
            "character varying" or "varchar" or "char" or "character" or "bpchar" => (column with { Length = live.Length }, null),
            "text" or "citext" => (column, null),
            "smallint" or "integer" or "int" => (column with { Kind = ColumnKind.Int }, null),
            "bigint" => (column with { Kind = ColumnKind.Int, Wide = true }, null),
            "numeric" or "decimal" when live.Precision <= PrecisionMax => (column with { Kind = ColumnKind.Numeric, Precision = live.Precision!.Value, Scale = live.Scale ?? 0 }, null),
            "numeric" or "decimal" => (column with { Kind = ColumnKind.Numeric, Precision = PrecisionMax, Scale = 6 }, "without bounds in the database"),
            "double precision" or "real" => (column with { Kind = ColumnKind.Numeric, Precision = 15, Scale = 4 }, $"a {live.Type} in the database: not exact, so no place for money"),
            "date" => (column with { Kind = ColumnKind.Date }, null),
            "boolean" => (column with { Kind = ColumnKind.Bool }, null),
            var type when type.StartsWith("timestamp", StringComparison.Ordinal) => (column with { Kind = ColumnKind.Timestamp }, null),
            var type when type.StartsWith("time", StringComparison.Ordinal) => (column with { Kind = ColumnKind.Time }, null),
            "" => (column, "without a type in the database"),
            var type => (column, $"{type} in the database"),
        };
    }

    /// <summary>A name for maps: letters, digits and _, not taken yet.</summary>
    static string MapName(string physical, IEnumerable<string> taken)
    {
        var name = new StringBuilder();
        foreach (var (letter, i) in physical.Select((c, i) => (c, i)))
        {
            if (char.IsAsciiLetterUpper(letter) && i > 0 && char.IsAsciiLetterLower(physical[i - 1]))
                name.Append('_');
            name.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }
        if (char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');
        var first = name.ToString();
        var used = taken.ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? first : $"{first}_{i}").First(n => !used.Contains(n));
    }

    sealed class Entry
    {
        public string? Schema { get; set; }

        public string Name { get; set; } = "";
    }

    sealed record PulledTable(string Name, string Full, string Sql, LiveTable Live)
    {
        /// <summary>A key of one column that the database fills by itself.</summary>
        public string? Surrogate => Live.UniqueKeys.Where(k => k.Count == 1).Select(k => Live[k[0]])
            .FirstOrDefault(c => c.Default is not null || c is { Type: "integer", Nullable: false } && Live.Columns[0] == c)?.Name;

        public bool HasKey => Live.UniqueKeys.Any(k => !IsSurrogate(k, Surrogate));

        public IReadOnlyList<string> Key(string? surrogate) =>
            Live.UniqueKeys.Where(k => !IsSurrogate(k, surrogate)).OrderBy(k => k.Count).FirstOrDefault()
            ?? [(Live.Columns.FirstOrDefault(c => c.Name != surrogate && !c.Nullable) ?? Live.Columns.First(c => c.Name != surrogate)).Name];

        /// <summary>The table this one's rows belong to, when they refer to its surrogate by a column of the same name.</summary>
        public (PulledTable? Table, string? Column) Parent(IEnumerable<PulledTable> all)
        {
            foreach (var reference in Live.References.Where(r => r.Columns.Length == 1 && r.Columns[0] == r.TableColumns[0]))
            {
                var parent = all.FirstOrDefault(t => t != this && t.Surrogate == reference.Columns[0] && t.Live.Columns.Count > 0 && Same(t.Sql, reference.Table));
                if (parent is not null)
                    return (parent, reference.Columns[0]);
            }
            return (null, null);
        }

        static bool IsSurrogate(IReadOnlyList<string> key, string? surrogate) => key is [var only] && only == surrogate;

        // The database quotes only what needs it.
        static bool Same(string a, string b) => a.Replace("\"", "") == b.Replace("\"", "");
    }
}
