using System.Security.Cryptography;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;
using Microsoft.Extensions.Time.Testing;

namespace DistributorHub.Worker.Tests.Ledger;

/// <summary>A migrated hub database, the ledger of two processes over it, and a clock that stands still.</summary>
sealed class LedgerFixture : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("distributorhub-ledger-").FullName;

    LedgerFixture(Database database)
    {
        Database = database;
        Sightings = new(database, Clock, "one");
        OtherSightings = new(database, Clock, "two");
        Archive = new(database, Clock);
        Exchanges = new(database, Clock, "one");
        OtherExchanges = new(database, Clock, "two");
        Verdicts = new(database, Clock, Exchanges);
        Outbox = new(database, Clock, "one");
        Queries = new(database);
    }

    public FakeTimeProvider Clock { get; } = new(new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero));

    public Database Database { get; }

    public Sightings Sightings { get; }

    public Sightings OtherSightings { get; }

    public Archive Archive { get; }

    public Exchanges Exchanges { get; }

    public Exchanges OtherExchanges { get; }

    public Verdicts Verdicts { get; }

    public Outbox Outbox { get; }

    public ExchangeQueries Queries { get; }

    public PartnerDefinition Partner { get; } = new()
    {
        Id = "acme",
        Name = "Acme",
        Identities = [],
        Routes = [],
        Source = new() { Kind = SourceKind.Folder, Path = "acme/in", Settle = TimeSpan.FromSeconds(10), FilesPerPollMax = 3 },
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LedgerFixture> Create(string connectionString)
    {
        var database = new Database(connectionString);
        await Migrations.Apply(database, Cancellation);
        return new(database);
    }

    public static string SqliteFile() =>
        $"Data Source={Path.Combine(Directory.CreateTempSubdirectory("distributorhub-ledger-").FullName, "hub.db")}";

    public Task<Sighted> List(params RemoteFile[] files) => Sightings.Record(Partner, files, Clock.GetUtcNow(), Cancellation);

    /// <summary>Two listings far enough apart.</summary>
    public async Task<RemoteFileRow> Settle(RemoteFile file)
    {
        await List(file);
        Clock.Advance(Partner.Source.Settle);
        return Assert.Single((await List(file)).Ready);
    }

    public RemoteFile Remote(string name, long bytes = 100) => new("acme/in/" + name, bytes, Clock.GetUtcNow().AddDays(-1));

    public async Task<SpooledFile> Spool(byte[] content)
    {
        var path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, content, Cancellation);
        return new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>A received exchange with this content.</summary>
    public async Task<long> Receive(string name, byte[] content)
    {
        var claim = await Sightings.Claim(await Settle(Remote(name, content.Length)), Cancellation);
        var exchange = await Archive.Store(claim!, await Spool(content), Cancellation);
        return Assert.NotNull(exchange);
    }

    public async Task<T> Value<T>(string sql)
    {
        await using var connection = await Database.Open(Cancellation);
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        Directory.Delete(folder, recursive: true);
        return default;
    }
}

/// <summary>The ledger takes many at once; most tests have one.</summary>
static class OneAtATime
{
    public static async Task<RemoteFileRow?> Claim(this Sightings sightings, RemoteFileRow file, CancellationToken cancellation) =>
        (await sightings.Claim([file], cancellation)).SingleOrDefault();

    public static async Task<long?> Store(this Archive archive, RemoteFileRow claim, SpooledFile file, CancellationToken cancellation) =>
        Assert.Single(await archive.Store([(claim, file)], cancellation));

    public static async Task<ExchangeRun?> Start(this Exchanges exchanges, long id, CancellationToken cancellation) =>
        (await exchanges.Start([id], cancellation)).SingleOrDefault();

    public static Task Save(
        this Verdicts verdicts, ExchangeRun run, InterchangeRow interchange, IReadOnlyList<DocumentRow> documents, IReadOnlyList<NumberedEffect> acknowledgements, CancellationToken cancellation) =>
        verdicts.Save(run, new(interchange, documents, acknowledgements), cancellation);

    public static Task Done(this Outbox outbox, OutboxRow row, bool gone, string? path, CancellationToken cancellation) =>
        outbox.Done([new(row, gone, path)], cancellation);
}

static class Expect
{
    /// <summary>The value, which must be there.</summary>
    public static T Some<T>(T? value)
        where T : class
    {
        Assert.NotNull(value);
        return value;
    }
}
