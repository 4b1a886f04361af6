using System.Data.Common;
using System.Net.Sockets;
using DistributorHub.Worker.Ledger;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DistributorHub.Worker.Flow;

/// <summary>What kind of failure an exception is. Faults of files are findings and never come here.</summary>
static class Failures
{
    // SQLITE_PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL.
    static readonly int[] TransientSqlite = [3, 5, 6, 7, 8, 9, 10, 13, 14, 15];

    // Connection, transaction rollback, resources, limits of an object's state, operator intervention, system.
    static readonly string[] TransientSqlStates = ["08", "40", "53", "55", "57", "58"];

    // Undefined names and missing rights (42), unknown database, schema or role, features.
    static readonly string[] ConfigSqlStates = ["42", "3D", "3F", "28", "0A"];

    public static FailureClass Classify(Exception e) => e switch
    {
        PostgresException postgres when Starts(postgres.SqlState, TransientSqlStates) => FailureClass.Transient,
        PostgresException postgres when Starts(postgres.SqlState, ConfigSqlStates) => FailureClass.Config,
        PostgresException => FailureClass.Bug,
        SqliteException sqlite when TransientSqlite.Contains(sqlite.SqliteErrorCode) => FailureClass.Transient,
        // 1 is SQLITE_ERROR: no such table or column.
        SqliteException { SqliteErrorCode: 1 } => FailureClass.Config,
        SqliteException => FailureClass.Bug,
        DbException or SocketException or IOException or TimeoutException => FailureClass.Transient,
        SettingsException => FailureClass.Config,
        PayloadRemovedException => FailureClass.Data,
        { InnerException: { } inner } => Classify(inner),
        _ => FailureClass.Bug,
    };

    /// <summary>What an exception says, in one sentence; with its cause, when it does not repeat that.</summary>
    public static string Sentence(Exception e)
    {
        var cause = e.GetBaseException().Message;
        return e.Message.Contains(cause, StringComparison.Ordinal) ? e.Message : $"{e.Message} ({cause})";
    }

    static bool Starts(string state, string[] classes) => classes.Any(prefix => state.StartsWith(prefix, StringComparison.Ordinal));
}
