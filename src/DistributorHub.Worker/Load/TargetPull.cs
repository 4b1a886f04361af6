using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Drafts a target file from a seller's existing tables: what <c>target pull</c> writes. Policies are guesses, and marked as such.</summary>
static class TargetPull
{
    // Neither views nor the parts of a table that is kept in several, nor what an extension brought.
    const string PostgresTables = """
        select nullif(n.nspname, 'public') as schema, c.relname as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'hangfire')
          and n.nspname not like 'pg!_%' escape '!' and has_schema_privilege(n.oid, 'usage') and c.relname not like 'hub!_%' escape '!'
          and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        order by n.nspname, 2
        """;

    const string PostgresClosedSchemas = """
        select n.nspname::text from pg_namespace n
        where n.nspname not in ('pg_catalog', 'information_schema', 'hangfire') and n.nspname not like 'pg!_%' escape '!'
          and not has_schema_privilege(n.oid, 'usage') and exists (select 1 from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p'))
        order by 1
        """;

    const string SqliteTables = """
        select name from pragma_table_list
        where schema = 'main' and type = 'table' and name not like 'sqlite!_%' escape '!' and name not like 'hub!_%' escape '!'
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
        var found = new List<(string Name, string Full, LiveTable Live)>();
        foreach (var entry in await Entries(connection, database.Engine, cancellation))
            if (names.Count == 0 || names.Contains(entry.Full) || names.Contains(entry.Name))
                found.Add((MapName(entry.Name, found.Select(t => t.Name)), entry.Full, await dialect.Read(connection, null, TargetCheck.Bare(entry.Schema, entry.Name), cancellation)));
        var tables = new List<PulledTable>();
        foreach (var (name, full, live) in LiveTable.ReferredFirst(found, (t, other) => t.Live.RefersTo(other.Live)))
            tables.Add(new(name, full, live, tables));
        var text = new StringBuilder($"hub: target/1\nid: {id}\nconnection: seller\ntables:\n");
        foreach (var table in tables)
            Write(text, table);
        if (database.Engine == Engine.PostgreSql && names.Count == 0)
            foreach (var schema in await connection.QueryAsync<string>(new CommandDefinition(PostgresClosedSchemas, cancellationToken: cancellation)))
                text.Append(CultureInfo.InvariantCulture, $"  # Schema {Comment(SellerDialect.Quote(schema))} is left out: this role may not use it.\n");
        return text.ToString();
    }

    /// <summary>Those of the names that are none of the tables a draft can take.</summary>
    public static async Task<IReadOnlyList<string>> Missing(Database database, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var entries = await Entries(connection, database.Engine, cancellation);
        var known = entries.SelectMany(entry => new[] { entry.Name, entry.Full }).ToHashSet(StringComparer.Ordinal);
        return [.. names.Where(name => !known.Contains(name))];
    }

    static Task<IEnumerable<Entry>> Entries(DbConnection connection, Engine engine, CancellationToken cancellation) =>
        connection.QueryAsync<Entry>(new CommandDefinition(engine == Engine.PostgreSql ? PostgresTables : SqliteTables, cancellationToken: cancellation));

    static void Write(StringBuilder text, PulledTable table)
    {
        if (table.Obstacle is { } obstacle)
        {
            text.Append(CultureInfo.InvariantCulture, $"  # {table.Name}: {Comment(table.Full)} is left out: {obstacle}\n");
            return;
        }
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var live in table.Described)
            names.Add(live.Name, MapName(live.Name, names.Values.Concat(table.ParentColumn is null ? [] : [table.ParentColumn])));
        text.Append(CultureInfo.InvariantCulture, $"  {table.Name}:\n    is: {Scalar(table.Full)}\n");
        if (table.Surrogate is not null)
            text.Append(CultureInfo.InvariantCulture, $"    id: {Scalar(table.Surrogate)}\n");
        if (table.Parent is { } parent)
        {
            var renamed = table.ParentColumn == parent.Surrogate ? "" : $" = {table.ParentColumn}";
            text.Append(CultureInfo.InvariantCulture, $"    parent: {Scalar($"{parent.Name}.{parent.Surrogate}{renamed}", parent.Surrogate + renamed)}\n");
        }
        var shown = table.Key.Select(k => Scalar(names.GetValueOrDefault(k, k)));
        text.Append(CultureInfo.InvariantCulture, $"    key: [{string.Join(", ", shown)}]{(table.HasKey ? "" : "   # a guess: the table has no unique index that could serve as key")}\n");
        text.Append(CultureInfo.InvariantCulture, $"    policy: {(table.Parent is null ? "update  " : "children")}   # a guess; one of insert, skip, update, version, children, catalogue\n    columns:\n");
        foreach (var live in table.Described)
            WriteColumn(text, table, live, names[live.Name]);
    }

    static void WriteColumn(StringBuilder text, PulledTable table, LiveColumn live, string name)
    {
        var (definition, remark) = ColumnDraft.Describe(live, name, table.Key.Contains(live.Name));
        var without = table.Without(live, definition);
        var refersTo = table.Live.References.Where(r => r.Columns.Contains(live.Name))
            .Select(r => $"refers to {r.Table.Replace("\"", "")}.{r.TableColumns[Array.IndexOf(r.Columns, live.Name)]}");
        var remarks = string.Join("; ", new[] { remark }.Concat(refersTo).Append(without).OfType<string>());
        var type = ColumnType.Write(definition);
        type = without is null ? Scalar(type, definition.Physical) : Comment(type);
        text.Append(CultureInfo.InvariantCulture,
            $"      {(without is null ? "" : "# ")}{definition.Name}: {type}{(remarks.Length == 0 ? "" : $"   # {Comment(remarks)}")}\n");
    }

    /// <summary>A value as YAML reads it back, in a block and in brackets: quoted where a name from the database holds what YAML might take for a sign.</summary>
    static string Scalar(string text, string? name = null) =>
        (name ?? text).All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or ' ' or '=') ? text : $"'{text.Replace("'", "''")}'";

    /// <summary>One line, whatever a name holds.</summary>
    static string Comment(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

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
        /// <summary>Null where the name alone is enough.</summary>
        public string? Schema { get; set; }

        public string Name { get; set; } = "";

        public string Full => Schema is null ? Name : $"{Schema}.{Name}";
    }
}
