using System.Data.Common;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Ledger;

/// <summary>The record of what people did.</summary>
static class Decisions
{
    /// <summary>Writes what a person did to an exchange, in the transaction that does it.</summary>
    public static Task<int> Record(
        DbConnection connection, DbTransaction transaction, DateTimeOffset now, string actor, string action, long exchange, string? reason,
        CancellationToken cancellation) => Record(connection, transaction, now, actor, action, Target(exchange), reason, cancellation);

    /// <summary>Writes what a person did to something else.</summary>
    public static Task<int> Record(
        DbConnection connection, DbTransaction transaction, DateTimeOffset now, string actor, string action, string target, string? reason,
        CancellationToken cancellation) =>
        Audit.Add(connection, transaction, now, actor, action, target, reason, cancellation);

    /// <summary>How the audit names an exchange.</summary>
    public static string Target(long exchange) => $"exchange {exchange}";
}
