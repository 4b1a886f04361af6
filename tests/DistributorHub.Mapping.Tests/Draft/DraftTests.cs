using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Draft;

namespace DistributorHub.Mapping.Tests.Draft;

/// <summary>Maps drafted from samples.</summary>
public sealed class DraftTests
{
    const string Head = "BGM+220+4711+9'DTM+137:20260305:102'", Line = "LIN+1++4054321001013:EN'PIA+1+HX-1:SA+N-2:IN'QTY+21:24:PCE'PRI+AAA:8.5'", Tail = "UNS+S'CNT+2:1'";

    static void Holds(MapDraft draft, params string[] lines)
    {
        foreach (var line in lines)
            Assert.Contains($"{line}\n", draft.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_with_a_shared_map_starts_from_it_and_leaves_the_unread_as_comments()
    {
        var draft = Drafting.Draft("shop", "ORDERS:D:96A:UN", $"{Head}DTM+63:20260401:102'{Line}MOA+203:204.00'{Tail}");
        Assert.Equal(("acme/orders", "partners/acme/orders.yaml", "base/orders-edifact"), (draft.Id, draft.File, draft.From));
        Holds(draft,
            "    qty:          QTY[21]",
            "    deliver_on:   DTM[2] ?? DTM[64]?",
            "    # deliver_on: DTM[63]  # x1, such as DTM+63:20260401:102",
            "    #   DTM[63]  x1  Delivery date/time, latest: DTM+63:20260401:102",
            "    #   MOA[203]  x1  Line item amount: MOA+203:204.00",
            "    line_count_agrees: CNT[2] ?? count(LIN) = count(LIN)");
        Assert.Empty(draft.Decisions);
    }

    [Fact]
    public void A_shared_map_is_taken_for_the_release_of_the_samples()
    {
        // BGM has its number in a composite there, and numbers of lines and quantities are texts.
        var draft = Drafting.Draft("shop", "ORDERS:D:01B:UN", $"{Head}NAD+BY+4012345000016::9'{Line}{Tail}");
        Holds(draft, "from: { standard: EDIFACT, message: ORDERS, release: D.01B }", "    order_no:     BGM.C106.1004",
            "    line_no:      int(LIN.1082) ?? $n", "    qty:          dec(QTY[21])");
        Assert.Empty(draft.Decisions);
    }

    [Fact]
    public void Columns_get_rules_by_their_names()
    {
        var draft = Drafting.Draft("web", "ORDERS:D:96A:UN", $"{Head}DTM+2:20260401:102'NAD+BY+4012345000016::9'CUX+2:EUR:9'{Line}IMD+F++:::A drill with two batteries and a case'{Tail}");
        Holds(draft,
            "    order_no:      BGM.1004",
            "    order_date:    DTM[137]",
            "    delivery_date: DTM[2]",
            "    customer_gln:  gln(NAD[BY].C082.3039?)",
            "    currency:      CUX.C504[2]",
            "    # loyalty_card: # nothing in the samples is called so",
            "    pos:        LIN.1082",
            "    ean:        gtin(LIN.C212[EN|SRV|UP]?)",
            "    vendor_sku: PIA[1|5].C212[SA]",
            "    our_sku:    PIA.C212[IN]",
            "    title:      left(join('', IMD.C273.7008*?), 20)  # the samples have longer texts, which are cut",
            "    quantity:   QTY[21]",
            "    unit:       code(QTY[21].C186.6411, uom)",
            "    unit_price: PRI[AAA]");
        Assert.Empty(draft.Decisions);
    }

    [Fact]
    public void What_some_messages_lack_is_optional_and_of_two_qualifiers_the_second_is_a_line_of_its_own()
    {
        var draft = Drafting.Draft("web", "ORDERS:D:96A:UN", $"{Head}DTM+2:20260401:102'DTM+64:20260402:102'{Line}{Tail}", $"{Head}{Line}{Tail}");
        Holds(draft, "    delivery_date: DTM[2]?", "    # delivery_date: DTM[64]  # x1, such as DTM+64:20260402:102");
        // What every line has stays required.
        Holds(draft, "    vendor_sku: PIA[1|5].C212[SA]");
    }

    [Fact]
    public void A_code_that_no_list_has_goes_into_the_partners_own()
    {
        var library = Drafting.Library();
        List<SampleFile> samples = [Drafting.Sample("a.edi", $"UNB+UNOC:3+S:14+R:14+260305:0900+1'UNH+1+ORDERS:D:96A:UN'{Head}{Line.Replace("PCE", "KRT", StringComparison.Ordinal)}{Tail}UNT+10+1'UNZ+1+1'")];
        var drafter = Drafting.Drafter(library, samples, "EUR");
        var draft = drafter.Draft(Assert.Single(Survey.Of(samples, DefinitionLibrary.Embedded).Messages), library.Target("shop", [])!, table: null)!;
        var (file, text) = Assert.Single(drafter.CodeLists);
        Assert.Equal("partners/acme/codes/uom.yaml", file);
        Assert.EndsWith("map:\n  KRT: KRT\n", text, StringComparison.Ordinal);
        Assert.Equal(["order_lines.uom: code KRT is in no list; it stands in partners/acme/codes/uom.yaml as it was sent."], draft.Notes);
    }

    [Fact]
    public void What_must_be_there_and_is_not_stays_required_and_is_a_decision()
    {
        var draft = Drafting.Draft("shop", "ORDERS:D:96A:UN", $"{Head}{Line.Replace("QTY+21:24:PCE'", "", StringComparison.Ordinal)}{Tail}");
        Holds(draft, "    qty:          QTY[21]");
        var decision = Assert.Single(draft.Decisions);
        Assert.StartsWith("partners/acme/orders.yaml:", decision, StringComparison.Ordinal);
        Assert.Contains("MAP2101 order_lines.qty needs QTY[21], which segments 4-6 do not hold.", decision, StringComparison.Ordinal);
        Assert.True(draft.Compiles);
    }

    [Fact]
    public void A_value_that_no_rule_can_be_found_for_is_named_and_the_map_does_not_pretend_to_compile()
    {
        var draft = Drafting.Draft("web", "INVOIC:D:96A:UN", $"BGM+380+4711+9'DTM+137:20260305:102'{Line}UNS+S'MOA+77:5'");
        Assert.True(draft.Compiles);
        // The same with a total that nothing in an invoice is called like.
        var library = Drafting.Library(("targets/web.target.yaml", Drafting.Web.Replace("total:        numeric(14,2) not null", "zodiac:       text(9) not null", StringComparison.Ordinal)));
        List<SampleFile> samples = [Drafting.Sample("a.edi", $"UNB+UNOC:3+S:14+R:14+260305:0900+1'UNH+1+INVOIC:D:96A:UN'BGM+380+4711+9'DTM+137:20260305:102'{Line}UNS+S'MOA+77:5'UNT+9+1'UNZ+1+1'")];
        draft = Drafting.Drafter(library, samples).Draft(Assert.Single(Survey.Of(samples, DefinitionLibrary.Embedded).Messages), library.Target("web", [])!, table: null)!;
        Assert.False(draft.Compiles);
        Assert.Contains("# zodiac: # must have a value, and nothing in the samples is called so", draft.Text, StringComparison.Ordinal);
        Assert.Contains(draft.Decisions, decision => decision.Contains("invoices.zodiac must have a value", StringComparison.Ordinal));
    }

    [Fact]
    public void A_check_digit_that_is_wrong_in_all_is_not_tested_and_in_some_is_a_mistake_of_the_partner()
    {
        var wrong = Line.Replace("4054321001013", "4054321001014", StringComparison.Ordinal);
        Holds(Drafting.Draft("shop", "ORDERS:D:96A:UN", $"{Head}{wrong}{Tail}"),
            "    gtin:         LIN.C212[EN|SRV|UP]?  # the samples have numbers without a right check digit, so it is not tested");
        var some = Drafting.Draft("shop", "ORDERS:D:96A:UN", $"{Head}{wrong}{Tail}", $"{Head}{Line}{Tail}");
        Holds(some, "    gtin:         gtin(LIN.C212[EN|SRV|UP]?)");
        Assert.Contains("MAP2106", Assert.Single(some.Decisions), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_values_are_told_and_the_first_is_taken()
    {
        var draft = Drafting.Draft("web", "ORDERS:D:96A:UN", $"{Head}{Line.Replace("PRI+AAA:8.5'", "PRI+AAA:8.5'PRI+AAA:9'", StringComparison.Ordinal)}{Tail}");
        Holds(draft, "    unit_price: first(PRI[AAA])  # several values stand there, and the first is taken");
    }

    [Fact]
    public void A_message_that_no_table_holds_gets_no_map()
    {
        var library = Drafting.Library();
        List<SampleFile> samples = [Drafting.Sample("a.edi", "UNB+UNOC:3+S:14+R:14+260305:0900+1'UNH+1+INVOIC:D:96A:UN'BGM+380+1'UNT+3+1'UNZ+1+1'")];
        var messages = Assert.Single(Survey.Of(samples, DefinitionLibrary.Embedded).Messages);
        Assert.Null(Drafting.Drafter(library, samples).Draft(messages, library.Target("shop", [])!, table: null));
        Assert.NotNull(Drafting.Drafter(library, samples).Draft(messages, library.Target("shop", [])!, table: "orders"));
    }
}
