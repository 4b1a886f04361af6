using DistributorHub.Edi.Acknowledge;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>A right on the partner's side that was tried.</summary>
/// <param name="Granted">True when the partner's side permits it.</param>
/// <param name="Sentence">What is permitted, or what is not, why and what to do.</param>
sealed record WriteRight(bool Granted, string Sentence);

/// <summary>
/// Tries on a partner's side, with a hidden file, what the hub will have to do there once a file is loaded: take it away, and put an answer.
/// A folder that is missing is made, as the first real file would.
/// </summary>
static class WriteRights
{
    /// <summary>How names of probes start. Whatever the pattern, no poll takes one; other programs leave hidden and <c>.tmp</c> files alone.</summary>
    public const string ProbePrefix = ".hub-probe-";

    public static async Task<IReadOnlyList<WriteRight>> Try(
        IFileSource source, PartnerDefinition partner, DateTimeOffset now, CancellationToken cancellation)
    {
        var settings = partner.Source;
        var probe = SourcePaths.Join(settings.Path, Probe());
        var rights = new List<WriteRight>
        {
            settings.AfterRead switch
            {
                AfterRead.Leave => new(true, "files are left where they are (after_read: leave)"),
                AfterRead.Delete => await TryDelete(source, settings, probe, cancellation),
                AfterRead.Move => await TryMove(source, settings, probe, now, cancellation),
                var other => throw new System.Diagnostics.UnreachableException($"No right for '{other}'."),
            },
        };
        var answers = partner.Acknowledge.Answers;
        if (answers.Business || answers.Technical != Answering.Never || answers.Functional != Answering.Never)
            rights.Add(await TryPut(source, partner, cancellation));
        return rights;
    }

    static async Task<WriteRight> TryDelete(IFileSource source, SourceDefinition settings, string probe, CancellationToken cancellation)
    {
        string? left = null;
        try
        {
            await source.Put(probe, default, cancellation);
            left = probe;
            await source.Delete(probe, cancellation);
            return new(true, $"files can be deleted from '{settings.Path}' (after_read: delete)");
        }
        catch (SourceException e)
        {
            return Denied($"files cannot be deleted from '{settings.Path}', as after_read: delete wants", e, left,
                $"{Whom(settings)} the right to delete there, or write after_read: leave");
        }
    }

    static async Task<WriteRight> TryMove(
        IFileSource source, SourceDefinition settings, string probe, DateTimeOffset now, CancellationToken cancellation)
    {
        var target = SourcePaths.MoveTarget(settings, new(probe, 0, now), now);
        string? left = null;
        try
        {
            await source.Put(probe, default, cancellation);
            left = probe;
            await source.Move(probe, target, cancellation);
            left = target;
        }
        catch (SourceException e)
        {
            left = left is null || await TryRemove(source, left, cancellation) is null ? null : left;
            return Denied($"files cannot be moved away from '{settings.Path}', as after_read: move wants", e, left,
                $"{Whom(settings)} the right to rename there and to write into '{settings.MoveTo}', or write after_read: leave");
        }
        return new(true, $"files can be moved from '{settings.Path}' to '{settings.MoveTo}' (after_read: move)"
            + Remains(left, await TryRemove(source, left, cancellation)));
    }

    static async Task<WriteRight> TryPut(IFileSource source, PartnerDefinition partner, CancellationToken cancellation)
    {
        var folder = partner.Acknowledge.Folder;
        var probe = SourcePaths.AcknowledgeTarget(partner, Probe());
        try
        {
            await source.Put(probe, default, cancellation);
        }
        catch (SourceException e)
        {
            return Denied($"acknowledgements cannot be put into '{folder}'", e, null,
                $"{Whom(partner.Source)} the right to create and rename files there, or write technical: no and functional: no");
        }
        return new(true, $"acknowledgements can be put into '{folder}'" + Remains(probe, await TryRemove(source, probe, cancellation)));
    }

    /// <summary>Removes a probe; what stood in the way, or null.</summary>
    static async Task<SourceException?> TryRemove(IFileSource source, string probe, CancellationToken cancellation)
    {
        try
        {
            await source.Delete(probe, cancellation);
            return null;
        }
        catch (SourceException e)
        {
            return e;
        }
    }

    static WriteRight Denied(string what, SourceException why, string? left, string advice) =>
        new(false, $"{what}. {Sentence(why.Message)}{(left is null ? "" : $" The empty file '{left}' stays there: remove it.")} {advice}.");

    // A folder on our side is nobody's but ours.
    static string Whom(SourceDefinition settings) => settings.Kind == SourceKind.Folder ? "Give the account that the hub runs as" : "Ask the partner for";

    static string Remains(string probe, SourceException? why) =>
        why is null ? "" : $"; but the empty file '{probe}' stays there, remove it: {Sentence(why.Message)}";

    static string Sentence(string text) => text is [.., '.' or '!' or '?'] ? text : text + ".";

    static string Probe() => $"{ProbePrefix}{Guid.NewGuid():N}.tmp";
}
