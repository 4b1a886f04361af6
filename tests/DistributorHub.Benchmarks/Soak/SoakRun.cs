using System.Diagnostics;
using System.Globalization;
using DistributorHub.Worker;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>
/// Many small files and some price lists through real hub processes, from the partners' SFTP folders to the seller's tables and to the acknowledgement in
/// the partner's folder. The first half lies there at once and says how fast it goes; the second half comes one by one and says how long each takes.
/// </summary>
sealed class SoakRun(SoakOptions options, TextWriter output)
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    readonly SoakFiles files = new(options);
    readonly List<long[]> memory = [];
    int put;

    /// <summary>True when every document was loaded once, and every file acknowledged and taken.</summary>
    public async Task<bool> Run(CancellationToken cancellation)
    {
        await using var site = await SoakSite.Create(options, cancellation);
        using var hub = new Database(Hub.InOwnSchema(site.HubConnection));
        using var seller = new Database(site.SellerConnection);
        var ledger = new SoakLedger(hub, seller);
        if (options.Statements)
            await ledger.WatchStatements(cancellation);
        for (var worker = 0; worker < options.Workers; worker++)
            await site.StartWorker(cancellation);
        await Say($"{options.Workers} worker(s), {options.Partners} partners, {Environment.ProcessorCount} cores; files of 1 to 3 orders of 1 to 4 lines, every {options.CatalogueEvery}th a price list of 500 items");
        var backlog = await Phase(site, ledger, options.Files / 2, TimeSpan.Zero, cancellation);
        await ReportSpeed("backlog, all there at once", backlog);
        if (options.Statements)
            foreach (var statement in await ledger.Statements(backlog.Documents, cancellation))
                await output.WriteLineAsync(statement);
        var steady = await Phase(site, ledger, options.Files - options.Files / 2, options.Steady ?? backlog.Took * 2, cancellation);
        await ReportSpeed("steady, one by one", steady);
        await ReportLatency(steady);
        await ReportMemory();
        await ReportSizes(backlog.Before, await ledger.Sizes(cancellation));
        return await Judge(site, ledger, cancellation);
    }

    /// <summary>Files that come over a time, until each is loaded, acknowledged and gone.</summary>
    async Task<PhaseResult> Phase(SoakSite site, SoakLedger ledger, int count, TimeSpan over, CancellationToken cancellation)
    {
        var made = Enumerable.Range(0, count).Select(_ => files.Next()).ToList();
        var (documents, start) = (made.Count, TimeProvider.System.GetUtcNow());
        var (sizes, cpu, since) = (await ledger.Sizes(cancellation), Cpu(site), Stopwatch.GetTimestamp());
        for (int next = 0, look = 0; ; look++)
        {
            var due = over == TimeSpan.Zero ? count : (int)Math.Min(count, count * (Stopwatch.GetElapsedTime(since) / over));
            for (; next < due; next++, put++)
                site.Put(made[next].Partner, made[next].Name, made[next].Content);
            memory.Add([.. site.Workers.Select(worker => Consumption.ResidentBytes(worker.Id))]);
            var progress = await ledger.Progress(cancellation);
            if (progress.Finalised == put && next == count && progress.Due == 0)
                break;
            if (progress.Bad > 0 || Stopwatch.GetElapsedTime(since) > over + options.Patience || site.Workers.Any(worker => worker.HasExited))
                throw new InvalidOperationException($"It does not get on: {progress}, {put} files were put there.\n{site.Logs()}");
            await Task.Delay(Look, cancellation);
        }
        var took = Stopwatch.GetElapsedTime(since);
        var used = Cpu(site).Zip(cpu, (after, before) => after - before).ToArray();
        var loaded = await ledger.Loaded(start, SoakSite.Settle, cancellation);
        return new(made.Count, loaded.Count, took, used, loaded, sizes);
    }

    static double[] Cpu(SoakSite site) =>
        [site.Workers.Sum(worker => Consumption.CpuSeconds(worker.Id)), Consumption.CpuSeconds(site.ServerProcess), Consumption.CpuSeconds(site.SshdProcess)];

    async Task ReportSpeed(string name, PhaseResult phase)
    {
        var (seconds, each) = (phase.Took.TotalSeconds, 1000.0 / phase.Documents);
        await Say($"{name}: {phase.Documents} documents in {phase.Files} files, {seconds:0.0} s, {phase.Documents / seconds:0} documents a second, {60 * phase.Documents / seconds:0} a minute");
        await Say($"  CPU for each document: workers {phase.Cpu[0] * each:0.0} ms, PostgreSQL {phase.Cpu[1] * each:0.0} ms, sshd {phase.Cpu[2] * each:0.0} ms; {100 * phase.Cpu.Sum() / seconds / Environment.ProcessorCount:0} % of the machine");
        var third = phase.Loaded.Count / 3;
        await Say($"  first third {Rate(phase.Loaded.Take(third)):0} documents a second, last third {Rate(phase.Loaded.TakeLast(third)):0}");
    }

    async Task ReportLatency(PhaseResult phase)
    {
        foreach (var type in phase.Loaded.GroupBy(document => document.Type).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var all = type.ToList();
            var third = Math.Max(1, all.Count / 3);
            await Say($"  {type.Key}, settled to loaded: median {Quantile(all, 0.5):0.00} s, p99 {Quantile(all, 0.99):0.00} s; median of the first third {Quantile(all.Take(third), 0.5):0.00} s, of the last {Quantile(all.TakeLast(third), 0.5):0.00} s");
        }
    }

    async Task ReportMemory()
    {
        for (var worker = 0; worker < options.Workers; worker++)
        {
            var all = memory.Select(sample => sample[worker] / 1e6).ToList();
            var third = Math.Max(1, all.Count / 3);
            var course = Enumerable.Range(0, 10).Select(part => all[part * (all.Count - 1) / 9].ToString("0", CultureInfo.InvariantCulture));
            await Say($"memory of worker {worker + 1}, MB: {string.Join(' ', course)}; most in the first third {all.Take(third).Max():0}, in the last {all.TakeLast(third).Max():0}");
        }
    }

    async Task ReportSizes(IReadOnlyList<TableSize> before, IReadOnlyList<TableSize> after)
    {
        var was = before.ToDictionary(table => table.Name, table => table.Bytes, StringComparer.Ordinal);
        var grown = after.Select(table => (table.Name, Each: (table.Bytes - was.GetValueOrDefault(table.Name)) / (double)files.Documents)).OrderByDescending(table => table.Each).ToList();
        var payload = grown.Where(table => table.Name.EndsWith(".raw_chunk", StringComparison.Ordinal)).Sum(table => table.Each);
        await Say($"hub database, bytes for each document: {grown.Sum(table => table.Each) - payload:0} besides the payload of {payload:0}");
        await Say($"  {string.Join(", ", grown.Where(table => table.Each >= 10).Select(table => string.Create(CultureInfo.InvariantCulture, $"{table.Name} {table.Each:0}")))}");
    }

    async Task<bool> Judge(SoakSite site, SoakLedger ledger, CancellationToken cancellation)
    {
        var rows = await ledger.Rows(cancellation);
        var good = rows == (files.Orders, files.OrderLines) && site.Left() == 0 && site.Acknowledgements() == put;
        await Say($"{(good ? "good" : "WRONG")}: {rows.Orders} of {files.Orders} orders with {rows.Lines} of {files.OrderLines} lines are loaded, {site.Acknowledgements()} of {put} files acknowledged, {site.Left()} left");
        return good;
    }

    static double Rate(IEnumerable<LoadedDocument> documents)
    {
        var all = documents.ToList();
        return all.Count < 2 ? 0 : all.Count / Math.Max(0.001, (all[^1].At - all[0].At).TotalSeconds);
    }

    static double Quantile(IEnumerable<LoadedDocument> documents, double share)
    {
        var seconds = documents.Select(document => document.Seconds).Order().ToList();
        return seconds[(int)(share * (seconds.Count - 1))];
    }

    Task Say(FormattableString text) => output.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>How one half went.</summary>
    sealed record PhaseResult(int Files, int Documents, TimeSpan Took, double[] Cpu, IReadOnlyList<LoadedDocument> Loaded, IReadOnlyList<TableSize> Before);
}
