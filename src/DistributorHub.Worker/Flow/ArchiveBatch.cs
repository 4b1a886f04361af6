using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// Downloaded files that are archived in one commit: for a small file the commit costs more than everything before it. Their spool files are gone with the
/// batch, archived or not.
/// </summary>
sealed class ArchiveBatch(Archive archive) : IAsyncDisposable
{
    const int FilesMax = 50;
    const long BytesMax = 4 * Archive.ChunkBytes;

    readonly List<(RemoteFileRow Claim, SpooledFile File)> files = [];
    long bytes;

    /// <summary>True when it is to be stored before another file is added.</summary>
    public bool IsFull => files.Count >= FilesMax || bytes >= BytesMax;

    public void Add(RemoteFileRow claim, SpooledFile file)
    {
        files.Add((claim, file));
        bytes += file.Bytes;
    }

    /// <summary>Archives what was added; the new exchanges and their sizes, in the order of their files.</summary>
    public async Task<IReadOnlyList<(long Id, long Bytes)>> Store(CancellationToken cancellation)
    {
        if (files.Count == 0)
            return [];
        var stored = await archive.Store(files, cancellation);
        List<(long, long)> exchanges = [.. stored.Zip(files).Where(pair => pair.First is not null).Select(pair => (pair.First!.Value, pair.Second.File.Bytes))];
        Clear();
        return exchanges;
    }

    void Clear()
    {
        foreach (var (_, file) in files)
            File.Delete(file.Path);
        files.Clear();
        bytes = 0;
    }

    public ValueTask DisposeAsync()
    {
        Clear();
        return default;
    }
}
