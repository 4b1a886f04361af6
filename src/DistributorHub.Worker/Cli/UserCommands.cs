using System.CommandLine;
using System.Text;
using System.Text.Json;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub user add | list | role | password | disable | enable | remove | sessions | sign-out</c>: who may sign in to the hub's pages.</summary>
static class UserCommands
{
    public static Command Create() => new("user", "Accounts for the hub's pages, and what each may do.")
    {
        Add(), List(), Role(), Password(), Switch("disable", "An account that is disabled cannot sign in, and its sessions end at once.", disabled: true),
        Switch("enable", "Lets an account sign in again, also one that wrong passwords have paused.", disabled: false), Remove(), Sessions(), SignOut(),
    };

    static Command Add()
    {
        var (name, role, approver, from) = (Name(), Inputs.Role(), Approver(), PasswordFrom());
        var external = Inputs.Flag("--external", "No password: only a trusted proxy signs this one in.");
        var command = new Command("add", "Adds an account. Its password is asked for, or read from a line of the standard input.") { name, role, approver, from, external };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var account = parsed.GetValue(name)!;
            string? password = null;
            if (!parsed.GetValue(external) && ReadPassword(account, parsed.GetValue(from), out password) is { } mistake)
                return Commands.Refuse(mistake);
            if (!await hub.Accounts.Add(account, password, new(parsed.GetValue(role)!.Value, parsed.GetValue(approver)), Environment.UserName, cancellation))
                return Commands.Refuse($"There is an account '{account}' already. 'hub user list' shows all.");
            Console.WriteLine($"{account} may sign in.");
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command List()
    {
        var json = Inputs.Json();
        var command = new Command("list", "Lists accounts.") { json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var rows = (await hub.Accounts.List(cancellation)).Select(account => new
            {
                account.Name,
                account.Role,
                account.Approver,
                State = account.Disabled ? "disabled" : account.LockedUntil > hub.Clock.GetUtcNow() ? "locked" : account.PasswordHash is null ? "external" : "active",
                account.CreatedAt,
                account.SignedInAt,
            }).ToList();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else if (rows.Count == 0)
                Console.WriteLine("No accounts. 'hub user add NAME --role Admin' makes the first.");
            else
                TextTable.Write(Console.Out, ["name", "role", "approver", "state", "last sign-in (UTC)"], rows.Select(row => new[]
                {
                    row.Name, row.Role.ToString(), row.Approver ? "yes" : "", row.State, row.SignedInAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss"),
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Role()
    {
        var (name, role, approver) = (Name(), Inputs.Role(), Approver());
        var command = new Command("role", "Sets what an account may do, and ends its sessions.") { name, role, approver };
        command.SetAction((parsed, cancellation) => Change(parsed.GetValue(name)!, hub =>
            hub.Accounts.SetRights(parsed.GetValue(name)!, new(parsed.GetValue(role)!.Value, parsed.GetValue(approver)), Environment.UserName, cancellation), cancellation));
        return command;
    }

    static Command Password()
    {
        var (name, from) = (Name(), PasswordFrom());
        var command = new Command("password", "Sets the password of an account, ends its sessions, and lets it sign in again if wrong passwords have paused it.") { name, from };
        command.SetAction((parsed, cancellation) =>
            ReadPassword(parsed.GetValue(name)!, parsed.GetValue(from), out var password) is { } mistake ? Task.FromResult(Commands.Refuse(mistake))
            : Change(parsed.GetValue(name)!, hub => hub.Accounts.SetPassword(parsed.GetValue(name)!, password!, Environment.UserName, cancellation), cancellation));
        return command;
    }

    static Command Switch(string verb, string description, bool disabled)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((parsed, cancellation) => Change(parsed.GetValue(name)!, hub =>
            hub.Accounts.SetDisabled(parsed.GetValue(name)!, disabled, Environment.UserName, cancellation), cancellation));
        return command;
    }

    static Command Remove()
    {
        var name = Name();
        var command = new Command("remove", "Removes an account and ends its sessions; what it did stays in the record. The last account stays: without one, everybody at this machine is an administrator.") { name };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var account = parsed.GetValue(name)!;
            if (await hub.Accounts.Remove(account, Environment.UserName, cancellation))
            {
                Console.WriteLine($"{account} is removed; its sessions have ended.");
                return ExitCode.Fine;
            }
            return Commands.Refuse(await hub.Accounts.Find(account, cancellation) is null ? NoAccount(account)
                : $"{account} is the last account: without one, everybody at this machine is an administrator. Add another first, or disable this one.");
        }, cancellation));
        return command;
    }

    static Command Sessions()
    {
        var json = Inputs.Json();
        var command = new Command("sessions", "Lists who is signed in to the pages.") { json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var rows = await hub.Sessions.List(cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else if (rows.Count == 0)
                Console.WriteLine("Nobody is signed in.");
            else
                TextTable.Write(Console.Out, ["name", "account", "from", "signed in (UTC)", "last used (UTC)"], rows.Select(row => new[]
                {
                    Harmless.Text(row.Name), row.Company ? "company" : "hub", row.FromAddress, ExchangeCommands.Time(row.CreatedAt), ExchangeCommands.Time(row.UsedAt),
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command SignOut()
    {
        // One of the company has no account here, and may be called as the company likes.
        var name = Inputs.Named("name", "Name as 'hub user sessions' lists it, in capitals or not.", text => text.Length == 0 ? "The name is empty." : null);
        var command = new Command("sign-out", "Ends all sessions of a person. Exit code 1 when there is none.") { name };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var ended = await hub.Sessions.EndAll(parsed.GetValue(name)!, Environment.UserName, cancellation);
            Console.WriteLine(ended == 0 ? $"{parsed.GetValue(name)} has no session." : FormattableString.Invariant($"{ended} session(s) of {parsed.GetValue(name)} ended."));
            return ended == 0 ? ExitCode.Findings : ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static string NoAccount(string name) => $"There is no account '{name}'. 'hub user list' shows all.";

    static Task<int> Change(string name, Func<Hub, Task<bool>> change, CancellationToken cancellation) => Commands.WithHub(async hub =>
    {
        if (!await change(hub))
            return Commands.Refuse(NoAccount(name));
        Console.WriteLine($"{name} is changed; its sessions have ended.");
        return ExitCode.Fine;
    }, cancellation);

    static Argument<string> Name() => Inputs.Named("name", "Name of the account, in capitals or not.", Accounts.NameMistake);

    static Option<bool> Approver() => Inputs.Flag("--approver", "It may also approve and reject what is held.");

    static Option<string?> PasswordFrom() => Inputs.Text(
        "--password-from", $"Where the password stands: {Secrets.Form}. Without it the password is asked for.",
        text => Secrets.IsReference(text) ? null : $"--password-from takes {Secrets.Form}, never the password itself.");

    /// <summary>Why there is no password, as a sentence; null when there is one.</summary>
    static string? ReadPassword(string name, string? reference, out string? password)
    {
        try
        {
            password = reference is not null ? Secrets.Resolve(reference) : Console.IsInputRedirected ? Console.ReadLine() : Ask("Password: ");
        }
        catch (SecretException e)
        {
            password = null;
            return e.Message;
        }
        if (Accounts.PasswordMistake(name, password ?? "") is { } mistake)
            return mistake;
        return reference is null && !Console.IsInputRedirected && Ask("Again: ") != password ? "These were two different passwords. Nothing was done." : null;
    }

    // Not shown while it is typed.
    static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        Console.Error.WriteLine();
        return text.ToString();
    }
}
