using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Worker.Flow;

namespace DistributorHub.Worker.Ledger;

/// <summary>
/// Counts which segments and qualifiers partners' messages have. It counts in memory, and writes a kind of message when something in it is new, and otherwise
/// every <see cref="Period"/>: a document costs no statement. A program that is killed has not counted its last ones, which nothing depends on.
/// </summary>
sealed class DriftBook(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>How long what is known already is only counted.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    static readonly JsonSerializerOptions Rows = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    readonly ConcurrentDictionary<KindName, Kind> kinds = new();
    readonly SemaphoreSlim writing = new(1, 1);

    /// <summary>Counts a document that was read for the first time.</summary>
    public void Add(string partner, DocumentRow document, long exchange, MessageShape shape) =>
        kinds.GetOrAdd(new(partner, document.Type, document.Release), name => new(name)).Add(shape, exchange, clock.GetUtcNow());

    /// <summary>Writes what is due; with <paramref name="all"/> everything that was counted.</summary>
    public async Task Write(bool all, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await writing.WaitAsync(cancellation);
        try
        {
            foreach (var kind in kinds.Values.Where(kind => kind.IsDue(all, now)))
                await Write(kind, now, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    async Task Write(Kind kind, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        if (!kind.Knows)
            kind.Learn([.. await connection.QueryAsync<(string, string)>(new CommandDefinition(
                "select path, qualifier from drift_key where partner = @Partner and type = @Type and release = @Release", kind.Name, cancellationToken: cancellation))]);
        var taken = kind.Take();
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Write(connection, transaction, kind.Name, taken, cancellation);
        await transaction.CommitAsync(cancellation);
        kind.Written(taken, now);
    }

    async Task Write(DbConnection connection, DbTransaction transaction, KindName name, Taken taken, CancellationToken cancellation)
    {
        // Its row is held until the commit, so that of several workers one writes after the other, and a number is a document's.
        var after = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into drift_kind (partner, type, release, documents, first_exchange, first_at, last_at)
            values (@Partner, @Type, @Release, @Documents, @FirstExchange, @FirstAt, @LastAt)
            on conflict (partner, type, release) do update set documents = drift_kind.documents + excluded.documents, last_at = excluded.last_at
            returning documents
            """,
            new { name.Partner, name.Type, name.Release, taken.Documents, taken.FirstExchange, taken.FirstAt, taken.LastAt }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(
            SqlText.Query("add-drift", database.Engine),
            new { name.Partner, name.Type, name.Release, Before = after - taken.Documents, Rows = JsonSerializer.Serialize(taken.Keys.Select(Row), Rows) },
            transaction, cancellationToken: cancellation));
    }

    static object Row(Counted key) => new
    {
        key.Path,
        key.Qualifier,
        key.Documents,
        key.First,
        key.Last,
        key.FirstExchange,
        FirstAt = Dialect.Text(key.FirstAt),
        key.LastExchange,
        LastAt = Dialect.Text(key.LastAt),
    };

    public void Dispose() => writing.Dispose();

    sealed record KindName(string Partner, string Type, string Release);

    /// <summary>What was counted and is not written; first and last are numbers of its documents.</summary>
    sealed record Counted(string Path, string Qualifier, long Documents, long First, long Last, long FirstExchange, DateTimeOffset FirstAt, long LastExchange, DateTimeOffset LastAt);

    sealed record Taken(long Documents, long FirstExchange, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<Counted> Keys);

    /// <summary>A place with a qualifier, and what of it is not written.</summary>
    sealed class Entry(string path, string qualifier)
    {
        public bool IsStored { get; set; }

        public long Documents { get; set; }

        long first, last, firstExchange, lastExchange;
        DateTimeOffset firstAt, lastAt;

        public void Count(long number, long exchange, DateTimeOffset now)
        {
            if (Documents++ == 0)
                (first, firstExchange, firstAt) = (number, exchange, now);
            (last, lastExchange, lastAt) = (number, exchange, now);
        }

        public Counted Counted => new(path, qualifier, Documents, first, last, firstExchange, firstAt, lastExchange, lastAt);

        public void Written(Counted taken, long documents)
        {
            (IsStored, Documents) = (true, Documents - taken.Documents);
            (first, last) = (first - documents, last - documents);
        }
    }

    /// <summary>Messages of one partner, type and release.</summary>
    sealed class Kind(KindName name)
    {
        readonly Lock gate = new();
        readonly Dictionary<(string Path, string Qualifier), Entry> entries = [];
        readonly Dictionary<ulong, Entry> byKey = [];
        MessageDefinition? definition;
        long documents, firstExchange;
        DateTimeOffset firstAt, lastAt;
        DateTimeOffset? writtenAt;
        bool hasNew;

        public KindName Name => name;

        /// <summary>True once it is known what the database has.</summary>
        public bool Knows { get; private set; }

        public bool IsDue(bool all, DateTimeOffset now)
        {
            lock (gate)
                return documents > 0 && (all || hasNew || writtenAt is null || now - writtenAt >= Period);
        }

        public void Add(MessageShape shape, long exchange, DateTimeOffset now)
        {
            lock (gate)
            {
                // Definitions that are read anew number their places anew.
                if (definition != shape.Definition)
                {
                    definition = shape.Definition;
                    byKey.Clear();
                }
                if (documents++ == 0)
                    (firstExchange, firstAt) = (exchange, now);
                lastAt = now;
                foreach (var key in shape.Keys)
                    Find(key)?.Count(documents, exchange, now);
            }
        }

        Entry? Find(ulong key)
        {
            if (byKey.TryGetValue(key, out var entry))
                return entry;
            var place = (MessagePaths.Of(definition!, MessageShape.Place(key)), MessageShape.Qualifier(key));
            if (!entries.TryGetValue(place, out entry))
            {
                if (entries.Count >= Limits.DriftKeysMax)
                    return null;
                entries.Add(place, entry = new(place.Item1, place.Item2));
                hasNew = true;
            }
            byKey.Add(key, entry);
            return entry;
        }

        /// <summary>Is told what the database has. What is beyond the limit with it is not counted.</summary>
        public void Learn(IReadOnlyList<(string Path, string Qualifier)> stored)
        {
            lock (gate)
            {
                foreach (var place in stored)
                {
                    if (!entries.TryGetValue(place, out var entry))
                        entries.Add(place, entry = new(place.Path, place.Qualifier));
                    entry.IsStored = true;
                }
                foreach (var (place, _) in entries.Where(pair => !pair.Value.IsStored).Skip(Math.Max(0, Limits.DriftKeysMax - stored.Count)).ToList())
                    entries.Remove(place);
                byKey.Clear();
                Knows = true;
            }
        }

        public Taken Take()
        {
            lock (gate)
                return new(documents, firstExchange, firstAt, lastAt, [.. entries.Values.Where(entry => entry.Documents > 0).Select(entry => entry.Counted)]);
        }

        public void Written(Taken taken, DateTimeOffset now)
        {
            lock (gate)
            {
                foreach (var key in taken.Keys)
                    entries[(key.Path, key.Qualifier)].Written(key, taken.Documents);
                documents -= taken.Documents;
                (firstExchange, firstAt) = documents == 0 ? (0, default) : (taken.FirstExchange, now);
                (writtenAt, hasNew) = (now, entries.Values.Any(entry => !entry.IsStored));
            }
        }
    }
}
