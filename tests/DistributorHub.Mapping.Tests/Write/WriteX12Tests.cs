namespace DistributorHub.Mapping.Tests.Write;

/// <summary>X12: pairs, implied decimals, elements that go together, and levels.</summary>
public sealed class WriteX12Tests
{
    const string Invoice = "standard: X12, message: '810', release: '004010'";

    const string Head = """
        write:
        - BIG:
            01: on ?? date('20260305')
            02: no
        """;

    static WrittenDocument Of(string rules) => new(Invoice, $"{Head}\n{rules}\n- TDS: round(amount ?? 0, 2)");

    [Theory]
    [InlineData("- N1[BY]:\n    03: '92'\n    04: remark?", """ "remark": "77" """, "N1*BY**92*77")]
    [InlineData("- N1[BY]:\n    02: no\n    03: '92'\n    04: remark?", """ "remark": null """, "N1*BY*N1")]
    [InlineData("- N1[BY]:\n    03: '92'\n    04: remark?", """ "remark": null """, "")]
    [InlineData("- DTM[011]:\n    02: at?\n    03: at?", """ "at": "2026-03-01T08:05:09" """, "DTM*011*20260301*0805")]
    [InlineData("- MEA:\n    01: 'PD'\n    02: 'G'\n    03: amount\n    04.01: 'KG'", """ "amount": 10.500 """, "MEA*PD*G*10.5*KG")]
    [InlineData("- MEA[G].03: amount", """ "amount": 0.5 """, "MEA**G*0.5")]
    public void Values_are_written_by_position(string rules, string data, string expected)
    {
        var document = Of(rules);
        var segments = document.Segments($$"""{ "id": 1, "no": "N1", {{data}} }""");
        Assert.Empty(document.Findings.Kept);
        Assert.Equal(expected, string.Join('|', segments.Skip(1).SkipLast(1)));
    }

    [Theory]
    [InlineData("123.45", "TDS*12345")]
    [InlineData("123.4", "TDS*12340")]
    [InlineData("0", "TDS*0")]
    [InlineData("-1.5", "TDS*-150")]
    [InlineData("123.450", "TDS*12345")]
    [InlineData("123.456", null)]
    public void N2_implies_two_decimals_and_never_rounds(string amount, string? expected)
    {
        // The field may have three decimals, so the map has to say what becomes of them.
        Assert.Equal("9:8 MAP1204 TDS takes 2 decimals, and this may have 3. (write round(…, 2))", new WrittenDocument(Invoice, $"{Head}\n- TDS: amount").Mistakes());
        var document = new WrittenDocument(Invoice, $"{Head}\n- TDS: amount * 1");
        var segments = document.Segments($$"""{ "id": 1, "no": "N1", "amount": {{amount}} }""");
        Assert.Equal(expected, segments.Skip(1).FirstOrDefault());
        Assert.Equal(expected is null ? ["MAP2109"] : [], document.Codes);
    }

    [Fact]
    public void Pairs_take_the_places_that_are_free_in_the_order_of_the_rules()
    {
        var document = new WrittenDocument(Invoice, $"{Head}\n" + """
            - for: lines
              write:
              - IT1:
                  01: text(lines.pos)
                  ID[UP]: lines.sku?
                  ID[VN]: no
                  ID[BP]: text(lines.qty?)
            - TDS: round(0.005, 2)
            """);
        var segments = document.Segments("""{ "id": 1, "no": "N1", "lines": [ { "pos": 1, "sku": "A", "qty": 1.5 }, { "pos": 2, "qty": 2 }, { "pos": 3, "sku": "C" } ] }""");
        Assert.Empty(document.Findings.Kept);
        Assert.Equal(["IT1*1*****UP*A*VN*N1*BP*1.5", "IT1*2*****VN*N1*BP*2", "IT1*3*****UP*C*VN*N1", "TDS*1"], segments.Skip(1));
    }

    [Fact]
    public void Delimiters_in_values_cannot_be_written()
    {
        var document = Of("- REF[VN]: remark?");
        Assert.Empty(document.Segments("""{ "id": 1, "no": "N1", "remark": "a*b", "amount": 0 }"""));
        Assert.Equal(["WRT6004"], document.Codes);
    }

    const string Ship = "standard: X12, message: '856', release: '004010'";

    const string ShipHead = """
        write:
        - BSN:
            01: '00'
            02: no
            03: date('20260305')
            04: time('0815', 'HHmm')
        """;

    [Fact]
    public void Levels_are_numbered_and_know_the_level_around_them()
    {
        var document = new WrittenDocument(Ship, ShipHead + "\n" + """
            - group: HL[S]
              write:
              - REF[BM]: no
              - for: lines
                group: HL[O]
                where: lines.qty > 0
                write:
                - HL:
                    03: 'O'
                    04: '1'
                - PRF01: text(lines.pos)
                - for: lots
                  group: HL[I]
                  write:
                  - LIN:
                      ID[LT]: lots.lot?
            - group: HL[S]
              write: []
            - CTT01: count(lots)
            """);
        var segments = document.Segments("""
            { "id": 1, "no": "N1", "lines": [
              { "pos": 1, "qty": 1, "lots": [ { "lot": "A" }, { "lot": "B" } ] },
              { "pos": 2, "qty": 0, "lots": [ { "lot": "X" } ] },
              { "pos": 3, "qty": 1, "lots": [ { "lot": null } ] } ] }
            """);
        Assert.Equal(
            ["HL*1**S", "REF*BM*N1", "HL*2*1*O*1", "PRF*1", "HL*3*2*I", "LIN**LT*A", "HL*4*2*I", "LIN**LT*B", "HL*5*1*O*1", "PRF*3", "HL*6*5*I", "HL*7**S", "CTT*4"], segments.Skip(1));
    }

    [Theory]
    [InlineData("- group: HL\n  write:\n  - REF[BM]: no", "11:10 MAP1502 HL cannot do without 03, which has no rule. (add 03: … below it)")]
    [InlineData("- group: HL[S]\n  write:\n  - group: HL[O]\n    write:\n    - PRF01: no\n  - REF[BM]: no",
        "16:5 MAP1501 REF cannot stand behind PRF01 in 856 004010. (what belongs to a level stands before the levels below it)")]
    [InlineData("- group: HL[S]\n  write:\n  - MAN[GM]: no\n  - REF[BM]: no",
        "14:5 MAP1501 REF cannot stand behind MAN[GM] in HL of 856 004010. (in HL it stands between TSD and PER: move it there)")]
    public void A_mistake_in_levels_is_named_where_it_stands(string rules, string expected) =>
        Assert.Equal(expected, new WrittenDocument(Ship, $"{ShipHead}\n{rules}").Mistakes());
}
