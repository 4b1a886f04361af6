using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

/// <summary>A real source on whose side something happens when the first bytes of the first download have arrived.</summary>
sealed class MeddlingSource(IFileSource inner, Action meddle) : IFileSource
{
    int done;

    public Task<IReadOnlyList<RemoteFile>> List(CancellationToken cancellation) => inner.List(cancellation);

    public Task Download(RemoteFile file, Stream destination, CancellationToken cancellation) =>
        inner.Download(file, new Tap(destination, Meddle), cancellation);

    public Task<RemoteFile?> Stat(string path, CancellationToken cancellation) => inner.Stat(path, cancellation);

    public Task Delete(string path, CancellationToken cancellation) => inner.Delete(path, cancellation);

    public Task<bool> Move(string path, string newPath, CancellationToken cancellation) => inner.Move(path, newPath, cancellation);

    public Task Put(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => inner.Put(path, bytes, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void Meddle()
    {
        if (Interlocked.Exchange(ref done, 1) == 0)
            meddle();
    }

    sealed class Tap(Stream inner, Action first) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            first();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            first();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
