using DistributorHub.Worker.Partners;
using Polly;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// A partner's SFTP server. Calls share one connection, because round trips and not bytes cost the time of many small files.
/// </summary>
/// <param name="source">The partner's settings.</param>
/// <param name="connection">The connection.</param>
/// <param name="end">What becomes of the connection when nobody needs it here any more.</param>
/// <param name="clock">For time limits.</param>
sealed class SftpSource(SourceDefinition source, SftpConnection connection, Func<ValueTask> end, TimeProvider clock) : IFileSource
{
    const string TemporarySuffix = ".part";

    readonly FilePattern pattern = new(source);
    readonly ResiliencePipeline retry = SourceRetry.Build(clock);

    /// <summary>A connection that is new and signed in.</summary>
    public static async Task<SftpConnection> Connect(SourceDefinition source, TimeProvider clock, CancellationToken cancellation)
    {
        var connection = new SftpConnection(source, new HostTrust(source), clock);
        try
        {
            await SourceRetry.Build(clock).ExecuteAsync(async token => await connection.Open(token), cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<IReadOnlyList<RemoteFile>> List(CancellationToken cancellation) => Read("Listing", source.Path, async (client, token) =>
    {
        var files = new List<RemoteFile>();
        // The server's names are the partner's words: one that is a path would lead elsewhere.
        await foreach (var entry in client.ListDirectoryAsync(source.Path.Length == 0 ? "." : source.Path, token))
            if (entry.IsRegularFile && SourcePaths.IsSafeName(entry.Name))
                files.Add(Describe(SourcePaths.Join(source.Path, entry.Name), entry.Attributes));
        return pattern.Choose(files);
    }, cancellation);

    public async Task Download(RemoteFile file, Stream destination, CancellationToken cancellation)
    {
        var progress = new Progress();
        await connection.Run("Reading", file.Path, async (client, token) =>
        {
            await client.DownloadFileAsync(file.Path, destination, progress, token);
            return true;
        }, token => Transfer.Stalled(() => progress.Bytes, file.Bytes, source.OperationTimeout, clock, token), cancellation);
    }

    public Task<RemoteFile?> Stat(string path, CancellationToken cancellation) => Read("Looking at", path, async (client, token) =>
    {
        try
        {
            var attributes = await client.GetAttributesAsync(path, token);
            return attributes.IsRegularFile ? Describe(path, attributes) : (RemoteFile?)null;
        }
        catch (SftpPathNotFoundException)
        {
            return null;
        }
    }, cancellation);

    public Task Delete(string path, CancellationToken cancellation) => Call("Deleting", path, 0, async (client, token) =>
    {
        try
        {
            await client.DeleteFileAsync(path, token);
        }
        catch (SftpPathNotFoundException)
        {
            // Deleted already, by the partner or by a run of ours that died before it could say so.
        }
        return true;
    }, cancellation);

    public Task<bool> Move(string path, string newPath, CancellationToken cancellation) => Call("Moving", path, 0, async (client, token) =>
    {
        // There already: moved by a run that died before it could say so, or another file of this name.
        if (await client.ExistsAsync(newPath, token))
            return !await client.ExistsAsync(path, token);
        try
        {
            // The protocol's own rename, which replaces nothing.
            client.RenameFile(path, newPath);
        }
        catch (SftpPathNotFoundException) when (client.Exists(path))
        {
            await MakeFolder(client, SourcePaths.Parent(newPath), token);
            client.RenameFile(path, newPath);
        }
        catch (SftpException e) when (e.StatusCode == StatusCode.Failure && client.Exists(newPath))
        {
            return false; // The name was taken between the look and the rename.
        }
        return true;
    }, cancellation);

    public Task Put(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        Call("Writing", path, bytes.Length, async (client, token) =>
        {
            var temporary = path + TemporarySuffix;
            try
            {
                await Upload(client, temporary, bytes, token);
            }
            catch (SftpPathNotFoundException)
            {
                await MakeFolder(client, SourcePaths.Parent(path), token);
                await Upload(client, temporary, bytes, token);
            }
            catch (SftpException e) when (e.StatusCode == StatusCode.Failure)
            {
                if (!await IsFull(client, SourcePaths.Parent(path), token))
                    throw;
                throw new SourceException(SourceFault.Unreachable, $"Writing '{path}' failed: the disk of {source.Host} is full.", e);
            }
            Rename(client, temporary, path);
            return true;
        }, cancellation);

    public ValueTask DisposeAsync() => end();

    static RemoteFile Describe(string path, SftpFileAttributes attributes) =>
        new(path, attributes.Size, new(attributes.LastWriteTimeUtc, TimeSpan.Zero));

    static Task Upload(SftpClient client, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        client.UploadFileAsync(new MemoryStream(bytes.ToArray()), path, canOverride: true, uploadProgress: null, cancellation);

    /// <summary>Replaces a file of the same name in one step where the server can (OpenSSH), in two where it cannot.</summary>
    static void Rename(SftpClient client, string path, string newPath)
    {
        try
        {
            client.RenameFile(path, newPath, isPosix: true);
        }
        catch (NotSupportedException)
        {
            if (client.Exists(path) && client.Exists(newPath))
                client.DeleteFile(newPath);
            client.RenameFile(path, newPath);
        }
    }

    static async Task MakeFolder(SftpClient client, string folder, CancellationToken cancellation)
    {
        if (folder is "" or "/" || await client.ExistsAsync(folder, cancellation))
            return;
        await MakeFolder(client, SourcePaths.Parent(folder), cancellation);
        try
        {
            await client.CreateDirectoryAsync(folder, cancellation);
        }
        catch (SftpException) when (client.Exists(folder))
        {
            // Another call made it at the same moment; the protocol has no word for that but failure.
        }
    }

    static async Task<bool> IsFull(SftpClient client, string folder, CancellationToken cancellation)
    {
        try
        {
            return (await client.GetStatusAsync(folder.Length == 0 ? "." : folder, cancellation)).AvailableBlocks == 0;
        }
        catch (Exception e) when (e is NotSupportedException or SftpException)
        {
            // The server cannot say (statvfs is an extension): the failure stands as it was reported.
            return false;
        }
    }

    Task<T> Read<T>(string doing, string path, Func<SftpClient, CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        retry.ExecuteAsync(async token => await Call(doing, path, 0, call, token), cancellation).AsTask();

    Task<T> Call<T>(string doing, string path, long bytes, Func<SftpClient, CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        connection.Run(doing, path, call, token => Task.Delay(source.OperationTimeout + Transfer.Allowance(bytes), clock, token), cancellation);

    sealed class Progress : IProgress<DownloadFileProgressReport>
    {
        long bytes;

        public long Bytes => Interlocked.Read(ref bytes);

        public void Report(DownloadFileProgressReport value) => Interlocked.Exchange(ref bytes, (long)value.TotalBytesDownloaded);
    }
}
