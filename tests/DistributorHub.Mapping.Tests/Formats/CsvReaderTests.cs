using System.Text;
using DistributorHub.Mapping.Formats;

namespace DistributorHub.Mapping.Tests.Formats;

public sealed class CsvReaderTests
{
    [Fact]
    public void Columns_are_found_by_their_headers_in_any_order_and_spelling()
    {
        var file = RecordFile.Map(RecordMaps.Compile(), "Something,PRICE, artikel ,no\nx,1.5,A-1,L-1\ny,,A-2,L-1\n");
        Assert.Empty(file.Faults);
        Assert.Equal(["L-1||2"], file.Rows("lists"));
        Assert.Equal(["1|A-1|1.5|", "2|A-2||"], file.Rows("items"));
    }

    [Theory]
    [InlineData(';')]
    [InlineData(',')]
    [InlineData('\t')]
    [InlineData('|')]
    public void The_delimiter_is_the_one_the_headers_are_separated_by(char delimiter)
    {
        var file = RecordFile.Map(RecordMaps.Compile(), $"\"No\"{delimiter}Article{delimiter}Other;,|\nL-1{delimiter}\"A{delimiter}1\"{delimiter}\n".Replace("Other;,|", "Other", StringComparison.Ordinal));
        Assert.Empty(file.Faults);
        Assert.Equal([$"1|A{delimiter}1||"], file.Rows("items"));
    }

    [Fact]
    public void Numbers_and_dates_are_read_as_the_map_says_they_are_written()
    {
        var file = RecordFile.Map(RecordMaps.Compile("decimals: ','\n  thousands: '.'"), "No;Article;Price;Until\nL-1;A;1.234.567,5;31.12.2026\nL-1;B;1.23,5;31/12/2026\n");
        Assert.Equal("1|A|1234567.5|2026-12-31", file.Rows("items")[0]);
        Assert.Equal(["MAP2104 3.2@52", "MAP2104 3.3@52"], file.Told());
        Assert.StartsWith("a date as dd.MM.yyyy", file.Faults[1].Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_record_knows_the_byte_it_starts_at(string end)
    {
        var text = string.Join(end, "No;Article", "L-1;Ä", $"L-1;\"B{end}€\"", ";", "L-1;C", "");
        var bytes = Encoding.UTF8.GetBytes(text);
        var file = RecordFile.Map(RecordMaps.Compile(), bytes);
        Assert.Empty(file.Faults);
        var starts = new[] { "L-1;Ä", "L-1;\"B", "L-1;C" }.Select(record => Encoding.UTF8.GetByteCount(text[..text.IndexOf(record, StringComparison.Ordinal)])).ToList();
        Assert.Equal([$"2@{starts[0]}", $"2@{starts[0]}", $"3@{starts[1]}", $"5@{starts[2]}"], file.Places);
        Assert.Equal($"2|B{end}€||", file.Rows("items")[1]);
    }

    [Fact]
    public void Bytes_count_right_far_into_a_large_file_of_any_character_set()
    {
        foreach (var encoding in new[] { Encoding.UTF8, SourceText.Windows1252, Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var text = new StringBuilder("No;Article\r\n");
            for (var i = 0; i < 20_000; i++)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"L-1;{new string('ä', i % 7)}€{i}\r\n");
            byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(text.ToString())];
            var file = RecordFile.Map(RecordMaps.Compile(), bytes);
            Assert.Empty(file.Faults);
            for (var i = 0; i < 20_000; i += 997)
            {
                var place = file.Places[i + 1].Split('@');
                Assert.Equal(i + 2, int.Parse(place[0], System.Globalization.CultureInfo.InvariantCulture));
                var at = int.Parse(place[1], System.Globalization.CultureInfo.InvariantCulture);
                Assert.StartsWith($"L-1;{new string('ä', i % 7)}€{i}\r\n", encoding.GetString(bytes.AsSpan(at, Math.Min(60, bytes.Length - at))), StringComparison.Ordinal);
            }
            // As many rows as are kept.
            Assert.Equal("10000|" + new string('ä', 9_999 % 7) + "€9999||", file.Rows("items")[^1]);
        }
    }

    [Fact]
    public void The_first_character_beyond_ascii_decides_wherever_it_stands()
    {
        // Borders of what is read at a time go through it, before it and behind it.
        for (var before = 16_370; before < 16_390; before++)
            foreach (var encoding in new[] { Encoding.UTF8, SourceText.Windows1252 })
            {
                var head = "No;Article\nL-1;A\n";
                var text = head + string.Concat(Enumerable.Repeat("L-1;A\n", (before - head.Length) / 6)) + new string(' ', (before - head.Length) % 6) + "L-1;äü\nL-1;ß\n";
                var file = RecordFile.Map(RecordMaps.Compile(), encoding.GetBytes(text));
                Assert.Equal("äü", file.Rows("items")[^2].Split('|')[1]);
                Assert.Equal("ß", file.Rows("items")[^1].Split('|')[1]);
            }
    }

    [Theory]
    [InlineData("", "REC7008 0.0@0")]
    [InlineData("No;Article\n", "REC7008 0.0@0")]
    [InlineData("No;Price\nL-1;1\n", "REC7001 1.0@0")]
    [InlineData("Price;Date\n1;2\n", "REC7001 1.0@0, REC7001 1.0@0")]
    [InlineData("No;Article;Artikel\nL-1;A;A\n", "REC7002 1.3@0")]
    [InlineData("No;Article\nL-1;A\nL-1\n", "REC7003 3.0@17")]
    [InlineData("No;Article\nL-1;A;b\nL-1;C\nL-1\n", "REC7003 2.0@11, REC7003 4.0@25")]
    [InlineData("No;Article\nL-1;\"A\nL-1;B\n", "REC7005 2.0@11")]
    [InlineData("No;Article\nL-1;1/2\" x 1/2\"\n", "REC7006 2.2@11")]
    [InlineData("No;Article\nL-1;\"A\"B\"\"\n", "REC7006 2.2@11")]
    [InlineData("No;Article\nL-1;A\0\n", "REC7004 2.0@11")]
    public void What_is_wrong_with_the_file_is_told_with_its_place_and_nothing_of_it_ends(string text, string told)
    {
        var file = RecordFile.Map(RecordMaps.Compile(), text);
        Assert.Equal(told, string.Join(", ", file.Told()));
        Assert.True(file.Faults[0].Advice is { Length: > 0 });
        Assert.Equal(0, file.Ended);
    }

    [Fact]
    public void Bytes_that_are_no_characters_end_the_reading()
    {
        byte[] bytes = [.. "No;Article\nL-1;ä\nL-1;"u8, 0xE4, .. "\n"u8];
        var file = RecordFile.Map(RecordMaps.Compile(), bytes);
        Assert.Equal(["REC7004 3.0@18"], file.Told());
        Assert.Equal(0, file.Ended);
    }

    [Fact]
    public void A_quote_that_never_closes_ends_the_reading_in_bounded_memory()
    {
        var file = RecordFile.Map(RecordMaps.Compile(), "No;Article\nL-1;\"" + new string('x', 20_000_000));
        Assert.Equal(["REC7007 2.0@11"], file.Told());
    }

    [Fact]
    public void Quotes_are_characters_when_the_map_says_so()
    {
        var file = RecordFile.Map(RecordMaps.Compile("quotes: no"), "No;Article\nL-1;1/2\" x\n");
        Assert.Empty(file.Faults);
        Assert.Equal(["1|1/2\" x||"], file.Rows("items"));
    }

    [Fact]
    public void Without_headers_the_columns_are_those_of_the_map_in_their_order()
    {
        var file = RecordFile.Map(RecordMaps.Compile("headers: no"), "L-1;01.02.2026;A;1;\nL-1;;B;2;28.02.2026\n");
        Assert.Empty(file.Faults);
        Assert.Equal(["L-1|2026-02-01|2"], file.Rows("lists"));
        Assert.Equal(["1|A|1|", "2|B|2|2026-02-28"], file.Rows("items"));
    }

    [Fact]
    public void Records_of_one_number_are_a_document()
    {
        var file = RecordFile.Map(RecordMaps.Compile(message: "{ type: LIST, by: no }"), "No;Article;Day\nL-1;A;01.02.2026\nL-1;B;\nL-2;C;\n");
        Assert.Empty(file.Faults);
        Assert.Equal(["L-1", "L-2"], file.Numbers);
        Assert.Equal(["L-1|2026-02-01|2", "L-2||1"], file.Rows("lists"));
        Assert.Equal(["1|A||", "2|B||", "1|C||"], file.Rows("items"));
    }

    [Fact]
    public void Records_of_one_number_that_do_not_stand_together_stop_the_file_before_its_first_document()
    {
        var file = RecordFile.Map(RecordMaps.Compile(message: "{ type: LIST, by: no }"), "No;Article\nL-1;A\nL-2;B\nL-1;C\n");
        Assert.Equal(["REC7010 4.0@23"], file.Told());
        Assert.Equal("L-1", file.Faults[0].Found);
        Assert.Empty(file.Numbers);
    }

    [Fact]
    public void A_ragged_record_of_the_last_document_keeps_the_first_one_from_being_read_too()
    {
        var file = RecordFile.Map(RecordMaps.Compile(message: "{ type: LIST, by: no }"), "No;Article\nL-1;A\nL-2\n");
        Assert.Equal(["REC7003 3.0@17"], file.Told());
        Assert.Empty(file.Numbers);
    }

    [Fact]
    public void A_header_value_that_differs_rejects_the_document_and_is_told_once()
    {
        var file = RecordFile.Map(RecordMaps.Compile(), "No;Article;Day\nL-1;A;01.02.2026\nL-1;B;02.02.2026\nL-1;C;03.02.2026\n");
        Assert.Equal(["REC7009 3.0@32"], file.Told());
        Assert.Equal("'01.02.2026', as in the first record of the document", file.Faults[0].Expected);
    }
}
