namespace DistributorHub.Fuzz;

/// <summary>A stream that hands out bytes a few at a time.</summary>
sealed class InputStream(ReadOnlyMemory<byte> bytes, int chunk) : Stream
{
    int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position { get => at; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(Math.Min(chunk, count), bytes.Length - at);
        bytes.Span.Slice(at, read).CopyTo(buffer.AsSpan(offset));
        at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
