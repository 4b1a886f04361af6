using System.Text;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>Tests that measure the memory of the whole process run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public abstract class ArchiveMemoryContract
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string> NewDatabase();

    [Fact]
    public async Task Reading_fifty_megabytes_from_the_archive_takes_a_few()
    {
        await using var ledger = await LedgerFixture.Create(await NewDatabase());
        var line = Encoding.ASCII.GetBytes("LIN+1++4012345000016:EN'PIA+5+A-4711:SA'IMD+F++:::Bohrmaschine'");
        var content = new byte[50 * 1024 * 1024];
        for (var at = 0; at < content.Length; at += line.Length)
            line.AsSpan(0, Math.Min(line.Length, content.Length - at)).CopyTo(content.AsSpan(at));
        var id = await ledger.Receive("large.edi", content);
        var exchange = Expect.Some(await ledger.Queries.Show(id, Cancellation)).Exchange;
        await using var stream = await ledger.Archive.Open(exchange.Sha256, Cancellation);
        var buffer = new byte[64 * 1024];
        long length = 0;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (int count; (count = stream.Read(buffer)) > 0; length += count)
            Assert.True(content.AsSpan((int)length, count).SequenceEqual(buffer.AsSpan(0, count)));
        Assert.Equal(content.Length, length);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 5 * 1024 * 1024);
    }
}

public sealed class SqliteArchiveMemoryTests : ArchiveMemoryContract
{
    protected override Task<string> NewDatabase() => Task.FromResult(LedgerFixture.SqliteFile());
}

public sealed class PostgresArchiveMemoryTests(PostgresFixture postgres) : ArchiveMemoryContract
{
    protected override async Task<string> NewDatabase() => await postgres.NewDatabaseAsync() + ";Search Path=hub";
}
