using System.Data.Common;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Tests.Ledger;

public abstract partial class LedgerContract
{
    [Fact]
    public async Task The_audit_is_only_ever_added_to()
    {
        await using var ledger = await Ledger();
        var audit = new Audit(ledger.Database, ledger.Clock);
        await audit.Add("mira", "retry", "exchange 1", "because", Cancellation);
        await audit.Add("jon", "ignore", "exchange 2", null, Cancellation);
        foreach (var change in new[] { "update audit set actor = 'somebody'", "delete from audit", "delete from audit where id = 1" })
            Assert.Contains("only ever added to", (await Assert.ThrowsAnyAsync<DbException>(() => ledger.Value<int>(change))).Message);
        Assert.Equal(["jon", "mira"], (await audit.List(new() { Most = 10 }, Cancellation)).Select(entry => entry.Actor));
        Assert.Equal("because", Assert.Single(await audit.List(new() { Target = "exchange 1", Most = 10 }, Cancellation)).Reason);
        var newest = Assert.Single(await audit.List(new() { Most = 1 }, Cancellation));
        Assert.Equal("mira", Assert.Single(await audit.List(new() { Before = newest.Id, Most = 10 }, Cancellation)).Actor);
    }

    [Fact]
    public async Task Tries_of_a_password_that_come_all_at_once_are_no_more_than_those_that_come_in_a_row()
    {
        await using var ledger = await Ledger();
        var accounts = new Accounts(ledger.Database, ledger.Clock);
        Assert.True(await accounts.Add("Mira", "a long enough word", new(Role.Operator, true), "test", Cancellation));
        Assert.False(await accounts.Add("MIRA", "a long enough word", new(Role.Admin, true), "test", Cancellation));
        var tries = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => accounts.SignIn("mira", "another long word", "10.0.0.1", Cancellation)));
        Assert.All(tries, Assert.Null);
        Assert.Null(await accounts.SignIn("mira", "a long enough word", "10.0.0.1", Cancellation));
        var account = Expect.Some(await accounts.Find("mira", Cancellation));
        Assert.Equal((Accounts.FailuresMax, ledger.Clock.GetUtcNow() + Accounts.Lockout), (account.Failures, account.LockedUntil));
        ledger.Clock.Advance(Accounts.Lockout);
        Assert.Equal(new Rights(Role.Operator, true), Expect.Some(await accounts.SignIn("mira", "a long enough word", "10.0.0.1", Cancellation)).Rights);
        Assert.Equal(0, Expect.Some(await accounts.Find("mira", Cancellation)).Failures);
        Assert.DoesNotContain("a long enough word", account.PasswordHash);
    }

    [Fact]
    public async Task All_workers_have_the_same_keys_for_cookies_and_forms()
    {
        await using var ledger = await Ledger();
        var keys = new ProtectionKeys(ledger.Database, ledger.Clock);
        keys.StoreElement(new("key", "one"), "a");
        keys.StoreElement(new("key", "of another worker at the same time"), "a");
        keys.StoreElement(new("key", "two"), "b");
        Assert.Equal(["one", "two"], new ProtectionKeys(ledger.Database, ledger.Clock).GetAllElements().Select(key => key.Value));
    }

    [Fact]
    public async Task A_session_lives_until_it_is_ended_or_its_time_is_over()
    {
        await using var ledger = await Ledger();
        var sessions = new Sessions(ledger.Database, ledger.Clock);
        var first = await sessions.Begin("Mira", "10.0.0.5", company: true, Cancellation);
        var second = await sessions.Begin("Mira", "10.0.0.6", company: true, Cancellation);
        var other = await sessions.Begin("otto", "10.0.0.7", company: false, Cancellation);
        ledger.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await sessions.Lives(second, Cancellation));
        Assert.False(await sessions.Lives("nothing", Cancellation));
        var listed = await sessions.List(Cancellation);
        Assert.Equal((second, "Mira", "10.0.0.6", true, ledger.Clock.GetUtcNow()), (listed[0].Id, listed[0].Name, listed[0].FromAddress, listed[0].Company, listed[0].UsedAt));
        Assert.Equal(3, listed.Count);

        Assert.Equal("Mira", await sessions.End(first, "chief", Cancellation));
        Assert.Null(await sessions.End(first, "chief", Cancellation));
        Assert.Equal(1, await sessions.EndAll("MIRA", "chief", Cancellation));
        Assert.Equal(0, await sessions.EndAll("mira", "chief", Cancellation));
        Assert.False(await sessions.Lives(second, Cancellation));
        Assert.Equal(other, Assert.Single(await sessions.List(Cancellation)).Id);

        ledger.Clock.Advance(Sessions.Longest);
        Assert.Empty(await sessions.List(Cancellation));
        await sessions.Begin("mira", "10.0.0.5", company: false, Cancellation);
        Assert.False(await sessions.Lives(other, Cancellation));
    }
}
