using System.Globalization;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Messages that write a tree with segment ids: X12 HL, EDIFACT CPS. The rows expected were read off the messages by hand.</summary>
public sealed class LevelTests
{
    const string Target = """
        hub: target/1
        id: test
        tables:
          shipments:
            is: wh.shipment
            id: shipment_id
            key: [shipment_no]
            policy: update
            columns: { shipment_no: text(30) not null, packs: int, items: int }
          orders:
            is: wh.shipment_order
            id: order_id
            parent: shipments.shipment_id
            key: [shipment_id, order_no]
            policy: children
            columns: { order_no: text(22) not null, no: int, bol: text(30) }
          packs:
            is: wh.pack
            id: pack_id
            parent: shipments.shipment_id
            key: [shipment_id, sscc]
            policy: children
            columns: { sscc: text(48) not null, no: int, level: text(3), outer: text(48), lines: int, first_sku: text(48) }
          packed_orders:
            is: wh.order_pack
            id: pack_id
            parent: orders.order_id
            key: [order_id, sscc]
            policy: children
            columns: { sscc: text(48) not null, no: int, order_no: text(22) }
          items:
            is: wh.item
            parent: shipments.shipment_id
            key: [shipment_id, no]
            policy: children
            columns:
              { no: int not null, order_no: text(22), bol: text(30), sscc: text(48), sku: text(48) not null, qty: 'numeric(12,3)', level: text(12), t: text(60) }
          order_items:
            is: wh.order_item
            parent: orders.order_id
            key: [order_id, no]
            policy: children
            columns: { no: int not null, sku: text(48), t: text(60) }
          pack_items:
            is: wh.pack_item
            parent: packed_orders.pack_id
            key: [pack_id, no]
            policy: children
            columns: { no: int not null, sku: text(48), t: text(60) }
        """;

    const string ShipNotice = "hub: map/1\nid: base/test\nfrom: { standard: X12, message: '856', release: '004010' }\nto: test\n";
    const string Despatch = "hub: map/1\nid: base/test\nfrom: { standard: EDIFACT, message: DESADV, release: D.96A }\nto: test\n";

    /// <summary>Two orders in three cartons.</summary>
    const string PickAndPack = """
        BSN*00*SHP-77*20260310*0900*0001~
        HL*1**S~TD1*CTN25*3~REF*BM*BOL-1~
        HL*2*1*O~PRF*PO-100~
        HL*3*2*P~MAN*GM*00140012340000000011~
        HL*4*3*I~LIN*1*VN*A-1~SN1*1*10*EA~
        HL*5*3*I~LIN*2*VN*A-2~SN1*2*4*EA~
        HL*6*2*P~MAN*GM*00140012340000000028~
        HL*7*6*I~LIN*3*VN*A-3~SN1*3*6*EA~
        HL*8*1*O~PRF*PO-101~
        HL*9*8*P~MAN*GM*00140012340000000035~
        HL*10*9*I~LIN*1*VN*A-1~SN1*1*2.5*EA~
        CTT*10~
        """;

    /// <summary>The same shipper's notice without packs, of two orders.</summary>
    const string Standard = """
        BSN*00*SHP-78*20260310*0900*0004~
        HL*1**S~REF*BM*BOL-2~
        HL*2*1*O~PRF*PO-200~
        HL*3*2*I~LIN*1*VN*B-1~SN1*1*1*EA~
        HL*4*2*I~LIN*2*VN*B-2~SN1*2*2*EA~
        HL*5*1*O~PRF*PO-201~
        HL*6*5*I~LIN*1*VN*B-3~SN1*1*3*EA~
        CTT*6~
        """;

    const string FlatItems = """
        rows:
        - table: shipments
          set:
            shipment_no: BSN02
            packs: count(HL[P])
            items: count(HL[I])
        - table: items
          for: HL[I]
          set:
            no: $n
            order_no: /HL[O]/PRF01
            bol: /HL[S]/REF[BM]
            sscc: /HL[P]/MAN[GM]?
            sku: LIN.ID[VN]
            qty: SN102
            level: HL01
        """;

    [Fact]
    public void An_item_reads_the_levels_around_it()
    {
        var file = Map(ShipNotice + FlatItems, Samples.X12("856", "SH", PickAndPack));
        file.IsClean();
        Assert.Equal(["shipment_no=SHP-77 | packs=3 | items=4"], file.Rows("shipments"));
        Assert.Equal(
        [
            "no=1 | order_no=PO-100 | bol=BOL-1 | sscc=00140012340000000011 | sku=A-1 | qty=10 | level=4",
            "no=2 | order_no=PO-100 | bol=BOL-1 | sscc=00140012340000000011 | sku=A-2 | qty=4 | level=5",
            "no=3 | order_no=PO-100 | bol=BOL-1 | sscc=00140012340000000028 | sku=A-3 | qty=6 | level=7",
            "no=4 | order_no=PO-101 | bol=BOL-1 | sscc=00140012340000000035 | sku=A-1 | qty=2.5 | level=10",
        ], file.Rows("items"));
        // ST 1, BSN 2, HL 1 at 3, …: the rows come from the HL segments of the items.
        Assert.Equal([10, 13, 18, 25], file.Segments("items"));
    }

    [Fact]
    public void The_same_map_reads_a_notice_without_packs()
    {
        var file = Map(ShipNotice + FlatItems, Samples.X12("856", "SH", Standard));
        file.IsClean();
        Assert.Equal(
        [
            "no=1 | order_no=PO-200 | bol=BOL-2 | sku=B-1 | qty=1 | level=3",
            "no=2 | order_no=PO-200 | bol=BOL-2 | sku=B-2 | qty=2 | level=4",
            "no=3 | order_no=PO-201 | bol=BOL-2 | sku=B-3 | qty=3 | level=6",
        ], file.Rows("items"));
    }

    [Fact]
    public void Levels_may_be_rows_of_their_own_with_those_below_as_children()
    {
        var file = Map(ShipNotice + Nested, Samples.X12("856", "SH", PickAndPack));
        file.IsClean();
        Assert.Equal(["order_no=PO-100 | no=1 | bol=BOL-1", "order_no=PO-101 | no=2 | bol=BOL-1"], file.Rows("orders"));
        Assert.Equal(
        [
            "sscc=00140012340000000011 | no=1 | order_no=PO-100", "sscc=00140012340000000028 | no=2 | order_no=PO-100",
            "sscc=00140012340000000035 | no=1 | order_no=PO-101",
        ], file.Rows("packed_orders"));
        Assert.Equal([1L, 1L, 2L], file.Parents("packed_orders"));
        Assert.Equal(
        [
            "no=1 | sku=A-1 | t=PO-100 00140012340000000011", "no=2 | sku=A-2 | t=PO-100 00140012340000000011",
            "no=1 | sku=A-3 | t=PO-100 00140012340000000028", "no=1 | sku=A-1 | t=PO-101 00140012340000000035",
        ], file.Rows("pack_items"));
        Assert.Equal([1L, 1L, 2L, 3L], file.Parents("pack_items"));
        // Anywhere below: items in packs are items of the order as well.
        Assert.Equal(["no=1 | sku=A-1 | t=1 PO-100", "no=2 | sku=A-2 | t=1 PO-100", "no=3 | sku=A-3 | t=1 PO-100", "no=1 | sku=A-1 | t=2 PO-101"],
            file.Rows("order_items"));
        Assert.Equal([1L, 1L, 1L, 2L], file.Parents("order_items"));
    }

    const string Nested = """
        rows:
        - table: shipments
          set:
            shipment_no: BSN02
        - table: orders
          for: HL[O]
          set:
            order_no: PRF01
            no: $n
            bol: /HL[S]/REF[BM]?
          rows:
          - table: packed_orders
            for: HL[P]
            set:
              sscc: MAN[GM]
              no: $n
              order_no: $orders.order_no
            rows:
            - table: pack_items
              for: HL[I]
              set:
                no: $n
                sku: LIN.ID[VN]
                t: join(' ', $orders.order_no, $packed_orders.sscc)
          - table: order_items
            for: HL[I]
            set:
              no: $n
              sku: LIN.ID[VN]
              t: join(' ', text($orders.no), /HL[O]/PRF01)
        """;

    [Fact]
    public void A_level_that_where_skips_takes_those_below_along()
    {
        var file = Map(ShipNotice + Nested.Replace("  for: HL[O]\n", "  for: HL[O]\n  where: PRF01 != 'PO-100'\n", StringComparison.Ordinal),
            Samples.X12("856", "SH", PickAndPack));
        file.IsClean();
        Assert.Equal(["order_no=PO-101 | no=1 | bol=BOL-1"], file.Rows("orders"));
        Assert.Equal(["sscc=00140012340000000035 | no=1 | order_no=PO-101"], file.Rows("packed_orders"));
        Assert.Equal(["no=1 | sku=A-1 | t=1 PO-101"], file.Rows("order_items"));
    }

    /// <summary>A pallet of two cartons, and one with loose goods and a carton. 7075: 3 = outer, 1 = inner.</summary>
    const string Pallets = """
        BGM+351+DES-9+9'DTM+11:20260310:102'
        CPS+1'PAC+2++201::9'
        CPS+2+1+3'PAC+1++201::9'PCI+33E'GIN+BJ+340123450000000011'
        CPS+3+2+1'PAC+1++CT::9'PCI+33E'GIN+BJ+340123450000000028'LIN+1++4006381333931:EN'QTY+12:10'LIN+2++73513537:EN'QTY+12:5'
        CPS+4+2+1'PAC+1++CT::9'PCI+33E'GIN+BJ+340123450000000035'LIN+3++4006381333931:EN'QTY+12:20'
        CPS+5+1+3'PAC+1++201::9'PCI+33E'GIN+BJ+340123450000000042'LIN+4++73513537:EN'QTY+12:7'
        CPS+6+5+1'PAC+1++CT::9'PCI+33E'GIN+BJ+340123450000000059'LIN+5++4006381333931:EN'QTY+12:1'
        CNT+2:5'
        """;

    [Fact]
    public void A_line_reads_its_packing_level_and_those_around_it()
    {
        var file = Map(Despatch + """
            rows:
            - table: shipments
              set:
                shipment_no: BGM.1004
                items: count(CPS/LIN)
            - table: packs
              for: CPS[PAC, 1|3]
              set:
                sscc: PAC/PCI/GIN[BJ]
                no: $n
                level: CPS.7075?
                lines: count(LIN)
            - table: items
              for: CPS/LIN
              set:
                no: LIN.1082
                sku: LIN.C212[EN]
                qty: QTY[12]
                sscc: /CPS/PAC/PCI/GIN[BJ]
                t: join('<', /CPS[1]/PAC/PCI/GIN[BJ]?, /CPS[3]/PAC/PCI/GIN[BJ], /CPS[7164=1]/PAC.7224)
                level: /CPS[3].7164
            """.Replace("/CPS[7164=1]/PAC.7224", "text(/CPS[7164=1]/PAC.7224)", StringComparison.Ordinal), Samples.Edifact("DESADV", Pallets));
        file.IsClean();
        Assert.Equal(["shipment_no=DES-9 | items=5"], file.Rows("shipments"));
        Assert.Equal(
        [
            "sscc=340123450000000011 | no=1 | level=3 | lines=0", "sscc=340123450000000028 | no=2 | level=1 | lines=2",
            "sscc=340123450000000035 | no=3 | level=1 | lines=1", "sscc=340123450000000042 | no=4 | level=3 | lines=1",
            "sscc=340123450000000059 | no=5 | level=1 | lines=1",
        ], file.Rows("packs"));
        Assert.Equal(
        [
            "no=1 | sscc=340123450000000028 | sku=4006381333931 | qty=10 | level=2 | t=340123450000000028<340123450000000011<2",
            "no=2 | sscc=340123450000000028 | sku=73513537 | qty=5 | level=2 | t=340123450000000028<340123450000000011<2",
            "no=3 | sscc=340123450000000035 | sku=4006381333931 | qty=20 | level=2 | t=340123450000000035<340123450000000011<2",
            "no=4 | sscc=340123450000000042 | sku=73513537 | qty=7 | level=5 | t=340123450000000042<2",
            "no=5 | sscc=340123450000000059 | sku=4006381333931 | qty=1 | level=5 | t=340123450000000059<340123450000000042<2",
        ], file.Rows("items"));
    }

    [Fact]
    public void Lines_below_a_packing_level_are_its_children_and_see_its_totals()
    {
        var file = Map(Despatch + """
            rows:
            - table: shipments
              set:
                shipment_no: BGM.1004
            - table: packs
              for: CPS[3]
              set:
                sscc: PAC/PCI/GIN[BJ]
                no: $n
                lines: count(LIN)
                first_sku: first(LIN.C212[EN]?)
              rows:
              - table: items
                for: CPS[1]/LIN
                set:
                  no: $n
                  sku: LIN.C212[EN]
                  t: join(' ', $packs.sscc, text($packs.lines), $packs.first_sku?)
            """, Samples.Edifact("DESADV", Pallets));
        file.IsClean();
        Assert.Equal(
            ["sscc=340123450000000011 | no=1 | lines=0", "sscc=340123450000000042 | no=2 | lines=1 | first_sku=73513537"], file.Rows("packs"));
        Assert.Equal(
        [
            "no=1 | sku=4006381333931 | t=340123450000000011 0", "no=2 | sku=73513537 | t=340123450000000011 0",
            "no=3 | sku=4006381333931 | t=340123450000000011 0", "no=1 | sku=4006381333931 | t=340123450000000042 1 73513537",
        ], file.Rows("items"));
    }

    [Fact]
    public void A_parent_that_is_not_open_is_one_finding_with_both_segments()
    {
        var broken = PickAndPack.Replace("HL*10*9*I", "HL*10*3*I", StringComparison.Ordinal);
        var finding = Assert.Single(MappedFile.OneList(MappedFile.CompileText(ShipNotice + FlatItems, Target), Samples.X12("856", "SH", broken)));
        Assert.Equal(("STR3010", 25, "3"), (finding.Code, finding.At.Segment, finding.Found));
        // HL 3 stands in segment 8 and HL 6, its sibling, in segment 16.
        Assert.Equal("Level 10 in segment 25 names the parent 3, whose level in segment 8 was closed by the level in segment 16; it is taken as a first level.",
            finding.Message);
    }

    [Fact]
    public void A_level_that_is_needed_and_not_there_is_a_finding()
    {
        var map = ShipNotice + FlatItems.Replace("/MAN[GM]?", "/MAN[GM]", StringComparison.Ordinal);
        var none = Map(map, Samples.X12("856", "SH", Standard.Replace("HL*6*5*I~", "HL*6*5*P~HL*7*6*I~", StringComparison.Ordinal)));
        Assert.Equal(3, none.Faults.Count);
        Assert.All(none.Faults, f => Assert.Equal("MAP2101", f.Code));
        Assert.Equal((7, "items.sscc needs /HL[P]/MAN[GM], but no such level stands around this row."), (none.Faults[0].At.Segment, none.Faults[0].Message));
        // The pack of the last item is there, and holds no MAN: the finding names its segment.
        Assert.Equal((15, "items.sscc needs /HL[P]/MAN[GM], which the contents of segment 15 do not hold."), (none.Faults[2].At.Segment, none.Faults[2].Message));
    }

    [Fact]
    public void Levels_nested_too_deep_are_a_finding()
    {
        string Nest(int depth) => "BSN*00*S1*20260310*0900~HL*1**S~" + string.Concat(Enumerable.Range(2, depth - 1).Select(i => $"HL*{i}*{i - 1}*P~"));
        var map = ShipNotice + "rows:\n- table: shipments\n  set:\n    shipment_no: BSN02\n    packs: count(HL[P])\n";
        Assert.Equal(["shipment_no=S1 | packs=15"], Map(map, Samples.X12("856", "SH", Nest(Limits.LevelsMax))).Rows("shipments"));
        var finding = Map(map, Samples.X12("856", "SH", Nest(Limits.LevelsMax + 1))).OnlyFault();
        Assert.Equal(("MAP2304", 19, "HL"), (finding.Code, finding.At.Segment, finding.Tag));
    }

    [Fact]
    public void Memory_follows_the_open_levels_not_their_number()
    {
        static byte[] Orders(int count)
        {
            var text = new StringBuilder("BSN*00*S1*20260310*0900~HL*1**S~REF*BM*BOL-1~");
            for (int i = 0, id = 2; i < count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"HL*{id}*1*O~PRF*PO-{i}~HL*{id + 1}*{id}*I~LIN*1*VN*A-{i}~SN1*1*{i % 50 + 1}*EA~");
                id += 2;
            }
            return Encoding.Latin1.GetBytes(Samples.X12("856", "SH", text.ToString()));
        }
        var map = MappedFile.CompileText(ShipNotice + Nested, Target);
        var (small, large) = (Orders(6_000), Orders(12_000));
        // Batches reach their full size, and are used again.
        Allocated(map, small);
        // The check of ids is bounded by a number of its own (100,000): it may take some 300 bytes for each.
        Assert.InRange(Allocated(map, large) - Allocated(map, small), -100_000, 12_000 * 300);
    }

    static long Allocated(CompiledMap map, byte[] bytes)
    {
        var findings = new Findings();
        var before = GC.GetAllocatedBytesForCurrentThread();
        MappedFile.Run(map, new MemoryStream(bytes), new CountSink(), findings, [], []);
        Assert.Equal(0, findings.Count);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    sealed class CountSink : IRowSink
    {
        public void Write(RowBatch batch)
        {
        }
    }

    static MappedFile Map(string map, string text) => MappedFile.Map(MappedFile.CompileText(map, Target), text);
}
