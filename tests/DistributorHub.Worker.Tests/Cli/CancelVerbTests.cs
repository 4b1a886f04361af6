using Dapper;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary>The end of a run that a person asks for, as it is typed.</summary>
public sealed class CancelVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exchange_that_waits_is_ended_and_one_that_is_over_is_refused()
    {
        var inbox = Directory.CreateDirectory(Path.Combine(hub.Data, "files", "nordlicht", "in")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(inbox, "one.edi"), Orders.File("R1", Orders.Order("4711")), Cancellation);
        await hub.Run("run", "--once", "--partner", "nordlicht");
        using var database = new Database($"Data Source={Path.Combine(hub.Data, "hub.db")}");
        await using var connection = await database.Open(Cancellation);
        var id = (await connection.ExecuteScalarAsync<long>("select id from exchange where file = 'one.edi'")).ToString();
        var over = await hub.Run("exchange", "cancel", id, "--reason", "too late");
        Assert.Equal((1, $"Exchange #{id} is Completed: its run is over. Cancel takes those that are Received or Processing."), (over.ExitCode, over.Errors.Trim()));
        Assert.Equal(2, (await hub.Run("exchange", "cancel", "999", "--reason", "gone")).ExitCode);

        await connection.ExecuteAsync("update exchange set state = 'Received', ended_at = null, due_at = '2099-01-01T00:00:00.000000Z' where id = @id", new { id });
        var cancelled = await hub.Run("exchange", "cancel", id, "--reason", "not wanted");
        Assert.Equal(0, cancelled.ExitCode);
        Assert.Contains(": not wanted (1 document that was loaded before stays loaded)", cancelled.Output, StringComparison.Ordinal);
        Assert.Contains("Cancelled", cancelled.Output, StringComparison.Ordinal);
        Assert.Equal("Cancelled", await connection.ExecuteScalarAsync<string>("select state from exchange where id = @id", new { id }));
    }

    public void Dispose() => hub.Dispose();
}
