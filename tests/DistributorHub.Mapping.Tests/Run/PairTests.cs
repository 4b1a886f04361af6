namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Rows of pairs by position: SDQ locations and quantities, product numbers of LIN and PO1.</summary>
public sealed class PairTests
{
    const string Target = """
        hub: target/1
        id: test
        tables:
          orders:
            is: t.orders
            id: order_id
            key: [no]
            policy: update
            columns: { no: text(22) not null }
          lines:
            is: t.lines
            id: line_id
            parent: orders.order_id
            key: [order_id, no]
            policy: children
            columns: { no: int not null, sku: text(48), second: text(48), locations: int }
          spread:
            is: t.spread
            parent: lines.line_id
            key: [line_id, no]
            policy: children
            columns: { no: int not null, uom: text(2), place: text(80), qty: 'numeric(15,3)', line: text(20) }
        """;

    const string Head = "hub: map/1\nid: base/test\nfrom: { standard: X12, message: '850', release: '004010' }\nto: test\nrows:\n- table: orders\n  set:\n    no: BEG03\n";

    const string Spread = Head + """
        - table: lines
          for: PO1
          set:
            no: int(PO101)
            sku: PO1.ID[VN]
            second: PO1.ID#2.1?
            locations: count(SDQ.LOC*)
          rows:
          - table: spread
            for: SDQ.LOC
            set:
              no: $n
              uom: SDQ01
              place: SDQ.LOC.1
              qty: SDQ.LOC.2
              line: text($lines.no)
        """;

    /// <summary>Line 1 goes to twelve shops in two segments, the first of them full; line 2 to none; line 3 to two shops with a gap between.</summary>
    const string Order = """
        BEG*00*SA*PO-1**20260310~
        PO1*1*78*EA*1.5*PE*VN*A-1*UP*012345678905~
        SDQ*EA*92*0001*1*0002*2*0003*3*0004*4*0005*5*0006*6*0007*7*0008*8*0009*9*0010*10~
        SDQ*CA*92*0011*11*0012*12.5~
        PO1*2*5*EA*1*PE*VN*A-2~
        PO1*3*7*EA*1*PE*VN*A-3~
        SDQ*EA**0001*3*****0009*4~
        CTT*3~
        """;

    [Fact]
    public void Each_pair_of_a_segment_is_a_row()
    {
        var file = Map(Spread, Order);
        file.IsClean();
        Assert.Equal(["no=1 | sku=A-1 | second=UP | locations=12", "no=2 | sku=A-2 | locations=0", "no=3 | sku=A-3 | locations=2"], file.Rows("lines"));
        Assert.Equal(
        [
            "no=1 | uom=EA | place=0001 | qty=1 | line=1", "no=2 | uom=EA | place=0002 | qty=2 | line=1", "no=3 | uom=EA | place=0003 | qty=3 | line=1",
            "no=4 | uom=EA | place=0004 | qty=4 | line=1", "no=5 | uom=EA | place=0005 | qty=5 | line=1", "no=6 | uom=EA | place=0006 | qty=6 | line=1",
            "no=7 | uom=EA | place=0007 | qty=7 | line=1", "no=8 | uom=EA | place=0008 | qty=8 | line=1", "no=9 | uom=EA | place=0009 | qty=9 | line=1",
            "no=10 | uom=EA | place=0010 | qty=10 | line=1", "no=11 | uom=CA | place=0011 | qty=11 | line=1", "no=12 | uom=CA | place=0012 | qty=12.5 | line=1",
            "no=1 | uom=EA | place=0001 | qty=3 | line=3", "no=2 | uom=EA | place=0009 | qty=4 | line=3",
        ], file.Rows("spread"));
        Assert.Equal([1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 3L, 3L], file.Parents("spread"));
        Assert.Equal([4, 5, 8], file.Segments("spread").Distinct());
    }

    [Fact]
    public void A_part_that_is_missing_is_a_finding_at_its_own_element()
    {
        var file = Map(Spread, Order.Replace("*0011*11*0012*12.5~", "*0011*11*0012~", StringComparison.Ordinal));
        var finding = file.OnlyFault();
        // SDQ 01 and 02, the first pair at 03 and 04, the second at 05 and 06.
        Assert.Equal(("MAP2101", 5, 6), (finding.Code, finding.At.Segment, finding.At.Element));
    }

    [Theory]
    [InlineData("for: PO1.ID", "VN:A-1 UP:012345678905 VN:A-2 VN:A-3")]
    [InlineData("for: PO1.ID[UP|EN]", "UP:012345678905")]
    [InlineData("for: PO1[03=EA].ID[VN]", "VN:A-1 VN:A-2 VN:A-3")]
    public void Product_numbers_of_a_line_are_rows_as_well(string rows, string expected)
    {
        var file = Map(Head + $"- table: lines\n  {rows}\n  set:\n    no: $n\n    sku: PO1.ID\n    second: PO1.ID.1\n", Order);
        file.IsClean();
        var parts = expected.Split(' ').Select((p, i) => $"no={i + 1} | sku={p[3..]} | second={p[..2]}");
        Assert.Equal(parts, file.Rows("lines"));
    }

    [Fact]
    public void Pairs_may_be_rows_inside_a_row_of_their_segment()
    {
        var file = Map(Head + """
            - table: lines
              for: PO1/SDQ
              set:
                no: $n
                sku: /PO1.ID[VN]
              rows:
              - table: spread
                for: SDQ.LOC
                where: SDQ.LOC > 9
                set:
                  no: $n
                  place: SDQ.LOC.01
                  qty: SDQ.LOC
            """, Order);
        file.IsClean();
        Assert.Equal(["no=1 | sku=A-1", "no=2 | sku=A-1", "no=3 | sku=A-3"], file.Rows("lines"));
        Assert.Equal(["no=1 | place=0010 | qty=10", "no=1 | place=0011 | qty=11", "no=2 | place=0012 | qty=12.5"], file.Rows("spread"));
        Assert.Equal([1L, 2L, 2L], file.Parents("spread"));
    }

    [Theory]
    [InlineData("for: SDQ.PLACE", "MAP1304 'SDQ.PLACE' does not name a group.")]
    [InlineData("for: PO1/SDQ.LOC#2", "MAP1304 'PO1/SDQ.LOC#2' does not name a group.")]
    [InlineData("for: PO1/SDQ.LOC\n  where: SDQ.LOC.3 = 1", "MAP1102 LOC is made of two: what tells it apart, and a value. (write SDQ.LOC.1 or …2)")]
    [InlineData("for: PO1/SDQ.LOC\n  where: /PO1/SDQ.LOC = 1", "MAP1104 SDQ.LOC is a list of pairs: say which.")]
    [InlineData("for: PO1/SDQ.LOC\n  rows: [{ for: SDQ.LOC, rows: [] }]", "MAP1304 'SDQ.LOC' makes rows of pairs, and this block stands in a row that is one.")]
    public void Mistakes_are_told(string rows, string expected)
    {
        var maps = new Language.Maps
        {
            ["base/test.yaml"] = Head + $"- {rows}" + (rows.Contains("rows:", StringComparison.Ordinal) ? "\n" : "\n  rows: []\n"),
            ["targets/test.target.yaml"] = Target,
        };
        var told = Language.Maps.Short(Assert.Single(maps.Compile("base/test").Diagnostics));
        Assert.StartsWith(expected, told[(told.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
    }

    static MappedFile Map(string map, string order) => MappedFile.Map(MappedFile.CompileText(map, Target), Samples.X12("850", "PO", order));
}
