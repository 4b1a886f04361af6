using System.Text;

namespace DistributorHub.Edi.Tests;

/// <summary>Line, column and segment of findings.</summary>
public sealed class ExcerptsTests
{
    static Finding At(long offset) => new() { Code = "X", Severity = Severity.Error, Message = "", At = new(offset) };

    static IReadOnlyList<Excerpt> Of(byte[] file, params long[] offsets)
    {
        using var excerpts = new Excerpts(() => new MemoryStream(file));
        return excerpts.Of([.. offsets.Select(At)]);
    }

    static string Message(string segments) => $"UNB+UNOC:3+A+B+260401:0815+R1'{segments}";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    public void Lines_are_counted_as_an_editor_does(string end)
    {
        var file = string.Join(end, "UNB+UNOC:3+A+B+260401:0815+R1'", "UNH+1+X:1:1:UN'", "", "LIN+1'", "UNT+3+1'", "UNZ+1+R1'");
        var line = file.IndexOf("LIN", StringComparison.Ordinal);

        Assert.Equal(
            [new(4, 5, "LIN+1"), new(1, 1, "UNB+UNOC:3+A+B+260401:0815+R1"), new(4, 1, "LIN+1")],
            Of(Encoding.Latin1.GetBytes(file), line + 4, 0, line));
    }

    /// <summary>Every place of a file against a plain count of its text.</summary>
    [Fact]
    public void Every_place_of_a_long_file_has_the_line_and_column_of_a_plain_count()
    {
        var random = new Random(7);
        string[] ends = ["", "\n", "\r\n", "\r", "\n\n", "\n\r"];
        var text = new StringBuilder("UNB+UNOC:3+A+B+260401:0815+R1'UNH+1+X:1:1:UN'");
        while (text.Length < 200_000)
            text.Append("FTX+AAI+++").Append('\u00FC', random.Next(90)).Append('\'').Append(ends[random.Next(ends.Length)]);
        var file = Encoding.Latin1.GetBytes(text.ToString());
        var offsets = Enumerable.Range(0, 2_000).Select(_ => (long)random.Next(file.Length)).ToArray();

        var (line, column, places) = (1L, 1L, new (long, long)[file.Length]);
        for (var i = 0; i < file.Length; i++)
        {
            places[i] = (line, column);
            column++;
            if (file[i] == '\r' || file[i] == '\n' && (i == 0 || file[i - 1] != '\r'))
                (line, column) = (line + 1, 1);
            else if (file[i] == '\n')
                column = 1;
        }
        var inText = offsets.Where(o => file[o] is not ((byte)'\r' or (byte)'\n')).ToArray();
        Assert.Equal(inText.Select(o => places[o]), Of(file, inText).Select(e => (e.Line, e.Column)));
    }

    [Theory]
    [InlineData("UNOC:3", "utf-8", "FTX+AAI+++\u00C3\u00BC1", 13)]
    [InlineData("UNOY:4", "utf-8", "FTX+AAI+++\u00FC1", 12)]
    [InlineData("UNOC:3", "iso-8859-1", "FTX+AAI+++\u00FC1", 12)]
    public void Columns_count_characters_of_the_declared_set(string syntax, string written, string segment, int column)
    {
        var start = Encoding.ASCII.GetBytes($"UNB+{syntax}+A+B+260401:0815+R1'UNH+1+X:1:1:UN'\n");
        byte[] file = [.. start, .. Encoding.GetEncoding(written).GetBytes("FTX+AAI+++\u00FC1'UNT+3+1'UNZ+1+R1'")];
        var digit = Array.IndexOf(file, (byte)'1', start.Length);

        Assert.Equal(new(2, column, segment), Assert.Single(Of(file, digit)));
    }

    [Fact]
    public void A_byte_order_mark_is_no_column() =>
        Assert.Equal((1, 5), Of([0xEF, 0xBB, 0xBF, .. "UNB+UNOC:3+A+B+260401:0815+R1'UNZ+0+R1'"u8], 7) is [var e] ? (e.Line, e.Column) : default);

    [Fact]
    public void Of_a_long_segment_the_part_around_the_place_is_shown()
    {
        var file = Message($"UNH+1+X:1:1:UN'FTX+AAI+++{new string('A', 5_000)}!{new string('B', 5_000)}'UNT+3+1'UNZ+1+R1'");
        var excerpt = Assert.Single(Of(Encoding.Latin1.GetBytes(file), file.IndexOf('!', StringComparison.Ordinal)));

        Assert.Equal(Limits.ExcerptCharsMax + 2, excerpt.Segment!.Length);
        Assert.Matches("^…A+!B+…$", excerpt.Segment);
    }

    [Fact]
    public void What_stands_in_no_segment_has_a_line_and_no_text()
    {
        var file = "HELLO\n" + Message("UNZ+0+R1'") + "\nBYE";
        Assert.Equal([new(1, 3, null), new(3, 2, null), new(3, 4, null)], Of(Encoding.ASCII.GetBytes(file), 2, file.Length - 2, file.Length));
    }

    [Theory]
    [InlineData("", "ü")]
    [InlineData("x", "ü")]
    [InlineData("x", "€")]
    [InlineData("xx", "€")]
    [InlineData("xxx", "😀")]
    public void A_long_line_that_is_cut_within_a_character_stays_what_it_is(string head, string character)
    {
        using var excerpts = new Excerpts(() => new MemoryStream(Encoding.UTF8.GetBytes(head + string.Concat(Enumerable.Repeat(character, 400)))), isEdi: false);
        var text = Assert.Single(excerpts.Of([At(0)])).Segment!;
        Assert.Equal(head + string.Concat(Enumerable.Repeat(character, 400)), text[..^1] + string.Concat(Enumerable.Repeat(character, 400))[(text.Length - 1 - head.Length)..]);
    }

    [Fact]
    public void Places_may_be_asked_for_in_any_order()
    {
        using var excerpts = new Excerpts(() => new MemoryStream(Encoding.ASCII.GetBytes(Message("\nUNH+1+X:1:1:UN'\nUNT+2+1'\nUNZ+1+R1'"))));
        Assert.Equal([3L, 2L, 1L], new[] { 47L, 31L, 0L }.Select(offset => Assert.Single(excerpts.Of([At(offset)])).Line));
    }

    [Fact]
    public void Findings_of_a_reading_are_found_again_where_they_were_made()
    {
        var file = Encoding.Latin1.GetBytes(Message("\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+1'\nDTM+137:20260401:102'\nLIN+1'\nQTY+21:x'\nUNS+S'\nUNT+8+1'\nUNZ+1+R1'"));
        var findings = new Validate.Reading(new MemoryStream(file)).Findings.Kept;
        using var excerpts = new Excerpts(() => new MemoryStream(file));

        Assert.Equal(
            [("ELM4005", new(6, 8, "QTY+21:x")), ("ENV2012", new Excerpt(8, 1, "UNT+8+1"))],
            findings.Zip(excerpts.Of(findings), (finding, excerpt) => (finding.Code, excerpt)));
    }
}
