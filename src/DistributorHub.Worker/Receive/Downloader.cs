using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DistributorHub.Worker.Partners;
using Polly;

namespace DistributorHub.Worker.Receive;

/// <summary>How the download of one file ended.</summary>
abstract record DownloadOutcome
{
    DownloadOutcome()
    {
    }

    /// <summary>Whole and unchanged on the partner's side. The spool file belongs to the caller, who deletes it after archiving.</summary>
    /// <param name="SpoolPath">The bytes on our disk.</param>
    /// <param name="Sha256">Their hash, in lower-case hex.</param>
    /// <param name="Bytes">Their number.</param>
    /// <param name="Trailer">Whether the end of the last interchange is there.</param>
    public sealed record Downloaded(string SpoolPath, string Sha256, long Bytes, TrailerState Trailer) : DownloadOutcome;

    /// <summary>Size or time differ from the listing, or fewer bytes came: still being written, so it settles again.</summary>
    public sealed record Changed(RemoteFile Now) : DownloadOutcome;

    /// <summary>Larger than <see cref="SourceDefinition.FileBytesMax"/>; not fetched.</summary>
    public sealed record TooLarge(long Bytes, long BytesMax) : DownloadOutcome;

    /// <summary>Taken away by the partner since the listing.</summary>
    public sealed record Gone : DownloadOutcome;

    /// <summary>The source failed; the file is untouched and settles again.</summary>
    public sealed record Failed(SourceFault Fault, string Reason) : DownloadOutcome;
}

readonly record struct Download(RemoteFile File, DownloadOutcome Outcome);

/// <summary>
/// Fetches settled files into spool files. SFTP reports success for a file that was cut short while it was read, and reads on when
/// one grows: so the bytes that came are compared with the listing, and the listing with a look at the file afterwards.
/// </summary>
/// <remarks>If we die here, spool files stay behind; nothing refers to them, and <see cref="DeleteLeftovers"/> removes them.</remarks>
sealed class Downloader(string spool, TimeProvider clock)
{
    const string SpoolSuffix = ".part";

    readonly ResiliencePipeline retry = SourceRetry.Build(clock);

    /// <summary>
    /// Fetches <paramref name="files"/>, several at a time, and gives them back in their order: a change never overtakes its order.
    /// At most <see cref="SourceDefinition.ParallelDownloads"/> files are in the spool besides those the caller has not deleted.
    /// </summary>
    public async IAsyncEnumerable<Download> Run(
        IFileSource source, SourceDefinition settings, IEnumerable<RemoteFile> files, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Directory.CreateDirectory(spool);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var underWay = new Queue<Task<Download>>();
        try
        {
            foreach (var file in files)
            {
                underWay.Enqueue(Fetch(source, settings, file, stop.Token));
                if (underWay.Count >= settings.ParallelDownloads)
                    yield return await underWay.Dequeue();
            }
            while (underWay.TryDequeue(out var next))
                yield return await next;
        }
        finally
        {
            await stop.CancelAsync();
            await Abandon(underWay);
        }
    }

    /// <summary>Removes spool files nobody has touched for <paramref name="age"/>: the remains of processes that died.</summary>
    public void DeleteLeftovers(TimeSpan age)
    {
        if (!Directory.Exists(spool))
            return;
        foreach (var file in new DirectoryInfo(spool).EnumerateFiles("*" + SpoolSuffix))
            if (clock.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc >= age)
                file.Delete();
    }

    async Task<Download> Fetch(IFileSource source, SourceDefinition settings, RemoteFile file, CancellationToken cancellation)
    {
        if (file.Bytes > settings.FileBytesMax)
            return new(file, new DownloadOutcome.TooLarge(file.Bytes, settings.FileBytesMax));
        try
        {
            return new(file, await retry.ExecuteAsync(async token => await Attempt(source, file, token), cancellation));
        }
        catch (SourceException e)
        {
            return new(file, new DownloadOutcome.Failed(e.Fault, e.Message));
        }
    }

    async Task<DownloadOutcome> Attempt(IFileSource source, RemoteFile file, CancellationToken cancellation)
    {
        var path = Path.Combine(spool, Guid.NewGuid().ToString("N") + SpoolSuffix);
        var keep = false;
        try
        {
            var outcome = await Copy(source, file, path, cancellation);
            keep = outcome is DownloadOutcome.Downloaded;
            return outcome;
        }
        finally
        {
            if (!keep)
                File.Delete(path);
        }
    }

    static async Task<DownloadOutcome> Copy(IFileSource source, RemoteFile file, string path, CancellationToken cancellation)
    {
        await using var target = new SpoolStream(path, file.Bytes);
        try
        {
            await source.Download(file, target, cancellation);
        }
        catch (Exception) when (target.Overflowed)
        {
            // It grew while it was read; the source's own exception only carries ours.
            return await Look(source, file, cancellation);
        }
        catch (Exception) when (target.Failure is not null)
        {
            // Our own disk failed: no fault of the partner's, and none that another file would not meet.
            ExceptionDispatchInfo.Throw(target.Failure);
        }
        catch (SourceException e) when (e.Fault == SourceFault.Refused)
        {
            // A file that is gone and one that is forbidden are told apart by looking.
            if (await source.Stat(file.Path, cancellation) is null)
                return new DownloadOutcome.Gone();
            throw;
        }
        var now = await source.Stat(file.Path, cancellation);
        if (now != file || target.Length != file.Bytes)
            return now is { } changed ? new DownloadOutcome.Changed(changed) : new DownloadOutcome.Gone();
        var hash = await target.Seal(cancellation);
        return new DownloadOutcome.Downloaded(path, hash, file.Bytes, target.Trailer);
    }

    static async Task<DownloadOutcome> Look(IFileSource source, RemoteFile file, CancellationToken cancellation) =>
        await source.Stat(file.Path, cancellation) is { } now ? new DownloadOutcome.Changed(now) : new DownloadOutcome.Gone();

    // The caller stopped reading: what was fetched for it is removed, and no failure of it is news any more.
    static async Task Abandon(Queue<Task<Download>> underWay)
    {
        foreach (var task in underWay)
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (task.IsCompletedSuccessfully && (await task).Outcome is DownloadOutcome.Downloaded { SpoolPath: var path })
                File.Delete(path);
        }
    }
}
