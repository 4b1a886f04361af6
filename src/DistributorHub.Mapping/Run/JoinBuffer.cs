namespace DistributorHub.Mapping.Run;

/// <summary>Texts while they are being joined; joins may stand inside each other.</summary>
sealed class JoinBuffer
{
    byte[] bytes = new byte[256];
    int used;

    /// <summary>Starts a text; the answer names it to the other methods.</summary>
    public int Start() => used;

    public void Add(int start, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> text)
    {
        if (bytes.Length - used < separator.Length + text.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + separator.Length + text.Length));
        if (used > start)
        {
            separator.CopyTo(bytes.AsSpan(used));
            used += separator.Length;
        }
        text.CopyTo(bytes.AsSpan(used));
        used += text.Length;
    }

    /// <summary>Ends a text and makes it the value, without blanks at its end; an empty one is null.</summary>
    public void End(int start, Scratch scratch, ref Value value)
    {
        var length = bytes.AsSpan(start, used - start).TrimEnd((byte)' ').Length;
        bytes.AsSpan(start, length).CopyTo(scratch.Room(length));
        scratch.Keep(length, ref value);
        used = start;
    }
}
