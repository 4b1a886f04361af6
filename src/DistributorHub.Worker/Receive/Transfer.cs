using System.Buffers;

namespace DistributorHub.Worker.Receive;

/// <summary>What every transfer of a file's bytes has in common.</summary>
static class Transfer
{
    /// <summary>Slower than this, in bytes a second, a transfer is taken for one that will not end.</summary>
    const int LeastRate = 4 * 1024;

    /// <summary>Time a file of this size may take beyond the limit of any other call.</summary>
    public static TimeSpan Allowance(long bytes) => TimeSpan.FromSeconds((double)bytes / LeastRate);

    /// <summary>Ends when a transfer has brought nothing for the time of a call, or is so slow that it will not end.</summary>
    public static async Task Stalled(Func<long> progress, long bytes, TimeSpan call, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        for (long before = -1; progress() != before && clock.GetElapsedTime(start) < call + Allowance(bytes);)
        {
            before = progress();
            await Task.Delay(call, clock, cancellation);
        }
    }

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
