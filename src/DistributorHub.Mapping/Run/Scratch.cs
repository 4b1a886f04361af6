namespace DistributorHub.Mapping.Run;

/// <summary>
/// Bytes that live as long as one row: results of text functions. Growing takes a new array, and values in the old one stay valid.
/// </summary>
sealed class Scratch
{
    byte[] buffer = new byte[1024];
    int used;

    /// <summary>Forgets everything: values that point here become invalid.</summary>
    public void Reset() => used = 0;

    /// <summary>Room for a text of at most this many bytes; <see cref="Keep"/> makes a value of what was written.</summary>
    public Span<byte> Room(int bytes)
    {
        if (buffer.Length - used < bytes)
        {
            buffer = new byte[Math.Max(bytes, buffer.Length * 2)];
            used = 0;
        }
        return buffer.AsSpan(used, bytes);
    }

    /// <summary>Turns the first bytes of the last <see cref="Room"/> into the value; an empty text is null.</summary>
    public void Keep(int bytes, ref Value value)
    {
        if (bytes == 0)
            value.SetNull();
        else
            value.SetText(buffer, used, bytes);
        used += bytes;
    }
}
