using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Observe;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker;

/// <summary>How an exchange came out of a run; null fields: it is tried again later.</summary>
/// <param name="Exchange">As it was when the run started.</param>
/// <param name="End">Its end, or null.</param>
/// <param name="RetryAt">When it is tried again, or null.</param>
/// <param name="AwaitsTwin">True when it only waits for an exchange with the same bytes to end.</param>
sealed record FlowResult(ExchangeRow Exchange, ExchangeEnd? End, DateTimeOffset? RetryAt, bool AwaitsTwin = false);

/// <summary>
/// The way of a file: Receive → Parse → Validate → Acknowledge → Map → Load → Finalise. Messages stream through the five stages in the
/// middle one segment at a time (<see cref="ExchangeReading"/>); what must survive a crash is in the ledger before the next stage begins.
/// </summary>
sealed class InboundFlow(
    PartnerPoll poll, Archive archive, Exchanges exchanges, Mappings mappings, ReadingTools tools, Delivery delivery, DocumentCollection collection, DocumentWriting writing, PartnerGate gate, TimeProvider clock,
    ILogger<InboundFlow> log)
{
    static readonly TimeSpan TwinWait = TimeSpan.FromSeconds(5);
    static readonly TimeSpan PausedWait = TimeSpan.FromSeconds(30);

    // A commit is shared by their starts; with many more, a person who cancels one that waits for its turn would wait with it.
    const int StartedTogetherMax = 25;

    /// <summary>Takes the partner's settled files into the archive. From then on the partner may delete them. Nothing of one who is paused.</summary>
    public async Task<PollResult> Receive(PartnerDefinition partner, CancellationToken cancellation) =>
        await gate.WhyStopped(partner, cancellation) is null ? await Telemetry.Poll(partner.Id, () => poll.Run(partner, cancellation)) : new();

    /// <summary>Makes exchanges of the seller's documents for the partner that the hub does not know yet.</summary>
    public async Task<CollectedDocuments> Collect(PartnerDefinition partner, CancellationToken cancellation) =>
        await gate.WhyStopped(partner, cancellation) is null ? await collection.Run(partner, mappings.Current, cancellation) : new([], []);

    /// <summary>How the elements of a document that goes out come about, from what the seller has now.</summary>
    public Task<ExplainedDocument> Explain(long exchange, PartnerDefinition partner, CancellationToken cancellation) => writing.Explain(exchange, partner, mappings.Current, cancellation);

    /// <summary>Moves or deletes the partner's files and sends acknowledgements and documents: what the ledger says is due.</summary>
    public async Task<int> Finalise(PartnerDefinition partner, CancellationToken cancellation) =>
        await gate.WhyStopped(partner, cancellation) is null ? await delivery.Run(partner, mappings.Current, cancellation) : 0;

    /// <summary>Brings one exchange to its end; null when there is nothing to do for this process.</summary>
    public async Task<FlowResult?> Process(long id, CancellationToken cancellation) => (await Process([id], cancellation)).SingleOrDefault();

    /// <summary>Brings exchanges to their ends, one after the other; those that are not for this process are left out.</summary>
    public async Task<IReadOnlyList<FlowResult>> Process(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var results = new List<FlowResult>();
        for (var done = 0; done < ids.Count;)
        {
            IReadOnlyList<long> next = [.. ids.Skip(done).Take(StartedTogetherMax)];
            next = [.. next.Take(await exchanges.Together(next, cancellation))];
            var partners = mappings.Current;
            var waiting = await gate.Waiting(partners, cancellation);
            results.AddRange(await GoOnWaiting(next, partners, waiting, cancellation));
            await using var runs = new StartedRuns(exchanges, await exchanges.Start(next, cancellation), clock, cancellation);
            while (runs.Next() is { } run)
                if (await Process(run, partners, waiting, cancellation) is { } result)
                    results.Add(result);
            done += next.Count;
        }
        return results;
    }

    async Task<FlowResult?> Process(ExchangeRun run, PartnerMaps partners, IReadOnlyDictionary<string, string> waiting, CancellationToken cancellation)
    {
        using var span = Telemetry.Run(run);
        var findings = new Findings();
        await using var lease = new Heartbeat(Exchanges.Lease / 4, token => exchanges.Renew(run, token), clock, cancellation);
        await using var watch = new Heartbeat(RunProgress.Period, token => exchanges.Cancellations.Note(run, token), clock, lease.Token);
        try
        {
            if (run.Exchange.CancelBy is not null)
                return await Stopped(run, findings);
            if (WaitsFor(partners, waiting, run.Exchange) is { } cause)
                return await BeginWait(run, cause, watch.Token);
            if (!run.Exchange.Outgoing && run.Exchange.AskedBy is null && (partners.Find(run.Exchange.Partner)?.Duplicates ?? new()).CheckContent
                && await exchanges.Original(run.Exchange, cancellation) is { } twin)
                return await Meet(run, twin, findings, cancellation);
            return await End(run, run.Poisoned ? await SetAside(run, watch.Token) : await Read(run, partners, findings, watch.Token), findings, cancellation);
        }
        catch (LeaseLostException)
        {
            return await Stopped(run, findings);
        }
        catch (OperationCanceledException) when (lease.Lost || watch.Lost)
        {
            return await Stopped(run, findings);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service stops. Another process, or the next start, goes on from the archive.
            await TryRelease(run);
            throw;
        }
        catch (Exception e)
        {
            return await Fail(run, e, findings, cancellation);
        }
    }

    void Ended(ExchangeRun run, DocumentRow document)
    {
        log.Ended(run.Exchange, document);
        Telemetry.Ended(document);
    }

    /// <summary>One that is cancelled or taken over at this moment has its end from another.</summary>
    async Task TryRelease(ExchangeRun run)
    {
        try
        {
            await exchanges.Release(run, clock.GetUtcNow(), "The service was stopped.", CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            log.LeaseLost(run.Exchange.Partner, run.Exchange.File, run.Exchange.Id);
        }
    }

    /// <summary>The end of a run that may not go on: a person cancels it, or another worker has the exchange.</summary>
    async Task<FlowResult?> Stopped(ExchangeRun run, Findings findings)
    {
        // It is written also when the service stops meanwhile.
        if (await exchanges.Cancellations.End(run, CancellationToken.None) is not { } end)
            return TakenOver(run);
        try
        {
            return await End(run, end, findings, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            return TakenOver(run);
        }
    }

    FlowResult? TakenOver(ExchangeRun run)
    {
        Telemetry.LeaseLost();
        log.LeaseLost(run.Exchange.Partner, run.Exchange.File, run.Exchange.Id);
        return null;
    }

    /// <summary>
    /// Why an exchange is not to be run now, or null. A run that could only fail would write over why it failed before, and a partner who is no longer live is
    /// sent nothing.
    /// </summary>
    static string? WaitsFor(PartnerMaps partners, IReadOnlyDictionary<string, string> waiting, ExchangeRow exchange) =>
        exchange.Outgoing && partners.Silent.Contains(exchange.Partner) && !partners.Paused.Contains(exchange.Partner) ? Exchanges.AwaitsLife(exchange.Partner)
        : waiting.GetValueOrDefault(exchange.Partner);

    /// <summary>An exchange that waits is found by its numbers while it does.</summary>
    async Task<FlowResult> BeginWait(ExchangeRun run, string cause, CancellationToken cancellation)
    {
        await NoteUnread(run, DocumentState.Parsed, FailureClass.Config, cause, cancellation);
        var due = clock.GetUtcNow() + PausedWait;
        await exchanges.Release(run, due, cause, cancellation);
        return new(run.Exchange, null, due);
    }

    /// <summary>Those that wait already go on waiting while their cause lasts.</summary>
    async Task<IEnumerable<FlowResult>> GoOnWaiting(IReadOnlyList<long> ids, PartnerMaps partners, IReadOnlyDictionary<string, string> waiting, CancellationToken cancellation)
    {
        string[] causes = [.. waiting.Values, .. partners.Silent.Select(Exchanges.AwaitsLife)];
        if (causes.Length == 0)
            return [];
        var due = clock.GetUtcNow() + PausedWait;
        return (await exchanges.Defer(ids, causes, due, cancellation)).Select(exchange => new FlowResult(exchange, null, due));
    }

    async Task<ExchangeEnd> Read(ExchangeRun run, PartnerMaps partners, Findings findings, CancellationToken cancellation)
    {
        if (partners.Find(run.Exchange.Partner) is not { } partner)
        {
            var cause = $"Partner {run.Exchange.Partner} is not configured.";
            await NoteUnread(run, DocumentState.Failed, FailureClass.Config, cause, cancellation);
            return new() { State = ExchangeState.Failed, Class = FailureClass.Config, Cause = cause };
        }
        if (partner.State == PartnerState.Retired)
        {
            var cause = $"Partner {partner.Id} is retired: nothing of theirs is taken, and nothing is sent to them.";
            await NoteUnread(run, DocumentState.Failed, FailureClass.Config, cause, cancellation);
            return new() { State = ExchangeState.Failed, Class = FailureClass.Config, Cause = cause };
        }
        if (!run.Exchange.Outgoing)
            return await ReadFile(run, partner, partners, tools, document => Ended(run, document), findings, cancellation);
        findings.Masking = PersonalData.Masking(partner, partners);
        return await writing.Write(run, partner, partners, findings, cancellation);
    }

    /// <summary>
    /// Reads an exchange as a replay would, and writes nothing: rows go where the caller says, and it is told what would become of each document.
    /// </summary>
    /// <param name="run">The run it would be (<see cref="Exchanges.Trial"/>).</param>
    /// <param name="seller">Takes the rows.</param>
    /// <param name="told">Is told of every document.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public async Task<ExchangeEnd> Try(ExchangeRun run, ISeller seller, Action<DocumentRow> told, CancellationToken cancellation)
    {
        var partners = mappings.Current;
        if (partners.Find(run.Exchange.Partner) is { State: not PartnerState.Retired } partner)
            return await ReadFile(run, partner, partners, tools with { Seller = seller, Verdicts = null }, told, new(), cancellation);
        return new() { State = ExchangeState.Failed, Class = FailureClass.Config, Cause = $"Partner {run.Exchange.Partner} is not configured, or retired." };
    }

    async Task<ExchangeEnd> ReadFile(
        ExchangeRun run, PartnerDefinition partner, PartnerMaps partners, ReadingTools use, Action<DocumentRow> told, Findings findings, CancellationToken cancellation)
    {
        findings.Masking = PersonalData.Masking(partner, partners);
        if (PartnerMaps.Route(partner, run.Exchange.File) is { } route)
            return await ReadRecords(run, partner, route, partners.Map(partner, route), use, told, findings, cancellation);
        await using var content = await archive.Open(run.Exchange.Sha256, cancellation);
        using var reader = new EdiReader(content, findings, partner.Reading);
        return await new ExchangeReading(use, partners, run, partner, findings, told, () => Reopen(run, cancellation)).Read(reader, cancellation);
    }

    /// <summary>Reads a file that has no envelope: its name says which map takes it.</summary>
    async Task<ExchangeEnd> ReadRecords(
        ExchangeRun run, PartnerDefinition partner, RouteDefinition route, CompiledMap? map, ReadingTools use, Action<DocumentRow> told, Findings findings, CancellationToken cancellation)
    {
        var reading = new RecordReading(use, run, partner, findings, told);
        // All documents of the file have one map.
        (map, var missing) = await use.Chooser(run, partner).Choose(run.Pinned.Keys.FirstOrDefault(), map, named => named.ReadsRecords, cancellation);
        if (missing is not null)
        {
            findings.Add(RoutingFindings.NotKept(missing, default));
            return new() { State = ExchangeState.Failed, Class = FailureClass.Config, Cause = findings.Kept[^1].Message };
        }
        if (map is null)
        {
            findings.Add(RoutingFindings.Broken($"map {route.Map}", default));
            return new() { State = ExchangeState.Failed, Class = FailureClass.Config, Cause = $"The map {route.Map} has mistakes." };
        }
        using var reader = map.Open(() => Reopen(run, cancellation), partner.Id, findings);
        return await reading.Read(reader, map, cancellation);
    }

    /// <summary>The end of a file that kills the program, which is not read again.</summary>
    async Task<ExchangeEnd> SetAside(ExchangeRun run, CancellationToken cancellation)
    {
        var crashes = run.Exchange.CrashCount - 1;
        var cause = $"The program ended {crashes} times while it read this file.";
        // Looking for its numbers is a smaller thing, but may kill as well: it is tried once.
        if (crashes == Exchanges.CrashesMax)
            await TryNoteUnread(run, DocumentState.Failed, FailureClass.Bug, cause, cancellation);
        return new() { State = ExchangeState.Quarantined, Class = FailureClass.Bug, Cause = cause };
    }

    /// <summary>Notes the documents of a file that could not be read to its end.</summary>
    async Task NoteUnread(ExchangeRun run, DocumentState state, FailureClass failure, string cause, CancellationToken cancellation)
    {
        // What is loaded stays loaded, and should be known to be.
        if (run.Progress.Unwritten is { } loaded)
            await tools.Verdicts!.Save(run, new(loaded.Interchange, loaded.Documents, []), cancellation);
        // What goes out is in the seller's database, not in the archive.
        if (run.Exchange.Outgoing)
        {
            if (state == DocumentState.Failed)
                await writing.NoteFailed(run, failure, cause, cancellation);
            return;
        }
        var unread = new UnreadDocuments(tools.Verdicts!, run, new() { State = state, Class = failure, Cause = cause });
        var partners = mappings.Current;
        var partner = partners.Find(run.Exchange.Partner);
        if (partner is not null && PartnerMaps.Route(partner, run.Exchange.File) is { } route)
        {
            // Without its map nobody knows what the file holds.
            if (partners.Map(partner, route) is { } map)
            {
                using var records = map.Open(() => Reopen(run, cancellation), partner.Id, new());
                await unread.Write(records, cancellation);
            }
            return;
        }
        await using var content = await archive.Open(run.Exchange.Sha256, cancellation);
        using var reader = new EdiReader(content, new(), partner?.Reading);
        await unread.Write(reader, cancellation);
    }

    /// <summary>The archived file for who reads it more than once.</summary>
    Stream Reopen(ExchangeRun run, CancellationToken cancellation) => archive.Open(run.Exchange.Sha256, cancellation).GetAwaiter().GetResult();

    /// <summary>The same bytes came before: a completed exchange makes this one its duplicate, one under way is waited for.</summary>
    async Task<FlowResult> Meet(ExchangeRun run, ExchangeRow twin, Findings findings, CancellationToken cancellation)
    {
        if (Transitions.IsEnded(twin.State))
            return await End(run, new()
            {
                State = ExchangeState.Duplicate,
                DuplicateOf = twin.Id,
                Cause = $"The same bytes were received as #{twin.Id} ({twin.File}){(twin.State == ExchangeState.Rejected ? ", which was rejected" : "")}.",
            }, findings, cancellation);
        var due = clock.GetUtcNow() + TwinWait;
        await exchanges.Release(run, due, $"Waits for #{twin.Id}, which has the same bytes.", cancellation);
        return new(run.Exchange, null, due, AwaitsTwin: true);
    }

    async Task<FlowResult> End(ExchangeRun run, ExchangeEnd end, Findings findings, CancellationToken cancellation)
    {
        // From here on the archive is the only copy we need: the partner's file may go, in every state that is an end.
        var finalise = new OutboxEntry(OutboxKind.FinalizeRemote, $"finalise/{run.Exchange.Id}", run.Exchange.Path, null);
        await exchanges.End(run, end, findings, run.Exchange.Outgoing || run.Exchange.RemoteFileId is null ? [] : [finalise], cancellation);
        log.Ended(run.Exchange, end, findings.Count);
        Telemetry.Ended(run, end, findings);
        return new(run.Exchange, end, null);
    }

    /// <summary>Something other than the file was wrong: the world (tried again), our settings, or the program.</summary>
    async Task<FlowResult?> Fail(ExchangeRun run, Exception e, Findings findings, CancellationToken cancellation)
    {
        var failure = Failures.Classify(e);
        try
        {
            return await Settle(run, e, failure, findings, cancellation);
        }
        catch (LeaseLostException)
        {
            return await Stopped(run, findings);
        }
    }

    /// <summary>The same after a failure, which may well meet this too; it is the one that counts.</summary>
    async Task TryNoteUnread(ExchangeRun run, DocumentState state, FailureClass failure, string cause, CancellationToken cancellation)
    {
        try
        {
            await NoteUnread(run, state, failure, cause, cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or LeaseLostException))
        {
            log.Unnoted(e, run.Exchange.Partner, run.Exchange.File, run.Exchange.Id);
        }
    }

    async Task<FlowResult> Settle(ExchangeRun run, Exception e, FailureClass failure, Findings findings, CancellationToken cancellation)
    {
        var waits = mappings.Current.Find(run.Exchange.Partner)?.TransientRetries ?? [];
        if (failure == FailureClass.Transient && run.Exchange.TransientTries < waits.Count)
        {
            var due = clock.GetUtcNow() + waits[run.Exchange.TransientTries];
            log.Postponed(e, run.Exchange.Partner, run.Exchange.File, run.Exchange.Id, due);
            await TryNoteUnread(run, DocumentState.Parsed, failure, Failures.Sentence(e), cancellation);
            await exchanges.Postpone(run, due, e.Message, cancellation);
            return new(run.Exchange, null, due);
        }
        await TryNoteUnread(run, DocumentState.Failed, failure, Failures.Sentence(e), cancellation);
        log.FlowFailed(e, run.Exchange.Partner, run.Exchange.File, run.Exchange.Id);
        return await End(run, new() { State = ExchangeState.Failed, Class = failure, Cause = e.Message, Error = e.ToString() }, findings, cancellation);
    }
}
