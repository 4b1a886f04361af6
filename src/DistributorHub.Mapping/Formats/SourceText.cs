using System.Text;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// The characters of a file, handed to a parser that knows lines and columns, with the byte of the file that each of them stands at. It holds as much of
/// the file as the parser is ahead of its reader.
/// Where no character set is named, a byte order mark counts; without one the first character beyond ASCII decides: UTF-8 if it is one of it, windows-1252 otherwise.
/// </summary>
sealed class SourceText : TextReader
{
    const int BlockBytes = 16 * 1024;
    const int CharacterBytesMax = 4;

    /// <summary>Stands for bytes that are no character.</summary>
    public const char Invalid = '\uFFFD';

    readonly Stream input;
    readonly Queue<Block> blocks = new();
    readonly Queue<(long Line, long At)> lines = new();
    readonly byte[] bytes = new byte[BlockBytes];
    readonly bool isNamed;
    Encoding encoding;
    Block? current;
    int next, kept;
    long line = 1, readBytes, readChars, lastChar, lastByte;
    bool isAscii = true, afterReturn, ended;

    /// <summary>Some characters, and the bytes they stand at.</summary>
    sealed record Block(long Chars, long Bytes, int Size, char[] Text, Encoding Encoding);

    /// <param name="input">The file.</param>
    /// <param name="charset">Its character set, or null to find out.</param>
    /// <param name="declared">Answers the character set that the first bytes of the file declare; used without a <paramref name="charset"/>.</param>
    public SourceText(Stream input, Encoding? charset, Func<ReadOnlySpan<byte>, Encoding>? declared = null)
    {
        this.input = input;
        kept = input.ReadAtLeast(bytes, BlockBytes, throwOnEndOfStream: false);
        charset ??= declared?.Invoke(bytes.AsSpan(0, kept));
        isNamed = charset is not null;
        encoding = charset ?? Encoding.UTF8;
        (var mark, encoding) = ByteOrderMark(bytes.AsSpan(0, kept), encoding);
        isAscii = mark == 0;
        readBytes = lastByte = mark;
        bytes.AsSpan(mark, kept - mark).CopyTo(bytes);
        kept -= mark;
        lines.Enqueue((1, 0));
    }

    /// <summary>Name of the character set as far as it is known.</summary>
    public string Charset => encoding.WebName;

    /// <summary>Windows' extension of ISO 8859-1, which most lists that are not UTF-8 are written in.</summary>
    public static Encoding Windows1252 { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>A character set by its name, or null.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static (int Length, Encoding) ByteOrderMark(ReadOnlySpan<byte> start, Encoding otherwise) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (3, Encoding.UTF8),
        [0xFF, 0xFE, ..] => (2, Encoding.Unicode),
        [0xFE, 0xFF, ..] => (2, Encoding.BigEndianUnicode),
        _ => (0, otherwise),
    };

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || !Fill())
            return 0;
        var count = Math.Min(buffer.Length, current!.Text.Length - next);
        current.Text.AsSpan(next, count).CopyTo(buffer);
        next += count;
        return count;
    }

    public override int Read() => Fill() ? current!.Text[next++] : -1;

    public override int Peek() => Fill() ? current!.Text[next] : -1;

    bool Fill()
    {
        while (current is null || next == current.Text.Length)
        {
            if (ended || !ReadBlock())
                return false;
        }
        return true;
    }

    bool ReadBlock()
    {
        if (Budget <= 0)
            throw new SourceTooLongException();
        kept += input.ReadAtLeast(bytes.AsSpan(kept), BlockBytes - kept, throwOnEndOfStream: false);
        ended = kept < BlockBytes;
        var whole = bytes.AsSpan(0, kept);
        if (isAscii && !isNamed && whole.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var first)
        {
            if (ended || first < kept - CharacterBytesMax)
                Decide(whole[first..]);
            else
                // Too little of it to judge by: it begins the next block.
                whole = whole[..first];
        }
        if (!ended)
            whole = whole[..^Incomplete(whole)];
        current = new(readChars, readBytes, whole.Length, encoding.GetChars(bytes, 0, whole.Length), encoding);
        next = 0;
        Index(current);
        blocks.Enqueue(current);
        readBytes += whole.Length;
        readChars += current.Text.Length;
        Budget -= current.Text.Length;
        kept -= whole.Length;
        bytes.AsSpan(whole.Length, kept).CopyTo(bytes);
        return current.Text.Length > 0 || !ended;
    }

    // Text of another set does not begin with a character of UTF-8; what is wrong behind one is a fault of the file.
    void Decide(ReadOnlySpan<byte> from)
    {
        isAscii = false;
        if (Rune.DecodeFromUtf8(from, out _, out _) != System.Buffers.OperationStatus.Done)
            encoding = Windows1252;
    }

    /// <summary>Bytes at the end of a block that are the beginning of a character.</summary>
    int Incomplete(ReadOnlySpan<byte> block)
    {
        if (encoding is UnicodeEncoding)
            return block.Length % 2;
        if (encoding is not UTF8Encoding)
            return 0;
        for (var back = 1; back < CharacterBytesMax && back <= block.Length; back++)
            if (block[^back] >= 0xC0)
                return Rune.DecodeFromUtf8(block[^back..], out _, out _) == System.Buffers.OperationStatus.NeedMoreData ? back : 0;
        return 0;
    }

    // A line ends with a carriage return, a line feed, or both.
    void Index(Block block)
    {
        var text = block.Text.AsSpan();
        for (var at = 0; at < text.Length;)
        {
            if (afterReturn)
            {
                afterReturn = false;
                if (text[at] == '\n')
                    at++;
                lines.Enqueue((++line, block.Chars + at));
            }
            var end = text[at..].IndexOfAny('\r', '\n');
            if (end < 0)
                return;
            at += end + 1;
            if (text[at - 1] == '\r')
                afterReturn = true;
            else
                lines.Enqueue((++line, block.Chars + at));
        }
    }

    /// <summary>Ordinal of a line's first character in the file. Lines before it are forgotten.</summary>
    /// <param name="number">The line, from 1.</param>
    public long StartOf(int number)
    {
        while (lines.Count > 1 && lines.Peek().Line < number)
            lines.Dequeue();
        return lines.Peek().At;
    }

    /// <summary>Forgets what stands before a character: nobody asks for its bytes any more.</summary>
    public void Forget(long character)
    {
        while (blocks.Count > 1 && blocks.Peek() is var block && block.Chars + block.Text.Length <= character)
            blocks.Dequeue();
    }

    /// <summary>Characters that may be read from now on; the read that goes beyond throws.</summary>
    public long Budget { get; set; } = long.MaxValue;

    /// <summary>The byte of the file that a character stands at; what is forgotten is not known.</summary>
    public long OffsetOf(long character)
    {
        foreach (var block in blocks)
        {
            if (character > block.Chars + block.Text.Length)
                continue;
            // Most are asked for one after the other.
            var (from, offset) = lastChar >= block.Chars && lastChar <= character ? (lastChar, lastByte) : (block.Chars, block.Bytes);
            var between = block.Text.AsSpan((int)(from - block.Chars), (int)Math.Max(0, character - from));
            // What stands for bytes that are no character may be longer than they are.
            (lastChar, lastByte) = (character, Math.Min(offset + block.Encoding.GetByteCount(between), block.Bytes + block.Size));
            return lastByte;
        }
        return readBytes;
    }

    /// <summary>True when what was handed on so far ends a line.</summary>
    public bool EndsLine => current is { Text: [.., '\r' or '\n'] };

    /// <summary>What is read already and not handed on: the beginning of the file before anything is.</summary>
    public ReadOnlySpan<char> Ahead() => Fill() ? current!.Text.AsSpan(next) : default;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>More was read at once than may be.</summary>
sealed class SourceTooLongException : Exception;
