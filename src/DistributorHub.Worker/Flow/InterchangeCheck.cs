using System.Security.Cryptography;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>An interchange whose control number was used before.</summary>
/// <param name="Earlier">By whom.</param>
/// <param name="SameContent">True when its messages are the same, byte for byte between their headers and trailers.</param>
/// <param name="State">What becomes of its documents.</param>
sealed record InterchangeTwin(EarlierInterchange Earlier, bool SameContent, DocumentState State)
{
    /// <summary>True when a person has to decide before the partner is told anything.</summary>
    public bool IsHeld => State == DocumentState.Held;
}

/// <summary>
/// Whether an interchange came before, by its control number. That is seldom so; only then is its content compared, for which the file is read once more.
/// </summary>
/// <param name="tools">What it is asked of.</param>
/// <param name="run">The run.</param>
/// <param name="reopen">The file from its beginning.</param>
/// <param name="findings">Takes what is told of it.</param>
sealed class InterchangeCheck(ReadingTools tools, ExchangeRun run, Func<Stream> reopen, Findings findings)
{
    Dictionary<int, List<(string Type, string Hash)>>? contents;

    /// <summary>The earlier one, after a finding that names it; null when the interchange is to be loaded.</summary>
    public async Task<InterchangeTwin?> Find(InterchangeInfo info, InterchangeRow interchange, PartnerDefinition partner, CancellationToken cancellation)
    {
        var policy = partner.Duplicates;
        // Whoever has it read again or all the same knows that the number was used.
        if (!policy.CheckInterchange || info.Reference.Length == 0 || run.Kind is AttemptKind.Force or AttemptKind.Replay or AttemptKind.Rollback or AttemptKind.Approve || run.Approved.Count > 0
            || await tools.Queries.Earlier(run.Exchange, interchange, tools.Clock.GetUtcNow() - policy.Window, cancellation) is not { } earlier)
            return null;
        contents ??= Contents(partner.Reading, cancellation);
        var isSame = contents.GetValueOrDefault(info.Ordinal, []).SequenceEqual(earlier.Documents.Select(document => (document.Type, document.BodyHash ?? "")));
        var state = isSame ? DocumentState.Skipped : policy.OnConflict == OnConflict.Hold ? DocumentState.Held : DocumentState.Failed;
        findings.Add(isSame ? Duplicate(info, earlier) : Conflict(info, earlier, state == DocumentState.Held));
        return new(earlier, isSame, state);
    }

    /// <summary>Type and hash of every message by the ordinal of its interchange; as <see cref="MessageReading"/> makes them.</summary>
    Dictionary<int, List<(string, string)>> Contents(ReaderOptions options, CancellationToken cancellation)
    {
        var all = new Dictionary<int, List<(string, string)>>();
        using var body = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = reopen();
        using var reader = new EdiReader(stream, new(), options);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    body.GetHashAndReset();
                    break;
                case EdiEvent.Segment:
                    MessageReading.Hash(body, reader.Segment);
                    break;
                case EdiEvent.MessageEnd:
                    if (!all.TryGetValue(reader.Interchange!.Ordinal, out var messages))
                        all.Add(reader.Interchange.Ordinal, messages = []);
                    messages.Add((reader.Message!.Type, Convert.ToHexStringLower(body.GetHashAndReset())));
                    break;
            }
        }
        return all;
    }

    static Finding Duplicate(InterchangeInfo info, EarlierInterchange earlier) => new()
    {
        Code = "DUP6001",
        Severity = Severity.Information,
        At = new(info.Offset, info.Ordinal),
        Found = info.Reference,
        Message = $"Interchange {info.Reference} came before with the same content, in #{earlier.Exchange.Id} ({earlier.Exchange.File}). It is skipped.",
    };

    static Finding Conflict(InterchangeInfo info, EarlierInterchange earlier, bool held) => new()
    {
        Code = "DUP6002",
        Severity = held ? Severity.Warning : Severity.Error,
        At = new(info.Offset, info.Ordinal),
        Found = info.Reference,
        Expected = "a control number that was not used before",
        Message = $"Interchange {info.Reference} came before with other content, in #{earlier.Exchange.Id} ({earlier.Exchange.File}). Nothing of this one is loaded.",
        Advice = held
            ? "Ask the partner which of the two counts: 'hub exchange approve' loads this one, 'hub exchange reject' ends it."
            : "Ask the partner whether the number was used twice by mistake. If this one is to be loaded as well: 'hub exchange retry --force --reason …'.",
    };
}
