using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub token add | list | revoke</c>: programs that use the HTTP interface.</summary>
static class TokenCommands
{
    const int NameMost = 64;

    public static Command Create() => new("token", "Tokens for programs that use the HTTP interface.") { Add(), List(), Revoke() };

    static Command Add()
    {
        var name = Inputs.Named("name", "What it is for; it stands in the record.", text =>
            text.Length is 0 or > NameMost || text.Any(char.IsControl) ? $"A token's name has 1 to {NameMost} characters." : null);
        var (role, approver) = (Inputs.Role(), Inputs.Flag("--approver", "It may also approve and reject what is held."));
        var expires = Inputs.Days("--expires", "After how many days it ends, such as 90d.", (int)Tokens.LifetimeMax.TotalDays);
        var command = new Command("add", "Makes a token and prints it: it is shown this once.") { name, role, approver, expires };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var (token, text) = await hub.Tokens.Add(
                parsed.GetValue(name)!, new(parsed.GetValue(role)!.Value, parsed.GetValue(approver)), TimeSpan.FromDays(parsed.GetValue(expires)), Environment.UserName, cancellation);
            Console.WriteLine(text);
            await Console.Error.WriteLineAsync($"Token {token.Id} ({token.Rights}) ends on {Day(token.ExpiresAt)}. It is not shown again.");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command List()
    {
        var json = Inputs.Json();
        var command = new Command("list", "Lists tokens, without their secrets.") { json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var now = hub.Clock.GetUtcNow();
            var rows = (await hub.Tokens.List(cancellation)).Select(token => new
            {
                token.Id,
                token.Name,
                token.Role,
                token.Approver,
                State = token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "expired" : "active",
                token.ExpiresAt,
                token.UsedAt,
                token.CreatedBy,
            }).ToList();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else if (rows.Count == 0)
                Console.WriteLine("No tokens.");
            else
                TextTable.Write(Console.Out, ["id", "name", "role", "approver", "state", "ends (UTC)", "last used (UTC)", "made by"], rows.Select(row => new[]
                {
                    row.Id, row.Name, row.Role.ToString(), row.Approver ? "yes" : "", row.State, Day(row.ExpiresAt), row.UsedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), row.CreatedBy,
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "Id of the token, as 'hub token list' shows it." };
        var command = new Command("revoke", "Ends a token at once.") { id };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (!await hub.Tokens.Revoke(parsed.GetValue(id)!, Environment.UserName, cancellation))
                return Commands.Refuse($"There is no token '{parsed.GetValue(id)}' that is not revoked yet. 'hub token list' shows all.");
            Console.WriteLine($"Token {parsed.GetValue(id)} is revoked.");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
