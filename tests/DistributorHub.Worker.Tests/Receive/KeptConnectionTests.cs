using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class KeptConnectionTests : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero));
    SshdFixture server = null!;
    FileSources sources = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await SshdFixture.Start(Cancellation);
        sources = new("/", clock);
    }

    public async ValueTask DisposeAsync()
    {
        await sources.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_goes_over_the_connection_of_the_poll_before_it()
    {
        var partner = server.Partner();
        IReadOnlyList<int> sessions;
        await using (var poll = await sources.Reopen(partner, Cancellation))
        {
            await poll.List(Cancellation);
            sessions = server.Sessions;
            Assert.NotEmpty(sessions);
        }
        await using var delivery = await sources.Reopen(partner, Cancellation);
        await delivery.Put("out/answer.edi", "answer"u8.ToArray(), Cancellation);
        Assert.Equal(sessions, server.Sessions);

        // While it is in use, another has one of its own; so has whoever asks for a new one, or has other settings.
        await using var second = await sources.Reopen(partner, Cancellation);
        Assert.True(await Until(() => server.Sessions.Count > sessions.Count));
    }

    [Fact]
    public async Task A_new_connection_and_other_settings_do_not_use_it()
    {
        var partner = server.Partner();
        await using (await sources.Reopen(partner, Cancellation))
        {
        }
        var kept = server.Sessions;
        await using (await sources.Open(partner, Cancellation))
            Assert.True(await Until(() => server.Sessions.Except(kept).Any()));
        // What is opened anew is closed at once.
        Assert.True(await Until(() => server.Sessions.SequenceEqual(kept)));
        await using (await sources.Reopen(partner with { Source = partner.Source with { } }, Cancellation))
            Assert.True(await Until(() => server.Sessions.Except(kept).Any()));
    }

    [Fact]
    public async Task It_is_closed_when_nobody_needs_it_for_a_while_or_the_hub_stops()
    {
        var partner = server.Partner();
        await using (await sources.Reopen(partner, Cancellation))
        {
        }
        Assert.NotEmpty(server.Sessions);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(await Until(() => server.Sessions.Count == 0));

        await using (await sources.Reopen(partner, Cancellation))
        {
        }
        Assert.NotEmpty(server.Sessions);
        await sources.DisposeAsync();
        Assert.True(await Until(() => server.Sessions.Count == 0));
    }

    [Fact]
    public async Task One_that_the_server_has_closed_is_replaced()
    {
        var partner = server.Partner();
        await using (var poll = await sources.Reopen(partner, Cancellation))
            await poll.List(Cancellation);
        await server.KillSessions(Cancellation);
        await using var delivery = await sources.Reopen(partner, Cancellation);
        await delivery.Put("out/answer.edi", "answer"u8.ToArray(), Cancellation);
        Assert.Single(await delivery.List(Cancellation));
        Assert.Equal(0, server.RefusedSignIns);
    }

    static async Task<bool> Until(Func<bool> isSo)
    {
        for (var look = 0; look < 500 && !isSo(); look++)
            await Task.Delay(20, Cancellation);
        return isSo();
    }
}
