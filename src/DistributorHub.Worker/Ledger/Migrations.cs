using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Brings the hub database to this program's schema: numbered scripts, each applied once, all in one transaction under a lock,
/// so that several processes may start at the same time.
/// </summary>
static class Migrations
{
    // Any constant will do, as long as every version of the hub uses the same one.
    const long LockKey = 0x4875624C65646765;

    /// <summary>Where the hub's tables live on PostgreSQL: the seller's may be in the same database, and have any names.</summary>
    public const string Schema = "hub";

    /// <summary>Applies what is missing and returns the names of the scripts applied.</summary>
    public static async Task<IReadOnlyList<string>> Apply(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // SQLite: BEGIN IMMEDIATE, which is the lock.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (database.Engine == Engine.PostgreSql)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(@LockKey)", new { LockKey }, transaction, cancellationToken: cancellation));
            await connection.ExecuteAsync(new CommandDefinition(
                $"create schema if not exists {Schema}", transaction: transaction, cancellationToken: cancellation));
        }
        await connection.ExecuteAsync(new CommandDefinition(
            "create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default current_timestamp)",
            transaction: transaction, cancellationToken: cancellation));
        var known = (await connection.QueryAsync<(string Name, string Sha256)>(new CommandDefinition(
            "select name, sha256 from migration", transaction: transaction, cancellationToken: cancellation)))
            .ToDictionary(row => row.Name, row => row.Sha256, StringComparer.Ordinal);
        var scripts = SqlText.Migrations(database.Engine).ToDictionary(path => Path.GetFileName(path), SqlText.Read, StringComparer.Ordinal);
        Refuse(known, scripts);
        var applied = new List<string>();
        foreach (var (name, text) in scripts.Where(script => !known.ContainsKey(script.Key)).OrderBy(script => script.Key, StringComparer.Ordinal))
        {
            await Run(connection, transaction, name, text, cancellation);
            applied.Add(name);
        }
        await Transitions.Publish(connection, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return applied;
    }

    /// <summary>Names of the scripts of this program that the database does not have.</summary>
    public static async Task<IReadOnlyList<string>> Missing(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var known = await connection.QueryAsync<string>(new CommandDefinition("select name from migration", cancellationToken: cancellation));
        return [.. SqlText.Migrations(database.Engine).Select(path => Path.GetFileName(path)).Except(known, StringComparer.Ordinal)];
    }

    static void Refuse(Dictionary<string, string> known, Dictionary<string, string> scripts)
    {
        foreach (var (name, sha256) in known)
            if (!scripts.TryGetValue(name, out var text))
                throw new SettingsException($"The hub database was migrated by a newer program: it knows '{name}', this program does not.");
            else if (Hash(text) != sha256)
                throw new SettingsException($"The migration '{name}' was applied with another text. Migrations are never edited; add a new one.");
    }

    static async Task Run(DbConnection connection, DbTransaction transaction, string name, string text, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(text, transaction: transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into migration (name, sha256) values (@name, @Sha256)",
            new { name, Sha256 = Hash(text) }, transaction, cancellationToken: cancellation));
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));
}
