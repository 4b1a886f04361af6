using System.Diagnostics;
using System.Globalization;
using Dapper;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistributorHub.Benchmarks;

/// <summary>
/// A price list through the whole line, from the partner's folder to the seller's tables in a durable PostgreSQL: once into empty tables,
/// then as new editions of which every key exists and every price differs; against <see cref="PlainLoad"/> of the same rows.
/// </summary>
sealed class LoadBenchmark(string path, TextWriter output)
{
    const int Passes = 3;

    public async Task<bool> Run(CancellationToken cancellation)
    {
        await using var installation = await Installation.Create(cancellation);
        await using var hub = await Hub.Open(installation.Settings, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        var map = MapToSink.MapOf("PRICAT");
        await TargetTables.Apply(hub.SellerDatabase, map.Target, cancellation);
        await output.WriteLineAsync(Line($"{path}: {new FileInfo(path).Length:N0} bytes; {await Durability(hub.SellerDatabase, cancellation)}"));

        var first = await Send(installation, hub, edition: 1, cancellation);
        await output.WriteLineAsync(Line($"empty tables: download and archive {first.Receive:0.00} s, archive to committed rows {first.Process:0.00} s"));
        using var plain = new PlainLoad();
        await plain.Prepare(hub.SellerDatabase, path, map, cancellation);
        var (receives, processes, plains) = (new double[Passes], new double[Passes], new double[Passes]);
        for (var pass = 0; pass < Passes; pass++)
        {
            await Settle(hub.SellerDatabase, map.Target, cancellation);
            plains[pass] = await plain.Run(hub.SellerDatabase, pass, cancellation);
            await Settle(hub.SellerDatabase, map.Target, cancellation);
            (receives[pass], processes[pass]) = await Send(installation, hub, edition: 2 + pass, cancellation);
            await output.WriteLineAsync(Line($"every key exists, pass {pass + 1}: download and archive {receives[pass]:0.00} s, archive to committed rows {processes[pass]:0.00} s, COPY + upsert {plains[pass]:0.00} s"));
        }
        var (process, baseline) = (Median(processes), Median(plains));
        await output.WriteLineAsync(Line($"medians: download and archive {Median(receives):0.00} s; archive to committed rows {process:0.00} s; COPY + upsert {baseline:0.00} s; ratio {process / baseline:0.00} (goal 2)"));
        return await Compare(hub, map, edition: 1 + Passes, cancellation);
    }

    /// <summary>Sends one edition; the seconds of its download and archiving, and from there to the ledger's verdict.</summary>
    async Task<(double Receive, double Process)> Send(Installation installation, Hub hub, int edition, CancellationToken cancellation)
    {
        var partner = hub.Partners.Find(Installation.Partner) ?? throw new InvalidOperationException(string.Join('\n', hub.Partners.Diagnostics));
        await PriceList.Write(path, Path.Combine(installation.Inbox, $"edition-{edition}.edi"), edition, cancellation);
        await hub.Flow.Receive(partner, cancellation);
        await Task.Delay(partner.Source.Settle, cancellation);
        var start = Stopwatch.GetTimestamp();
        var received = await hub.Flow.Receive(partner, cancellation);
        var receive = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (received.Exchanges is not [var (id, _)])
            throw new InvalidOperationException($"{received.Exchanges.Count} files came instead of one: {received.Failure?.Message}");
        start = Stopwatch.GetTimestamp();
        var result = await hub.Flow.Process(id, cancellation);
        var process = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (result?.End is not { State: ExchangeState.Completed })
            throw new InvalidOperationException($"Edition {edition} ended as {result?.End?.State}: {result?.End?.Cause} {result?.End?.Error}");
        await hub.Flow.Finalise(partner, cancellation);
        return (receive, process);
    }

    /// <summary>Hashes of the rows the mapper makes of the last edition, and of those in the seller's tables.</summary>
    async Task<bool> Compare(Hub hub, CompiledMap map, int edition, CancellationToken cancellation)
    {
        var sink = new HashSink();
        var file = Path.GetTempFileName();
        try
        {
            await PriceList.Write(path, file, edition, cancellation);
            MapToSink.Run(file, sink);
        }
        finally
        {
            File.Delete(file);
        }
        var equal = true;
        foreach (var mapped in sink.Tables)
        {
            // Lists stay as versions, and only the last one is this edition; items and prices are what it made of them.
            var where = mapped.Table == "price_catalogue" ? "list_id = (select max(list_id) from pim.price_list)" : null;
            var loaded = await LoadedRows.Hash(hub.SellerDatabase, map.Tables.Single(t => t.Name == mapped.Table), where, cancellation);
            var same = mapped.ToString() == loaded.ToString();
            equal &= same;
            await output.WriteLineAsync($"hash {(same ? "equal" : "DIFFERENT")}: mapped {mapped}, in PostgreSQL {loaded}");
        }
        return equal;
    }

    /// <summary>Gives both ways the same start: no dead rows, fresh statistics, no dirty pages.</summary>
    static async Task Settle(Database database, TargetDefinition target, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        foreach (var table in new[] { "price_catalogue", "price_items", "price_tiers" })
            await Execute($"vacuum analyze {SellerDialect.Of(database.Engine).Name(target.Find(table)!)}");
        // Dapper takes a single word for the name of a procedure.
        await Execute("checkpoint;");

        Task<int> Execute(string sql) => connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: cancellation));
    }

    static async Task<string> Durability(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var settings = new List<string>();
        foreach (var setting in new[] { "server_version", "fsync", "synchronous_commit", "full_page_writes" })
            settings.Add($"{setting} {await connection.ExecuteScalarAsync<string>(new CommandDefinition($"show {setting}", cancellationToken: cancellation))}");
        return string.Join(", ", settings);
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
