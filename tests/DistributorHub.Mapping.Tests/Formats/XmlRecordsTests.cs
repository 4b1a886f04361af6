using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Tests.Run;

namespace DistributorHub.Mapping.Tests.Formats;

public sealed class XmlRecordsTests
{
    public static CompiledMap Compile(string each = "lists/list") => MappedFile.CompileText(
        $$"""
        hub: map/1
        id: base/test
        from:
          format: xml
          message: { type: LIST, each: {{each}} }
          header:
            no: '@no'
            day: { path: head/day, is: date, format: iso }
          record:
            path: item
            fields:
              sku: id[@type=own|ours]
              until: { path: until/@on, is: date, format: iso }
            groups:
              price: { path: prices/price, fields: { amount: { path: ., is: decimal } } }
        to: test
        rows:
        - table: lists
          set: { no: no, day: day ?? null, items: count(record) }
        - table: items
          for: record
          set: { line: $n, sku: sku, price: sum(amount), until: until ?? null }
        """, RecordMaps.Target);

    const string Whole = "<?xml version='1.0'?>\n<lists>\n <list no='L-1'>\n  <head><day>2026-03-01T08:00:00Z</day></head>\n  <item><id type='their'>x</id><id type='own'> A &amp; B </id><until on='2026-12-31'/><prices><price>1.5</price><price>2</price></prices></item>\n  <item><id type='ours'>€</id><other><id type='own'>no</id></other></item>\n </list>\n <list no='L-2'><item><id type='own'>C</id></item></list>\n</lists>\n";

    [Fact]
    public void Documents_records_and_what_repeats_in_them_become_rows()
    {
        var file = RecordFile.Map(Compile(), Whole);
        Assert.Empty(file.Faults);
        Assert.Equal(["L-1", "L-2"], file.Numbers);
        Assert.Equal(["L-1|2026-03-01|2", "L-2||1"], file.Rows("lists"));
        Assert.Equal(["1|A & B|3.5|2026-12-31", "2|€|0|", "1|C|0|"], file.Rows("items"));
    }

    [Fact]
    public void Every_segment_knows_the_byte_its_element_starts_at()
    {
        foreach (var encoding in new[] { new UTF8Encoding(false), SourceText.Windows1252, Encoding.Unicode })
        {
            var text = Whole.Replace("?>", $" encoding='{encoding.WebName}'?>", StringComparison.Ordinal).Replace("their", "thäir", StringComparison.Ordinal);
            byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(text)];
            var file = RecordFile.Map(Compile(), bytes);
            Assert.Empty(file.Faults);
            var starts = file.Places.Select(place => encoding.GetString(bytes.AsSpan(int.Parse(place.Split('@')[1], CultureInfo.InvariantCulture)))[..6]);
            Assert.Equal(["<list ", "<item>", "<price", "<price", "<item>", "<list ", "<item>"], starts);
        }
    }

    [Theory]
    [InlineData("<lists><list no='1'><item><id type='own'>A</id></item>", "REC7011", 1)]
    [InlineData("<lists><list no='1'><item><id type='own'>A</id></list></lists>", "REC7011", 1)]
    [InlineData("<lists><list no='1'>&unknown;</list></lists>", "REC7011", 1)]
    [InlineData("", "REC7011", 0)]
    [InlineData("No;Article\n1;A\n", "REC7011", 0)]
    [InlineData("<other/>", "REC7008", 0)]
    [InlineData("<lists><list no='1'><item><id type='own'>A</id></item><head><day>2026-03-01</day></head></list></lists>", "REC7013", 1)]
    public void What_is_wrong_with_the_file_is_told(string text, string code, int message)
    {
        var file = RecordFile.Map(Compile(), text);
        var fault = Assert.Single(file.Faults);
        Assert.Equal((code, message), (fault.Code, fault.At.Message));
        Assert.True(fault.Advice is { Length: > 0 });
    }

    [Fact]
    public void Nothing_outside_of_the_file_is_read_and_no_entity_grows()
    {
        const string laughs = "<!DOCTYPE lists [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/hostname'>]>";
        foreach (var reference in new[] { "&b;", "&f;" })
        {
            var file = RecordFile.Map(Compile(), $"{laughs}<lists><list no='1'><item><id type='own'>{reference}</id></item></list></lists>");
            Assert.Equal("REC7011", Assert.Single(file.Faults).Code);
            Assert.Equal(0, file.Ended);
        }
        Assert.Empty(RecordFile.Map(Compile(), $"<!DOCTYPE lists SYSTEM 'http://nowhere.invalid/x.dtd'>{Whole["<?xml version='1.0'?>\n".Length..]}").Faults);
    }

    [Fact]
    public void Bytes_that_are_no_characters_of_the_declared_set_are_told()
    {
        byte[] bytes = [.. "<lists><list no='1'><item><id type='own'>"u8, 0xE4, .. "</id></item></list></lists>"u8];
        Assert.Equal("REC7004", Assert.Single(RecordFile.Map(Compile(), bytes).Faults).Code);
    }

    [Theory]
    [InlineData("depth")]
    [InlineData("text")]
    [InlineData("attribute")]
    [InlineData("values")]
    [InlineData("comment")]
    public void Nothing_makes_the_reader_hold_more_than_its_limits(string what)
    {
        // Endless, as far as the reader is concerned: it must stop long before the end.
        using var input = new Endless(what switch
        {
            "depth" => ("<lists><list no='1'><item>", "<a>"),
            "text" => ("<lists><list no='1'><item><id type='own'>", "aaaaaaaaaa"),
            "attribute" => ("<lists><list no='1'><item><x a='", "aaaaaaaaaa"),
            "values" => ("<lists><list no='1'><item>", "<id type='own'>aaaaaaaaaaaaaaaa</id>"),
            _ => ("<lists><!--", "aaaaaaaaaa"),
        });
        var findings = new Edi.Findings();
        using var reader = Compile().Open(() => input, "acme", findings);
        var ended = 0;
        while (reader.Read())
            ended += reader.Event == RecordEvent.DocumentEnd ? 1 : 0;
        Assert.Equal(what == "depth" ? "REC7012" : "REC7007", Assert.Single(findings.Kept).Code);
        Assert.Equal(0, ended);
        Assert.True(input.Given < 8 * 1024 * 1024, $"{input.Given} bytes were read.");
    }
}
