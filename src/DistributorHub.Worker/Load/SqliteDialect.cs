using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using DistributorHub.Mapping.Targets;
using Microsoft.Data.Sqlite;

namespace DistributorHub.Worker.Load;

/// <summary>
/// SQLite has no schemas: <c>sales.purchase_order</c> is the table <c>sales_purchase_order</c>. It has no exact decimals either:
/// they are stored as text with all digits of their scale, so that equal amounts are equal texts.
/// </summary>
sealed partial class SqliteDialect : SellerDialect
{
    public override string IdType => "integer";

    public override string NullsNotDistinct => "";

    public override string Name(TableDefinition table) => Quote(PlainName(table));

    public override string StagingType(ColumnDefinition column) =>
        column.Kind is ColumnKind.Int or ColumnKind.Bool ? "integer" : "text";

    public override string ColumnType(ColumnDefinition column) =>
        column is { Kind: ColumnKind.Text, Length: { } length } ? $"varchar({length})" : column.Wide ? "bigint" : StagingType(column);

    public override string IdDeclaration(string column) => $"{Quote(column)} integer primary key";

    public override string Cast(string value, LiveColumn column) => value;

    // Numbers get all digits of their scale, as rows that were not looked up have them; a decimal that is text has them already.
    public override string Staged(string value, ColumnDefinition column) => column.Kind == ColumnKind.Numeric
        ? $"case typeof({value}) when 'text' then {value} when 'null' then null else printf('%.{column.Scale}f', {value}) end"
        : $"cast({value} as {StagingType(column)})";

    public override string Number(string value) => $"cast({value} as real)";

    public override string Flag(bool value, LiveColumn column) => value ? "1" : "0";

    public override string NewId(string table, LiveColumn id) =>
        $"(select coalesce(max(x.{Quote(id.Name)}), 0) from {table} x) + row_number() over (order by s._row)";

    public override string ReplayedIds(LiveColumn id) => "(select cast(value as integer) from json_each(@replayed))";

    public override string Delete(string table, string? others, string where) =>
        others is null
            ? $"delete from {table} as t where {where}"
            : $"delete from {table} where rowid in (select t.rowid from {table} t, {others} where {where})";

    public override string MatchName(int number, string idType, string parentType) => $"hub_match_{number}";

    public override string FillMatch(string name, string query) => CreateFrom(name, "_row", query);

    public override string CreateFrom(string name, string firstColumn, string query) =>
        $"create temp table {name} as {query}; create index temp.{name}_first on {name}({firstColumn})";

    public override string? Settle(string name, IReadOnlyList<string>? keyColumns, long rows) =>
        keyColumns is null ? null : $"create index temp.{name}_key on {name}({string.Join(", ", keyColumns)})";

    // Joins by indexes only.
    public override string Few(string name, long rows) => name;

    public override string Overriding(LiveColumn? id) => "";

    public override string? Misfit(string value, int precision, int scale) => null;

    public override async Task<LiveTable> Read(
        DbConnection connection, DbTransaction? transaction, TableDefinition table, CancellationToken cancellation)
    {
        var name = PlainName(table);
        Task<IEnumerable<T>> Query<T>(string sql, object parameters) =>
            connection.QueryAsync<T>(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation));
        var columns = (await Query<LiveColumn>(ReadColumns, new { name })).AsList();
        foreach (var column in columns)
            ReadBounds(column);
        var keys = (await Query<string>(ReadKeys, new { name })).Select(k => (IReadOnlyList<string>)k.Split('\n')).ToList();
        if (columns.Count > 0 && (await Query<string>(ReadPrimaryKey, new { name })).AsList() is { Count: > 0 } primary)
            keys.Add(primary);
        var references = (await Query<ReferenceColumn>(ReadReferences, new { name }))
            .GroupBy(r => r.Id)
            .Select(g => new LiveReference
            {
                Name = $"{name} -> {g.First().Table}",
                Table = Quote(g.First().Table),
                TableIdentity = g.First().Table,
                Columns = [.. g.Select(r => r.Column)],
                TableColumns = [.. g.Select(r => r.TableColumn)],
            });
        return new(columns, keys, references.ToList()) { Identity = name };
    }

    /// <summary>BEGIN IMMEDIATE: one writer at a time, whatever the subject.</summary>
    public override Task<(DbTransaction Transaction, IReadOnlySet<string> Kept)> Begin(DbConnection connection, string subject, CancellationToken cancellation) =>
        Task.FromResult<(DbTransaction, IReadOnlySet<string>)>((((SqliteConnection)connection).BeginTransaction(), System.Collections.Frozen.FrozenSet<string>.Empty));

    public override string? Blame(DbException failure)
    {
        const int Constraint = 19, Mismatch = 20;
        return failure is SqliteException { SqliteErrorCode: Constraint or Mismatch } e ? OwnWords().Match(e.Message) is { Success: true } own ? own.Groups["words"].Value : e.Message : null;
    }

    static string PlainName(TableDefinition table) => table.Schema is null ? table.Physical : $"{table.Schema}_{table.Physical}";

    /// <summary>SQLite keeps <c>varchar(35)</c> as a mere word; here it is a promise.</summary>
    static void ReadBounds(LiveColumn column)
    {
        var match = Bounds().Match(column.Type);
        if (!match.Success)
        {
            column.Type = Plain(column.Type);
            return;
        }
        var first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        if (match.Groups["word"].Value.Contains("char", StringComparison.OrdinalIgnoreCase))
            column.Length = first;
        else if (Plain(match.Groups["word"].Value.TrimEnd()) is "numeric" or "decimal")
            (column.Precision, column.Scale) = (first, match.Groups["second"] is { Success: true } second ? int.Parse(second.Value, CultureInfo.InvariantCulture) : 0);
        column.Type = Plain(match.Groups["word"].Value.TrimEnd());
    }

    /// <summary>SQLite takes any word for a type. These are other databases' words for the types that are known here; its whole numbers are all of 64 bits.</summary>
    static string Plain(string word) => word switch
    {
        "nvarchar" or "nchar" or "varchar2" or "nvarchar2" or "varying character" or "native character" => "varchar",
        "clob" or "ntext" or "tinytext" or "mediumtext" or "longtext" or "string" => "text",
        "tinyint" or "mediumint" or "int2" or "int4" => "integer",
        "int8" or "unsigned big int" => "bigint",
        "bit" or "bool" => "boolean",
        "datetime" or "datetime2" or "smalldatetime" => "timestamp",
        "money" or "smallmoney" or "number" => "numeric",
        _ => word,
    };

    [GeneratedRegex(@"^(?<word>[A-Za-z ]+)\((?<first>\d{1,6})(, *(?<second>\d{1,6}))?\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bounds();

    // What a trigger raised, out of the words of the driver around it.
    [GeneratedRegex("^SQLite Error [0-9]+: '(?<words>.*)'\\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnWords();

    sealed class ReferenceColumn
    {
        public int Id { get; set; }

        public string Table { get; set; } = "";

        public string Column { get; set; } = "";

        public string TableColumn { get; set; } = "";
    }

    // Hidden: 0 an ordinary column, 2 and 3 a computed one.
    const string ReadColumns = """
        select name, lower(type) as "Type", "notnull" = 0 and pk = 0 as "Nullable", dflt_value as "Default", hidden > 1 as "Computed",
          lower(type) = 'integer' and pk = 1 and (select max(pk) from pragma_table_info(@name)) = 1
            and not exists (select 1 from pragma_index_list(@name) where origin = 'pk') as "Numbered"
        from pragma_table_xinfo(@name) where hidden <> 1 order by cid
        """;

    const string ReadPrimaryKey = "select name from pragma_table_info(@name) where pk > 0 order by pk";

    const string ReadKeys = """
        select (select group_concat(name, char(10)) from (select name from pragma_index_info(i.name) order by seqno))
        from pragma_index_list(@name) i where i."unique" = 1 and i.partial = 0
          and not exists (select 1 from pragma_index_info(i.name) where name is null)
        """;

    // Written as the table has them: a reference may spell its names with other capitals.
    const string ReadReferences = """
        select f.id, coalesce((select name from sqlite_master where type = 'table' and lower(name) = lower(f."table")), f."table") as "Table", f."from" as "Column",
          coalesce((select name from pragma_table_info(f."table") where case when f."to" is null then pk = f.seq + 1 else lower(name) = lower(f."to") end),
            f."to") as "TableColumn"
        from pragma_foreign_key_list(@name) f order by f.id, f.seq
        """;
}
