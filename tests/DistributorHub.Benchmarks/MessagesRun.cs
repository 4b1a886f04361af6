using System.Diagnostics;
using System.Globalization;
using System.Text;
using DistributorHub.Worker;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistributorHub.Benchmarks;

/// <summary>Many small orders of one interchange, each a document and a commit of its own, from the archive into a durable PostgreSQL.</summary>
sealed class MessagesRun(string path, TextWriter output)
{
    const int Passes = 5;

    public async Task Run(CancellationToken cancellation)
    {
        await using var installation = await Installation.Create(cancellation);
        await using var hub = await Hub.Open(installation.Settings, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        await TargetTables.Apply(hub.SellerDatabase, MapToSink.MapOf("ORDERS").Target, cancellation);
        var partner = hub.Partners.Find(Installation.Partner) ?? throw new InvalidOperationException(string.Join('\n', hub.Partners.Diagnostics));
        var rates = new double[Passes];
        for (var pass = 0; pass < Passes; pass++)
        {
            await File.WriteAllBytesAsync(Path.Combine(installation.Inbox, $"{pass}.edi"), await Edition(pass, cancellation), cancellation);
            await hub.Flow.Receive(partner, cancellation);
            await Task.Delay(partner.Source.Settle, cancellation);
            var (id, _) = (await hub.Flow.Receive(partner, cancellation)).Exchanges.Single();
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var result = await hub.Flow.Process(id, cancellation);
            var (seconds, used) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
            if (result?.End is not { State: ExchangeState.Completed })
                throw new InvalidOperationException($"It ended as {result?.End?.State}: {result?.End?.Cause} {result?.End?.Error}");
            var documents = (await hub.Queries.Show(id, cancellation))!.Documents;
            if (documents.Any(document => document.State != DocumentState.Loaded))
                throw new InvalidOperationException("Not every message was loaded.");
            rates[pass] = documents.Count / seconds;
            await output.WriteLineAsync(Line($"pass {pass + 1}: {documents.Count} messages in {seconds:0.00} s, {rates[pass]:0} messages/s, {used / documents.Count:0.0} ms of our CPU each"));
            await hub.Flow.Finalise(partner, cancellation);
        }
        await output.WriteLineAsync(Line($"median {rates.Order().ElementAt(Passes / 2):0} messages/s"));
    }

    /// <summary>The generator's orders under other numbers: new documents, so that each is loaded.</summary>
    async Task<byte[]> Edition(int pass, CancellationToken cancellation) => Encoding.Latin1.GetBytes(
        (await File.ReadAllTextAsync(path, Encoding.Latin1, cancellation)).Replace("BGM+220+PO", $"BGM+220+P{pass}", StringComparison.Ordinal)
            .Replace("+IC0000", $"+IC{pass}000", StringComparison.Ordinal));

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
