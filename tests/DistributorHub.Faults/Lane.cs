using System.Collections.Concurrent;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using DistributorHub.Worker.Tests.Flow;

namespace DistributorHub.Faults;

/// <summary>
/// An installation of its own: a durable PostgreSQL, an OpenSSH server with the partner's folders, a proxy before each of them, and as many workers as a
/// round wants. Rounds of a lane follow one another in the same databases; lanes run side by side.
/// </summary>
sealed class Lane : IAsyncDisposable
{
    public const string Partner = "nordlicht";

    readonly string root, program;
    readonly PostgresServer server;
    readonly SshdFixture sshd;
    readonly SortedDictionary<int, RunningHub> workers = [];
    readonly ConcurrentBag<(string Name, byte[] Bytes)> picked = [];
    readonly CancellationTokenSource end = new();
    string hubDatabase, sellerDatabase;
    Task picking = Task.CompletedTask;
    SmallDisk? disk;

    Lane(string root, string program, PostgresServer server, SshdFixture sshd, string hubDatabase, string sellerDatabase)
    {
        (this.root, this.program, this.server, this.sshd, this.hubDatabase, this.sellerDatabase) = (root, program, server, sshd, hubDatabase, sellerDatabase);
        Database = new(server.Port);
        Remote = new(sshd.Port);
        Gate = new(hubDatabase, sellerDatabase);
    }

    /// <summary>Before the database server.</summary>
    public Proxy Database { get; }

    /// <summary>Before the partner's server.</summary>
    public Proxy Remote { get; }

    public Gate Gate { get; private set; }

    /// <summary>Past the proxy.</summary>
    public string HubConnection => hubDatabase;

    /// <summary>Past the proxy.</summary>
    public string SellerConnection => sellerDatabase;

    public PostgresServer Server => server;

    /// <summary>True while the partner takes its acknowledgements away as soon as they are there.</summary>
    public bool PicksUp { get; set; }

    public string Inbox => Path.Combine(sshd.Folder, "in");

    public string Processed => Path.Combine(sshd.Folder, "processed");

    public string Outbox => Path.Combine(sshd.Folder, "out");

    /// <summary>Folder of a worker's spool.</summary>
    public string Spool(int worker) => Path.Combine(Data(worker), "spool");

    string Data(int worker) => worker == 1 && disk is not null ? disk.Path : Path.Combine(root, $"data-{worker}");

    public static async Task<Lane> Create(string program, CancellationToken cancellation)
    {
        var programs = PostgresServer.FindPrograms() ?? throw new FileNotFoundException("PostgreSQL's server programs are not installed.");
        var postgres = await PostgresServer.Start(programs, durable: true);
        var partner = await SshdFixture.Start(cancellation);
        var lane = new Lane(Directory.CreateTempSubdirectory("distributorhub-faults-").FullName, program, postgres, partner,
            await postgres.NewDatabase(cancellation), await postgres.NewDatabase(cancellation));
        foreach (var folder in new[] { lane.Inbox, lane.Processed, lane.Outbox })
            Directory.CreateDirectory(folder);
        await lane.WriteMappings(cancellation);
        foreach (string[] verb in new[] { new[] { "target", "create", "shop" }, ["migrate"] })
        {
            await using var worker = RunningHub.Start(program, "setup", lane.Settings(0), Path.Combine(lane.root, "setup.log"), verb);
            if (await worker.Exit(cancellation) != 0)
                throw new InvalidOperationException(worker.Output);
        }
        await lane.Gate.Prepare(cancellation);
        lane.picking = lane.PickUp();
        return lane;
    }

    /// <summary>So many workers run when this is done; those beyond are stopped.</summary>
    public async Task Run(int count, CancellationToken cancellation)
    {
        foreach (var (number, worker) in workers.ToList())
            if (number > count || worker.HasExited)
            {
                if (!worker.HasExited)
                    await worker.Stop(cancellation);
                await worker.DisposeAsync();
                workers.Remove(number);
            }
        for (var number = 1; number <= count; number++)
            if (!workers.ContainsKey(number))
                workers[number] = RunningHub.Start(program, Name(number), Settings(number), Path.Combine(root, $"worker-{number}.log"));
    }

    /// <summary>Kills every worker.</summary>
    public async Task KillAll()
    {
        foreach (var worker in workers.Values.Where(worker => !worker.HasExited))
            await worker.Kill();
    }

    public IReadOnlyCollection<RunningHub> Workers => workers.Values;

    public RunningHub? Find(string name) => workers.Values.FirstOrDefault(worker => worker.Name == name);

    /// <summary>A small disk under the first worker's spool, which can be filled; null when this account cannot mount one.</summary>
    public async Task<SmallDisk?> SmallSpool(CancellationToken cancellation)
    {
        if (disk is null && Environment.IsPrivilegedProcess)
        {
            disk = await SmallDisk.Mount(16, cancellation);
            await KillAll();
            await Run(1, cancellation);
        }
        return disk;
    }

    /// <summary>The partner puts files into its folder, each at once.</summary>
    public async Task Put(Batch batch, CancellationToken cancellation)
    {
        foreach (var (name, bytes) in batch.Files)
        {
            var temporary = Path.Combine(Inbox, "." + name);
            await File.WriteAllBytesAsync(temporary, bytes, cancellation);
            File.Move(temporary, Path.Combine(Inbox, name));
        }
    }

    /// <summary>Every acknowledgement that ever was in the partner's folder; one that was taken away and came again is there twice.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Acknowledgements() =>
        [.. picked, .. Directory.GetFiles(Outbox, "*.edi").Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];

    /// <summary>What <c>hub verify</c> has to say: nothing when it finds no gap, else its words.</summary>
    public async Task<string> Verify(CancellationToken cancellation)
    {
        var log = Path.Combine(root, "verify.log");
        File.Delete(log);
        await using var hub = RunningHub.Start(program, "verify", Settings(0), log, "verify", "--since", "1d");
        return await hub.Exit(cancellation) == 0 ? "" : hub.Output;
    }

    /// <summary>The last lines of what the workers said.</summary>
    public string Logs() => string.Join('\n', Directory.GetFiles(root, "*.log").Order(StringComparer.Ordinal).Select(log =>
        $"--- {Path.GetFileName(log)}\n{string.Join('\n', File.ReadAllLines(log).TakeLast(60))}"));

    /// <summary>Another hub database takes the place of the one there is; the workers must be down.</summary>
    public void Restore(string database)
    {
        hubDatabase = database;
        Gate = new(hubDatabase, sellerDatabase);
    }

    static string Name(int number) => $"worker-{number}";

    Dictionary<string, string> Settings(int number) => new()
    {
        ["Hub__Data"] = Data(number),
        ["Hub__Mappings"] = Path.Combine(root, "mappings"),
        // Several jobs for the files of a round, so that workers beside each other share them.
        ["Hub__BatchFiles"] = "5",
        ["ConnectionStrings__Hub"] = Proxied(hubDatabase, number),
        ["ConnectionStrings__Seller"] = Proxied(sellerDatabase, number),
        // A process that lives for half a minute never earns back what the compiler spends on its hot code.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountThreshold"] = "1000",
    };

    string Proxied(string connection, int number) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connection) { Port = Database.Port, ApplicationName = Name(number) }.ConnectionString;

    async Task WriteMappings(CancellationToken cancellation)
    {
        var mappings = Path.Combine(root, "mappings");
        foreach (var kind in new[] { "base", "codes", "targets" })
            foreach (var file in Directory.EnumerateFiles(Repository.PathTo("mappings", kind)))
                File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(mappings, kind)).FullName, Path.GetFileName(file)));
        var partner = Directory.CreateDirectory(Path.Combine(mappings, "partners", Partner)).FullName;
        await File.WriteAllTextAsync(Path.Combine(partner, "partner.yaml"), $$"""
            hub: partner/1
            name: The partner of the harness
            currency: EUR
            identities:
            - { standard: edifact, id: '{{Orders.Sender}}', qualifier: '14' }
            source:
              kind: sftp
              host: 127.0.0.1
              port: {{Remote.Port}}
              user: {{Environment.UserName}}
              private_key: file:{{sshd.KeyFile}}
              host_keys: ['{{sshd.Fingerprint("ed25519")}}']
              path: in
              settle: 1s
              connect_timeout: 15s
              operation_timeout: 10s
              incomplete_grace: 1h
              after_read: move
              move_to: processed
            schedule: '*/2 * * * * *'
            messages:
            - { standard: edifact, message: ORDERS, release: D.96A, map: base/orders-edifact }
            acknowledge:
              functional: true
              folder: out
            retry:
              transient: [1s, 1s, 2s, 2s, 5s, 5s, 10s, 10s, 10s, 10s]
            """, cancellation);
    }

    async Task PickUp()
    {
        while (!end.IsCancellationRequested)
        {
            if (PicksUp)
                foreach (var path in Directory.GetFiles(Outbox, "*.edi"))
                {
                    // Read and taken in one step, as the name may be given again at once.
                    var taken = Path.Combine(root, Path.GetRandomFileName());
                    File.Move(path, taken);
                    picked.Add((Path.GetFileName(path), File.ReadAllBytes(taken)));
                    File.Delete(taken);
                }
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await picking;
        foreach (var worker in workers.Values)
            await worker.DisposeAsync();
        if (disk is not null)
            await disk.DisposeAsync();
        await Database.DisposeAsync();
        await Remote.DisposeAsync();
        await sshd.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
        end.Dispose();
    }
}
