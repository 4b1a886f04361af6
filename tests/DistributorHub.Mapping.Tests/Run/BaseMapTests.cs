namespace DistributorHub.Mapping.Tests.Run;

/// <summary>The maps of the checkout over messages of which the rows were worked out by hand.</summary>
public sealed class BaseMapTests
{
    [Fact]
    public void An_EDIFACT_order_becomes_one_order_its_parties_and_its_lines()
    {
        var file = MappedFile.Map(MappedFile.Compile("base/orders-edifact"), Samples.Edifact("ORDERS", Samples.Orders));
        file.IsClean();
        Assert.Equal(
            [
                "partner_id=acme | order_no=PO-4711 | function=original | ordered_on=2026-03-01 | deliver_on=2026-03-15 | currency=EUR"
                + " | contract_no=C-99 | buyer_gln=4000001000005 | note=Bitte pünktlich liefern | total_amount=45.5 | line_count=2",
            ], file.Rows("orders"));
        Assert.Equal(
            [
                "role=buyer | gln=4000001000005 | name=Müller GmbH Einkauf | street=Hauptstr. 1, Haus B | city=München | postcode=80331"
                + " | country=DE | email=einkauf@mueller.example",
                "role=supplier | gln=4012345000009",
            ], file.Rows("order_parties"));
        Assert.Equal(
            [
                "line_no=1 | action=add | gtin=4006381333931 | supplier_sku=STAB-88 | buyer_sku=B-1 | description=Textmarker gelb, nachfüllbar"
                + " | qty=10 | uom=EA | net_price=1.25 | price_basis=1 | deliver_on=2026-03-20",
                "line_no=2 | action=change | gtin=73513537 | buyer_sku=BP-2 | qty=2.5 | uom=KG | net_price=399.9 | price_basis=100 | deliver_on=2026-03-15",
            ], file.Rows("order_lines"));
        Assert.Equal([1L, 1L], file.Parents("order_parties"));
        Assert.Equal([1L, 1L], file.Parents("order_lines"));
        Assert.Equal([7, 11], file.Segments("order_parties"));
        Assert.Equal([14, 20], file.Segments("order_lines"));
        Assert.Equal(["PO-4711"], file.DocumentNumbers);
    }

    [Fact]
    public void A_PRICAT_with_two_product_groups_becomes_a_catalogue_with_tiers_and_allowances()
    {
        var file = MappedFile.Map(MappedFile.Compile("base/pricat-edifact"), Samples.Edifact("PRICAT", Samples.Pricat));
        file.IsClean();
        Assert.Equal(
            [
                "partner_id=acme | list_no=PL-2026-1 | function=original | issued_on=2026-02-15 | valid_from=2026-03-01 | valid_to=2026-08-31"
                + " | currency=EUR | item_count=3",
            ], file.Rows("price_catalogue"));
        Assert.Equal(
            [
                "partner_id=acme | supplier_sku=STAB-88 | gtin=4006381333931 | action=add | product_group=SCH | description=Textmarker gelb"
                + " | valid_from=2026-03-01 | valid_to=2026-08-31",
                "partner_id=acme | supplier_sku=STAB-89 | action=delete | product_group=SCH | valid_from=2026-04-01 | valid_to=2026-08-31",
                "partner_id=acme | supplier_sku=PAP-1 | gtin=4006381333948 | action=change | product_group=PAP"
                + " | valid_from=2026-03-01 | valid_to=2026-08-31",
            ], file.Rows("price_items"));
        Assert.Equal(
            [
                "price_type=net | min_qty=1 | uom=EA | price=1.25 | per=1 | currency=EUR | valid_from=2026-03-01 | valid_to=2026-08-31",
                "price_type=net | min_qty=100 | max_qty=999 | uom=EA | price=1.1 | per=100 | currency=EUR | valid_from=2026-03-01 | valid_to=2026-08-31",
                "price_type=info | min_qty=1 | uom=EA | price=1.99 | per=1 | currency=EUR | valid_from=2026-03-01 | valid_to=2026-08-31",
                "price_type=gross | min_qty=1 | uom=CT | price=2.5 | per=1 | currency=EUR | valid_from=2026-04-01 | valid_to=2026-04-30",
                "price_type=net | min_qty=1 | uom=EA | price=0.0075 | per=1 | currency=EUR | valid_from=2026-03-01 | valid_to=2026-08-31",
            ], file.Rows("price_tiers"));
        Assert.Equal(["seq=1 | kind=allowance | reason=FC | percent=5.5", "seq=2 | kind=charge | reason=DL | amount=12.34 | min_qty=50"],
            file.Rows("price_allowances"));
        Assert.Equal([1L, 1L, 1L], file.Parents("price_items"));
        Assert.Equal([1L, 1L, 1L, 2L, 3L], file.Parents("price_tiers"));
        Assert.Equal([2L, 2L], file.Parents("price_allowances"));
        Assert.Equal(["PL-2026-1"], file.DocumentNumbers);
    }

    [Fact]
    public void An_X12_order_becomes_the_same_tables()
    {
        var file = MappedFile.Map(MappedFile.Compile("base/orders-x12"), Samples.X12("850", "PO", Samples.X850));
        file.IsClean();
        Assert.Equal(
            [
                "partner_id=acme | order_no=PO-850-1 | function=original | ordered_on=2026-03-01 | deliver_on=2026-03-10 | currency=USD"
                + " | contract_no=K-7 | buyer_gln=4000001000005 | note=DELIVER TO DOCK 4 CALL FIRST | total_amount=140.25 | line_count=2",
            ], file.Rows("orders"));
        Assert.Equal(
            [
                "role=buyer | gln=4000001000005 | name=ACME STORES BUYING OFFICE | street=1 MAIN ST, SUITE 2 | city=SPRINGFIELD | postcode=62701"
                + " | country=US | email=jane@acme.example",
                "role=ship_to | code=DC4 | name=ACME DC 4",
            ], file.Rows("order_parties"));
        Assert.Equal(
            [
                "line_no=1 | action=add | gtin=036000291452 | supplier_sku=BOLT-1 | buyer_sku=1001 | description=HEX BOLT ZINC PLATED | qty=10 | uom=EA"
                + " | net_price=12.5 | price_basis=1 | deliver_on=2026-03-10",
                "line_no=2 | action=add | supplier_sku=NUT-2 | qty=4 | uom=DZ | price_basis=1 | deliver_on=2026-03-12",
            ], file.Rows("order_lines"));
        Assert.Equal(["PO-850-1"], file.DocumentNumbers);
    }

    [Fact]
    public void An_832_with_several_prices_becomes_a_catalogue()
    {
        var file = MappedFile.Map(MappedFile.Compile("base/pricat-x12"), Samples.X12("832", "SC", Samples.X832));
        file.IsClean();
        Assert.Equal(
            ["partner_id=acme | list_no=CAT-7 | function=original | issued_on=2026-02-20 | valid_from=2026-03-01 | currency=USD | item_count=2"],
            file.Rows("price_catalogue"));
        Assert.Equal(
            [
                "partner_id=acme | supplier_sku=BOLT-1 | gtin=036000291452 | action=change | product_group=HARDWARE | description=HEX BOLT ZINC"
                + " | valid_from=2026-03-01",
                "partner_id=acme | supplier_sku=NUT-2 | action=change | valid_from=2026-03-01",
            ], file.Rows("price_items"));
        Assert.Equal(
            [
                "price_type=resale | min_qty=1 | uom=EA | price=1.99 | per=1 | currency=USD | valid_from=2026-03-01",
                "price_type=wholesale | min_qty=100 | uom=BX | price=1.5 | per=1 | currency=USD | valid_from=2026-04-01",
                "price_type=net | min_qty=1 | uom=EA | price=0.05 | per=1 | currency=USD | valid_from=2026-03-01",
            ], file.Rows("price_tiers"));
        Assert.Equal(["seq=1 | kind=allowance | reason=C310 | percent=5.5", "seq=2 | kind=charge | reason=D240 | amount=12.5"],
            file.Rows("price_allowances"));
        Assert.Equal([1L, 1L, 2L], file.Parents("price_tiers"));
    }

    [Fact]
    public void An_allowance_behind_a_price_of_an_832_belongs_to_the_item_from_that_quantity_on()
    {
        var text = Samples.X832.Replace("DTM*007*20260401~", "DTM*007*20260401~SAC*A*C310****Z*2~SAC*C*D240***75~", StringComparison.Ordinal)
            .Replace("CTP***0.05~", "CTP***0.05~SAC*A*C310****Z*1.5~", StringComparison.Ordinal);
        var file = MappedFile.Map(MappedFile.Compile("base/pricat-x12"), Samples.X12("832", "SC", text));
        file.IsClean();
        // The CTP of the wholesale price says 100; that of the second item names no quantity.
        Assert.Equal(
            [
                "seq=1 | kind=allowance | reason=C310 | percent=5.5", "seq=2 | kind=charge | reason=D240 | amount=12.5",
                "seq=3 | kind=allowance | reason=C310 | percent=2 | min_qty=100", "seq=4 | kind=charge | reason=D240 | amount=0.75 | min_qty=100",
                "seq=1 | kind=allowance | reason=C310 | percent=1.5",
            ], file.Rows("price_allowances"));
        Assert.Equal([1L, 1L, 1L, 1L, 2L], file.Parents("price_allowances"));
    }

    [Fact]
    public void Blanks_that_pad_values_are_no_part_of_them()
    {
        // Every code, id, number, date and text of the order is padded, as from a system of fixed widths.
        var padded = string.Concat(Samples.X850.ReplaceLineEndings("").Trim().Split('~', StringSplitOptions.RemoveEmptyEntries).Select(segment =>
        {
            var elements = segment.Trim().Split('*');
            return string.Join('*', elements.Select((e, i) => i > 0 && e.Length > 0 ? e + "   " : e)) + "~";
        }));
        var plain = MappedFile.Map(MappedFile.Compile("base/orders-x12"), Samples.X12("850", "PO", Samples.X850));
        var file = MappedFile.Map(MappedFile.Compile("base/orders-x12"), Samples.X12("850", "PO", padded));
        Assert.Empty(file.Faults);
        foreach (var table in (string[])["orders", "order_parties", "order_lines"])
            Assert.Equal(plain.Rows(table), file.Rows(table));
    }

    [Fact]
    public void Every_message_of_a_file_is_mapped_for_itself()
    {
        var second = Samples.Orders.Replace("PO-4711", "PO-4712", StringComparison.Ordinal);
        var file = MappedFile.Map(MappedFile.Compile("base/orders-edifact"), Samples.Edifact("ORDERS", Samples.Orders, second, Samples.Orders));
        file.IsClean();
        Assert.Equal(["PO-4711", "PO-4712", "PO-4711"], file.DocumentNumbers);
        Assert.Equal(6, file.Rows("order_lines").Count);
        // Row numbers start again in every message.
        Assert.All(file.Parents("order_lines"), parent => Assert.Equal(1, parent));
    }

    [Fact]
    public void A_wrong_line_count_fails_the_check_by_name()
    {
        var file = MappedFile.Map(MappedFile.Compile("base/orders-edifact"),
            Samples.Edifact("ORDERS", Samples.Orders.Replace("CNT+2:2'", "CNT+2:3'", StringComparison.Ordinal)));
        var fault = file.OnlyFault();
        Assert.Equal("MAP2201", fault.Code);
        Assert.Equal("CNT", fault.Tag);
        Assert.Equal("3", fault.Found);
        Assert.Matches(@"The check .*line_count_agrees does not hold: .* \((3 against 2|2 against 3)\)\.", fault.Message);
        Assert.Contains("orders-edifact.yaml:", fault.Expected, StringComparison.Ordinal);
    }
}
