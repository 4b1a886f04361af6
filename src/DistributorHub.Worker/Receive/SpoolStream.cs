using System.Security.Cryptography;

namespace DistributorHub.Worker.Receive;

/// <summary>A spool file while it is written: hashes what comes, keeps both ends for a look, and takes no byte more than was listed.</summary>
sealed class SpoolStream : Stream
{
    // Larger, it would be an array of its own kind on the heap, for every small file.
    const int BufferBytesMax = 64 * 1024;

    readonly FileStream file;
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly long bytesMax;
    readonly byte[] head = new byte[Receive.Trailer.HeadBytes];
    readonly byte[] tail;
    int headBytes;
    int tailBytes;
    long written;

    public SpoolStream(string path, long bytesMax)
    {
        this.bytesMax = bytesMax;
        tail = new byte[Math.Min(Receive.Trailer.TailBytes, bytesMax)];
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = (int)Math.Clamp(bytesMax, 1, BufferBytesMax),
            Options = FileOptions.Asynchronous,
        };
        // Raw business data of other companies: for the service's own account only.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        file = new(path, options);
    }

    /// <summary>True after more bytes came than were listed.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What our own disk said, or null. Sources wrap what a stream throws; the cause must not get lost in that.</summary>
    public Exception? Failure { get; private set; }

    public TrailerState Trailer => Receive.Trailer.Check(head.AsSpan(0, headBytes), tail.AsSpan(0, tailBytes));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => written;

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Hands the file to the system, so that a disk that is full says so now, and gives the hash in lower-case hex. It need not outlive the machine: nothing
    /// refers to it, and the partner has the file until it is archived.
    /// </summary>
    public async Task<string> Seal(CancellationToken cancellation)
    {
        await file.FlushAsync(cancellation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Take(buffer);
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
            throw;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Take(buffer.Span);
        try
        {
            await file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
            throw;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => file.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    void Take(ReadOnlySpan<byte> bytes)
    {
        if (written + bytes.Length > bytesMax)
        {
            Overflowed = true;
            throw new IOException($"More than the {bytesMax} bytes that were listed.");
        }
        written += bytes.Length;
        hash.AppendData(bytes);
        var first = Math.Min(bytes.Length, head.Length - headBytes);
        bytes[..first].CopyTo(head.AsSpan(headBytes));
        headBytes += first;
        KeepTail(bytes);
    }

    void KeepTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= tail.Length)
        {
            bytes[^tail.Length..].CopyTo(tail);
            tailBytes = tail.Length;
            return;
        }
        var kept = Math.Min(tailBytes, tail.Length - bytes.Length);
        tail.AsSpan(tailBytes - kept, kept).CopyTo(tail);
        bytes.CopyTo(tail.AsSpan(kept));
        tailBytes = kept + bytes.Length;
    }
}
