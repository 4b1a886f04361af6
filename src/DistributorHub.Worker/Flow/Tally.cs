using DistributorHub.Edi;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>What became of the documents of a file so far, and what that makes of the file.</summary>
/// <param name="tools">What it is read with.</param>
/// <param name="run">The run.</param>
/// <param name="partner">The partner whose folder it came through.</param>
/// <param name="findings">What is wrong with it.</param>
sealed class Tally(ReadingTools tools, ExchangeRun run, PartnerDefinition partner, Findings findings)
{
    string? whyHeld, departure;
    long errorsInside;
    int good, held, failed;

    /// <summary>Loads a document that was read to its end; one that an earlier run has settled stays as it is, and one that was cut off fails.</summary>
    public async Task<DocumentRow> End(MessageReading reading, DocumentRow document, bool whole, CancellationToken cancellation)
    {
        // Nothing is loaded under a lease that is not ours any more.
        cancellation.ThrowIfCancellationRequested();
        var result = run.Settled.TryGetValue(document.Ordinal, out var before) ? document with { State = before }
            : whole ? await run.Times.Load(() => reading.Load(document, partner.Id, Rules(document, cancellation), cancellation))
            : reading.Failed(document);
        return Take(reading, result);
    }

    /// <summary>Takes the end of a document that is not loaded, but noted.</summary>
    public DocumentRow Take(MessageReading reading, DocumentRow result)
    {
        errorsInside += reading.Errors;
        Count(result);
        return result;
    }

    LoadRules Rules(DocumentRow document, CancellationToken cancellation) => new()
    {
        Duplicates = partner.Duplicates,
        Holding = partner,
        // Whoever wants an earlier list back knows that it leaves out what came after it.
        Approved = run.Kind == AttemptKind.Rollback || run.Approved.Contains(document.Ordinal),
        Reinstates = run.Kind == AttemptKind.Rollback,
        Expected = run.Expected.GetValueOrDefault(document.Ordinal),
        Before = run.Before.GetValueOrDefault(document.Ordinal, DocumentState.Failed),
        Replaces = run.Kind is AttemptKind.Replay or AttemptKind.Rollback ? run.Loaded.GetValueOrDefault(document.Ordinal) : null,
        IsLoadedElsewhere = identity => tools.Queries.IsLoadedElsewhere(partner.Id, identity, run.Exchange.Id, cancellation),
        NameOf = async identity => await tools.Queries.LoadedBy(partner.Id, identity, cancellation) is { } earlier ? $"#{earlier.Id} ({earlier.File})" : null,
    };

    /// <summary>Takes the end of a document into account.</summary>
    public void Count(DocumentRow result)
    {
        departure ??= result.Departure;
        switch (result.State)
        {
            case DocumentState.Failed:
                failed++;
                break;
            case DocumentState.Held:
                held++;
                whyHeld ??= result.Cause;
                break;
            default:
                good++;
                break;
        }
    }

    /// <summary>The end of the file.</summary>
    public ExchangeEnd Verdict()
    {
        var state = Transitions.RollUp(good, held, failed, findings.Errors > errorsInside);
        var error = findings.Kept.FirstOrDefault(finding => finding.Severity >= Severity.Error);
        if (departure is not null || Transitions.IsFailed(state) && error is null && run.Replay is not null)
            return new() { State = state, Class = Transitions.IsFailed(state) ? FailureClass.Data : null, Cause = departure ?? "What failed before was left as it is, as its dry run has shown.", Departure = departure };
        if (!Transitions.IsFailed(state) || error is null)
            return new() { State = state, Cause = state == ExchangeState.Held ? whyHeld : null };
        return new()
        {
            State = state,
            Class = error.Code.StartsWith(RoutingFindings.Prefix, StringComparison.Ordinal) ? FailureClass.Config : FailureClass.Data,
            Cause = $"{error.Code} {error.Message}",
        };
    }
}
