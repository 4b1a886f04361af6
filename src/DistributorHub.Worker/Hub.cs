using DistributorHub.Worker.Access;
using DistributorHub.Worker.Alerts;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Send;
using Npgsql;

namespace DistributorHub.Worker;

/// <summary>All parts of the hub, put together once; the service, the command line and the tests use the same ones.</summary>
sealed class Hub : IAsyncDisposable
{
    static readonly TimeSpan DriftWait = TimeSpan.FromSeconds(3);

    readonly ILogger<Hub> log;

    Hub(HubSettings settings, TimeProvider clock, ILoggerFactory logs, Database database, Database sellerDatabase)
    {
        (Settings, Clock, Database, SellerDatabase) = (settings, clock, database, sellerDatabase);
        log = logs.CreateLogger<Hub>();
        Worker = WorkerName.Create();
        Seller = sellerDatabase.Engine == Engine.PostgreSql ? new PostgresSeller(sellerDatabase, clock) : new SqliteSeller(sellerDatabase, clock);
        Sources = new(settings.Files, clock);
        Downloader = new(settings.Spool, clock);
        Archive = new(database, clock);
        Exchanges = new(database, clock, Worker) { Cancellations = new(database, clock) { IsSellersFile = database.IsOneFileWith(sellerDatabase) } };
        Interventions = new(database, clock, Worker);
        Catalogues = new(database, Interventions);
        Stuck = new(database, clock);
        Holds = new(database, partner => Partners.Find(partner)?.Approvals, clock);
        Delegations = new(database, clock);
        Retention = new(database, partner => Partners.Find(partner)?.Retention, clock);
        Accounts = new(database, clock);
        Sessions = new(database, clock);
        Audit = new(database, clock);
        Tokens = new(database, clock);
        Uploads = new(database, clock);
        Queries = new(database);
        Outbox = new(database, clock, Worker);
        Verdicts = new(database, clock, Exchanges) { IndexesItems = settings.IndexItems };
        DeadWorkers = new(database, clock);
        PartnerStates = new(database, clock);
        Workers = new(database, clock, Worker);
        AlertBook = new(database, clock);
        Alerts = new(this, logs.CreateLogger<HubAlerts>());
        Sightings = new(database, clock, Worker);
        Locks = new(database, clock, Worker);
        var definitions = DefinitionFolder.Open(settings);
        var functions = FunctionFolder.Open(settings);
        Mappings = new(settings.Mappings, samples: settings.Embedded, definitions, logs.CreateLogger<Hub>(), functions);
        Versions = new(database, clock, settings.Mappings, definitions, functions);
        Outgoing = new(database, clock, Worker);
        ExpectedAnswers = new(database, clock);
        Answers = new(database);
        Pauses = new(database, clock);
        Gate = new(Pauses);
        Sequences = new(database);
        Drift = new(database, clock);
        DriftReport = new(database, clock);
        Silence = new(database, clock);
        var documents = new SellerDocuments(sellerDatabase);
        var writing = new DocumentWriting(documents, Outgoing, Verdicts, clock);
        Flow = new(
            new(Sources, Downloader, Sightings, Archive, PartnerStates, Locks, clock, logs.CreateLogger<PartnerPoll>()),
            Archive, Exchanges, Mappings, new(definitions, Seller, Verdicts, Queries, Versions, ExpectedAnswers, Drift, clock),
            new(Sources, Outbox, clock, logs.CreateLogger<Delivery>()),
            new(documents, Outgoing, writing, Exchanges, Locks, logs.CreateLogger<DocumentCollection>()), writing, Gate, clock, logs.CreateLogger<InboundFlow>());
        Replays = new(new(database, clock), Versions, Exchanges, Interventions, Flow, Seller, Locks, clock);
    }

    public HubSettings Settings { get; }

    public TimeProvider Clock { get; }

    public Database Database { get; }

    public Database SellerDatabase { get; }

    /// <summary>Name of this process in leases.</summary>
    public string Worker { get; }

    public Mappings Mappings { get; }

    /// <summary>Partners and maps as they were last read.</summary>
    public PartnerMaps Partners => Mappings.Current;

    public FileSources Sources { get; }

    public Downloader Downloader { get; }

    public ISeller Seller { get; }

    public Archive Archive { get; }

    public Sightings Sightings { get; }

    public Exchanges Exchanges { get; }

    public Holds Holds { get; }

    public Delegations Delegations { get; }

    public Retention Retention { get; }

    /// <summary>Erases data of persons in what was received and loaded until now.</summary>
    public Privacy.Erasure Erasure() => new(Database, SellerDatabase, Archive, Partners.Targets(), partner => Partners.Find(partner)?.Retention.LegalHold == true, Clock);

    public Interventions Interventions { get; }

    public Catalogues Catalogues { get; }

    public StuckWork Stuck { get; }

    public Accounts Accounts { get; }

    /// <summary>Who is signed in to the pages.</summary>
    public Sessions Sessions { get; }

    public Audit Audit { get; }

    public Tokens Tokens { get; }

    public Uploads Uploads { get; }

    public ExchangeQueries Queries { get; }

    /// <summary>Versions of maps that took documents.</summary>
    public MapVersions Versions { get; }

    public Outbox Outbox { get; }

    public OutgoingDocuments Outgoing { get; }

    /// <summary>Answers to what is sent, as they are written; <see cref="Answers"/> reads them.</summary>
    public ExpectedAnswers ExpectedAnswers { get; }

    public AnswerQueries Answers { get; }

    public PartnerPauses Pauses { get; }

    public PartnerGate Gate { get; }

    public Sequences Sequences { get; }

    public PartnerSilence Silence { get; }

    /// <summary>What is in partners' messages, and what is new or missing in them.</summary>
    public DriftBook Drift { get; }

    public DriftReport DriftReport { get; }

    public Verdicts Verdicts { get; }

    public DeadWorkers DeadWorkers { get; }

    public PartnerStates PartnerStates { get; }

    /// <summary>Services that run on this hub database.</summary>
    public WorkerRoll Workers { get; }

    public AlertBook AlertBook { get; }

    public HubAlerts Alerts { get; }

    public NamedLocks Locks { get; }

    public InboundFlow Flow { get; }

    /// <summary>Dry runs of replays.</summary>
    public Replays Replays { get; }

    /// <summary>
    /// Opens both databases, brings the hub's to this program's schema, reads partners and maps and says what is wrong with them.
    /// In the embedded mode the first start also lays out the sample files and the seller's tables.
    /// </summary>
    public static async Task<Hub> Open(HubSettings settings, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        settings.MakeData();
        var database = OpenLedger(settings);
        var seller = OpenSeller(settings, keepsSession: true);
        var applied = await Migrations.Apply(database, cancellation);
        var hub = new Hub(settings, clock, logs, database, seller);
        if (applied.Count > 0)
            hub.log.Migrated(applied.Count);
        await hub.DeadWorkers.Release(cancellation);
        if (settings.Embedded)
            await FirstStart.Prepare(settings, hub.Partners, seller, hub.log, cancellation);
        return hub;
    }

    /// <summary>Why a run that a person asks for could only fail, and would write over why it failed before; null when it could succeed.</summary>
    public string? WhyNotRun(string partner) =>
        Partners.Paused.Contains(partner) ? $"The files of partner {partner} have mistakes ('hub map check' lists them)."
        : Partners.Find(partner) is null ? $"Partner {partner} is not configured." : null;

    /// <summary>The hub database as it is, without bringing it to this program's schema.</summary>
    public static Database OpenLedger(HubSettings settings) => new(InOwnSchema(settings.HubConnection), keepsSession: true) { Name = "hub database" };

    /// <param name="settings">Where it is.</param>
    /// <param name="keepsSession">See <see cref="Database"/>.</param>
    public static Database OpenSeller(HubSettings settings, bool keepsSession = false) =>
        new(settings.SellerConnection, keepsSession) { Name = "seller's database" };

    public async ValueTask DisposeAsync()
    {
        await WriteDrift();
        Drift.Dispose();
        await Sources.DisposeAsync();
        Database.Dispose();
        SellerDatabase.Dispose();
    }

    /// <summary>What was counted goes with the program if the database is away: it is statistics, and no reason to wait.</summary>
    async Task WriteDrift()
    {
        using var soon = new CancellationTokenSource(DriftWait, Clock);
        try
        {
            await Drift.Write(all: true, soon.Token);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException or InvalidOperationException or IOException)
        {
            log.DriftLost(e);
        }
    }

    // The seller's tables may be in the same database and have any names.
    public static string InOwnSchema(string connectionString)
    {
        if (Database.EngineOf(connectionString) == Engine.Sqlite)
            return connectionString;
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(parts.SearchPath))
            parts.SearchPath = Migrations.Schema;
        return parts.ConnectionString;
    }
}
