using DistributorHub.Tests;
using DistributorHub.Worker;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Benchmarks;

/// <summary>
/// A hub of its own for one measurement: a private PostgreSQL with durable settings, two empty databases, the shared maps, and one
/// partner that sends the generator's files through a folder. All of it is gone when it is disposed.
/// </summary>
sealed class Installation : IAsyncDisposable
{
    public const string Partner = "acme";

    const string PartnerFile = $"""
        hub: partner/1
        name: Benchmark
        currency: EUR
        identities:
        - {"{"} standard: edifact, id: '4012345000009', qualifier: '14' {"}"}
        - {"{"} standard: x12, id: ACMESUPPLY, qualifier: ZZ {"}"}
        source:
          kind: folder
          path: {Partner}
          settle: 1s
          after_read: delete
        schedule: '* * * * *'
        messages:
        - {"{"} standard: edifact, message: ORDERS, release: D.96A, map: base/orders-edifact {"}"}
        - {"{"} standard: edifact, message: PRICAT, release: D.96A, map: base/pricat-edifact {"}"}
        - {"{"} standard: x12, message: '850', release: '004010', map: base/orders-x12 {"}"}
        - {"{"} standard: x12, message: '832', release: '004010', map: base/pricat-x12 {"}"}
        """;

    readonly PostgresServer server;
    readonly string root;

    Installation(PostgresServer server, string root, string hub, string seller)
    {
        (this.server, this.root) = (server, root);
        Settings = new()
        {
            Home = root,
            Mappings = Path.Combine(root, "mappings"),
            Definitions = Path.Combine(root, "definitions"),
            Data = Path.Combine(root, "data"),
            Files = Path.Combine(root, "files"),
            HubConnection = hub,
            SellerConnection = seller,
            Embedded = false,
        };
    }

    public HubSettings Settings { get; }

    /// <summary>Where the partner leaves its files.</summary>
    public string Inbox => Path.Combine(Settings.Files, Partner);

    public static async Task<Installation> Create(CancellationToken cancellation)
    {
        var programs = PostgresServer.FindPrograms() ?? throw new FileNotFoundException("PostgreSQL's server programs are not installed.");
        var postgres = await PostgresServer.Start(programs, durable: true);
        var folder = Directory.CreateTempSubdirectory("distributorhub-benchmark-").FullName;
        var installation = new Installation(postgres, folder, await postgres.NewDatabase(cancellation), await postgres.NewDatabase(cancellation));
        CopyMappings(installation.Settings.Mappings);
        Directory.CreateDirectory(installation.Inbox);
        var partner = Directory.CreateDirectory(Path.Combine(installation.Settings.Mappings, "partners", Partner)).FullName;
        await File.WriteAllTextAsync(Path.Combine(partner, "partner.yaml"), PartnerFile, cancellation);
        return installation;
    }

    /// <summary>Copies the shared maps.</summary>
    public static void CopyMappings(string folder)
    {
        foreach (var kind in new[] { "base", "codes", "targets" })
            foreach (var file in Directory.EnumerateFiles(Repository.PathTo("mappings", kind)))
                File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(folder, kind)).FullName, Path.GetFileName(file)));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}
