namespace DistributorHub.Faults;

/// <summary>Files that change on the partner's side while they are read.</summary>
static class RemoteFiles
{
    /// <summary>More bytes than a sign-in and a listing take: a connection that delivered them downloads.</summary>
    const int HeldAtLeast = 30_000;

    const int HeldAtMost = 120_000;

    /// <summary>Lines of each order of a file that does not fit into the windows and buffers on its way, so that the server has not read all of it.</summary>
    const int LinesBeyondBuffers = 24_000;

    /// <summary>Puts a large file there and lets its download begin, but not end.</summary>
    public static async Task<bool> HoldDownload(Round round, CancellationToken cancellation)
    {
        round.Batch = Batch.Large(round.Number, 1_500, out _);
        return await Hold(round, round.Batch.Files.Values.Single(), cancellation);
    }

    /// <summary>True while the worker's spool holds a part of the file.</summary>
    public static bool UnderWay(Round round) => Spooled(round) is { Length: var length } && length < round.Batch.Files.Values.Single().Length;

    /// <summary>The partner writes the file anew, and a part of it is there while it is read.</summary>
    public static Task<bool> Truncated(Round round, CancellationToken cancellation) => Change(round, async (path, whole, first) =>
    {
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(first);
        round.Lane.Remote.Pass();
        // For less time than a file has to settle: its first part is a whole interchange, and left there for longer it would be a file of its own.
        await Task.Delay(round.Random.Next(200, 700), cancellation);
        await File.WriteAllBytesAsync(path, whole, cancellation);
    }, whole: true, cancellation);

    /// <summary>The partner appends a second interchange while the first is read.</summary>
    public static Task<bool> Grown(Round round, CancellationToken cancellation) => Change(round, async (path, whole, first) =>
    {
        await using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            await file.WriteAsync(whole.AsMemory(first), cancellation);
        round.Lane.Remote.Pass();
    }, whole: false, cancellation);

    /// <summary>Cut short while it is read, and then as it was, with its old time: only the count of the bytes that came tells.</summary>
    public static Task<bool> TruncatedAndRestored(Round round, CancellationToken cancellation) => Change(round, async (path, whole, first) =>
    {
        var time = File.GetLastWriteTimeUtc(path);
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(first);
            // The server answers what it was asked to read, and finds the end of the file.
            await Task.Delay(300, cancellation);
            file.Seek(0, SeekOrigin.End);
            await file.WriteAsync(whole.AsMemory(first), cancellation);
        }
        File.SetLastWriteTimeUtc(path, time);
        round.Lane.Remote.Pass();
    }, whole: true, cancellation);

    static async Task<bool> Change(Round round, Func<string, byte[], int, Task> change, bool whole, CancellationToken cancellation)
    {
        round.Batch = Batch.Large(round.Number, LinesBeyondBuffers, out var first);
        var (name, bytes) = round.Batch.Files.Single();
        if (!await Hold(round, whole ? bytes : bytes[..first], cancellation))
            return false;
        if (!UnderWay(round))
            return round.Miss("the download was over before the change");
        await change(Path.Combine(round.Lane.Inbox, name), bytes, first);
        return true;
    }

    static async Task<bool> Hold(Round round, byte[] content, CancellationToken cancellation)
    {
        var name = round.Batch.Files.Keys.Single();
        var temporary = Path.Combine(round.Lane.Inbox, "." + name);
        await File.WriteAllBytesAsync(temporary, content, cancellation);
        File.Move(temporary, Path.Combine(round.Lane.Inbox, name));
        round.Lane.Remote.HoldAfter = round.Random.Next(HeldAtLeast, HeldAtMost);
        var held = await Round.Until(() => Task.FromResult(round.Lane.Remote.Holding && Spooled(round) is not null), cancellation);
        if (!held)
            round.Lane.Remote.Mend();
        return held || round.Miss("the download was not caught");
    }

    static FileInfo? Spooled(Round round) => Directory.Exists(round.Lane.Spool(1)) ? new DirectoryInfo(round.Lane.Spool(1)).EnumerateFiles("*.part").FirstOrDefault() : null;
}
