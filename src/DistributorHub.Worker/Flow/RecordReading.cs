using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Formats;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// One pass over a file without an envelope: document by document into the seller's tables and the ledger. It is the partner's through whose folder it came,
/// and nobody is to be told that it arrived.
/// </summary>
/// <param name="tools">What to read with.</param>
/// <param name="run">The run this is.</param>
/// <param name="source">Partner whose folder the file came through.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="loaded">Is told of every document's end.</param>
sealed class RecordReading(ReadingTools tools, ExchangeRun run, PartnerDefinition source, Findings findings, Action<DocumentRow> loaded)
{
    const int DocumentsPerWriteMax = 500;

    readonly Tally tally = new(tools, run, source, findings);
    readonly List<DocumentRow> unwritten = [];
    InterchangeRow interchange = new();
    MessageReading? message;
    DocumentRow document = new();
    int accepted, rejected;

    /// <summary>Reads the file to its end, or to where it cannot be read further.</summary>
    public async Task<ExchangeEnd> Read(RecordReader reader, CompiledMap map, CancellationToken cancellation)
    {
        interchange = InterchangeRow.Of(reader.Envelope);
        try
        {
            while (reader.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                run.Progress.Read(reader.Position.Offset);
                await Step(reader, map, cancellation);
            }
            if (message is not null)
                await End(reader, whole: false, cancellation);
            interchange = interchange with { State = (accepted, rejected) switch { ( > 0, > 0) => InterchangeState.PartiallyAccepted, ( > 0, _) => InterchangeState.Accepted, _ => InterchangeState.Rejected } };
        }
        catch (Exception e) when (e is not (OperationCanceledException or LeaseLostException) && unwritten.Count > 0)
        {
            // What is loaded stays loaded, and should be known to be.
            await Write(cancellation);
            throw;
        }
        finally
        {
            // What is loaded and could not be written stands in the record of a run that is cancelled.
            if (unwritten.Count > 0)
                run.Progress.Unwritten = (interchange, [.. unwritten]);
            if (message is not null)
                await message.DisposeAsync();
        }
        return tools.Verdicts is { } verdicts ? tally.Verdict() with { Commit = verdicts.Last(run, new(interchange, [.. unwritten], []), cancellation) } : tally.Verdict();
    }

    async Task Step(RecordReader reader, CompiledMap map, CancellationToken cancellation)
    {
        switch (reader.Event)
        {
            case RecordEvent.DocumentStart:
                var info = reader.Document!;
                document = DocumentRow.Of(info, run.Exchange.Sha256);
                message = await MessageReading.Start(reader, findings, run.Settled.ContainsKey(info.Ordinal) ? null : map,
                    PartnerMaps.Context(reader, source, run.Exchange.File), tools.SellerOf(source, run), cancellation);
                // A file without an envelope cannot say whether it is a test: the partner's state does.
                if (ReadingTools.HasNoTables(source) && !run.Settled.ContainsKey(info.Ordinal))
                    findings.Add(RoutingFindings.NoTestTables(source, reader.Position));
                break;
            case RecordEvent.Segment:
                message!.Accept(reader);
                break;
            case RecordEvent.DocumentEnd:
                message!.End();
                await End(reader, whole: true, cancellation);
                break;
        }
    }

    async Task End(RecordReader reader, bool whole, CancellationToken cancellation)
    {
        var reading = message!;
        document = document with { StatedNumber = StatedNumber.Of(reader) };
        var result = await tally.End(reading, document, whole, cancellation);
        message = null;
        await reading.DisposeAsync();
        if (result.State == DocumentState.Failed)
            rejected++;
        else
            accepted++;
        if (run.Settled.ContainsKey(document.Ordinal) || result.Departure is not null)
            return;
        unwritten.Add(result);
        loaded(result);
        if (unwritten.Count >= DocumentsPerWriteMax)
            await Write(cancellation);
    }

    async Task Write(CancellationToken cancellation)
    {
        if (tools.Verdicts is { } verdicts)
            await run.Times.Acknowledge(() => verdicts.Save(run, new(interchange, [.. unwritten], []), cancellation));
        unwritten.Clear();
    }
}
