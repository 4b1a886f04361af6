namespace DistributorHub.Edi.Parse;

/// <summary>
/// The part of the file that is in memory. It is always filled as far as it goes, so that what the reader does
/// never depends on how many bytes the stream hands out at a time.
/// </summary>
sealed class InputBuffer(Stream input, int bytes)
{
    /// <summary>Readable bytes after <see cref="Count"/>, so that vector loads need no bounds.</summary>
    public const int Padding = 128;

    /// <summary>Bytes at the end of <see cref="Bytes"/> for text made of the file's bytes, so that all text is in one array.</summary>
    public const int CleanBytes = 32 * 1024;

    public byte[] Bytes { get; private set; } = new byte[bytes + Padding + CleanBytes];

    /// <summary>Where <see cref="CleanBytes"/> begin.</summary>
    public int CleanStart => Bytes.Length - CleanBytes;

    int Capacity => CleanStart - Padding;

    /// <summary>Number of bytes of the file in <see cref="Bytes"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Offset in the file of the first byte of <see cref="Bytes"/>.</summary>
    public long Origin { get; private set; }

    /// <summary>True once the file has been read to its end.</summary>
    public bool Ended { get; private set; }

    /// <summary>Drops the bytes before <paramref name="keep"/> and reads on until <paramref name="wanted"/> bytes follow, or the file ends.</summary>
    public void Fill(int keep, int wanted)
    {
        var kept = Count - keep;
        var target = Bytes;
        if (wanted > Capacity)
            target = new byte[Math.Max(wanted, 2 * Capacity) + Padding + CleanBytes];
        Buffer.BlockCopy(Bytes, keep, target, 0, kept);
        Bytes = target;
        Origin += keep;
        Count = kept;
        while (!Ended && Count < Capacity)
        {
            var read = input.Read(Bytes, Count, Capacity - Count);
            Ended = read == 0;
            Count += read;
        }
    }
}
