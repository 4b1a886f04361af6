using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Flow;

/// <summary>What an exchange is read with.</summary>
/// <param name="Definitions">Message definitions.</param>
/// <param name="Seller">Where rows go.</param>
/// <param name="Verdicts">Where it is written what became of documents; null for a dry run, of which nothing is.</param>
/// <param name="Queries">The ledger.</param>
/// <param name="Versions">Versions of maps.</param>
/// <param name="Answers">Answers to what was sent.</param>
/// <param name="Drift">What is in the partners' messages.</param>
/// <param name="Clock">The clock.</param>
sealed record ReadingTools(
    DefinitionLibrary Definitions, ISeller Seller, Ledger.Verdicts? Verdicts, ExchangeQueries Queries, MapVersions Versions, ExpectedAnswers Answers, DriftBook Drift, TimeProvider Clock)
{
    public MapChooser Chooser(ExchangeRun run, PartnerDefinition partner) => new(Versions, run, partner.Id);

    /// <summary>Where the partner's documents are loaded by a run.</summary>
    public ISeller SellerOf(PartnerDefinition partner, ExchangeRun run)
    {
        var seller = partner is { State: PartnerState.Test, TestSchema: { } schema } ? new ShadowSeller(Seller, schema) : Seller;
        return Verdicts is null ? seller : new RunSeller(seller, run, Verdicts);
    }

    /// <summary>True for a partner under test whose documents have nowhere to be loaded.</summary>
    public static bool HasNoTables(PartnerDefinition partner) => partner is { State: PartnerState.Test, TestSchema: null };
}

/// <summary>One pass over a file: message by message into the seller's tables, interchange by interchange into the ledger.</summary>
sealed class ExchangeReading
{
    // Documents of one interchange that are written to the ledger together; a file of many messages is not held in memory.
    const int DocumentsPerWriteMax = 500;

    readonly ReadingTools tools;
    readonly PartnerMaps partners;
    readonly ExchangeRun run;
    readonly PartnerDefinition source;
    readonly Findings findings;
    readonly Action<DocumentRow> loaded;
    readonly List<Finding> early = [], header = [];
    readonly List<DocumentRow> unwritten = [];
    readonly Tally tally;
    readonly AnswerReading answers;
    readonly ISeller seller;
    readonly MessageShape shape = new();
    MessageReading? message;
    MessageValidator? validator;
    DocumentRow document = new();
    InterchangeRow interchange = new();
    PartnerDefinition? partner;
    AcknowledgementBuilder? acknowledging;
    InterchangeInfo? current;
    Finding? unagreed;
    readonly InterchangeCheck check;
    readonly MapChooser maps;
    InterchangeTwin? twin, duplicateOf, conflict;
    Verdict? last;
    bool open, isFirst;
    int interchanges, duplicates, accepted, rejected, inInterchange;

    /// <param name="tools">What to read with.</param>
    /// <param name="partners">Partners and maps, the same from the file's first message to its last.</param>
    /// <param name="run">The run this is.</param>
    /// <param name="source">Partner whose folder the file came through.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="loaded">Is told of every message's end.</param>
    /// <param name="reopen">The file from its beginning, for who compares it with another.</param>
    public ExchangeReading(
        ReadingTools tools, PartnerMaps partners, ExchangeRun run, PartnerDefinition source, Findings findings, Action<DocumentRow> loaded, Func<Stream> reopen)
    {
        (this.tools, this.partners, this.run, this.source, this.findings, this.loaded) = (tools, partners, run, source, findings, loaded);
        tally = new(tools, run, source, findings);
        answers = new(tools.Answers, run, findings, tools.Clock);
        seller = tools.SellerOf(source, run);
        maps = tools.Chooser(run, source);
        check = new(tools, run, reopen, findings);
        findings.Added = finding =>
        {
            if (AcknowledgementFile.Concerns(finding))
            {
                acknowledging?.Add(finding);
                // Faults of UNB or ISA are found before the interchange they belong to is known.
                if (!open)
                    header.Add(finding);
            }
            if (message is null && finding.At.Message > 0 && finding.Severity >= Severity.Error)
                early.Add(finding);
        };
    }

    /// <summary>Reads the file to its end, or to where it cannot be read further.</summary>
    public async Task<ExchangeEnd> Read(EdiReader reader, CancellationToken cancellation)
    {
        try
        {
            while (reader.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                run.Progress.Read(reader.BytesRead);
                await Step(reader, cancellation);
            }
            await Close(cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or LeaseLostException) && unwritten.Count > 0)
        {
            // What is loaded stays loaded, and should be known to be.
            if (last is not null)
                await Write(last, cancellation);
            else
                await Write(ended: false, cancellation);
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
        if (interchanges == 0 && findings.Errors == 0)
            findings.Add(RoutingFindings.Empty());
        return last is { } verdict && tools.Verdicts is { } verdicts ? Verdict() with { Commit = verdicts.Last(run, verdict, cancellation) } : Verdict();
    }

    /// <summary>The end of the file. Where all of it came before it is a duplicate; a control number that was used for something else sets it aside.</summary>
    ExchangeEnd Verdict()
    {
        if (duplicateOf is { Earlier.Exchange: var original } && duplicates == interchanges)
            return new()
            {
                State = ExchangeState.Duplicate,
                DuplicateOf = original.Id,
                Cause = $"The same interchange was received as #{original.Id} ({original.File}).",
            };
        var end = tally.Verdict();
        return conflict is { IsHeld: false } && end.State == ExchangeState.Failed ? end with { State = ExchangeState.Quarantined, Class = FailureClass.Data } : end;
    }

    async Task Step(EdiReader reader, CancellationToken cancellation)
    {
        switch (reader.Event)
        {
            case EdiEvent.InterchangeStart:
                await Open(reader, cancellation);
                break;
            case EdiEvent.InterchangeAcknowledgement:
                await Technical(reader, cancellation);
                break;
            case EdiEvent.GroupStart or EdiEvent.GroupEnd:
                acknowledging?.Accept(reader);
                break;
            case EdiEvent.MessageStart:
                await Start(reader, cancellation);
                break;
            case EdiEvent.Segment:
                message?.Accept(reader);
                answers.Accept(reader);
                if (isFirst)
                    document = document with { StatedNumber = StatedNumber.Of(reader.Segment), Purpose = StatedPurpose.Of(reader.Segment) };
                isFirst = false;
                break;
            case EdiEvent.MessageEnd when message is not null:
                message.End(reader);
                document = document with { Segments = reader.Message!.Segments };
                acknowledging?.Identify(message.Number ?? document.StatedNumber);
                acknowledging?.Accept(reader);
                await End(whole: true, cancellation);
                break;
            case EdiEvent.MessageEnd when twin is not null:
                acknowledging?.Accept(reader);
                await Pass(twin, reader.Message!.Segments, cancellation);
                break;
            case EdiEvent.InterchangeEnd:
                acknowledging?.Accept(reader);
                await Write(ended: true, cancellation);
                break;
        }
    }

    async Task Technical(EdiReader reader, CancellationToken cancellation)
    {
        var before = findings.Errors;
        MessageValidator.CheckAcknowledgement(reader, findings);
        if (partner is not null && unagreed is null && findings.Errors == before)
            await answers.Technical(reader, cancellation);
    }

    /// <summary>Ends what a fatal finding left open: the message fails, those before it stay.</summary>
    async Task Close(CancellationToken cancellation)
    {
        if (message is not null)
            await End(whole: false, cancellation);
        if (open)
            await Write(ended: true, cancellation);
    }

    async Task Open(EdiReader reader, CancellationToken cancellation)
    {
        if (last is { } before)
            await Write(before, cancellation);
        var info = reader.Interchange!;
        interchanges++;
        open = true;
        (accepted, rejected, inInterchange, twin) = (0, 0, 0, null);
        interchange = InterchangeRow.Of(info);
        current = info;
        partner = RoutingFindings.Identify(partners.Book, info, source.Id, findings);
        // An interchange that is not of this partner is not acknowledged: the acknowledgement would go to a stranger.
        acknowledging = partner is null ? null : new(partner.Acknowledge.Answers);
        acknowledging?.Accept(reader);
        foreach (var finding in header.Where(finding => finding.At.Interchange == info.Ordinal))
            acknowledging?.Add(finding);
        header.Clear();
        unagreed = partner is null ? null : RoutingFindings.Indicator(partner, info);
        if (unagreed is not null)
            findings.Add(unagreed);
        else if (partner is not null && await check.Find(info, interchange, partner, cancellation) is { } earlier)
            Meet(earlier);
    }

    /// <summary>The interchange's control number was used before: nothing of it is loaded.</summary>
    void Meet(InterchangeTwin earlier)
    {
        twin = earlier;
        interchange = interchange with { State = earlier.SameContent ? InterchangeState.Duplicate : InterchangeState.Conflict };
        if (earlier.SameContent)
            (duplicates, duplicateOf) = (duplicates + 1, duplicateOf ?? earlier);
        else
            conflict ??= earlier;
        // What a person decides about is answered when it is decided.
        if (earlier.IsHeld)
            acknowledging = null;
        acknowledging?.Duplicate();
    }

    /// <summary>Notes a message of an interchange that is not loaded.</summary>
    async Task Pass(InterchangeTwin earlier, int segments, CancellationToken cancellation)
    {
        var original = earlier.Earlier.Documents.ElementAtOrDefault(inInterchange++);
        early.Clear();
        if (run.Settled.ContainsKey(document.Ordinal))
            return;
        await Note(document with
        {
            State = earlier.State,
            Class = earlier.State == DocumentState.Failed ? FailureClass.Data : null,
            Cause = $"Interchange {interchange.Reference} came before with {(earlier.SameContent ? "the same" : "other")} content, in #{earlier.Earlier.Exchange.Id} ({earlier.Earlier.Exchange.File}).",
            DuplicateOf = earlier.SameContent ? original?.Identity : null,
            Hold = earlier.IsHeld ? new(["conflict"], null, partner!.Approvals) : null,
            Segments = segments,
        }, cancellation);
    }

    async Task Start(EdiReader reader, CancellationToken cancellation)
    {
        var (envelope, info) = (reader.Interchange!, reader.Message!);
        document = DocumentRow.Of(info, run.Exchange.Sha256);
        isFirst = true;
        acknowledging?.Accept(reader);
        if (twin is not null)
            return;
        var agreement = partners.Find(partner, envelope.Standard, info);
        // What an earlier run has loaded is checked again for the interchange's verdict, but not mapped.
        var isSettled = run.Settled.ContainsKey(info.Ordinal);
        var (chosen, missing) = isSettled || partner is null ? default
            : await maps.Choose(info.Ordinal, agreement.Map, map => !map.ReadsRecords && map.Takes(envelope.Standard, info.Type), cancellation);
        if (chosen is not null)
            agreement = agreement with { Map = chosen.For(info) };
        var mapped = isSettled || missing is not null || unagreed is not null ? null : agreement.Map;
        validator = MessageValidator.Next(validator, agreement.Definition(tools.Definitions, envelope.Standard, info) ?? AnswerReading.Definition(tools.Definitions, envelope, info), findings, agreement.Guide);
        message = await MessageReading.Start(reader, findings, validator, mapped, mapped is null ? null : PartnerMaps.Context(reader, partner!, run.Exchange.File), seller, cancellation);
        if (partner is not null && unagreed is null && !isSettled)
        {
            answers.Start(reader);
            // What is read again was counted when it came.
            if (run.Kind == AttemptKind.First && tools.Verdicts is not null && validator is not null)
                message.Watch(shape, validator.Definition);
        }
        foreach (var finding in early)
            message.Note(finding);
        early.Clear();
        if (info.Refused is { } refused)
            message.Refuse(refused);
        if (partner is null)
            message.Note(findings.Kept.LastOrDefault(finding => finding.Code.StartsWith(RoutingFindings.Prefix, StringComparison.Ordinal))
                ?? RoutingFindings.UnknownPartner(envelope, "No partner sends this."));
        else if (unagreed is not null)
        {
            message.Note(unagreed);
            acknowledging?.Reject();
        }
        else if (agreement.Route is null && !ReceivedAnswer.IsAnswer(info.Type))
            findings.Add(RoutingFindings.NoRoute(envelope, info, partner));
        else if (missing is not null)
            findings.Add(RoutingFindings.NotKept(missing, new(info.Offset, envelope.Ordinal, Message: info.Ordinal, Segment: 1)));
        else if (agreement.Broken is { } broken)
            findings.Add(RoutingFindings.Broken(envelope, info, broken));
        else if (mapped is not null && ReadingTools.HasNoTables(source))
            findings.Add(RoutingFindings.NoTestTables(source, new(info.Offset, envelope.Ordinal, Message: info.Ordinal, Segment: 1)));
    }

    async Task End(bool whole, CancellationToken cancellation)
    {
        var reading = message!;
        var settled = run.Settled.ContainsKey(document.Ordinal);
        var noted = answers.IsOpen ? await answers.End(reading, document, whole, cancellation) : null;
        var result = noted is not null && reading.Map is null ? tally.Take(reading, noted) : await tally.End(reading, document, whole, cancellation);
        if (result.State == DocumentState.Failed && whole && !settled)
            acknowledging?.Refuse(reading.Reasons);
        if (whole && reading.Watched is { } seen)
            tools.Drift.Add(partner!.Id, result, run.Exchange.Id, seen);
        message = null;
        await reading.DisposeAsync();
        if (reading.Rejected)
            rejected++;
        else
            accepted++;
        if (settled || result.Departure is not null)
            return;
        await Write(result, cancellation);
    }

    async Task Note(DocumentRow result, CancellationToken cancellation)
    {
        tally.Count(result);
        await Write(result, cancellation);
    }

    async Task Write(DocumentRow result, CancellationToken cancellation)
    {
        unwritten.Add(result);
        loaded(result);
        if (unwritten.Count >= DocumentsPerWriteMax)
            await Write(ended: false, cancellation);
    }

    /// <summary>
    /// Writes the interchange and its documents; at its end with the acknowledgements, in the same transaction. The last interchange of a file, which nearly
    /// always is the only one, is written by the commit that ends the exchange.
    /// </summary>
    async Task Write(bool ended, CancellationToken cancellation)
    {
        if (ended)
            interchange = interchange with { State = InterchangeVerdict() };
        var due = ended ? acknowledging?.End() ?? [] : [];
        SequenceNotice? numbers = null;
        var verdict = new Verdict(interchange, [.. unwritten],
            [.. due.Select(answer => AcknowledgementFile.Number(answer, run.Exchange.Id, tools.Clock.GetUtcNow(), isDuplicate: twin is not null))],
            async (connection, transaction, now) =>
            {
                await answers.Note(connection, transaction, now, cancellation);
                if (ended && partner is { Sequence: SequenceCheck.Warn })
                    numbers = await Sequences.Note(connection, transaction, run, interchange, now, cancellation);
            });
        if (ended)
            (acknowledging, open) = (null, false);
        // What the sequence of numbers shows is a finding, and the end of an exchange writes those that it knows.
        if (ended && partner is not { Sequence: SequenceCheck.Warn })
        {
            last = verdict;
            return;
        }
        await Write(verdict, cancellation);
        foreach (var finding in numbers is null ? [] : SequenceFindings.Of(numbers, current!))
            findings.Add(finding);
    }

    async Task Write(Verdict verdict, CancellationToken cancellation)
    {
        if (tools.Verdicts is { } verdicts)
            await run.Times.Acknowledge(() => verdicts.Save(run, verdict, cancellation));
        unwritten.Clear();
        answers.Noted();
        last = null;
    }

    InterchangeState InterchangeVerdict() => (accepted, rejected) switch
    {
        _ when partner is null => InterchangeState.Rejected,
        _ when twin is not null => interchange.State,
        ( > 0, > 0) => InterchangeState.PartiallyAccepted,
        (0, > 0) => InterchangeState.Rejected,
        _ => InterchangeState.Accepted,
    };
}
