using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DistributorHub.Worker;

enum Engine
{
    PostgreSql,
    Sqlite,
}

/// <summary>One of the two databases (hub, seller), on one of the two engines: <c>Host=…</c> is PostgreSQL, <c>Data Source=…</c> SQLite.</summary>
sealed class Database : IDisposable
{
    // Statements of the flow of a document, with room; the one least used makes way.
    const int PreparedMax = 200;

    readonly string connectionString;
    readonly NpgsqlDataSource? postgres;

    static Database() => Dialect.Register();

    /// <param name="connectionString">Says engine and place.</param>
    /// <param name="keepsSession">
    /// True to leave a pooled PostgreSQL connection as it is: loading empties and reuses its temporary tables, statements that come again and again
    /// stay prepared, and resetting it after every use costs the server more than most uses. Whoever sets or locks something for a session must undo it.
    /// </param>
    public Database(string connectionString, bool keepsSession = false)
    {
        Engine = EngineOf(connectionString);
        this.connectionString = connectionString;
        if (Engine == Engine.PostgreSql)
            postgres = NpgsqlDataSource.Create(keepsSession ? Keeping(connectionString) : connectionString);
    }

    static string Keeping(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        // Npgsql's own builder knows every keyword, given or not.
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Max Auto Prepare"))
            parts.MaxAutoPrepare = PreparedMax;
        return parts.ConnectionString;
    }

    public Engine Engine { get; }

    /// <summary>True when both are the same SQLite file, which has one writer at a time.</summary>
    public bool IsOneFileWith(Database other) => Engine == Engine.Sqlite && other.Engine == Engine.Sqlite
        && Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource) == Path.GetFullPath(new SqliteConnectionStringBuilder(other.connectionString).DataSource);

    /// <summary>What people call it; a connection that cannot be opened is told with it (<see cref="NameOf"/>).</summary>
    public string Name { get; init; } = "database";

    /// <summary>The database whose connection could not be opened, or null when the failure came later.</summary>
    public static string? NameOf(Exception failure) => failure.Data[typeof(Database)] as string;

    /// <summary>Throws when the engine's driver does not take a connection string. No value is repeated in the message: it may be a password.</summary>
    public static void Check(string connectionString)
    {
        try
        {
            _ = EngineOf(connectionString) == Engine.PostgreSql
                ? (DbConnectionStringBuilder)new NpgsqlConnectionStringBuilder(connectionString)
                : new SqliteConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingsException(e is ArgumentException { ParamName: { } keyword }
                ? $"'{keyword}' is no setting of it, or one with another kind of value."
                : "A keyword in it is not known, or has another kind of value.");
        }
    }

    /// <summary>The engine a connection string is for. It is never repeated in the message: it may hold a password.</summary>
    public static Engine EngineOf(string connectionString)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException e)
        {
            throw new SettingsException(e.Message);
        }
        if (parts.ContainsKey("Host"))
            return Engine.PostgreSql;
        return parts.ContainsKey("Data Source")
            ? Engine.Sqlite
            : throw new SettingsException("It needs 'Host=…' (PostgreSQL) or 'Data Source=…' (SQLite).");
    }

    /// <summary>An open connection; the caller disposes it. SQLite is opened in WAL mode, waits for locks and enforces foreign keys.</summary>
    public async Task<DbConnection> Open(CancellationToken cancellation)
    {
        try
        {
            return await Connect(cancellation);
        }
        catch (DbException e)
        {
            e.Data[typeof(Database)] = Name;
            throw;
        }
    }

    /// <summary>Has every pooled connection closed when it is given back: one of them may hold something of its session that could not be undone.</summary>
    public void Retire() => postgres?.Clear();

    async Task<DbConnection> Connect(CancellationToken cancellation)
    {
        if (postgres is not null)
            return await postgres.OpenConnectionAsync(cancellation);
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma foreign_keys = on",
            cancellationToken: cancellation));
        return connection;
    }

    /// <summary>The texts of a list in JSON, which is a parameter's value, as what follows <c>in</c>: one statement however many there are.</summary>
    public string ListIn(string parameter) => Engine == Engine.PostgreSql
        ? $"(select json_array_elements_text(cast(@{parameter} as json)))" : $"(select value from json_each(@{parameter}))";

    /// <summary>The same of numbers.</summary>
    public string NumbersIn(string parameter) => $"(select cast(value as bigint) from {ListOf(parameter)})";

    /// <summary>Ends a query for rows that are changed next: rows that another transaction changes at this moment are left to it, and nobody waits in a circle.</summary>
    public string SkippingLocked => Engine == Engine.PostgreSql ? " for update skip locked" : "";

    /// <summary>The same, waiting for the other transactions: in one order, so that nobody waits in a circle.</summary>
    public string LockedBy(string order) => Engine == Engine.PostgreSql ? $" order by {order} for update" : "";

    /// <summary>The same list as a table with the column <c>value</c>.</summary>
    public string ListOf(string parameter) => Engine == Engine.PostgreSql ? $"json_array_elements_text(cast(@{parameter} as json)) as each(value)" : $"json_each(@{parameter}) as each";

    /// <summary>A transaction that only reads, and sees one moment. On SQLite it waits for no writer, and no writer for it.</summary>
    public static async Task<DbTransaction> BeginReading(DbConnection connection, CancellationToken cancellation) =>
        connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    public void Dispose() => postgres?.Dispose();
}

/// <summary>What Dapper must know so that the same rows read alike from both engines.</summary>
static class Dialect
{
    const string UtcFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(decimal));
        SqlMapper.AddTypeHandler(new MomentHandler());
        SqlMapper.AddTypeHandler(new DecimalHandler());
    }

    /// <summary>A moment as SQLite keeps it, which PostgreSQL reads as well.</summary>
    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString(UtcFormat, CultureInfo.InvariantCulture);

    sealed class MomentHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            if (parameter is SqliteParameter)
                parameter.Value = Text(value);
            else
                parameter.Value = value.ToUniversalTime();
        }

        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTimeOffset moment => moment,
            DateTime moment => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc)),
            string text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            _ => throw new InvalidCastException($"No moment in a {value.GetType().Name}."),
        };
    }

    sealed class DecimalHandler : SqlMapper.TypeHandler<decimal>
    {
        public override void SetValue(IDbDataParameter parameter, decimal value)
        {
            if (parameter is SqliteParameter)
                parameter.Value = value.ToString(CultureInfo.InvariantCulture);
            else
                parameter.Value = value;
        }

        public override decimal Parse(object value) => value switch
        {
            decimal number => number,
            string text => decimal.Parse(text, CultureInfo.InvariantCulture),
            _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        };
    }
}
