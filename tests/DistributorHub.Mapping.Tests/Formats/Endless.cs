using System.Text;

namespace DistributorHub.Mapping.Tests.Formats;

/// <summary>A file that begins with one text and goes on with another.</summary>
sealed class Endless((string Start, string Repeated) text) : Stream
{
    readonly byte[] rest = Encoding.UTF8.GetBytes(text.Repeated);
    readonly byte[] start = Encoding.UTF8.GetBytes(text.Start);

    public long Given { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i++, Given++)
            buffer[i] = Given < start.Length ? start[Given] : rest[(Given - start.Length) % rest.Length];
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
