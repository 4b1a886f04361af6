using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DistributorHub.Faults;

/// <summary>A TCP connection on the way to a server that the harness can cut, slow down and hold up.</summary>
sealed class Proxy : IAsyncDisposable
{
    const int ChunkBytes = 16 * 1024;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly ConcurrentDictionary<Link, byte> links = new();
    readonly Task accepting;
    readonly int server;
    TaskCompletionSource passing = Passing();
    long delivered;
    long? holdAfter;
    int counts;

    /// <param name="server">Port of the real server.</param>
    public Proxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Time that every piece takes on its way, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>True to close every new connection at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>Bytes that went from the server to its clients.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Bytes to the client of one connection, from now on, after which all stands still; null = never. Connections may be older.</summary>
    public long? HoldAfter
    {
        get => holdAfter;
        set
        {
            holdAfter = value;
            Interlocked.Increment(ref counts);
        }
    }

    /// <summary>True while all stands still.</summary>
    public bool Holding => !passing.Task.IsCompleted;

    /// <summary>Nothing goes on until <see cref="Pass"/>; no connection ends.</summary>
    public void Hold()
    {
        if (!Holding)
            passing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Pass()
    {
        HoldAfter = null;
        passing.TrySetResult();
    }

    /// <summary>Ends every connection with a reset, on both sides.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var cut = links.Keys.ToList();
        foreach (var link in cut)
            link.Reset();
        return cut.Count;
    }

    /// <summary>Resets the clients' sides; the server reads and works on what it was sent, and its answers go nowhere.</summary>
    public void CutClients()
    {
        foreach (var link in links.Keys)
            link.ResetClient();
    }

    /// <summary>Back to a line that does nothing to what it carries.</summary>
    public void Mend()
    {
        (Delay, Refuses) = (TimeSpan.Zero, false);
        Pass();
    }

    static TaskCompletionSource Passing()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    async Task Accept()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(end.Token);
                if (Refuses)
                    client.Close(0);
                else
                    _ = Serve(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that was gone before it was served, or the end of the proxy.
            }
        }
    }

    async Task Serve(Socket client)
    {
        var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var link = new Link(client, upstream);
        links[link] = 0;
        try
        {
            await upstream.ConnectAsync(IPAddress.Loopback, server, end.Token);
            await Task.WhenAny(Pump(client, upstream, toClient: false), Pump(upstream, client, toClient: true));
            if (link.AnswersNobody)
                await Drain(upstream);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side ended it.
        }
        links.TryRemove(link, out _);
        link.Reset();
    }

    async Task Pump(Socket from, Socket to, bool toClient)
    {
        var buffer = new byte[ChunkBytes];
        var (passed, counted) = (0L, counts);
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var bytes)
            {
                if (counted != counts)
                    (passed, counted) = (0, counts);
                passed += bytes;
                if (toClient)
                    Interlocked.Add(ref delivered, bytes);
                if (toClient && passed > HoldAfter)
                    Hold();
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, end.Token);
                await passing.Task.WaitAsync(end.Token);
                for (var at = 0; at < bytes;)
                    at += await to.SendAsync(buffer.AsMemory(at, bytes - at), end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side ended it, or we did.
        }
    }

    // The server must not notice that nobody listens: it is read until it has said all.
    async Task Drain(Socket upstream)
    {
        var buffer = new byte[ChunkBytes];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (await upstream.ReceiveAsync(buffer, patience.Token) > 0)
        {
            // Unheard.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        Pass();
        Cut();
        await accepting;
        end.Dispose();
    }

    sealed class Link(Socket client, Socket upstream)
    {
        /// <summary>True once the client's side was ended and the server's was not.</summary>
        public bool AnswersNobody { get; private set; }

        public void ResetClient()
        {
            AnswersNobody = true;
            client.Close(0);
        }

        public void Reset()
        {
            client.Close(0);
            upstream.Close(0);
        }
    }
}
