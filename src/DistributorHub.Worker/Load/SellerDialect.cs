using System.Data.Common;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Where the two engines of a seller's database differ. Everything else of a merge is one SQL text.</summary>
abstract class SellerDialect
{
    /// <summary>A name of the database inside SQL: the only way one gets there.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>The values of a key as one text for people, <c>4711/3</c>; a value that is missing is empty.</summary>
    public static string KeyText(IEnumerable<string> expressions) =>
        string.Join(" || '/' || ", expressions.Select(expression => $"coalesce(cast({expression} as text), '')").DefaultIfEmpty("''"));

    /// <summary>The dialect of an engine.</summary>
    public static SellerDialect Of(Engine engine) => engine == Engine.PostgreSql ? new PostgresDialect() : new SqliteDialect();

    /// <summary>Quoted name of a table.</summary>
    public abstract string Name(TableDefinition table);

    /// <summary>Type of a staging column.</summary>
    public abstract string StagingType(ColumnDefinition column);

    /// <summary>Type of a column in <c>target create</c>.</summary>
    public abstract string ColumnType(ColumnDefinition column);

    /// <summary>Declaration of a surrogate key in <c>target create</c>.</summary>
    public abstract string IdDeclaration(string column);

    /// <summary>Type of a column that refers to a surrogate key.</summary>
    public abstract string IdType { get; }

    /// <summary>The value in the type of the column it is going to, unbounded.</summary>
    public abstract string Cast(string value, LiveColumn column);

    /// <summary>A value of the seller's as a staging column holds it.</summary>
    public abstract string Staged(string value, ColumnDefinition column);

    /// <summary>A value to calculate with; exact where the engine has exact decimals.</summary>
    public abstract string Number(string value);

    /// <summary>A truth value as this column stores it.</summary>
    public abstract string Flag(bool value, LiveColumn column);

    /// <summary>Number of the next free row of <paramref name="table"/>, while selecting from staging as <c>s</c>.</summary>
    public abstract string NewId(string table, LiveColumn id);

    /// <summary>A query over the ids in the JSON list of parameter <c>@replayed</c>.</summary>
    public abstract string ReplayedIds(LiveColumn id);

    /// <summary>Deletes the rows <c>t</c> of a table that <paramref name="where"/> picks, joined with <paramref name="others"/> when given.</summary>
    public abstract string Delete(string table, string? others, string where);

    /// <summary>Name of a load's match table; where it stays with the connection, it is named for its columns' types.</summary>
    public abstract string MatchName(int number, string idType, string parentType);

    /// <summary>Makes a match table that stays with the session and is empty after every transaction; null where each load makes its own.</summary>
    public virtual string? KeptMatch(string name, string idType, string parentType) => null;

    /// <summary>Fills the match table of this transaction from a query over its columns (see <see cref="StagedTable"/>), or makes it from that.</summary>
    public abstract string FillMatch(string name, string query);

    /// <summary>Makes a table of this transaction from a query; its first column is the one it is joined by.</summary>
    public abstract string CreateFrom(string name, string firstColumn, string query);

    /// <summary>Prepares a filled table of this load for the merge: an index by its key where the engine joins by indexes only, statistics where it plans by them.</summary>
    public abstract string? Settle(string name, IReadOnlyList<string>? keyColumns, long rows);

    /// <summary>
    /// A table of this load as a source of rows, of which there are at most so many: where statistics are not worth their cost, the number
    /// tells the planner that looking up a few rows by index beats reading the whole target.
    /// </summary>
    public abstract string Few(string name, long rows);

    /// <summary>Clause that lets our values into an identity column.</summary>
    public abstract string Overriding(LiveColumn? id);

    /// <summary>Condition that a number loses digits in a bounded column, or null where the engine bounds none.</summary>
    public abstract string? Misfit(string value, int precision, int scale);

    /// <summary>Clause of a unique index in which two nulls are equal, or nothing where the engine has none.</summary>
    public abstract string NullsNotDistinct { get; }

    public abstract Task<LiveTable> Read(DbConnection connection, DbTransaction? transaction, TableDefinition table, CancellationToken cancellation);

    /// <summary>
    /// Starts the one transaction of a merge, and says which tables the session has kept. What two workers do to the same <paramref name="subject"/>
    /// happens one after the other.
    /// </summary>
    public abstract Task<(DbTransaction Transaction, IReadOnlySet<string> Kept)> Begin(DbConnection connection, string subject, CancellationToken cancellation);

    /// <summary>Has the session know which tables it keeps, should the transaction be committed; null where it keeps none.</summary>
    public virtual string? Remember(IReadOnlyList<string> kept) => null;

    /// <summary>What a failure says when the rows are to blame for it, not the database; else null.</summary>
    public abstract string? Blame(DbException failure);
}
