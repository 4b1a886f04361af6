namespace DistributorHub.Benchmarks;

/// <summary>
/// Another edition of a PRICAT made by the generator: same length, same list, same items, but the first digit of every price differs,
/// so that it is no duplicate, every key exists and every price row changes.
/// </summary>
static class PriceList
{
    const int Window = 1024 * 1024;

    static readonly byte[] Price = [.. "PRI+AAA:"u8];

    /// <param name="from">The generator's file.</param>
    /// <param name="to">File to write.</param>
    /// <param name="edition">0 is the file itself; editions up to 8 differ from one another.</param>
    /// <param name="cancellation">Stops the copy.</param>
    /// <returns>Prices changed.</returns>
    public static async Task<long> Write(string from, string to, int edition, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edition, 8);
        await using var source = File.OpenRead(from);
        await using var target = File.Create(to);
        var buffer = new byte[Window];
        var (held, prices) = (0, 0L);
        while (true)
        {
            var read = await source.ReadAsync(buffer.AsMemory(held), cancellation);
            held += read;
            if (held == 0)
                return prices;
            prices += Turn(buffer.AsSpan(0, held), edition);
            // A tag whose digit is in the next window stays for it; one that was changed may not be seen again.
            var done = read == 0 ? held : Math.Max(0, held - Price.Length);
            await target.WriteAsync(buffer.AsMemory(0, done), cancellation);
            buffer.AsSpan(done, held - done).CopyTo(buffer);
            held -= done;
        }
    }

    /// <summary>Changes the first digit of every price: 1 to 9 are turned on by the edition, 0 stays.</summary>
    static long Turn(Span<byte> window, int edition)
    {
        long count = 0;
        for (int at; (at = window.IndexOf(Price)) >= 0 && at + Price.Length < window.Length; window = window[(at + Price.Length)..])
        {
            ref var digit = ref window[at + Price.Length];
            if (digit is < (byte)'1' or > (byte)'9')
                continue;
            digit = (byte)('1' + (digit - '1' + edition) % 9);
            count++;
        }
        return count;
    }
}
