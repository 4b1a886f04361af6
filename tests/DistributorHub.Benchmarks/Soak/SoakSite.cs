using System.Globalization;
using DistributorHub.Faults;
using DistributorHub.Worker.Tests.Fixtures;
using Npgsql;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>
/// An installation for a soak: a durable PostgreSQL, an OpenSSH server with the folders of many partners, and hub processes of their own. All of it is
/// gone when it is disposed.
/// </summary>
sealed class SoakSite : IAsyncDisposable
{
    /// <summary>How long a file must stay as it is before it is taken.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    readonly string root;
    readonly PostgresServer server;
    readonly SshdFixture sshd;
    readonly SoakOptions options;
    readonly List<RunningHub> workers = [];

    SoakSite(string root, PostgresServer server, SshdFixture sshd, SoakOptions options, string hub, string seller) =>
        (this.root, this.server, this.sshd, this.options, HubConnection, SellerConnection) = (root, server, sshd, options, hub, seller);

    public string HubConnection { get; }

    public string SellerConnection { get; }

    public IReadOnlyList<RunningHub> Workers => workers;

    public int ServerProcess => server.Id;

    public int SshdProcess => sshd.Id;

    public static async Task<SoakSite> Create(SoakOptions options, CancellationToken cancellation)
    {
        var programs = PostgresServer.FindPrograms() ?? throw new FileNotFoundException("PostgreSQL's server programs are not installed.");
        var postgres = await PostgresServer.Start(programs, durable: true, options.Statements ? ["shared_preload_libraries=pg_stat_statements"] : []);
        var partners = await SshdFixture.Start(cancellation);
        var site = new SoakSite(Directory.CreateTempSubdirectory("distributorhub-soak-").FullName, postgres, partners, options,
            await postgres.NewDatabase(cancellation), await postgres.NewDatabase(cancellation));
        Installation.CopyMappings(site.Mappings);
        for (var partner = 0; partner < options.Partners; partner++)
            await site.AddPartner(partner, cancellation);
        foreach (string[] verb in new[] { new[] { "target", "create", "shop" }, ["migrate"] })
        {
            await using var setup = RunningHub.Start(Program, "setup", site.Settings("setup"), Path.Combine(site.root, "setup.log"), verb);
            if (await setup.Exit(cancellation) != 0)
                throw new InvalidOperationException(setup.Output);
        }
        return site;
    }

    /// <summary>Starts one more hub process and waits until it serves.</summary>
    public async Task StartWorker(CancellationToken cancellation)
    {
        var name = $"worker-{workers.Count + 1}";
        var settings = Settings(name);
        var worker = RunningHub.Start(Program, name, settings, Path.Combine(root, $"{name}.log"));
        workers.Add(worker);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartPatience);
        while (!worker.Output.Contains("Pages: ", StringComparison.Ordinal))
        {
            if (worker.HasExited)
                throw new InvalidOperationException(worker.Output);
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>The partner puts a file there; it appears at once and whole.</summary>
    public void Put(int partner, string name, byte[] content)
    {
        var temporary = Path.Combine(Folder(partner), $".{name}");
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, Path.Combine(Folder(partner), "out", name));
    }

    /// <summary>Files that still lie in the partners' folders.</summary>
    public int Left() => Enumerable.Range(0, options.Partners).Sum(partner => Directory.GetFiles(Path.Combine(Folder(partner), "out")).Length);

    /// <summary>Acknowledgements that the partners got.</summary>
    public int Acknowledgements() => Enumerable.Range(0, options.Partners).Sum(partner => Directory.GetFiles(Path.Combine(Folder(partner), "in")).Length);

    /// <summary>The last lines of what the workers said.</summary>
    public string Logs() => string.Join('\n', workers.Select(worker => $"--- {worker.Name}\n{string.Join('\n', worker.Output.Split('\n').TakeLast(30))}"));

    static string Program => Path.Combine(AppContext.BaseDirectory, "hub");

    string Mappings => Path.Combine(root, "mappings");

    string Folder(int partner) => Path.Combine(sshd.Folder, Name(partner));

    static string Name(int partner) => string.Create(CultureInfo.InvariantCulture, $"partner-{partner + 1:D2}");

    Dictionary<string, string> Settings(string worker) => new()
    {
        ["Hub__Data"] = Path.Combine(root, $"data-{worker}"),
        ["Hub__Mappings"] = Mappings,
        ["ConnectionStrings__Hub"] = Named(HubConnection, worker),
        ["ConnectionStrings__Seller"] = Named(SellerConnection, worker),
    };

    static string Named(string connection, string worker) => new NpgsqlConnectionStringBuilder(connection) { ApplicationName = worker }.ConnectionString;

    async Task AddPartner(int partner, CancellationToken cancellation)
    {
        foreach (var folder in new[] { "out", "in" })
            Directory.CreateDirectory(Path.Combine(Folder(partner), folder));
        var files = Directory.CreateDirectory(Path.Combine(Mappings, "partners", Name(partner))).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "partner.yaml"), $$"""
            hub: partner/1
            name: Partner of the soak
            currency: EUR
            identities:
            - { standard: edifact, id: '{{SoakFiles.Identity(partner)}}', qualifier: '14' }
            source:
              kind: sftp
              host: 127.0.0.1
              port: {{sshd.Port}}
              user: {{Environment.UserName}}
              private_key: file:{{sshd.KeyFile}}
              host_keys: ['{{sshd.Fingerprint("ed25519")}}']
              path: {{Name(partner)}}/out
              settle: {{Settle.TotalSeconds}}s
              after_read: delete
            schedule: '*/10 * * * * *'
            messages:
            - { standard: edifact, message: ORDERS, release: D.96A, map: base/orders-edifact }
            - { standard: edifact, message: PRICAT, release: D.96A, map: base/pricat-edifact }
            acknowledge:
              functional: true
              folder: in
            """, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        await sshd.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}
