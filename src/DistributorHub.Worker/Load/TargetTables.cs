using System.Data.Common;
using Dapper;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>The seller's tables as SQL: what <c>target create</c> runs or prints.</summary>
static class TargetTables
{
    /// <summary>
    /// Statements that make what is missing: tables, parents first, with their keys, references and indexes, and hub_inbox. A table that is there is the
    /// seller's: it gets the unique index of its key, when none serves for that, and nothing else. Nothing for xrefs: an empty table would find nothing,
    /// and whoever fills it has it.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Missing(Database database, TargetDefinition target, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Missing(SellerDialect.Of(database.Engine), connection, null, target, cancellation);
    }

    static async Task<IReadOnlyList<string>> Missing(
        SellerDialect dialect, DbConnection connection, DbTransaction? transaction, TargetDefinition target, CancellationToken cancellation)
    {
        var schemas = new SortedSet<string>(StringComparer.Ordinal);
        var statements = new List<string>();
        foreach (var table in target.Tables)
        {
            var live = await dialect.Read(connection, transaction, table, cancellation);
            if (live.Exists)
            {
                if (UniqueKey(table) is { } key && !live.IsUnique(key))
                    statements.Add(CreateIndexes(table, dialect).First());
                continue;
            }
            if (table.Schema is { } schema && dialect is PostgresDialect)
                schemas.Add(schema);
            statements.Add(CreateTable(target, table, dialect));
            statements.AddRange(CreateIndexes(table, dialect));
        }
        var inbox = await dialect.Read(connection, transaction, TargetCheck.Bare(null, "hub_inbox"), cancellation);
        return [.. schemas.Select(s => $"create schema if not exists {SellerDialect.Quote(s)}"), .. statements, .. inbox.Exists ? [] : Inbox.Definition];
    }

    /// <summary>Statements that give a role of PostgreSQL the least rights a hub needs to load this target.</summary>
    public static IReadOnlyList<string> Grants(TargetDefinition target, string role)
    {
        var dialect = SellerDialect.Of(Engine.PostgreSql);
        var to = $"to {SellerDialect.Quote(role)}";
        var schemas = Schemas(target).Union(target.Xrefs.Select(x => x.Table.Schema).OfType<string>(), StringComparer.Ordinal);
        var statements = schemas.Select(s => $"grant usage on schema {SellerDialect.Quote(s)} {to}").ToList();
        foreach (var table in target.Tables)
        {
            statements.Add($"grant {string.Join(", ", Rights(target, table))} on {dialect.Name(table)} {to}");
            if (table.Id is { } id)
                statements.Add(GrantSequence(dialect.Name(table), id, to));
        }
        statements.AddRange(target.Xrefs.Select(x => dialect.Name(x.Table)).Distinct().Select(x => $"grant select on {x} {to}"));
        return [.. statements, $"grant select, insert on hub_inbox {to}"];
    }

    /// <summary>Makes what is missing, in one transaction.</summary>
    public static async Task Apply(Database database, TargetDefinition target, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var dialect = SellerDialect.Of(database.Engine);
        var (transaction, _) = await dialect.Begin(connection, "target create", cancellation);
        await using var ending = transaction;
        foreach (var statement in await Missing(dialect, connection, transaction, target, cancellation))
            await connection.ExecuteAsync(new CommandDefinition(statement, transaction: transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>What the hub does to a table. Rows below a catalogue are deleted with the row they belong to.</summary>
    internal static IEnumerable<string> Rights(TargetDefinition target, TableDefinition table)
    {
        yield return "select";
        yield return "insert";
        if (table.Policy != TablePolicy.Skip)
            yield return "update";
        for (var above = table; above is not null; above = above.Parent is { } parent ? target.Find(parent) : null)
        {
            if (above.Policy is not (TablePolicy.Children or TablePolicy.Catalogue))
                continue;
            yield return "delete";
            yield break;
        }
    }

    // The name of an identity's or serial's sequence is known to the database only.
    static string GrantSequence(string table, string id, string to)
    {
        static string Text(string value) => $"'{value.Replace("'", "''")}'";
        return $"do $$ begin if pg_get_serial_sequence({Text(table)}, {Text(id)}) is not null then "
            + $"execute 'grant usage on sequence ' || pg_get_serial_sequence({Text(table)}, {Text(id)}) || {Text($" {to}")}; end if; end $$";
    }

    static IEnumerable<string> Schemas(TargetDefinition target) => target.Tables.Select(t => t.Schema).OfType<string>().Distinct(StringComparer.Ordinal);

    static string CreateTable(TargetDefinition target, TableDefinition table, SellerDialect dialect)
    {
        var columns = new List<string>();
        if (table.Id is { } id)
            columns.Add(dialect.IdDeclaration(id));
        if (table is { Parent: { } parent, ParentColumn: { } reference })
            columns.Add($"{SellerDialect.Quote(reference)} {dialect.IdType} not null references {dialect.Name(target.Find(parent)!)} ({SellerDialect.Quote(table.ParentId!)})");
        columns.AddRange(table.Columns.Select(c => $"{SellerDialect.Quote(c.Physical)} {dialect.ColumnType(c)}{(c.Nullable ? "" : " not null")}"));
        if (table.Version?.Number is { } number)
            columns.Add($"{SellerDialect.Quote(number)} integer not null");
        if (table.Version?.Current is { } current)
            columns.Add($"{SellerDialect.Quote(current)} boolean not null");
        return $"create table if not exists {dialect.Name(table)} (\n  {string.Join(",\n  ", columns)})";
    }

    static IEnumerable<string> CreateIndexes(TableDefinition table, SellerDialect dialect)
    {
        var name = table.Schema is null ? table.Physical : $"{table.Schema}_{table.Physical}";
        string Index(string suffix, bool unique, IEnumerable<string> columns) =>
            $"create {(unique ? "unique " : "")}index if not exists {SellerDialect.Quote($"{name}_{suffix}")} on {dialect.Name(table)} "
            + $"({string.Join(", ", columns.Select(SellerDialect.Quote))})";
        var key = PhysicalKey(table).ToList();
        if (table.Policy == TablePolicy.Version)
        {
            if (table.Version!.Number is { } number)
                yield return Index("key", unique: true, key.Append(number));
            if (table.Version.Current is { } current)
                yield return $"{Index("current", unique: true, key)} where {SellerDialect.Quote(current)}";
        }
        else
        {
            var nulls = table.Key.Any(k => table.Find(k) is { Nullable: true }) ? dialect.NullsNotDistinct : "";
            yield return Index("key", unique: true, key) + nulls;
        }
        // Rows are looked for by their parent; a key that starts with it serves for that too.
        if (table.ParentColumn is { } parent && key[0] != parent)
            yield return Index("parent", unique: false, [parent]);
    }

    /// <summary>The physical columns whose values the merge takes to be unique, or null when versions of a row are told apart by a flag alone.</summary>
    internal static IReadOnlyList<string>? UniqueKey(TableDefinition table) => table switch
    {
        { Policy: not TablePolicy.Version } => [.. PhysicalKey(table)],
        { Version.Number: { } number } => [.. PhysicalKey(table), number],
        _ => null,
    };

    static IEnumerable<string> PhysicalKey(TableDefinition table) =>
        table.Key.Select(k => k == table.ParentColumn ? k : table.Find(k)!.Physical);
}
