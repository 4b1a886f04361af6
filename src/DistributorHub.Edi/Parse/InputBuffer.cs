using System.Buffers;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// The part of the file that is in memory. It is always filled as far as it goes, so that what the reader does
/// never depends on how many bytes the stream hands out at a time.
/// </summary>
sealed class InputBuffer(Stream input, int bytes)
{
    /// <summary>Readable bytes after <see cref="Count"/>, so that vector loads need no bounds.</summary>
    public const int Padding = 128;

    // Most files are small; the buffer gets its size when there is more to read than this.
    const int FirstBytes = 16 * 1024;
    const int CleanBytesMax = 32 * 1024;

    public byte[] Bytes { get; private set; } = [];

    /// <summary>Where the bytes begin that are left for text made of the file's bytes, so that all text is in one array.</summary>
    public int CleanStart => Capacity + Padding;

    /// <summary>Number of bytes of the file that <see cref="Bytes"/> can hold.</summary>
    int Capacity { get; set; }

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
        var usual = Origin + Count == 0 ? Math.Min(bytes, FirstBytes) : bytes;
        if (Math.Max(wanted, usual) > Capacity)
        {
            Capacity = wanted > usual ? Math.Max(wanted, 2 * Capacity) : usual;
            target = ArrayPool<byte>.Shared.Rent(Capacity + Padding + Math.Min(Capacity, CleanBytesMax));
        }
        Buffer.BlockCopy(Bytes, keep, target, 0, kept);
        if (target != Bytes)
            Release();
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

    /// <summary>Gives the bytes back to the pool.</summary>
    public void Release()
    {
        if (Bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(Bytes);
        Bytes = [];
    }
}
