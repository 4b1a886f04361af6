using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub user</c> and <c>hub token</c> through the real program.</summary>
public sealed class UserVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task Accounts_are_added_listed_and_changed_and_their_passwords_shown_nowhere()
    {
        hub.Settings["MIRAS_PASSWORD"] = "a long enough word";
        var added = await hub.Run("user", "add", "Mira", "--role", "operator", "--approver", "--password-from", "env:MIRAS_PASSWORD");
        Assert.True(added.ExitCode == 0, added.Errors);
        var again = await hub.Run("user", "add", "mira", "--role", "Viewer", "--password-from", "env:MIRAS_PASSWORD");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("There is an account 'mira' already", again.Errors);
        hub.Typed = "short\n";
        var weak = await hub.Run("user", "password", "mira");
        Assert.Equal(2, weak.ExitCode);
        Assert.Contains("at least 12 characters", weak.Errors);
        hub.Typed = "yet another long word\n";
        Assert.Equal(0, (await hub.Run("user", "password", "mira")).ExitCode);
        Assert.Equal(0, (await hub.Run("user", "role", "mira", "--role", "Admin")).ExitCode);
        Assert.Equal(0, (await hub.Run("user", "disable", "mira")).ExitCode);
        var list = await hub.Run("user", "list", "--json");
        var account = Assert.Single(JsonDocument.Parse(list.Output).RootElement.EnumerateArray());
        Assert.Equal(("mira", "Admin", false, "disabled"), (account.GetProperty("name").GetString(), account.GetProperty("role").GetString(), account.GetProperty("approver").GetBoolean(), account.GetProperty("state").GetString()));
        Assert.DoesNotContain("word", list.Output + added.Output + added.Errors);
    }

    [Fact]
    public async Task An_account_is_removed_unless_it_is_the_last_one_and_sessions_are_listed_and_ended()
    {
        Assert.Equal(0, (await hub.Run("user", "add", "mira", "--role", "Admin", "--external")).ExitCode);
        var last = await hub.Run("user", "remove", "mira");
        Assert.Equal(2, last.ExitCode);
        Assert.Contains("mira is the last account", last.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("user", "add", "otto", "--role", "Viewer", "--external")).ExitCode);
        Assert.Equal("otto is removed; its sessions have ended.", (await hub.Run("user", "remove", "Otto")).Output.Trim().Replace("Otto", "otto", StringComparison.Ordinal));
        Assert.Contains("There is no account 'otto'", (await hub.Run("user", "remove", "otto")).Errors, StringComparison.Ordinal);
        Assert.Equal("Nobody is signed in.", (await hub.Run("user", "sessions")).Output.Trim());
        Assert.Equal(1, (await hub.Run("user", "sign-out", "mira")).ExitCode);
    }

    [Fact]
    public async Task A_token_is_shown_once_and_revoked_by_its_id()
    {
        var added = await hub.Run("token", "add", "nightly", "--role", "Viewer", "--expires", "90d");
        Assert.True(added.ExitCode == 0, added.Errors);
        Assert.Matches(@"\Ahub_[0-9a-f]{12}_[0-9a-f]{64}\n\z", added.Output);
        var list = await hub.Run("token", "list", "--json");
        var token = Assert.Single(JsonDocument.Parse(list.Output).RootElement.EnumerateArray());
        Assert.Equal("active", token.GetProperty("state").GetString());
        Assert.DoesNotContain(added.Output.Trim().Split('_')[2], list.Output);
        Assert.Equal(0, (await hub.Run("token", "revoke", token.GetProperty("id").GetString()!)).ExitCode);
        Assert.Contains("revoked", (await hub.Run("token", "list")).Output);
        Assert.Equal(2, (await hub.Run("token", "revoke", "nothing")).ExitCode);
    }

    [Theory]
    [InlineData("user add mira --role Chief --external", "There is no role 'Chief'")]
    [InlineData("user add mira", "--role")]
    [InlineData("user add mira! --role Admin --external", "mira!")]
    [InlineData("user add mira --role Admin --password-from secret", "never the password itself")]
    [InlineData("user role nobody --role Admin", "There is no account 'nobody'")]
    [InlineData("token add x --role Viewer --expires 90", "takes days, such as 90d")]
    [InlineData("token add x --role Viewer --expires 5000d", "at most 366d")]
    public async Task What_cannot_be_is_refused_with_a_sentence(string line, string expected)
    {
        var result = await hub.Run(line.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
        Assert.Equal("", result.Output);
    }

    public void Dispose() => hub.Dispose();
}
