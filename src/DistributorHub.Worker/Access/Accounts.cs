using System.Data.Common;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DistributorHub.Worker.Access;

/// <summary>Someone who may sign in.</summary>
sealed record Account
{
    public string Name { get; init; } = "";

    /// <summary>Null for one whom only a proxy in front of the hub signs in.</summary>
    public string? PasswordHash { get; init; }
    public Role Role { get; init; }
    public bool Approver { get; init; }
    public bool Disabled { get; init; }
    public string Stamp { get; init; } = "";
    public int Failures { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SignedInAt { get; init; }

    public Rights Rights => new(Role, Approver);
}

/// <summary>
/// Accounts of people, in the hub database. Passwords are kept as PBKDF2 (ASP.NET Core Identity's format). Each change is written to the audit
/// in its own transaction, and ends the sessions of the account.
/// </summary>
sealed partial class Accounts(Database database, TimeProvider clock)
{
    /// <summary>Wrong passwords in a row until the account is locked.</summary>
    public const int FailuresMax = 5;

    /// <summary>Least characters of a password.</summary>
    public const int PasswordLeast = 12;
    const int PasswordMost = 1_024;
    const string Columns = "name, password_hash, role, approver, disabled, stamp, failures, locked_until, created_at, signed_in_at";

    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    // 210,000 rounds of PBKDF2 with SHA-512: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // Compared with where there is no account, so that the answer takes as long.
    static readonly Lazy<string> NoPassword = new(() => Hasher.HashPassword(new(), RandomNumberGenerator.GetHexString(32)));

    /// <summary>What is wrong with a name, as a sentence; null when nothing is.</summary>
    public static string? NameMistake(string name) => NameForm().IsMatch(name) ? null
        : $"'{name}' cannot be the name of an account: write letters, digits, and . _ - @ between them, at most 64 characters.";

    /// <summary>What is wrong with a password, as a sentence; null when nothing is.</summary>
    public static string? PasswordMistake(string name, string password) =>
        password.Length is < PasswordLeast or > PasswordMost ? $"A password has at least {PasswordLeast} characters, and at most {PasswordMost}."
        : password.Contains(name, StringComparison.OrdinalIgnoreCase) ? "A password does not contain the name of its account."
        : null;

    /// <summary>True when anybody can sign in with a password.</summary>
    public async Task<bool> Any(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select 1 from account)", cancellationToken: cancellation));
    }

    public async Task<IReadOnlyList<Account>> List(CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<Account>(new CommandDefinition($"select {Columns} from account order by name", cancellationToken: cancellation))).AsList();
    }

    /// <summary>The account of a name, in capitals or not; null when there is none.</summary>
    public async Task<Account?> Find(string name, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            $"select {Columns} from account where name = @Name", new { Name = Key(name) }, cancellationToken: cancellation));
    }

    /// <param name="name">Its name.</param>
    /// <param name="password">Its password; null for one whom only a proxy signs in.</param>
    /// <param name="rights">What it may do.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>False when there is one of this name.</returns>
    public Task<bool> Add(string name, string? password, Rights rights, string actor, CancellationToken cancellation) => Change(
        """
        insert into account (name, password_hash, role, approver, stamp, created_at) values (@Name, @Hash, @Role, @Approver, @Stamp, @Now)
        on conflict (name) do nothing
        """,
        name, actor, "add account", rights.ToString(), cancellation, password, rights);

    /// <summary>False when there is no such account.</summary>
    public Task<bool> SetPassword(string name, string password, string actor, CancellationToken cancellation) => Change(
        "update account set password_hash = @Hash, stamp = @Stamp, failures = 0, locked_until = null where name = @Name",
        name, actor, "set password", null, cancellation, password);

    /// <inheritdoc cref="SetPassword"/>
    public Task<bool> SetRights(string name, Rights rights, string actor, CancellationToken cancellation) => Change(
        "update account set role = @Role, approver = @Approver, stamp = @Stamp where name = @Name",
        name, actor, "set role", rights.ToString(), cancellation, rights: rights);

    /// <inheritdoc cref="SetPassword"/>
    public Task<bool> SetDisabled(string name, bool disabled, string actor, CancellationToken cancellation) => Change(
        "update account set disabled = @Disabled, stamp = @Stamp, failures = 0, locked_until = null where name = @Name",
        name, actor, disabled ? "disable account" : "enable account", null, cancellation, disabled: disabled);

    /// <summary>Removes an account and ends its sessions; what it did stays in the record. False when there is no such account, or it is the last one.</summary>
    public Task<bool> Remove(string name, string actor, CancellationToken cancellation) => Change(
        "delete from account where name = @Name and exists (select 1 from account other where other.name <> @Name)", name, actor, "remove account", null, cancellation);

    /// <summary>
    /// The account, when the password is its own and it may sign in; null otherwise, after the same time, whatever the reason. The try is counted before the
    /// password is looked at: many at once are not more than many in a row.
    /// </summary>
    /// <param name="name">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="from">Address it is asked from, for the record.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Account?> SignIn(string name, string password, string from, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        var account = await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            $"""
            update account set failures = case when locked_until is null then failures + 1 else 1 end,
                locked_until = case when locked_until is null and failures + 1 >= @FailuresMax then @Until else null end
            where name = @Name and not disabled and password_hash is not null and (locked_until is null or locked_until <= @Now)
            returning {Columns}
            """,
            new { Name = Key(name), FailuresMax, Until = now + Lockout, Now = now }, cancellationToken: cancellation));
        var proof = password.Length > PasswordMost ? PasswordVerificationResult.Failed
            : Hasher.VerifyHashedPassword(account ?? new(), account?.PasswordHash ?? NoPassword.Value, password);
        if (account is null || proof == PasswordVerificationResult.Failed)
        {
            await Refused(connection, account, now, from, cancellation);
            return null;
        }
        var hash = proof == PasswordVerificationResult.SuccessRehashNeeded ? Hasher.HashPassword(account, password) : account.PasswordHash;
        var isStill = await connection.ExecuteAsync(new CommandDefinition(
            """
            update account set failures = 0, locked_until = null, signed_in_at = @now, password_hash = @hash
            where name = @Name and stamp = @Stamp and not disabled
            """,
            new { now, hash, account.Name, account.Stamp }, cancellationToken: cancellation)) == 1;
        if (!isStill)
            return null;
        await Audit.Add(connection, null, now, account.Name, "sign in", Target(account.Name), $"from {from}", cancellation);
        return account;
    }

    // A name that is none is not written down: people type passwords into that field.
    static async Task Refused(DbConnection connection, Account? account, DateTimeOffset now, string from, CancellationToken cancellation)
    {
        var name = account?.Name ?? "unknown";
        await Audit.Add(connection, null, now, name, "sign in refused", account is null ? "account unknown, disabled or locked" : Target(name), $"from {from}", cancellation);
        if (account?.LockedUntil is { } until)
            await Audit.Add(connection, null, now, "hub", "lock account", Target(name), $"{FailuresMax} wrong passwords; until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC", cancellation);
    }

    async Task<bool> Change(
        string sql, string name, string actor, string action, string? reason, CancellationToken cancellation, string? password = null, Rights? rights = null,
        bool disabled = false)
    {
        var (key, now) = (Key(name), clock.GetUtcNow());
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            sql,
            new
            {
                Name = key,
                Hash = password is null ? null : Hasher.HashPassword(new(), password),
                Role = rights?.Role.ToString(),
                Approver = rights?.Approver ?? false,
                Disabled = disabled,
                Stamp = RandomNumberGenerator.GetHexString(32),
                Now = now,
            }, transaction, cancellationToken: cancellation));
        if (changed == 0)
            return false;
        await Sessions.EndAll(connection, transaction, key, cancellation);
        await Audit.Add(connection, transaction, now, actor, action, Target(key), reason, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>How the audit names an account.</summary>
    public static string Target(string name) => $"account {name}";

    static string Key(string name) => name.Trim().ToLowerInvariant();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?\z", RegexOptions.None, 1_000)]
    private static partial Regex NameForm();
}
