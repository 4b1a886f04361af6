using System.Data.Common;
using Dapper;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>The disk of the hub's database is full: nothing is lost, and work goes on when there is room.</summary>
public sealed class DiskFullTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_the_embedded_database()
    {
        await using var disk = await SmallDisk.Mount(8, Cancellation);
        await using var flow = await FlowFixture.Create(hub: $"Data Source={Path.Combine(disk.Path, "hub.db")}");
        await NothingIsTaken(flow, disk);

        // Full again, between archive and processing.
        await flow.Drop("second.edi", Orders.File("R2", Orders.Order("4712")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        var (id, _) = Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges);
        disk.Fill();
        await IsTransient(() => flow.Hub.Flow.Process(id, Cancellation));
        Assert.Equal(["4711"], await flow.OrderNumbers());
        disk.Free();
        await flow.Process();
        Assert.Equal(["4711", "4712"], await flow.OrderNumbers());
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Of_PostgreSQL()
    {
        await using var disk = await SmallDisk.Mount(64, Cancellation);
        // A server of its own: when the disk is taken away, part of its data is gone.
        await using var postgres = new PostgresFixture();
        var name = "disk_" + Guid.NewGuid().ToString("N");
        var server = await postgres.NewDatabaseAsync();
        await Machine.Run("chown", ["postgres", disk.Path], Cancellation);
        await using (var connection = new NpgsqlConnection(server))
        {
            await connection.ExecuteAsync($"create tablespace {name} location '{disk.Path}'");
            await connection.ExecuteAsync($"create database {name} tablespace {name}");
        }
        var hub = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        await using var flow = await FlowFixture.Create(hub, await postgres.NewDatabaseAsync());
        await NothingIsTaken(flow, disk);
    }

    static async Task NothingIsTaken(FlowFixture flow, SmallDisk disk)
    {
        await flow.Drop("first.edi", Orders.File("R1", Orders.Order("4711", lines: 2_000)));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        disk.Fill();
        await IsTransient(() => flow.Hub.Flow.Receive(flow.Partner, Cancellation));
        Assert.True(File.Exists(Path.Combine(flow.Inbox, "first.edi")), "the partner's file is untouched");
        Assert.Empty(Directory.GetFiles(flow.Hub.Settings.Spool));
        Assert.Empty(await flow.OrderNumbers());
        disk.Free();
        // The claim could not be given back on a full disk, so it runs out.
        flow.Clock.Advance(Sightings.Lease + TimeSpan.FromSeconds(1));
        await flow.Run();
        Assert.Equal(ExchangeState.Completed, (await flow.Newest()).Exchange.State);
        Assert.Equal(["4711"], await flow.OrderNumbers());
        Assert.Empty(Directory.GetFiles(flow.Inbox));
    }

    static async Task IsTransient(Func<Task> work)
    {
        var failure = await Assert.ThrowsAnyAsync<DbException>(work);
        Assert.True(Failures.Classify(failure) == FailureClass.Transient, failure.ToString());
        Assert.True(
            failure is SqliteException { SqliteErrorCode: 13 or 10 } or PostgresException { SqlState: PostgresErrorCodes.DiskFull }, failure.ToString());
    }
}
