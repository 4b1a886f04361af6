using System.Net.Sockets;
using System.Text;
using DistributorHub.Worker.Partners;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;
using ConnectionInfo = Renci.SshNet.ConnectionInfo;

namespace DistributorHub.Worker.Receive;

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
