using DistributorHub.Edi;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary><c>on_row_error: { quarantine: … }</c>: a row with a fault of its own is left out, and nothing else.</summary>
public sealed class RowErrorTests
{
    const string Two = "on_row_error: { quarantine: { max: 2 } }\n";

    const string Rows = """
        - table: doc
          set:
            no: BGM.1004
            i: count(LIN)
        - table: line
          for: LIN
          set:
            no: LIN.1082 ?? $n
            t: code(QTY[21].C186.6411, uom)
            n: QTY[21]
          check:
            some: QTY[21] > 0
          rows:
          - table: tier
            for: PRI
            set:
              no: $n
              n: PRI.C509.5118

        """;

    const string Good = "LIN+1'QTY+21:5:PCE'PRI+AAA:1'";
    const string Tail = "LIN+9'QTY+21:6:PCE'PRI+AAA:2'UNS+S'";

    static MappedFile Map(string lines, string extra = Two, string rows = Rows) => SmallMap.Map(rows, SmallMap.Head + lines + Tail, extra);

    [Theory]
    [InlineData("LIN+2'PRI+AAA:7'", "MAP2101", 8)]
    [InlineData("LIN+2'QTY+21:5:XX'PRI+AAA:7'", "MAP2105", 9)]
    [InlineData("LIN+2'QTY+21:1.234:PCE'PRI+AAA:7'", "MAP2109", 9)]
    [InlineData("LIN+2'QTY+21:0:PCE'PRI+AAA:7'", "MAP2201", 9)]
    [InlineData("LIN+2'QTY+21:1:PCE'QTY+21:2:PCE'PRI+AAA:7'", "MAP2103", 10)]
    public void A_row_with_a_fault_is_left_out_with_the_rows_below_it(string line, string code, int segment)
    {
        var file = Map(Good + line);

        Assert.NotEmpty(file.Faults);
        Assert.All(file.Faults, fault => Assert.Equal((code, segment, Severity.Warning), (fault.Code, fault.At.Segment, fault.Severity)));
        Assert.All(file.Faults, fault => Assert.EndsWith(" This row of line was left out, with the rows below it.", fault.Message, StringComparison.Ordinal));
        Assert.Equal(["no=1 | t=EA | n=5", "no=9 | t=EA | n=6"], file.Rows("line"));
        Assert.Equal(["no=1 | n=1", "no=1 | n=2"], file.Rows("tier"));
        Assert.Equal([1, 3], file.Parents("tier"));
        // What is counted is what was sent.
        Assert.Equal(["no=A1 | i=3"], file.Rows("doc"));
        Assert.Equal([("line", 2L, 8)], file.LeftOut.Select(row => (row.Table, row.Row, row.At.Segment)));
    }

    [Fact]
    public void All_faults_of_a_row_are_told_and_the_row_counts_once()
    {
        var file = Map(Good + "LIN+2'QTY+21:1.234:XX'LIN+3'QTY+21:1:PCE'");
        Assert.Equal(["MAP2105", "MAP2109"], file.Faults.Select(fault => fault.Code));
        Assert.Single(file.LeftOut);
        Assert.Equal(3, file.Rows("line").Count);
    }

    [Fact]
    public void A_row_below_is_left_out_alone()
    {
        var file = Map(Good + "LIN+2'QTY+21:5:PCE'PRI+AAA:1.234'PRI+AAB:3'");
        Assert.EndsWith(" This row of tier was left out.", file.OnlyFault().Message, StringComparison.Ordinal);
        Assert.Equal(["no=1 | t=EA | n=5", "no=2 | t=EA | n=5", "no=9 | t=EA | n=6"], file.Rows("line"));
        // Its ordinal stays its own.
        Assert.Equal(["no=1 | n=1", "no=2 | n=3", "no=1 | n=2"], file.Rows("tier"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("on_row_error: reject_message\n")]
    public void Without_it_a_fault_rejects_the_message(string extra)
    {
        var fault = Map(Good + "LIN+2'QTY+21:5:XX'", extra).OnlyFault();
        Assert.Equal(("MAP2105", Severity.Error), (fault.Code, fault.Severity));
        Assert.DoesNotContain("left out", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_rows_than_the_most_reject_the_message_for_all_of_them()
    {
        const string bad = "'QTY+21:5:XX'";
        Assert.Equal(2, Map($"{Good}LIN+2{bad}LIN+3{bad}").LeftOut.Count);

        var file = Map($"{Good}LIN+2{bad}LIN+3{bad}LIN+4{bad}LIN+5{bad}");
        Assert.Empty(file.LeftOut);
        Assert.All(file.Faults, fault => Assert.Equal(Severity.Error, fault.Severity));
        Assert.Equal([("MAP2105", 9), ("MAP2105", 11), ("MAP2105", 13), ("MAP2202", 12), ("MAP2105", 15)], file.Faults.Select(fault => (fault.Code, fault.At.Segment)));
        Assert.StartsWith("More than 2 rows of this message have faults", file.Faults[3].Message, StringComparison.Ordinal);
        Assert.All(file.Faults, fault => Assert.DoesNotContain("left out", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_of_which_no_row_of_a_table_is_left_is_rejected()
    {
        var file = SmallMap.Map(Rows, SmallMap.Head + "LIN+1'QTY+21:5:XX'UNS+S'", Two);
        Assert.Equal([("MAP2105", Severity.Error), ("MAP2202", Severity.Error)], file.Faults.Select(fault => (fault.Code, fault.Severity)));
        Assert.StartsWith("All rows of line in this message have faults", file.Faults[1].Message, StringComparison.Ordinal);
        Assert.Empty(file.LeftOut);
    }

    [Fact]
    public void A_fault_of_the_header_rejects_the_message_and_those_of_rows_are_errors_too()
    {
        var file = SmallMap.Map(Rows.Replace("    i: count(LIN)\n", "    d: DTM[2]\n", StringComparison.Ordinal), SmallMap.Head + Good + "LIN+2'QTY+21:5:XX'" + Tail, Two);
        Assert.Equal([("MAP2101", Severity.Error), ("MAP2105", Severity.Error)], file.Faults.Select(fault => (fault.Code, fault.Severity)).Order());
        Assert.Empty(file.LeftOut);
    }

    [Theory]
    [InlineData("t2: text(/DTM[2])")]
    [InlineData("t2: $partner.name")]
    [InlineData("t2: /RFF[CT]")]
    public void What_stands_outside_the_row_is_no_fault_of_the_row(string column)
    {
        var file = Map(Good, Two, Rows.Replace("    n: QTY[21]\n", $"    n: QTY[21]\n    {column}\n", StringComparison.Ordinal));
        Assert.All(file.Faults, fault => Assert.Equal(Severity.Error, fault.Severity));
        Assert.NotEmpty(file.Faults);
        Assert.Empty(file.LeftOut);
    }

    [Fact]
    public void A_total_over_the_rows_is_the_headers()
    {
        var rows = Rows.Replace("    i: count(LIN)\n", "    n: sum(LIN/MOA[203])\n", StringComparison.Ordinal).Replace("    n: QTY[21]\n", "    n: MOA[203]\n", StringComparison.Ordinal);
        var text = SmallMap.Head + "LIN+1'QTY+21:5:PCE'MOA+203:1'LIN+2'QTY+21:5:PCE'MOA+203:12345678901234567890123456789'" + "UNS+S'";
        var file = SmallMap.Map(rows, text, Two);
        Assert.Contains(file.Faults, fault => fault.Severity == Severity.Error);
        Assert.Empty(file.LeftOut);
    }

    [Fact]
    public void A_condition_that_cannot_be_decided_leaves_the_row_out()
    {
        var file = Map(Good + "LIN+2'QTY+21:5:XX'PRI+AAA:7'", Two, Rows.Replace("  for: LIN\n", "  for: LIN\n  where: code(QTY[21].C186.6411, uom) = 'EA'\n", StringComparison.Ordinal));
        Assert.Equal(("MAP2105", Severity.Warning), (file.OnlyFault().Code, file.OnlyFault().Severity));
        Assert.Equal([0L], file.LeftOut.Select(row => row.Row));
        Assert.Equal(["no=1 | t=EA | n=5", "no=9 | t=EA | n=6"], file.Rows("line"));
        Assert.Equal(2, file.Rows("tier").Count);
    }

    [Fact]
    public void A_buffered_message_leaves_rows_out_as_well()
    {
        var file = Map(Good + "LIN+2'QTY+21:5:XX'PRI+AAA:7'", "stream: buffer\n" + Two);
        Assert.Equal(Severity.Warning, file.OnlyFault().Severity);
        Assert.Equal(["no=1 | t=EA | n=5", "no=9 | t=EA | n=6"], file.Rows("line"));
        Assert.Equal(2, file.Rows("tier").Count);
    }

    [Fact]
    public void The_next_message_starts_anew()
    {
        const string bad = SmallMap.Head + Good + "LIN+2'QTY+21:5:XX'LIN+3'QTY+21:5:XX'" + Tail;
        var file = MappedFile.Map(SmallMap.Compile(Rows, Two), Samples.Edifact("ORDERS", bad, bad, SmallMap.Head + Good + Tail));
        Assert.Equal(4, file.Faults.Count);
        Assert.All(file.Faults, fault => Assert.Equal(Severity.Warning, fault.Severity));
        Assert.Equal(6, file.Rows("line").Count);
    }

    [Fact]
    public void The_sink_learns_under_which_rows_something_is_missing()
    {
        var sink = new MissSink();
        var text = Samples.Edifact("ORDERS", SmallMap.Head + Good + "LIN+2'QTY+21:5:XX'LIN+3'QTY+21:5:PCE'PRI+AAA:1.234'PRI+AAB:3'" + Tail);
        MappedFile.Run(SmallMap.Compile(Rows, Two), new MemoryStream(System.Text.Encoding.Latin1.GetBytes(text)), sink, new(), [], []);
        // Line 2 under the document, tiers under a line that is not there, and a tier under line 3.
        Assert.Equal([("line", 1L), ("tier", 0L), ("tier", 3L)], sink.Missed);
    }

    [Fact]
    public void Rows_of_levels_go_with_what_is_below_them_and_to_no_other_row()
    {
        var map = LevelMap(out var text);
        var file = MappedFile.Map(map, text);
        Assert.Equal([("MAP2101", Severity.Warning), ("MAP2101", Severity.Warning)], file.Faults.Select(fault => (fault.Code, fault.Severity)));
        Assert.Equal(["no=1 | t=A", "no=4 | t=C"], file.Rows("line"));
        // Of the order without a number neither its own item nor that of the order inside it, which has one around it.
        Assert.Equal(["no=1 | t=x", "no=1 | t=z"], file.Rows("tier"));
        Assert.Equal([1, 4], file.Parents("tier"));
    }

    // Order A with an item, in it one without a number that has an item, then another such order beside it and C with an item.
    static CompiledMap LevelMap(out string text)
    {
        text = Samples.X12("SH", "856", "BSN*00*S1*20260301*1200~HL*1**O~PRF*A~HL*2*1*I~LIN**VN*x~HL*3*1*O~REF*CO*1~HL*4*3*I~LIN**VN*y~HL*5**O~REF*CO*2~HL*6**O~PRF*C~HL*7*6*I~LIN**VN*z~");
        return MappedFile.CompileText("""
            hub: map/1
            id: base/test
            from: { standard: X12, message: '856', release: '004010' }
            to: test
            on_row_error: { quarantine: { max: 2 } }
            rows:
            - table: doc
              set: { no: BSN02 }
            - table: line
              for: HL[O]
              set:
                no: $n
                t: PRF01
              rows:
              - table: tier
                for: HL[I]
                set:
                  no: $n
                  t: LIN.ID[VN]
            """, SmallMap.Target);
    }

    [Fact]
    public void Explain_shows_the_values_of_the_row_and_coverage_counts_it()
    {
        var map = SmallMap.Compile(Rows, Two);
        var bytes = System.Text.Encoding.Latin1.GetBytes(Samples.Edifact("ORDERS", SmallMap.Head + Good + "LIN+2'QTY+21:5:XX'" + Tail));
        var trace = new MapTrace(new());
        MappedFile.Map(map, bytes, () => trace);
        var value = Assert.Single(trace.Values, value => value is { Table: "line", Row: 2, Column: "t" });
        Assert.True(value.Rule.Failed);
        var coverage = new MapCoverage(map);
        MappedFile.Map(map, bytes, () => coverage);
        Assert.Empty(coverage.Report().Unfired);
    }

    [Fact]
    public void The_report_of_streams_names_the_tables()
    {
        Assert.Equal(["line", "tier"], SmallMap.Compile(Rows, Two).Streams.LeavesOut);
        Assert.Empty(SmallMap.Compile(Rows).Streams.LeavesOut);
    }

    sealed class MissSink : IRowSink
    {
        public List<(string Table, long ParentRow)> Missed { get; } = [];

        public void Write(RowBatch batch)
        {
        }

        public void Miss(TableDefinition table, long parentRow) => Missed.Add((table.Name, parentRow));
    }
}
