using System.Net.Sockets;
using System.Text;
using DistributorHub.Worker.Partners;
using Polly;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;
using ConnectionInfo = Renci.SshNet.ConnectionInfo;

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

/// <summary>
/// One connection and its watchdog. The library may wait for ever on a server that has stopped answering, and still call it
/// connected: every call is watched, and one that outlives its limit takes the connection with it. The next call connects anew.
/// </summary>
sealed class SftpConnection(SourceDefinition source, HostTrust trust, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Bytes asked for in one request: the largest that OpenSSH answers whole.</summary>
    const uint BufferBytes = 256 * 1024;

    /// <summary>Time for a call to end after it was told to.</summary>
    static readonly TimeSpan grace = TimeSpan.FromSeconds(2);

    /// <summary>Time for a server to show that a connection lives.</summary>
    static readonly TimeSpan alive = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly CancellationTokenSource closing = new();
    Task<SftpClient>? opening;

    /// <summary>The client, connected and signed in. Those who ask at the same time wait for the same attempt.</summary>
    public Task<SftpClient> Open(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (opening is null or { IsFaulted: true } or { IsCanceled: true } || opening is { IsCompleted: true, Result.IsConnected: false })
                opening = Connect(closing.Token);
            return opening.WaitAsync(cancellation);
        }
    }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    /// <summary>True as far as is known without asking the server.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
                return opening is { IsCompletedSuccessfully: true, Result.IsConnected: true };
        }
    }

    /// <summary>Asks the server for a sign of life. A connection that is closed is not opened for that: whoever signs in again and again is locked out.</summary>
    public async Task<bool> Answers(CancellationToken cancellation)
    {
        try
        {
            return IsOpen && await Run("Looking at", ".", (client, token) => client.ExistsAsync(".", token), token => Task.Delay(alive, clock, token), cancellation) && IsOpen;
        }
        catch (SourceException)
        {
            return false;
        }
    }

    /// <summary>Runs a call until it ends, its limit is reached or the caller gives up; what still runs then loses its connection.</summary>
    public async Task<T> Run<T>(
        string doing, string path, Func<SftpClient, CancellationToken, Task<T>> call, Func<CancellationToken, Task> limit,
        CancellationToken cancellation)
    {
        var client = await Open(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Not on this thread: some of the library's calls block before their first await.
        var work = Task.Run(() => call(client, stop.Token), CancellationToken.None);
        await Task.WhenAny(work, limit(stop.Token));
        var expired = !work.IsCompleted && !cancellation.IsCancellationRequested;
        await stop.CancelAsync();
        if (expired || !await Ends(work))
            Drop(client);
        if (!await Ends(work))
            throw expired ? TimedOut(doing, path, null) : new OperationCanceledException(cancellation);
        try
        {
            return await work;
        }
        catch (Exception e) when (e is not SourceException && !(e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            if (expired)
                throw TimedOut(doing, path, e);
            if (Explain($"{doing} '{path}'", e) is not { } explained)
                throw;
            if (explained.Fault == SourceFault.Unreachable)
                Drop(client);
            throw explained;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        Task<SftpClient>? last;
        lock (gate)
            (last, opening) = (opening, null);
        if (last is { IsCompletedSuccessfully: true })
            // Saying goodbye to a server that does not answer may take for ever, and nothing depends on it.
            await Discard(await last).WaitAsync(grace, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    async Task<bool> Ends(Task work)
    {
        await Task.WhenAny(work, Task.Delay(grace, clock, CancellationToken.None));
        return work.IsCompleted;
    }

    void Drop(SftpClient client)
    {
        lock (gate)
            if (opening is { IsCompletedSuccessfully: true } && opening.Result == client)
                opening = null;
        _ = Discard(client);
    }

    // On a thread of its own, because it may block; it has no one to tell how it went.
    static Task Discard(SftpClient client) => Task.Run(client.Dispose);

    /// <summary>
    /// A server has keys of several kinds and shows one. If that is not a known one, the others are asked for, as a pin does not say
    /// of which kind it is.
    /// </summary>
    async Task<SftpClient> Connect(CancellationToken cancellation)
    {
        var kinds = new HashSet<string>();
        var shown = new List<string>();
        while (true)
        {
            string? refused = null;
            var client = new SftpClient(Describe(kinds)) { OperationTimeout = source.OperationTimeout, BufferSize = BufferBytes };
            client.HostKeyReceived += (_, e) =>
            {
                e.CanTrust = trust.Trusts(e.HostKey);
                if (e.CanTrust)
                    return;
                refused = HostTrust.Kind(e.HostKeyName);
                shown.Add($"{e.HostKeyName} {HostTrust.Fingerprint(e.HostKey)}");
            };
            try
            {
                await Connect(client, cancellation);
                return client;
            }
            catch (Exception e)
            {
                _ = Discard(client);
                if (refused is not null && kinds.Add(refused) && kinds.Count < 3)
                    continue;
                if (shown.Count > 0)
                    throw new SourceException(SourceFault.HostKeyMismatch, trust.Explain(shown), e);
                if (e is SourceException || Explain($"Connecting to {source.Host}:{source.Port} as {source.User}", e) is not { } explained)
                    throw;
                throw explained;
            }
        }
    }

    async Task Connect(SftpClient client, CancellationToken cancellation)
    {
        var work = Task.Run(() => client.ConnectAsync(cancellation), CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(source.ConnectTimeout, clock, cancellation));
        if (!work.IsCompleted)
            throw cancellation.IsCancellationRequested
                ? new OperationCanceledException(cancellation)
                : new SourceException(SourceFault.Unreachable,
                    $"{source.Host}:{source.Port} did not let us in within {source.ConnectTimeout.TotalSeconds} s.", timedOut: true);
        await work;
    }

    ConnectionInfo Describe(HashSet<string> refusedKinds)
    {
        var info = new ConnectionInfo(source.Host, source.Port, source.User, [.. SignIns()]) { Timeout = source.ConnectTimeout };
        foreach (var name in info.HostKeyAlgorithms.Keys.Where(name => name.Contains("-cert-") || refusedKinds.Contains(HostTrust.Kind(name))).ToArray())
            info.HostKeyAlgorithms.Remove(name);
        // AES-GCM needs no separate checksum and is a quarter faster; the library prefers counter mode.
        foreach (var name in info.Encryptions.Keys.Where(name => name.Contains("-gcm@")).Reverse().ToArray())
        {
            var cipher = info.Encryptions[name];
            info.Encryptions.Remove(name);
            info.Encryptions.Insert(0, name, cipher);
        }
        return info;
    }

    IEnumerable<AuthenticationMethod> SignIns()
    {
        var secrets = SignIn.Read(source);
        if (secrets.PrivateKey is { } key)
            yield return new PrivateKeyAuthenticationMethod(source.User, ReadKey(key, secrets.Passphrase));
        if (secrets.Password is not { } password)
            yield break;
        yield return new PasswordAuthenticationMethod(source.User, password);
        // Many servers know passwords only as a dialogue.
        var dialogue = new KeyboardInteractiveAuthenticationMethod(source.User);
        dialogue.AuthenticationPrompt += (_, e) =>
        {
            foreach (var prompt in e.Prompts.Where(prompt => !prompt.IsEchoed))
                prompt.Response = password;
        };
        yield return dialogue;
    }

    PrivateKeyFile ReadKey(string key, string? passphrase)
    {
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(key + "\n"));
            return new(text, passphrase);
        }
        catch (SshException e)
        {
            var cause = e is SshPassPhraseNullOrEmptyException ? "it is encrypted, and 'passphrase' is missing" : e.Message.TrimEnd('.');
            throw new SourceException(SourceFault.SignInRefused, $"The private key '{source.PrivateKey}' cannot be opened: {cause}.", e);
        }
    }

    SourceException TimedOut(string doing, string path, Exception? inner) => new(
        SourceFault.Unreachable,
        $"{doing} '{path}': {source.Host} did not answer within {source.OperationTimeout.TotalSeconds} s.", inner, timedOut: true);

    /// <summary>What a failure of the library means, or null when it is none of the world's faults.</summary>
    static SourceException? Explain(string what, Exception e) => e switch
    {
        SshAuthenticationException => new(SourceFault.SignInRefused, $"{what}: the server refuses the sign-in ({e.Message}).", e),
        SftpPermissionDeniedException => new(SourceFault.Refused, $"{what}: the server denies it ({e.Message}).", e),
        SftpPathNotFoundException => new(SourceFault.Refused, $"{what}: there is no such path.", e),
        SftpException { StatusCode: not (StatusCode.ConnectionLost or StatusCode.NoConnection) } =>
            new(SourceFault.Refused, $"{what}: the server answers '{e.Message}'.", e),
        SshOperationTimeoutException => new(SourceFault.Unreachable, $"{what}: no answer in time.", e, timedOut: true),
        SshException or SocketException or IOException or ObjectDisposedException or OperationCanceledException =>
            new(SourceFault.Unreachable, $"{what}: {e.Message}", e),
        _ => null,
    };
}
