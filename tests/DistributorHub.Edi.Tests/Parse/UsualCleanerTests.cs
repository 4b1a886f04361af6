using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class UsualCleanerTests
{
    const int Room = 1024;

    // Delimiters, what is released and what must not be, both halves of Latin 1, what looks like UTF-8, control characters.
    static readonly byte[] alphabet = [.. "AZaz09 .:+*?'~^|"u8, 0xE4, 0xFC, 0xDF, 0xA3, 0xC3, 0xBF, .. "??"u8];
    static readonly byte[] odd = [0x00, 0x1D, (byte)'\n', (byte)'\r', 0x7F, 0x80, 0x85, 0x9F];

    static readonly Delimiters[] delimiterSets =
    [
        Delimiters.LevelA,
        Delimiters.LevelA4,
        Delimiters.LevelA with { Release = 0 },
        new((byte)'>', (byte)'*', (byte)'.', 0, (byte)'^', (byte)'~'),
        new((byte)'|', 0x1D, (byte)'.', (byte)'\\', (byte)'^', (byte)'\n'),
    ];

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("iso-8859-5")]
    [InlineData("windows-1252")]
    [InlineData("utf-8")]
    public void CleansTheSameWithVectorsAndWithout(string charset)
    {
        var dice = new Random(charset.Length * 7919);
        var usual = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var header = new Header
            {
                Standard = Standard.Edifact,
                Delimiters = delimiterSets[dice.Next(delimiterSets.Length)],
                Repeats = dice.Next(2) == 0,
            };
            var input = Segments(dice, header.Delimiters);
            var (plain, vectors) = (Clean(input, header, charset, vectors: false), Clean(input, header, charset, vectors: true));
            Assert.Equal(plain, vectors);
            usual += plain.Contains(" text ", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.InRange(usual, 400, 40_000);
    }

    static byte[] Segments(Random dice, Delimiters delimiters)
    {
        var input = new List<byte>();
        for (var segment = dice.Next(1, 4); segment > 0; segment--)
        {
            input.AddRange("IMD"u8);
            input.Add(delimiters.Element);
            var isOdd = dice.Next(6) == 0;
            for (var length = dice.Next(1, dice.Next(2, 90)); length > 0; length--)
                input.Add(isOdd && dice.Next(8) == 0 ? odd[dice.Next(odd.Length)]
                    : dice.Next(3) == 0 ? alphabet[dice.Next(alphabet.Length)]
                    : dice.Next(12) == 0 ? delimiters.Element
                    : (byte)dice.Next('A', 'Z'));
            input.Add(delimiters.Terminator);
        }
        return [.. input];
    }

    /// <summary>Every segment of an input that has something to clean, cleaned: its text, marks and how far its special bytes go, or that it is not usual.</summary>
    static unsafe string Clean(byte[] input, Header header, string charset, bool vectors)
    {
        var buffer = new byte[Room * 4];
        input.CopyTo(buffer, 0);
        var index = new DelimiterIndex();
        index.Configure(header);
        index.Scan(buffer, 0, input.Length);
        var cleaner = new UsualCleaner(vectors);
        cleaner.Configure(header, Charset.Named(charset));
        var seen = new StringBuilder();
        fixed (byte* bytes = buffer)
        fixed (Mark* marks = index.Marks)
        fixed (int* specials = index.Specials)
        {
            var special = specials;
            for (int i = 0, start = 0; i < index.SegmentCount; i++)
            {
                int first = index.Firsts[i], count = index.Firsts[i + 1] - first;
                var end = index.Marks[first + count - 1].End;
                if (*special <= end)
                {
                    var behind = cleaner.Clean(bytes, start, end, ref special, (uint*)marks + first, count, Room);
                    seen.Append(behind < 0 ? " unusual" : $" text {Convert.ToHexString(buffer.AsSpan(Room, behind - Room))} next {special - specials}");
                }
                while (*special <= end)
                    special++;
                start = end + 1;
            }
        }
        foreach (var mark in index.Marks.AsSpan(0, index.Firsts[index.SegmentCount]))
            seen.Append($" {mark.End}{mark.Kind}");
        index.Release();
        return seen.ToString();
    }
}
