using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;

namespace DistributorHub.Worker.Access;

/// <summary>What a program shows of itself instead of signing in.</summary>
sealed record ApiToken
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Hash { get; init; } = "";
    public Role Role { get; init; }
    public bool Approver { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public Rights Rights => new(Role, Approver);

    /// <summary>How attempts, decisions and audit name it.</summary>
    public string Actor => $"token {Name}";
}

/// <summary>
/// Tokens of the HTTP interface: <c>hub_ID_SECRET</c>, 256 random bits. Only the hash of the secret is kept, so that a token is shown once, when it is made.
/// </summary>
sealed partial class Tokens(Database database, TimeProvider clock)
{
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(366);

    // A write for each request would be the most frequent write of all.
    static readonly TimeSpan UsedPrecision = TimeSpan.FromMinutes(1);
    const string Columns = "id, name, hash, role, approver, created_by, created_at, expires_at, used_at, revoked_at";

    /// <summary>Makes a token; its text is nowhere else.</summary>
    public async Task<(ApiToken Token, string Text)> Add(string name, Rights rights, TimeSpan lifetime, string actor, CancellationToken cancellation)
    {
        var (id, secret, now) = (RandomNumberGenerator.GetHexString(12, lowercase: true), RandomNumberGenerator.GetHexString(64, lowercase: true), clock.GetUtcNow());
        var token = new ApiToken
        {
            Id = id,
            Name = name,
            Hash = HashOf(secret),
            Role = rights.Role,
            Approver = rights.Approver,
            CreatedBy = actor,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into api_token (id, name, hash, role, approver, created_by, created_at, expires_at)
            values (@Id, @Name, @Hash, @Role, @Approver, @CreatedBy, @CreatedAt, @ExpiresAt)
            """,
            new { token.Id, token.Name, token.Hash, Role = token.Role.ToString(), token.Approver, token.CreatedBy, token.CreatedAt, token.ExpiresAt },
            transaction, cancellationToken: cancellation));
        await Audit.Add(connection, transaction, now, actor, "add token", Target(token), $"{rights}; until {token.ExpiresAt.UtcDateTime:yyyy-MM-dd}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (token, $"hub_{id}_{secret}");
    }

    public async Task<IReadOnlyList<ApiToken>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<ApiToken>(new CommandDefinition(
            $"select {Columns} from api_token order by created_at, id", cancellationToken: cancellation))).AsList();
    }

    /// <summary>Ends a token; false when there is none of this id that is not ended yet.</summary>
    public async Task<bool> Revoke(string id, string actor, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var revoked = await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
            $"update api_token set revoked_at = @now where id = @id and revoked_at is null returning {Columns}", new { id, now }, transaction, cancellationToken: cancellation));
        if (revoked is null)
            return false;
        await Audit.Add(connection, transaction, now, actor, "revoke token", Target(revoked), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The token of a text, when it is neither expired nor revoked; null otherwise.</summary>
    public async Task<ApiToken?> Find(string text, CancellationToken cancellation)
    {
        if (Form().Match(text) is not { Success: true } match)
            return null;
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        var token = await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
            $"select {Columns} from api_token where id = @Id", new { Id = match.Groups["id"].Value }, cancellationToken: cancellation));
        if (token is null || token.RevokedAt is not null || token.ExpiresAt <= now
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.Hash), Encoding.ASCII.GetBytes(HashOf(match.Groups["secret"].Value))))
            return null;
        if (token.UsedAt is null || now - token.UsedAt >= UsedPrecision)
            await connection.ExecuteAsync(new CommandDefinition("update api_token set used_at = @now where id = @Id", new { now, token.Id }, cancellationToken: cancellation));
        return token;
    }

    // 256 random bits need no slow hash.
    static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    static string Target(ApiToken token) => $"token {token.Name} ({token.Id})";

    [GeneratedRegex(@"\Ahub_(?<id>[0-9a-f]{12})_(?<secret>[0-9a-f]{64})\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Form();
}
