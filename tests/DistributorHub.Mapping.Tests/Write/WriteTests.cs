namespace DistributorHub.Mapping.Tests.Write;

/// <summary>What maps write of documents. Expected segments follow from the message's structure and the rules of the language, by hand.</summary>
public sealed class WriteTests
{
    const string Ordrsp = "standard: EDIFACT, message: ORDRSP, release: D.96A";

    const string Head = """
        write:
        - BGM:
            C002.1001: '231'
            1004: no
            1225: '9'
        - DTM[137]:
            C507.2380: on ?? date('20260305')
        """;

    static WrittenDocument Of(string rules) => new(Ordrsp, Head + "\n" + rules + "\n- UNS.0081: 'S'");

    [Theory]
    [InlineData("- FTX[AAI]:\n    C108.4440: remark?", """ "remark": null """, "")]
    [InlineData("- FTX[AAI]:\n    C108.4440: remark?", """ "remark": "a+b:c?d" """, "FTX+AAI+++a?+b?:c??d")]
    [InlineData("- FTX[AAI]:\n    C108.4440: remark?", """ "remark": "" """, "")]
    [InlineData("- FTX[AAI]:\n    4453: '1'\n    C107.4441: '001'\n    C107.3055: '9'\n    C108.4440: remark?", """ "remark": "x" """, "FTX+AAI+1+001::9+x")]
    [InlineData("- FTX[AAI]:\n    C108.4440: 'yes'\n    C108.4440#2: remark?", """ "remark": "x" """, "FTX+AAI+++yes:x")]
    [InlineData("- FTX[AAI]:\n    C108.4440: upper(remark ?? 'none')", """ "remark": null """, "FTX+AAI+++NONE")]
    [InlineData("- FTX[AAI]:\n    C108.4440: if(exists(remark), join('-', remark?, no), null)", """ "remark": "x" """, "FTX+AAI+++x-N1")]
    [InlineData("- FTX[AAI]:\n    C108.4440: if(exists(remark), join('-', remark?, no), null)", """ "remark": null """, "")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: on?", """ "on": "2026-03-01" """, "RFF+ON:N1|DTM+171:20260301:102")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: at?", """ "at": "2026-03-01T08:05:09" """, "RFF+ON:N1|DTM+171:202603010805:203")]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2379: '204'\n    C507.2380: at?", """ "at": "2026-03-01T08:05:09" """, "RFF+ON:N1|DTM+171:20260301080509:204")]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2380: at?\n    C507.2379: '602'", """ "at": "2026-03-01T08:05:09" """, "RFF+ON:N1|DTM+171:2026:602")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: period(on?, date('20260331'))", """ "on": "2026-03-01" """, "RFF+ON:N1|DTM+171:20260301-20260331:718")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: period(on?, date('20260331'))", """ "on": null """, "RFF+ON:N1")]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2380: period(on, on)\n    C507.2379: '717'", """ "on": "2026-03-01" """, "RFF+ON:N1|DTM+171:260301-260301:717")]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2380: period(at, at)\n    C507.2379: '713'", """ "at": "2026-03-01T08:05:09" """, "RFF+ON:N1|DTM+171:2603010805-2603010805:713")]
    [InlineData("- MOA[86]: amount", """ "amount": -12.500 """, "MOA+86:-12.5")]
    [InlineData("- MOA[86]: amount + 1", """ "amount": 0.25 """, "MOA+86:1.25")]
    [InlineData("- MOA[86]: sum(lines.qty)\n- CNT[2]: count(lines)\n- CNT[1]: count(lots)", """ "lines": [ { "pos": 1, "qty": 2.5, "lots": [ {}, {} ] }, { "pos": 2, "lots": [ {} ] } ] """, "UNS+S|MOA+86:2.5|CNT+2:2|CNT+1:3")]
    public void Values_are_written_where_they_stand(string rules, string data, string expected)
    {
        var summary = rules.StartsWith("- MOA", StringComparison.Ordinal);
        var document = summary ? new(Ordrsp, $"{Head}\n- UNS.0081: 'S'\n{rules}") : Of(rules);
        var segments = document.Segments($$"""{ "id": 1, "no": "N1", {{data}} }""");
        Assert.Empty(document.Findings.Kept);
        List<string> body = [.. segments.Skip(2).Where(s => expected.Contains("UNS", StringComparison.Ordinal) || s != "UNS+S")];
        Assert.Equal(expected, string.Join('|', body));
    }

    [Fact]
    public void A_period_that_ends_before_it_starts_is_not_written()
    {
        var document = Of("- RFF[ON]: no\n- DTM[171]: period(on, date('20260228'))");
        Assert.Empty(document.Segments("""{ "id": 1, "no": "N1", "on": "2026-03-01" }"""));
        Assert.Equal(["MAP2504"], document.Codes);
    }

    [Theory]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2380: period(on, on)\n    C507.2379: '102'", "MAP1202 DTM[171].C507.2380 does not hold a period by the format '102'.")]
    [InlineData("- RFF[ON]: no\n- DTM[171]:\n    C507.2380: period(on, on)\n    C507.2379: '719'", "MAP1202 The format 719 wants times, and this period is of dates.")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: period(on?, on?) ?? on", "MAP1202 DTM[171] holds a period, and this may be one day or time.")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: period(on, at)", "MAP1203 A period is from a date to a date, or from a timestamp to a timestamp.")]
    [InlineData("- RFF[ON]: no\n- DTM[171]: period(no, on)", "MAP1203 period takes dates or timestamps, and this is ")]
    [InlineData("- FTX[AAI]:\n    C108.4440: period(on, on)", "MAP1202")]
    public void A_period_that_cannot_be_written_is_a_mistake_of_the_map(string rules, string expected) => Assert.Contains(expected, Of(rules).Mistakes(), StringComparison.Ordinal);

    [Fact]
    public void Rows_of_lists_are_written_one_after_another_and_those_in_them_below_them()
    {
        var document = Of("""
            - for: lines
              where: lines.qty > 0
              write:
              - LIN:
                  1082: $n
              - PIA[1]:
                  C212[SA]: lines.sku?
                  C212[SA].3055: '91'
                  C212[IN]: text(lines.pos)
              - QTY[21]: lines.qty
              - for: lots
                write:
                - RFF[BT]: lots.lot?
            """);
        var segments = document.Segments("""
            { "id": 1, "no": "N1", "lines": [
              { "pos": 10, "sku": "A", "qty": 1, "lots": [ { "lot": "L1" }, { "lot": null }, { "lot": "L3" } ] },
              { "pos": 20, "sku": "B", "qty": 0 },
              { "pos": 30, "qty": 2.250 } ] }
            """);
        Assert.Empty(document.Findings.Kept);
        Assert.Equal(["LIN+1", "PIA+1+A:SA::91+10:IN", "QTY+21:1", "RFF+BT:L1", "RFF+BT:L3", "LIN+2", "PIA+1+30:IN", "QTY+21:2.25", "UNS+S"], segments.Skip(2));
    }

    [Theory]
    [InlineData("- FTX[AAI]:\n    C108.4440: remark", "{ \"id\": 1, \"no\": \"N1\" }", "MAP2501", "FTX[AAI].C108.4440 needs remark, which has no value in the document N1.")]
    [InlineData("- FTX[AAI]:\n    C108.4440: $partner.own_gln", "{ \"id\": 1, \"no\": \"N1\" }", "MAP2101", "FTX[AAI].C108.4440 needs $partner.own_gln, which is not set.")]
    [InlineData("- FTX[AAI]:\n    C107.4441: remark", "{ \"id\": 1, \"no\": \"N1\", \"remark\": \"toolong\" }", "MAP2107", "FTX[AAI].C107.4441 takes 3 characters or digits, and 'toolong' in the document N1 has more.")]
    [InlineData("- FTX[AAI]:\n    C108.4440: code(remark, uom)", "{ \"id\": 1, \"no\": \"N1\", \"remark\": \"??\" }", "MAP2105", "FTX[AAI].C108.4440: the code '??' is not in the list 'uom'.")]
    [InlineData("- RFF[ON]: remark?\n- DTM[171]: on?", "{ \"id\": 1, \"no\": \"N1\", \"on\": \"2026-03-01\" }", "MAP2503", "DTM[171] has values in the document N1, but the segment that starts its group has none and is left out.")]
    [InlineData("- for: lines\n  write:\n  - LIN:\n      1082: lines.pos\n  - QTY[21]: lines.qty", "{ \"id\": 1, \"no\": \"N1\", \"lines\": [ { \"pos\": 1, \"qty\": 1 }, { \"pos\": 2 } ] }", "MAP2501",
        "QTY[21] needs lines.qty, which has no value in lines 2.")]
    [InlineData("- FTX[AAI]:\n    C108.4440: remark", "{ \"id\": 1, \"no\": \"N1\", \"remark\": \"\u20ac 5\" }", "WRT6001", null)]
    public void What_cannot_be_written_is_a_finding_and_nothing_is_sent(string rules, string data, string code, string? message)
    {
        var document = Of(rules);
        Assert.Empty(document.Segments(data));
        var finding = Assert.Single(document.Findings.Kept);
        Assert.Equal((code, message ?? finding.Message), (finding.Code, finding.Message));
    }

    [Fact]
    public void A_fault_in_two_rows_is_told_for_each_of_them()
    {
        var document = Of("- for: lines\n  write:\n  - LIN:\n      1082: lines.pos\n  - QTY[21]: lines.qty");
        Assert.Empty(document.Segments("""{ "id": 1, "no": "N1", "lines": [ { "pos": 1 }, { "pos": 2, "qty": 1 }, { "pos": 3 } ] }"""));
        Assert.Equal(["note/lines[1]/QTY[21]", "note/lines[3]/QTY[21]"], document.Findings.Kept.Select(f => f.Path));
    }

    [Fact]
    public void What_the_message_has_no_room_for_is_found_when_it_is_read_again()
    {
        var document = Of("- for: lines\n  write:\n  - LIN:\n      1082: lines.pos\n  - for: lots\n    write:\n    - QVR:\n        C279.6064: 1\n        C279.6063: '21'");
        Assert.Equal("18:7 MAP1501 LIN/QVR stands once in LIN, and cannot be written for each row of lots.", document.Mistakes());
        var many = Of("- for: lines\n  write:\n  - LIN:\n      1082: lines.pos\n  - for: lots\n    write:\n    - QTY[21]: count(lines)");
        var lots = string.Join(", ", Enumerable.Repeat("{}", 11));
        Assert.Empty(many.Segments($$"""{ "id": 1, "no": "N1", "lines": [ { "pos": 1, "lots": [ {{lots}} ] } ] }"""));
        Assert.Contains("STR3006", many.Codes);
    }

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        var document = Of("- FTX[AAI]:\n    C108.4440: remark\n    C108.4440#2: $partner.gln\n    C108.4440#3: $partner.own_gln\n- RFF[ON]: remark");
        Assert.Empty(document.Segments("""{ "id": 1, "no": "N1" }"""));
        Assert.Equal(["MAP2501", "MAP2101", "MAP2101", "MAP2501"], document.Codes);
    }
}
