using System.Globalization;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// The seller's database of one golden test: a new SQLite file with the target's tables as <c>hub target create</c> makes them, loaded by the product's own
/// loader. What is loaded is also kept to be looked at.
/// </summary>
sealed class TrialSeller : ISeller, IDisposable
{
    /// <summary>Most rows of one message that are compared.</summary>
    public const int RowsMax = 20_000;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("distributorhub-map-test-");
    readonly Database database;
    readonly SqliteSeller seller;
    readonly List<TargetDefinition> targets = [];
    readonly Dictionary<(string Target, string Table), TableDefinition> tables = [];

    public TrialSeller(TimeProvider clock)
    {
        database = new($"Data Source={Path.Combine(folder.FullName, "seller.db")};Pooling=False") { Name = "database of the test" };
        seller = new(database, clock);
    }

    /// <summary>The rows of the message that was begun last; null before the first that has a map.</summary>
    public CollectSink? Rows { get; private set; }

    /// <summary>True to load content that hub_inbox knows as if it did not, as a file with one other word in it would be.</summary>
    public bool IsUnknownContent { get; set; }

    /// <summary>The tables that maps have filled, with the columns they set.</summary>
    public IEnumerable<(TargetDefinition Target, TableDefinition Table)> Tables =>
        targets.SelectMany(target => target.Tables.Where(table => tables.ContainsKey((target.Id, table.Name))).Select(table => (target, tables[(target.Id, table.Name)])));

    public async Task<ILoad> Begin(TargetDefinition target, IReadOnlyList<TableDefinition> filled, CancellationToken cancellation)
    {
        if (targets.TrueForAll(known => known.Id != target.Id))
        {
            targets.Add(target);
            await TargetTables.Apply(database, target, cancellation);
        }
        foreach (var table in filled)
            tables[(target.Id, table.Name)] = table;
        Rows = new(RowsMax);
        return new Load(this, await seller.Begin(target, filled, cancellation), Rows);
    }

    /// <summary>Forgets the rows of the message before: the next may have no map.</summary>
    public void NextMessage() => Rows = null;

    /// <summary>All rows of a table as texts, null as such.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Physical names; null for all there are.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public async Task<IReadOnlyList<string>> Select(TableDefinition table, IReadOnlyList<ColumnDefinition>? columns, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // A child that its parent alone is the key of has no key of its own.
        var names = columns is null ? "*" : columns.Count == 0 ? "1 as row" : string.Join(", ", columns.Select(column => SellerDialect.Quote(column.Physical)));
        var rows = await connection.QueryAsync(new CommandDefinition($"select {names} from {new SqliteDialect().Name(table)}", cancellationToken: cancellation));
        return [.. rows.Select(row => string.Join(", ", ((IDictionary<string, object?>)row).Where(value => value.Value is not null)
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value}")))).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        database.Dispose();
        folder.Delete(recursive: true);
    }

    sealed class Load(TrialSeller owner, ILoad load, CollectSink rows) : ILoad
    {
        readonly XrefStandIns standIns = new();

        public void Write(RowBatch batch)
        {
            rows.Write(batch);
            standIns.Note(batch);
            load.Write(batch);
        }

        public void Miss(TableDefinition table, long parentRow) => load.Miss(table, parentRow);

        public async Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation)
        {
            await standIns.Make(owner.database, cancellation);
            return await load.Commit(owner.IsUnknownContent ? document with { BodyHash = $"{document.Id} {document.BodyHash}" } : document, findings, cancellation);
        }

        public ValueTask DisposeAsync() => load.DisposeAsync();
    }
}
