using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Files that are handed in as a partner's, instead of being fetched: archived and made an exchange in one transaction, as any other.</summary>
sealed class Uploads(Database database, TimeProvider clock)
{
    /// <param name="partner">Whose file it is.</param>
    /// <param name="name">Its name, which may decide its map.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="actor">Who hands it in.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Number of the exchange.</returns>
    public async Task<long> Add(string partner, string name, byte[] bytes, string actor, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var sha256 = await Archive.Add(connection, transaction, bytes, now, cancellation);
        var exchange = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into exchange (partner, file, path, sha256, bytes, modified_at, state, due_at, created_at)
            values (@partner, @name, @name, @sha256, @Bytes, @now, 'Received', @now, @now)
            returning id
            """,
            new { partner, name, sha256, Bytes = (long)bytes.Length, now }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, actor, "upload", exchange, $"as {partner}: {name}", cancellation);
        await transaction.CommitAsync(cancellation);
        return exchange;
    }

    /// <summary>What is wrong with a file's name, as a sentence; null when nothing is.</summary>
    public static string? NameMistake(string name) =>
        name.Length is 0 or > 255 || name is "." or ".." || name.Any(character => char.IsControl(character) || character is '/' or '\\')
            ? "The name of a file has 1 to 255 characters, and no folder before it."
            : null;
}
