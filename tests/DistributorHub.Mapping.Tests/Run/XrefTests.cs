using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Tests.Language;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>xref(name, key…): rows carry the keys; the values are looked up when they are loaded.</summary>
public sealed class XrefTests
{
    const string Target = """
        hub: target/1
        id: test
        tables:
          doc:
            is: test.doc
            id: doc_id
            key: [no]
            policy: update
            columns: { no: text(10) not null, customer: bigint not null, site: int, amount: 'numeric(8,2)' }
          line:
            is: test.line
            parent: doc.doc_id
            key: [doc_id, no]
            policy: children
            columns: { no: int not null, article: text(20) }
        xrefs:
          customer: { is: erp.customer, key: { gln: text(13) }, value: bigint }
          site:     { is: erp.site, key: { customer: text(13), role: text(3) }, value: int, miss: null }
          article:  { is: erp.article, key: { sku: text(5) }, value: text(20), miss: null }
        """;

    static string Map(string doc, string line = "no: $n") =>
        $"hub: map/1\nid: base/test\nfrom: {{ standard: EDIFACT, message: ORDERS, release: D.96A }}\nto: test\nrows:\n- table: doc\n  set:\n    no: BGM.1004\n    {doc}\n"
        + $"- table: line\n  for: LIN\n  set:\n    {line}\n";

    [Fact]
    public void Rows_carry_the_keys_and_show_what_will_be_looked_up()
    {
        var map = MappedFile.CompileText(Map("customer: xref(customer, NAD[BY].C082.3039)\n    site: xref(site, NAD[BY].C082.3039, NAD[DP].3035?)",
            "no: LIN.1082\n    article: xref(article, PIA.C212[SA]?)"), Target);
        var file = MappedFile.Map(map, Samples.Edifact("ORDERS", SmallMap.Head + "LIN+1'PIA+1+MUCH-LONGER:SA'LIN+2'" + SmallMap.Tail));
        file.IsClean();
        // A part of the site's key is absent: there is nothing to look up. A key too long for the seller's column is only not found.
        Assert.Equal(["no=A1 | customer=xref(customer, 1)"], file.Rows("doc"));
        Assert.Equal(["no=1 | article=xref(article, MUCH-LONGER)", "no=2"], file.Rows("line"));
        Assert.Equal(["A1"], file.DocumentNumbers);
        Assert.Equal(["no", "customer", "site"], map.Tables[0].Columns.Where(c => c.Mapped).Select(c => c.Name));
        Assert.Equal([("customer", 0), ("site", 1)], map.Tables[0].Lookups.Select(l => (l.Column, l.FirstKey)));
    }

    [Fact]
    public void A_key_shows_as_text_in_json_whatever_the_column_holds()
    {
        var sink = new CollectSink();
        var bytes = System.Text.Encoding.ASCII.GetBytes(Samples.Edifact("ORDERS", SmallMap.Head + "LIN+1'" + SmallMap.Tail));
        MappedFile.Run(MappedFile.CompileText(Map("customer: xref(customer, NAD[BY].C082.3039)"), Target), new MemoryStream(bytes), sink, new Findings(), [], []);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            sink.WriteJson(json);
        using var read = JsonDocument.Parse(stream.ToArray());
        Assert.Equal("xref(customer, 1)", read.RootElement.GetProperty("doc")[0].GetProperty("customer").GetString());
    }

    [Theory]
    [InlineData("customer: xref(custmer, BGM.1004)", "9:20 MAP1207 Target 'test' has no xref 'custmer'. (did you mean customer?)")]
    [InlineData("customer: xref(customer, BGM.1004) ?? 1", "9:15 MAP1207 xref is looked up when the rows are loaded: nothing can be made of its value here. (let xref(…) be the whole rule of its column)")]
    [InlineData("customer: xref(site, BGM.1004)", "9:15 MAP1206 The key of xref site has 2 columns, not 1. (xref(site, customer, role))")]
    [InlineData("customer: xref(customer, DTM[137])", "9:30 MAP1203 The key customer.gln holds a text, and this is a moment. (use text(…))")]
    [InlineData("customer: xref(customer, BGM.1004?)", "9:15 MAP1201 doc.customer is not null, but this may be absent. (the key may be absent, or the xref's miss is null)")]
    [InlineData("customer: xref(site, BGM.1004, '1')", "9:15 MAP1201 doc.customer is not null, but this may be absent. (the key may be absent, or the xref's miss is null)")]
    [InlineData("customer: xref(article, BGM.1004)", "9:15 MAP1202 doc.customer holds a whole number, and this is a text.")]
    [InlineData("customer: xref(customer, BGM.1004)\n    site: $doc.customer", "10:11 MAP1305 ")]
    public void Mistakes_are_told_where_they_stand(string rules, string expected)
    {
        var maps = new Maps { ["base/test.yaml"] = Map(rules), ["targets/test.target.yaml"] = Target };
        Assert.StartsWith(expected, string.Join('\n', maps.Compile("base/test").Diagnostics.Select(Maps.Short)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_looked_up_column_is_not_known_to_the_rows_inside()
    {
        var maps = new Maps
        {
            ["base/test.yaml"] = Map("customer: xref(customer, BGM.1004)\n    amount: xref(customer, BGM.1004)", "no: $n\n    article: text($doc.customer)"),
            ["targets/test.target.yaml"] = Target,
        };
        Assert.Equal("15:19 MAP1207 doc.customer is looked up when the rows are loaded, and not known before. (use the xref's key, or the same xref(…))",
            string.Join('\n', maps.Compile("base/test").Diagnostics.Select(Maps.Short)));
    }

    [Theory]
    [InlineData("value: bigint }", "value: bool }", "TGT1015")]
    [InlineData("miss: null }\n  article", "miss: pass }\n  article", "TGT1015")]
    [InlineData("key: { gln: text(13) }, ", "", "TGT1004")]
    [InlineData("is: erp.customer, ", "is: a.b.c, ", "TGT1005")]
    public void An_xref_is_described_in_full(string old, string edit, string code)
    {
        var maps = new Maps
        {
            ["base/test.yaml"] = Map("customer: 1"),
            ["targets/test.target.yaml"] = Target.Replace(old, edit, StringComparison.Ordinal),
        };
        Assert.Equal([code], maps.Compile("base/test").Diagnostics.Select(d => d.Code));
    }
}
