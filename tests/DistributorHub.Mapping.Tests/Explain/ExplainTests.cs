using System.Text;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Tests.Run;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Explain;

/// <summary>Every value says which rule made it of which bytes, and a null says what was looked for and where.</summary>
public sealed class ExplainTests
{
    public static TheoryData<string, string> Files { get; } = new()
    {
        { "base/orders-edifact", "nordlicht/in/orders-4500017201.edi" },
        { "base/orders-edifact", "nordlicht/in/orders-4500017203-broken.edi" },
        { "base/pricat-edifact", "nordlicht/in/pricat-2026-q4.edi" },
        { "base/orders-x12", "prairie/in/850-20261116.x12" },
        { "base/pricat-x12", "prairie/in/832-fall-2026.x12" },
    };

    [Theory, MemberData(nameof(Files))]
    public void Explained_values_are_those_of_the_rows(string id, string file)
    {
        var bytes = File.ReadAllBytes(Repository.PathTo("sample-files", file));
        var map = MappedFile.Compile(id);
        var traces = new List<MapTrace>();
        var traced = MappedFile.Map(map, bytes, () => Trace(traces));
        var plain = MappedFile.Map(map, bytes);
        Assert.Equal(plain.All.Select(Describe), traced.All.Select(Describe));
        Assert.Equal(plain.Faults.Select(f => f.ToString()), traced.Faults.Select(f => f.ToString()));
        // A row with a fault is not written, and its values are explained all the same.
        var failed = traces.SelectMany(t => t.Values).Where(v => v.Rule.Failed).Select(v => (v.At, v.Table, v.Row)).ToHashSet();
        var explained = traces.SelectMany(t => t.Values)
            .Where(v => v.Row > 0 && !v.Column.StartsWith("check.", StringComparison.Ordinal) && !failed.Contains((v.At, v.Table, v.Row)) && v.Rule.Value is not null)
            .Select(v => $"{v.At.Segment} {v.Table}[{v.Row}].{v.Column}={v.Rule.Value}").Order(StringComparer.Ordinal).ToList();
        var rows = plain.All.SelectMany(r => r.Table.Columns.Select((c, i) => (Column: c.Name, Value: r.Values[i])).Where(v => v.Value is not null)
            .Select(v => $"{r.Segment} {r.Table.Name}[{r.Row}].{v.Column}={v.Value}")).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(rows);
        Assert.Equal(rows, explained);
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_source_is_the_bytes_of_the_file_it_names(string id, string file)
    {
        var bytes = File.ReadAllBytes(Repository.PathTo("sample-files", file));
        var traces = new List<MapTrace>();
        MappedFile.Map(MappedFile.Compile(id), bytes, () => Trace(traces));
        var sources = traces.SelectMany(t => t.Values).SelectMany(v => v.Rule.Steps).SelectMany(All).SelectMany(s => s.Sources).ToList();
        Assert.True(sources.Count > 20, $"{sources.Count} sources");
        foreach (var source in sources)
        {
            var sent = Encoding.Latin1.GetString(bytes[(int)source.Start..(int)source.End]);
            Assert.Equal(source.Text, sent.Replace("?", "", StringComparison.Ordinal));
            Assert.Contains(source.Text, source.Segment, StringComparison.Ordinal);
            Assert.Equal(source.Segment[..2], Encoding.Latin1.GetString(bytes[(int)source.At.Offset..((int)source.At.Offset + 2)]));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void What_no_rule_reads_is_found_in_the_same_pass_with_its_bytes(string id, string file)
    {
        var bytes = File.ReadAllBytes(Repository.PathTo("sample-files", file));
        var map = MappedFile.Compile(id);
        var traces = new List<MapTrace>();
        MappedFile.Map(map, bytes, () =>
        {
            traces.Add(new(new()) { SeesUnread = true });
            return traces[^1];
        });
        var coverage = new MapCoverage(map);
        MappedFile.Map(map, bytes, () => coverage);
        var report = coverage.Report();
        Assert.NotEmpty(report.Unread);
        var kinds = traces.SelectMany(trace => trace.Unread).GroupBy(unread => unread.Path).Select(kind => $"{kind.Key} {kind.Sum(unread => unread.Count)}");
        Assert.Equal(report.Unread.GroupBy(unread => unread.Path).Select(kind => $"{kind.Key} {kind.Sum(unread => unread.Count)}").Order(StringComparer.Ordinal), kinds.Order(StringComparer.Ordinal));
        var places = traces.SelectMany(trace => trace.UnreadPlaces).ToList();
        Assert.Equal(report.Unread.Sum(unread => unread.Count), places.Count);
        var texts = places.Select(place => Encoding.UTF8.GetString(bytes[(int)place.Start..(int)place.End])).ToHashSet(StringComparer.Ordinal);
        // Long samples are cut, and those of segments with release characters are not as sent.
        foreach (var sample in report.Unread.SelectMany(unread => unread.Samples).Where(sample => sample.Length < 40 && sample.All(char.IsAsciiLetterOrDigit)))
            Assert.Contains(sample, texts);
        // Nothing is both read and not read.
        var read = traces.SelectMany(trace => trace.Values).SelectMany(value => value.Rule.Steps).SelectMany(All).SelectMany(step => step.Sources).Where(source => source.At.Element > 0).ToList();
        Assert.DoesNotContain(read, source => places.Exists(place => source.Start >= place.Start && source.Start < place.End));
    }

    static IEnumerable<ExplainedStep> All(ExplainedStep step) => step.Steps.SelectMany(All).Prepend(step);

    static MapTrace Trace(List<MapTrace> traces, ExplainFilter? filter = null)
    {
        traces.Add(new(filter ?? new()));
        return traces[^1];
    }

    static string Describe(DistributorHub.Mapping.Run.CollectedRow row) => $"{row.Table.Name} {row.Row} {row.ParentRow} {string.Join('|', row.Values)}";

    /// <summary>The steps of the one value that is asked for, a line each.</summary>
    static List<string> Steps(string rows, string message, ExplainFilter filter, string extra = "") => Steps(SmallMap.Compile(rows, extra), Samples.Edifact("ORDERS", message), filter);

    static List<string> Steps(CompiledMap map, string text, ExplainFilter filter)
    {
        var traces = new List<MapTrace>();
        MappedFile.Map(map, Encoding.Latin1.GetBytes(text.ReplaceLineEndings("")), () => Trace(traces, filter));
        return [.. traces.SelectMany(t => t.Values).SelectMany(v => v.Rule.Steps.SelectMany(All)
            .Select(s => $"{s.Text} = {(s.Failed ? "failed" : s.Value ?? "null")}"
                + (s.Note is null ? "" : $" ({s.Note})") + string.Concat(s.Sources.Select(o => $" <- {o.Path} {o.At.Segment} {o.Text}")))
            .Prepend($"{v.Table}[{v.Row}].{v.Column} = {(v.Rule.Failed ? "failed" : v.Rule.Value ?? "null")} {v.Rule.Place}"))];
    }

    static List<string> StepsOf(string expression, string message, string extra = "") =>
        Steps($"- table: doc\n  set:\n    no: '1'\n    t: {expression}\n", message, new("doc", 1, "t"), extra);

    [Fact]
    public void A_default_shows_what_was_looked_for_on_its_left() => Assert.Equal(
        [
            "doc[1].t = x base/test.yaml:9:8",
            "RFF[CT] = null (optional: no RFF[CT] in segments 2-7; there: RFF+ON:4711 (segment 4), RFF+CT:9 (segment 6, as NAD/RFF))",
            "'x' = x (constant)",
        ],
        StepsOf("RFF[CT] ?? 'x'", Head + "NAD+BY+1::9'RFF+CT:9'" + SmallMap.Tail));

    const string Head = "BGM+220+A1+9'DTM+137:20260301:102'RFF+ON:4711'";

    [Fact]
    public void A_segment_without_the_value_is_told_from_one_that_is_not_there() => Assert.Equal(
        [
            "doc[1].t = null base/test.yaml:9:8",
            "NAD[BY].C080.3036? = null (optional: no NAD[BY].C080.3036 in segments 2-5: segment 4 NAD+BY+1::9 has no such value)",
        ],
        StepsOf("NAD[BY].C080.3036?", SmallMap.Head + SmallMap.Tail));

    [Fact]
    public void A_required_value_that_is_absent_shows_where_it_was_looked_for() => Assert.Equal(
        ["doc[1].t = failed base/test.yaml:9:8", "RFF[CT] = failed (no RFF[CT] in segments 2-5)"],
        StepsOf("RFF[CT]", SmallMap.Head + SmallMap.Tail));

    [Fact]
    public void Inner_expressions_are_steps_as_far_as_they_were_evaluated() => Assert.Equal(
        [
            "doc[1].t = 4711 base/test.yaml:9:8",
            "if(exists(RFF[ON]), upper(RFF[ON]), BGM.1004) = 4711",
            "exists(RFF[ON]) = true <- RFF 4 RFF+ON:4711",
            "upper(RFF[ON]) = 4711",
            "RFF[ON] = 4711 <- RFF.C506.1154 4 4711",
        ],
        StepsOf("if(exists(RFF[ON]), upper(RFF[ON]), BGM.1004)", Head + "NAD+BY+1::9'" + SmallMap.Tail));

    [Fact]
    public void A_macro_shows_the_call_and_then_its_body() => Assert.Equal(
        ["doc[1].t = 4711 base/test.yaml:10:8", "replace(trim(x), '^0+', '') = 4711", "trim(x) = 004711", "RFF[ON] = 004711 <- RFF.C506.1154 4 004711"],
        StepsOf("strip(RFF[ON])", "BGM+220+A1+9'DTM+137:20260301:102'RFF+ON:004711'NAD+BY+1::9'" + SmallMap.Tail, "functions: { strip(x): \"replace(trim(x), '^0+', '')\" }\n"));

    [Fact]
    public void All_parts_of_a_join_are_sources() => Assert.Equal(
        [
            "doc[1].t = a b c base/test.yaml:9:8",
            "join(' ', FTX[AAI].C108.4440*?, 'c') = a b c <- FTX.C108.4440 4 a <- FTX.C108.4440 4 b",
        ],
        StepsOf("join(' ', FTX[AAI].C108.4440*?, 'c')", "BGM+220+A1+9'DTM+137:20260301:102'FTX+AAI+++a:b'NAD+BY+1::9'" + SmallMap.Tail));

    [Fact]
    public void A_row_shows_the_column_of_the_row_around_it_with_its_steps()
    {
        const string rows = "- table: doc\n  set:\n    no: BGM.1004\n- table: line\n  for: LIN\n  set:\n    no: $n\n    t: $doc.no\n";
        Assert.Equal(
            ["line[2].t = A1 base/test.yaml:13:8", "$doc.no = A1 (of doc[1], base/test.yaml:8:9)", "BGM.1004 = A1 <- BGM.1004 2 A1"],
            Steps(rows, SmallMap.Head + "LIN+1'LIN+2'" + SmallMap.Tail, new("line", 2, "t")));
        Assert.Equal(["line[2].no = 2 base/test.yaml:12:9", "$n = 2 (ordinal of the row)"],
            Steps(rows, SmallMap.Head + "LIN+1'LIN+2'" + SmallMap.Tail, new("line", 2, "no")));
    }

    [Fact]
    public void Totals_say_over_how_many_and_where_the_chosen_one_stands()
    {
        const string rows = "- table: doc\n  set:\n    no: BGM.1004\n    i: count(LIN)\n    n: max(LIN/QTY[21])\n";
        Assert.Equal(["doc[1].i = 2 base/test.yaml:9:8", "count(LIN) = 2 (over 2 matches of LIN)"],
            Steps(rows, SmallMap.Head + "LIN+1'QTY+21:5'LIN+2'QTY+21:3'" + SmallMap.Tail, new("doc", 1, "i")));
        var max = Steps(rows, SmallMap.Head + "LIN+1'QTY+21:5'LIN+2'QTY+21:3'" + SmallMap.Tail, new("doc", 1, "n"));
        Assert.Matches(@"^max\(LIN/QTY\[21\]\) = 5 \(over 2 matches of LIN/QTY\[21\]; it stands in segment 6, byte \d+\)$", max[1]);
    }

    [Fact]
    public void A_skipped_row_shows_its_condition()
    {
        const string rows = "- table: doc\n  set:\n    no: BGM.1004\n- table: line\n  for: LIN\n  where: LIN.1229 = '1'\n  set:\n    no: $n\n";
        Assert.Equal(
            ["line[0].where = false base/test.yaml:11:10", "LIN.1229 = '1' = false", "LIN.1229 = 2 <- LIN.1229 5 2", "line[1].no = 1 base/test.yaml:13:9", "$n = 1 (ordinal of the row)"],
            Steps(rows, SmallMap.Head + "LIN+1+2'LIN+2+1'" + SmallMap.Tail, new("line")));
    }

    [Fact]
    public void A_code_shows_the_entry_and_the_file_it_stands_in()
    {
        const string map = "hub: map/1\nid: base/test\nfrom: { standard: EDIFACT, message: ORDERS, release: D.96A }\nto: shop\nrows:\n- table: orders\n  set:\n    partner_id: 'p'\n    order_no: BGM.1004\n"
            + "    ordered_on: DTM[137]\n    currency: 'EUR'\n    function: code(BGM.1225, fn, 'none')\n    line_count: 1\n";
        var compiled = MappedFile.Compile("base/test", "acme", ("base/test.yaml", map),
            ("codes/fn.yaml", "hub: codes/1\nid: fn\nmap:\n  '9': original\n  '4': change\n"), ("partners/acme/codes/fn.yaml", "hub: codes/1\nid: fn\nmap: { '9': replace }\n"));
        List<string> Function(string code) => Steps(compiled, Samples.Edifact("ORDERS", $"BGM+220+A1+{code}'DTM+137:20260301:102'" + SmallMap.Tail), new(Column: "function"));
        Assert.Equal("code(BGM.1225, fn, 'none') = replace (fn: 9 -> replace  partners/acme/codes/fn.yaml:3)", Function("9")[1]);
        Assert.Equal("code(BGM.1225, fn, 'none') = change (fn: 4 -> change  codes/fn.yaml:5)", Function("4")[1]);
        Assert.Equal("code(BGM.1225, fn, 'none') = none (fn: 5 is not in partners/acme/codes/fn.yaml, that gives none)", Function("5")[1]);
    }

    [Fact]
    public void Released_characters_count_as_bytes_of_the_file()
    {
        var traces = new List<MapTrace>();
        var text = Samples.Edifact("ORDERS", "BGM+220+A1+9'DTM+137:20260301:102'FTX+AAI+++x?+y:O?'Neill?:'NAD+BY+1::9'" + SmallMap.Tail);
        MappedFile.Map(SmallMap.Column("t", "FTX[AAI].C108.4440#1"), Encoding.Latin1.GetBytes(text), () => Trace(traces, new(Column: "t")));
        var source = Assert.Single(Assert.Single(Assert.Single(traces).Values).Rule.Steps).Sources.Single();
        Assert.Equal("x+y", source.Text);
        Assert.Equal("x?+y", text[(int)source.Start..(int)source.End]);
        Assert.Equal("FTX+AAI+++x+y:O'Neill:", source.Segment);
    }

    [Fact]
    public void What_is_kept_is_bounded_and_the_rest_is_counted()
    {
        var trace = new MapTrace(new(), valuesMax: 3);
        MappedFile.Map(MappedFile.Compile("base/orders-edifact"), Encoding.Latin1.GetBytes(Samples.Edifact("ORDERS", Samples.Orders)), () => trace);
        Assert.Equal(3, trace.Values.Count);
        Assert.True(trace.Count > 30);
        Assert.Equal(2, trace.Rows["order_lines"]);
    }
}
