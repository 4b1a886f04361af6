using System.Data.Common;
using System.Globalization;
using Dapper;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Compares a target with the live database: what <c>target check</c> says.</summary>
static class TargetCheck
{
    /// <summary>What drifted, one sentence each; empty when all fits.</summary>
    public static async Task<IReadOnlyList<string>> Compare(Database database, TargetDefinition target, CancellationToken cancellation)
    {
        var dialect = SellerDialect.Of(database.Engine);
        await using var connection = await database.Open(cancellation);
        var problems = new List<string>();
        var known = new Dictionary<string, LiveTable>(StringComparer.Ordinal);
        foreach (var table in target.Tables)
        {
            var live = known[table.Name] = await dialect.Read(connection, null, table, cancellation);
            problems.AddRange(Compare(table, live, dialect));
            if (table.Parent is { } parent && WrongParent(table, live, known[parent]) is { } wrong)
                problems.Add($"Column {dialect.Name(table)}.\"{table.ParentColumn}\" {wrong} the target says {dialect.Name(target.Find(parent)!)}.\"{table.ParentId}\".");
            if (live.Exists && database.Engine == Engine.PostgreSql)
                problems.AddRange(await Rights(connection, live, dialect.Name(table), TargetTables.Rights(target, table), cancellation));
        }
        foreach (var xref in target.Xrefs)
        {
            var live = await dialect.Read(connection, null, xref.Table, cancellation);
            problems.AddRange(Compare(xref, live, dialect.Name(xref.Table)));
            if (live.Exists && database.Engine == Engine.PostgreSql)
                problems.AddRange(await Rights(connection, live, dialect.Name(xref.Table), ["select"], cancellation));
        }
        var inbox = Bare(null, "hub_inbox");
        var inboxTable = await dialect.Read(connection, null, inbox, cancellation);
        if (!inboxTable.Exists)
            problems.Add("Table hub_inbox does not exist: without it nothing is loaded. 'hub target create' makes it.");
        else if (database.Engine == Engine.PostgreSql)
            problems.AddRange(await Rights(connection, inboxTable, dialect.Name(inbox), ["select", "insert"], cancellation));
        return problems;
    }

    /// <summary>
    /// What is worth knowing of columns that can be loaded as they are, one sentence each: no target can say it better, and no one has to
    /// change anything.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Remarks(Database database, TargetDefinition target, CancellationToken cancellation)
    {
        var dialect = SellerDialect.Of(database.Engine);
        await using var connection = await database.Open(cancellation);
        var remarks = new List<string>();
        foreach (var table in target.Tables)
        {
            var live = await dialect.Read(connection, null, table, cancellation);
            if (live.Exists && table is { Policy: TablePolicy.Children } && TargetTables.UniqueKey(table) is { } key && !live.IsUnique(key))
                remarks.Add($"Table {dialect.Name(table)} has no unique index on ({string.Join(", ", key)}): a row that is there twice refuses the message, and each merge reads the whole table unless another index starts with \"{table.ParentColumn}\".");
            foreach (var column in table.Columns)
                if (live.Find(column.Physical) is { } real && Remark(column, real) is { } remark)
                    remarks.Add($"Column {dialect.Name(table)}.\"{column.Physical}\" is {Describe(real)}, the target says {TypeOf(column)}: {remark}.");
        }
        return remarks;
    }

    static string? Remark(ColumnDefinition column, LiveColumn live) => column.Kind switch
    {
        ColumnKind.Int when live.Type == "smallint" => "a larger value becomes a finding",
        ColumnKind.Numeric when IsFraction(live) => "a binary fraction does not hold money exactly",
        _ => null,
    };

    static bool IsFraction(LiveColumn live) => live.Type is "double precision" or "real" or "float" or "double";

    /// <summary>A table of which nothing but the name is known.</summary>
    internal static TableDefinition Bare(string? schema, string name) =>
        new() { Name = name, Schema = schema, Physical = name, Key = [], Columns = [], Policy = TablePolicy.Insert };

    static IEnumerable<string> Compare(TableDefinition table, LiveTable live, SellerDialect dialect)
    {
        var name = dialect.Name(table);
        if (!live.Exists)
            return [$"Table {name} does not exist."];
        return CompareColumns(table, live, name).Concat(CompareOwn(table, live, name, dialect)).Concat(CompareUnmapped(table, live, name));
    }

    // The hub only reads it: bounds and nulls are the seller's business, kinds are not.
    static IEnumerable<string> Compare(XrefDefinition xref, LiveTable live, string name)
    {
        if (!live.Exists)
            return [$"Table {name} of xref '{xref.Name}' does not exist."];
        return xref.Table.Columns.Select(column => (column, live.Find(column.Physical)) switch
        {
            (_, null) => $"Column {name}.\"{column.Physical}\" of xref '{xref.Name}' does not exist.",
            var (_, real) => Misfit(column with { Length = 0, Precision = 0, Scale = 0, Wide = false }, real) is { } misfit
                ? $"Column {name}.\"{column.Physical}\" of xref '{xref.Name}' is {Describe(real)}, the target says {TypeOf(column)}: {misfit}." : null,
        }).OfType<string>();
    }

    static string TypeOf(ColumnDefinition column) => Mapping.Targets.ColumnType.Write(column with { Name = column.Physical, Nullable = true });

    static IEnumerable<string> CompareColumns(TableDefinition table, LiveTable live, string name)
    {
        foreach (var column in table.Columns)
        {
            var at = $"{name}.\"{column.Physical}\"";
            if (live.Find(column.Physical) is not { } real)
            {
                yield return $"Column {at} does not exist.";
                continue;
            }
            if (real.Computed)
                yield return $"Column {at} is computed by the database: take it out of the target.";
            else if (Misfit(column, real) is { } misfit)
                yield return $"Column {at} is {Describe(real)}, the target says {TypeOf(column)}: {misfit}.";
            if (column.Nullable && !real.Nullable)
                yield return $"Column {at} must have a value, the target allows it to be empty: a message without one will be refused.";
        }
    }

    internal static string? Misfit(ColumnDefinition column, LiveColumn live)
    {
        // SQLite takes a text in a column without a type.
        var isText = live.Type is "" or "character varying" or "varchar" or "character" or "char" or "bpchar" or "text" or "citext";
        var isInteger = live.Type is "smallint" or "integer" or "bigint" or "int";
        var isNumeric = live.Type is "numeric" or "decimal";
        return column.Kind switch
        {
            ColumnKind.Text when !isText => "it is no text",
            ColumnKind.Text when live.Length < (column.Length ?? int.MaxValue) => "longer values will be refused",
            ColumnKind.Int when column.Wide && live.Type == "integer" => "larger values will be refused",
            ColumnKind.Int when !isInteger && !isNumeric => "it is no whole number",
            ColumnKind.Numeric when isInteger && column.Scale > 0 => "values with digits after the mark will be refused",
            ColumnKind.Numeric when !isInteger && !isNumeric && !isText && !IsFraction(live) => "it is no decimal number",
            ColumnKind.Numeric when live.Scale < column.Scale || live.Precision - live.Scale < column.Precision - column.Scale => "larger or finer values will be refused",
            ColumnKind.Date when !isText && live.Type != "date" && !live.Type.StartsWith("timestamp", StringComparison.Ordinal) => "it is no date",
            ColumnKind.Time when !isText && live.Type != "time" && !live.Type.StartsWith("time ", StringComparison.Ordinal) => "it is no time",
            ColumnKind.Timestamp when !isText && !live.Type.StartsWith("timestamp", StringComparison.Ordinal) => "it is no moment",
            ColumnKind.Bool when live.Type is not ("boolean" or "integer" or "int") => "it is no truth value",
            _ => null,
        };
    }

    static IEnumerable<string> CompareOwn(TableDefinition table, LiveTable live, string name, SellerDialect dialect)
    {
        foreach (var column in new[] { table.Id, table.ParentColumn, table.Version?.Number, table.Version?.Current }.OfType<string>())
        {
            if (live.Find(column) is null)
                yield return $"Column {name}.\"{column}\" does not exist.";
        }
        if (table.Id is { } id && live.Find(id) is { } surrogate && dialect is PostgresDialect && surrogate.Default is null)
            yield return $"Column {name}.\"{id}\" has no sequence, identity or default, so new rows get no number.";
        // Rows of one parent are replaced as a set, by one worker at a time: there it is good to know, and no more.
        if (table.Policy != TablePolicy.Children && TargetTables.UniqueKey(table) is { } key && !live.IsUnique(key))
            yield return $"Table {name} has no unique index on ({string.Join(", ", key)}): two workers could add the same row, and each merge reads the whole table.";
    }

    static IEnumerable<string> CompareUnmapped(TableDefinition table, LiveTable live, string name)
    {
        var filled = table.Columns.Select(c => c.Physical)
            .Concat(new[] { table.Id, table.ParentColumn, table.Version?.Number, table.Version?.Current }.OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        return live.Columns.Where(c => !filled.Contains(c.Name) && c is { Nullable: false, Default: null, Computed: false })
            .Select(c => $"Column {name}.\"{c.Name}\" must have a value, has no default, and is not in the target: no row can be added.");
    }

    /// <summary>What a foreign key over the parent's column refers to instead of the parent; null when it is right, or there is none.</summary>
    static string? WrongParent(TableDefinition table, LiveTable live, LiveTable parent)
    {
        var references = live.References.Where(r => r.Columns is [var column] && column == table.ParentColumn).ToList();
        return references.Count == 0 || references.Exists(r => r.TableIdentity == parent.Identity && r.TableColumns[0] == table.ParentId)
            ? null
            : $"refers to {references[0].Table}.\"{references[0].TableColumns[0]}\",";
    }

    static async Task<IReadOnlyList<string>> Rights(
        DbConnection connection, LiveTable live, string table, IEnumerable<string> rights, CancellationToken cancellation)
    {
        const string closedSchema = """
            select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = @table::oid and not has_schema_privilege(n.oid, 'usage')
            """;
        var missing = new List<string>();
        var oid = long.Parse(live.Identity, CultureInfo.InvariantCulture);
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(closedSchema, new { table = oid }, cancellationToken: cancellation)) is { } schema)
            missing.Add($"This role may not use the schema {SellerDialect.Quote(schema)}, so it reaches nothing in it.");
        foreach (var right in rights)
        {
            var asking = new CommandDefinition("select has_table_privilege(@table::oid, @right)", new { table = oid, right }, cancellationToken: cancellation);
            if (!await connection.ExecuteScalarAsync<bool>(asking))
                missing.Add($"This role may not {right} on {table}.");
        }
        return missing;
    }

    static string Describe(LiveColumn live) =>
        live.Length is { } length ? $"{live.Type}({length})"
        : live.Precision is { } precision ? $"{live.Type}({precision},{live.Scale})"
        : live.Type;
}
