using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// A local or mounted folder. Links below the configured folders are not followed: someone who may write into a partner's folder
/// must not be able to have other files read or overwritten by linking to them.
/// </summary>
sealed class FolderSource : IFileSource
{
    const string TemporarySuffix = ".part";
    const int BufferBytes = 256 * 1024;

    readonly string root;
    readonly SourceDefinition source;
    readonly FilePattern pattern;
    readonly string[] folders;
    readonly TimeProvider clock;

    /// <param name="root">Folder that relative paths start from (<c>Hub:Files</c>).</param>
    /// <param name="partner">Whose folder it is.</param>
    /// <param name="clock">For time limits.</param>
    public FolderSource(string root, PartnerDefinition partner, TimeProvider clock)
    {
        this.root = Path.GetFullPath(root);
        this.clock = clock;
        source = partner.Source;
        pattern = new(source);
        folders = [.. SourcePaths.WrittenFolders(partner).Prepend(source.Path).Select(folder => Path.GetFullPath(folder, this.root))];
    }

    public Task<IReadOnlyList<RemoteFile>> List(CancellationToken cancellation) =>
        Guard("listing", source.Path, () => pattern.Choose(Entries()), cancellation);

    public async Task Download(RemoteFile file, Stream destination, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(source.OperationTimeout + Transfer.Allowance(file.Bytes), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var path = Locate(file.Path);
            RefuseLink(path);
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
            await Transfer.Copy(stream, destination, BufferBytes, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw TimedOut("reading", file.Path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain("reading", file.Path, e);
        }
    }

    public Task<RemoteFile?> Stat(string path, CancellationToken cancellation) => Guard("looking at", path, () =>
    {
        var info = new FileInfo(Locate(path));
        return info.Exists && info.LinkTarget is null ? Describe(path, info) : (RemoteFile?)null;
    }, cancellation);

    public Task Delete(string path, CancellationToken cancellation) => Guard("deleting", path, () =>
    {
        var full = Locate(path);
        if (Directory.Exists(Path.GetDirectoryName(full)))
            File.Delete(full);
        return true;
    }, cancellation);

    public Task<bool> Move(string path, string newPath, CancellationToken cancellation) => Guard("moving", path, () =>
    {
        var (from, to) = (Locate(path), Locate(newPath));
        // There already: moved by a run that died before it could say so, or another file of this name.
        if (Path.Exists(to))
            return !File.Exists(from);
        RefuseLink(from);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        try
        {
            File.Move(from, to, overwrite: false);
        }
        catch (IOException) when (Path.Exists(to) && File.Exists(from))
        {
            // The name was taken between the look and the move.
            return false;
        }
        return true;
    }, cancellation);

    public Task Put(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Guard("writing", path, () =>
    {
        var full = Locate(path);
        var temporary = full + TemporarySuffix;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        RefuseLink(temporary);
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(bytes.Span);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, full, overwrite: true);
        return true;
    }, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IEnumerable<RemoteFile> Entries() =>
        from info in new DirectoryInfo(Locate(source.Path)).EnumerateFiles()
        where info.LinkTarget is null && SourcePaths.IsSafeName(info.Name)
        select Describe(SourcePaths.Join(source.Path, info.Name), info);

    static RemoteFile Describe(string path, FileInfo info) => new(path, info.Length, new(info.LastWriteTimeUtc, TimeSpan.Zero));

    /// <summary>The path on disk; it lies in a configured folder, and no step below that folder is a link.</summary>
    string Locate(string path)
    {
        var full = Path.GetFullPath(path, root);
        var home = folders.FirstOrDefault(folder => IsBelow(folder, full))
            ?? throw new SourceException(SourceFault.Refused, $"'{path}' lies outside the partner's folders.");
        for (var folder = Path.GetDirectoryName(full); folder is not null && folder.Length > home.Length; folder = Path.GetDirectoryName(folder))
            RefuseLink(folder);
        return full;
    }

    static bool IsBelow(string folder, string full) =>
        full == folder || full.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new SourceException(SourceFault.Refused, $"'{path}' is a link; links in partners' folders are not followed.");
    }

    // A mounted folder whose server is gone blocks in the kernel: the call is left behind, the limit holds.
    async Task<T> Guard<T>(string doing, string path, Func<T> call, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(call, cancellation).WaitAsync(source.OperationTimeout, clock, cancellation);
        }
        catch (TimeoutException e)
        {
            throw TimedOut(doing, path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(doing, path, e);
        }
    }

    SourceException TimedOut(string doing, string path, Exception inner) => new(
        SourceFault.Unreachable, $"No end of {doing} '{path}' within {source.OperationTimeout.TotalSeconds} s.", inner, timedOut: true);

    static SourceException Explain(string doing, string path, Exception e) => e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException
        ? new(SourceFault.Refused, $"{Sentence(doing)} '{path}' failed: {e.Message}", e)
        : new(SourceFault.Unreachable, $"{Sentence(doing)} '{path}' failed: {e.Message}", e);

    static string Sentence(string doing) => char.ToUpperInvariant(doing[0]) + doing[1..];
}
