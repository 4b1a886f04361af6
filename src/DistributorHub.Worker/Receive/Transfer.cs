using System.Buffers;

namespace DistributorHub.Worker.Receive;

/// <summary>What every transfer of a file's bytes has in common.</summary>
static class Transfer
{
    /// <summary>Slower than this, in bytes a second, a transfer is taken for one that will not end.</summary>
    const int LeastRate = 4 * 1024;

    /// <summary>Time a file of this size may take beyond the limit of any other call.</summary>
    public static TimeSpan Allowance(long bytes) => TimeSpan.FromSeconds((double)bytes / LeastRate);

    public static async Task Copy(Stream from, Stream to, int bufferBytes, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is var count and > 0)
                await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
