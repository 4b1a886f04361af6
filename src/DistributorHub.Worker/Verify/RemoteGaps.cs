using System.Runtime.CompilerServices;
using Dapper;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Verify;

/// <summary>Looks at the partners' side: what lies there and was never taken, and what we put there and is gone.</summary>
sealed class RemoteGaps(Database database, FileSources sources, TimeProvider clock)
{
    /// <summary>A file may take two polls to settle; longer than this it should be ours.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    // Without limit in a folder that is only read by people: the rest waits for the next one that is there.
    const int MissingMax = 1_000;

    public async IAsyncEnumerable<Gap> Run(PartnerDefinition partner, VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (source, refused) = await Open(partner, cancellation);
        if (source is null)
        {
            yield return new(GapKind.Unreachable, partner.Id, partner.Source.Path, $"The partner's side cannot be looked at: {refused}", $"hub partner check {partner.Id}");
            yield break;
        }
        await using (source)
        {
            var listing = await Try(() => source.List(cancellation));
            if (listing.Failure is { } failure)
                yield return new(GapKind.Unreachable, partner.Id, partner.Source.Path, $"The folder cannot be listed: {failure}", $"hub partner check {partner.Id}");
            await foreach (var gap in NotArchived(partner, listing.Value ?? [], cancellation))
                yield return gap;
            await foreach (var gap in AcknowledgementsGone(partner, source, scope, cancellation))
                yield return gap;
        }
    }

    async IAsyncEnumerable<Gap> NotArchived(PartnerDefinition partner, IReadOnlyList<RemoteFile> listing, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        foreach (var file in listing)
        {
            var row = await connection.QueryFirstOrDefaultAsync<RemoteFileRow>(new CommandDefinition(
                """
                select id, partner, path, bytes, modified_at, first_seen, state, lease_until, fence, note from remote_file
                where partner = @Id and path = @Path and bytes = @Bytes and modified_at = @Modified
                """,
                new { partner.Id, file.Path, file.Bytes, Modified = Sightings.Stored(file.ModifiedAt) }, cancellationToken: cancellation));
            if (row is { State: FileState.Archived or FileState.Finalized or FileState.Ignored } || (row is not null && clock.GetUtcNow() - row.FirstSeen < Patience))
                continue;
            yield return new(GapKind.NotArchived, partner.Id, file.Path, row is null ? "It lies in the partner's folder, and no poll has seen it."
                : $"It lies in the partner's folder as {row.State} since {row.FirstSeen:u}{(row.Note is null ? "." : $": {row.Note}.")}",
                partner.State == PartnerState.Live ? $"hub partner poll {partner.Id}" : $"state: live in the partner's file (it is {partner.State.ToString().ToLowerInvariant()}); then hub partner poll {partner.Id}");
        }
    }

    /// <summary>
    /// Partners take their answers away, and that is how it should be. Only where the folder still has an older answer and a later one, one that is
    /// missing between them was not taken in turn.
    /// </summary>
    async IAsyncEnumerable<Gap> AcknowledgementsGone(PartnerDefinition partner, IFileSource source, VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var missing = new Queue<(long Exchange, string Name)>();
        var keeps = false;
        await using var connection = await database.Open(cancellation);
        var sent = connection.QueryUnbufferedAsync<(long Exchange, string Name)>(
            "select exchange_id, payload from outbox where partner = @Id and kind = 'SendAcknowledgement' and done_at >= @Since order by id", new { partner.Id, scope.Since });
        await foreach (var answer in sent.WithCancellation(cancellation))
        {
            var path = SourcePaths.AcknowledgeTarget(partner, answer.Name);
            var look = await Try(() => source.Stat(path, cancellation));
            if (look.Failure is not null)
                yield break;
            if (look.Value is null)
            {
                if (keeps && missing.Count < MissingMax)
                    missing.Enqueue(answer);
                continue;
            }
            keeps = true;
            while (missing.TryDequeue(out var gone))
                yield return new(GapKind.AcknowledgementGone, partner.Id, $"#{gone.Exchange}", $"{gone.Name} was sent, and is not in the partner's folder, which has older and later ones.",
                    "Ask the partner whether they have it before anything else.");
        }
    }

    async Task<(IFileSource? Source, string? Refused)> Open(PartnerDefinition partner, CancellationToken cancellation)
    {
        try
        {
            return (await sources.Open(partner, cancellation), null);
        }
        catch (SourceException e)
        {
            return (null, e.Message);
        }
    }

    static async Task<(T? Value, string? Failure)> Try<T>(Func<Task<T>> look)
    {
        try
        {
            return (await look(), null);
        }
        catch (SourceException e)
        {
            return (default, e.Message);
        }
    }
}
