namespace DistributorHub.Mapping.Tests.Language;

/// <summary>One line of a base map is replaced by one whose values do not go together, or come too late.</summary>
public sealed class TypeMistakeTests
{
    public static TheoryData<string, string, string, string> Values { get; } = new()
    {
        { "orders-edifact", "code(QTY[21].C186.6411 ?? 'PCE', uom)", "code(QTY[21].C186.6411 ?? 'PCE', 'uom')",
            "43:52 MAP1206 code: the second argument is the name of a code list. (code(x, uom))" },
        { "orders-edifact", "code(QTY[21].C186.6411 ?? 'PCE', uom)", "code(QTY[21].C186.6411 ?? 'PCE', uom, ignore)",
            "43:57 MAP1206 code: on a miss, write error, pass, null or a text. (code(x, uom, pass))" },
        { "orders-edifact", "DTM[137]", "DTM[137]?",
            "11:19 MAP1201 orders.ordered_on is not null, but this may be absent. (add ?? default, or drop the ? to make its absence an error)" },
        { "orders-edifact", "code(QTY[21].C186.6411 ?? 'PCE', uom)", "code(QTY[21].C186.6411 ?? 'PCE', uom, null)",
            "43:19 MAP1201 order_lines.uom is not null, but this may be absent. (add ?? default)" },
        { "orders-edifact", "LIN.1082 ?? $n", "LIN.1082 ?? QTY[1]?",
            "36:19 MAP1201 order_lines.line_no is not null, but this may be absent. (add ?? default, or drop the ? to make its absence an error)" },
        { "orders-edifact", "LIN.1082 ?? $n", "LIN.1229",
            "36:19 MAP1202 order_lines.line_no holds a whole number, and this is a text. (use int(…))" },
        { "orders-edifact", "PRI[AAA].C509.5284 ?? 1", "'1'",
            "45:19 MAP1202 order_lines.price_basis holds a decimal number, and this is a text. (leave out the quotes: a quoted value is a text)" },
        { "orders-edifact", "BGM.1004", "DTM[137]",
            "9:19 MAP1202 orders.order_no holds a text, and this is a moment. (use text(…))" },
        { "orders-edifact", "deliver_on:   DTM[2] ?? /DTM[2]?", "deliver_on: QTY[21]",
            "46:17 MAP1202 order_lines.deliver_on holds a date, and this is a decimal number." },
        { "orders-x12", "int(PO101) ?? $n", "PO101 ?? $n",
            "37:28 MAP1203 This is a whole number, and PO101 is a text. (use int(…) on one side)" },
        { "orders-edifact", "DTM[2] ?? DTM[64]?", "DTM[2] ?? BGM.1004",
            "12:29 MAP1203 This is a text, and DTM[2] is a moment. (use text(…) on one side)" },
        { "orders-edifact", "PIA.C212[SA]?", "upper(QTY[21])",
            "39:25 MAP1203 upper takes a text, and this is a decimal number. (use text(…))" },
        { "orders-edifact", "PIA.C212[SA]?", "text(LIN.1229 + 1)",
            "39:24 MAP1203 '+' calculates with numbers, and this is a text. (use dec(…))" },
        { "orders-edifact", "NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "NAD.3035 in ('BY', 2)",
            "23:29 MAP1203 This is a whole number, and is compared with a text. (use text(…))" },
        { "orders-edifact", "NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "NAD.3035",
            "23:10 MAP1203 'where' takes true or false, and this is a text. (compare it with something: = 'X', in ('A', 'B'), exists(…))" },
        { "orders-edifact", "NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "not NAD.3035",
            "23:14 MAP1203 'not' takes true or false, and this is a text. (use bool(…, 'Y', 'N'))" },
        { "orders-edifact", "count(LIN) = count(LIN)", "count(LIN)",
            "20:24 MAP1203 'check' takes true or false, and this is a decimal number. (compare it with something: = 'X', in ('A', 'B'), exists(…))" },
        { "orders-edifact", "MOA[86]?", "sum(RFF[CT])",
            "17:23 MAP1203 sum adds numbers, and RFF[CT] is a text." },
        { "orders-edifact", "MOA[86]?", "sum(1)",
            "17:23 MAP1203 sum takes a path of the message. (sum(MOA[79]))" },
        { "orders-edifact", "PIA.C212[SA]?", "join(' ', QTY[21])",
            "39:29 MAP1203 'join' takes a text, and this is a decimal number. (use text(…))" },
        { "orders-edifact", "NAD.3035 in ('BY', 'DP', 'IV', 'SU')", "true < false",
            "23:10 MAP1203 true and false have no order: '<' does not compare them." },
        { "orders-edifact", "code(BGM.1225 ?? '9', msg_function)", "code(BGM.1225 ?? '9', msg_function, 'not understood')",
            "10:19 MAP1204 'not understood' (for codes that list msg_function does not hold) does not fit orders.function." },
        { "orders-edifact", "CUX.C504[2] ?? $partner.currency", "CUX.C504[2] ?? 'EURO'",
            "13:34 MAP1204 'EURO' does not fit orders.currency." },
        { "orders-edifact", "PRI[AAA].C509.5284 ?? 1", "PRI[AAA].C509.5284 ?? 1.5",
            "45:41 MAP1204 1.5 does not fit order_lines.price_basis." },
        { "orders-edifact", "    qty:          QTY[21]\n", "",
            "33:10 MAP1205 order_lines.qty is not null, and has no rule. (add qty: … under set:)" },
        { "orders-edifact", "PIA.C212[SA]?", "left(PIA.C212[SA]?)",
            "39:19 MAP1206 left cannot take 1 argument. (left(x, n))" },
        { "orders-edifact", "PIA.C212[SA]?", "left(PIA.C212[SA]?, 'x')",
            "39:39 MAP1206 left: n must be a whole number, not negative." },
        { "orders-edifact", "PIA.C212[SA]?", "left(PIA.C212[SA]?, QTY[21])",
            "39:39 MAP1206 left: n must be a constant." },
        { "orders-edifact", "PIA.C212[SA]?", "replace(PIA.C212[SA]?, '(', '')",
            "39:42 MAP1206 replace: the regular expression is refused: Invalid pattern '(' at offset 1. Not enough )'s." },
        { "orders-edifact", "PIA.C212[SA]?", "replace(PIA.C212[SA]?, '(a)\\1', '')",
            "39:42 MAP1206 replace: the regular expression is refused: RegexOptions.NonBacktracking is not supported in conjunction with expressions containing: 'backreference (\\ number)'." },
        { "orders-edifact", "PIA.C212[SA]?", "pad(PIA.C212[SA]?, 10, '00')",
            "39:42 MAP1206 pad: character must be a text of one character." },
        { "orders-edifact", "DTM[137]", "date('20200101', 'Q')",
            "11:36 MAP1206 date: 'Q' is not a date or time format." },
        { "orders-edifact", "PIA.C212[SA]?", "nth(PIA.C212[SA]?, 0)",
            "39:38 MAP1206 nth: n must be a whole number from 1." },
        { "orders-edifact", "PRI[AAA]?\n", "round(PRI[AAA]?, 2, 'up')\n",
            "44:39 MAP1206 round: mode can only be 'half_even'." },
        { "orders-edifact", "PIA.C212[SA]?", "join(PIA.C212[SA]?, 'x')",
            "39:24 MAP1206 join: the separator must be a constant text. (join(' ', …))" },
        { "pricat-edifact", "CUX.C504[2] ?? $price_catalogue.currency", "CUX.C504[2]?",
            "40:21 MAP1201 price_tiers.currency is not null, but this may be absent. (add ?? default, or drop the ? to make its absence an error)" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_that_does_not_go_into_its_place_does_not_compile(string map, string old, string edit, string expected) => Says(map, old, edit, expected);

    public static TheoryData<string, string, string, string> Rows { get; } = new()
    {
        { "orders-edifact", "$partner.id", "$parnter.id",
            "8:19 MAP1305 '$parnter' is neither a variable nor an enclosing row. (did you mean partner?)" },
        { "orders-edifact", "table: orders\n", "table: ordres\n",
            "6:10 MAP1301 Target 'shop' has no table 'ordres'. (did you mean orders?)" },
        { "orders-edifact", "contract_no:", "contract:",
            "14:5 MAP1302 orders has no column 'contract'. (did you mean contract_no?)" },
        { "orders-edifact", "for: LIN", "for: /LIN",
            "34:8 MAP1304 '/LIN' does not name a group. (for: takes tags and conditions only, seen from the enclosing row: PGI/LIN, PRI[AAA])" },
        { "orders-edifact", "for: LIN", "for: LIN.1082",
            "34:8 MAP1304 'LIN.1082' does not name a group. (for: takes tags and conditions only, seen from the enclosing row: PGI/LIN, PRI[AAA])" },
        { "pricat-edifact", "    rows:\n    - table: price_tiers\n      for: PRI[AAA|AAB|AAE] ", "    rows:\n    - table: price_tiers\n      for: LIN ",
            "32:12 MAP1304 LIN is the PGI/LIN this block already makes rows of. (leave out for:)" },
        { "orders-edifact", "LIN.1082 ?? $n", "LIN.1082 ?? $order_parties.role",
            "36:31 MAP1305 order_parties is not an enclosing row here. (enclosing: orders)" },
        { "orders-edifact", "DTM[2] ?? /DTM[2]?", "DTM[2] ?? $orders.delivery",
            "46:29 MAP1302 orders has no column 'delivery'. (it has: partner_id, order_no, function, ordered_on, deliver_on, currency, contract_no, buyer_gln, note, total_amount, line_count)" },
        { "orders-edifact", "DTM[2] ?? /DTM[2]?", "DTM[2] ?? $order.deliver_on",
            "46:29 MAP1305 '$order' is neither a variable nor an enclosing row. (did you mean orders?)" },
        { "orders-x12", "DTM[002] ?? /DTM[002]?", "DTM[002] ?? $orders.nothing",
            "47:31 MAP1302 orders has no column 'nothing'. (it has: partner_id, order_no, function, ordered_on, deliver_on, currency, contract_no, buyer_gln, note, total_amount, line_count)" },
        { "orders-edifact", "$partner.id", "$orders.order_no",
            "8:19 MAP1305 orders is not an enclosing row here. (nothing encloses this row)" },
        { "orders-edifact", "to: shop", "to: shop\nfunctions: { Strip(x): \"trim(x)\" }",
            "5:14 MAP1306 'Strip(x)' is not the head of a function with one body. (write name(x): body, in small letters)" },
        { "orders-edifact", "to: shop", "to: shop\nfunctions: { trim(x): \"upper(x)\" }",
            "5:14 MAP1306 There is a function 'trim' already. (choose another name)" },
        { "orders-edifact", "DTM[2] ?? /DTM[2]?", "DTM[2]?\n    price_basis2: 1",
            "47:5 MAP1302 order_lines has no column 'price_basis2'. (did you mean price_basis?)" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_that_has_no_place_does_not_compile(string map, string old, string edit, string expected) => Says(map, old, edit, expected);

    public static TheoryData<string, string, string, string> Orders { get; } = new()
    {
        { "orders-edifact", "PRI[AAA]?\n", "/MOA[86]?\n",
            "44:19 MAP1401 not streamable: MOA comes after LIN, so its value is unknown when this row is written. (move it to the header row, or read it in SQL after the merge)" },
        { "pricat-edifact", "issued_on:  DTM[137]", "issued_on:  PGI/LIN/DTM[137]",
            "12:17 MAP1402 PGI/LIN/DTM is inside the repeating group PGI/LIN. (wrap it in count/sum/min/max/first/last or move it to a row with for: LIN)" },
        { "orders-edifact", "PRI[AAA]?\n", "$orders.total_amount\n",
            "44:19 MAP1401 not streamable: $orders.total_amount is known only when its row is complete, because it reads MOA[86] (17:19). (move it to the header row, or read it in SQL after the merge)" },
        { "orders-edifact", "email:    first(CTA/COM[EM]?)", "email:    /CUX.C504[2]?",
            "32:15 MAP1401 not streamable: CUX comes after NAD, so its value is unknown when this row is written. (move it to the header row, or read it in SQL after the merge)" },
        { "orders-edifact", "- table: orders\n", "- table: orders\n  where: exists(MOA[86])\n",
            "7:17 MAP1401 not streamable: MOA[86] is not known yet when rows of order_parties are written, which depend on this where. (let where: read only what stands before them)" },
        { "orders-edifact", "line_count:   count(LIN)", "line_count:   int(join('', LIN/PIA.C212[SA]))",
            "18:32 MAP1402 LIN/PIA is inside the repeating group LIN. (wrap it in count/sum/min/max/first/last or move it to a row with for: LIN)" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_value_that_is_not_known_in_time_does_not_compile(string map, string old, string edit, string expected) => Says(map, old, edit, expected);

    [Fact]
    public void A_child_needs_the_row_of_its_parent_around_it()
    {
        var (_, diagnostics) = Maps.Edited("base/orders-edifact", ("- table: orders\n", "- table: orders\n  for: RFF\n"));

        Assert.Contains("22:10 MAP1303 Rows of order_parties belong to a row of orders, and none encloses this block. (nest it under orders, or put orders (without for:) before it)",
            diagnostics.Select(Maps.Short));
    }

    [Theory]
    [InlineData("X12, message: '856', release: '004010' }", "stream: buffer\n", "HL[I]", "exists(/HL[O]/PRF)",
        "8:17 MAP1401 /HL[O]/PRF reads another level, and levels are followed only while the message streams. (leave out stream: buffer)")]
    [InlineData("EDIFACT, message: DESADV, release: D.96A }", "", "CPS/LIN", "count(/CPS[3]/LIN) = 1",
        "7:16 MAP1401 not streamable: LIN of another CPS is not held when this row is written. (read what stands before LIN there)")]
    [InlineData("EDIFACT, message: DESADV, release: D.96A }", "", "CPS/LIN", "exists(/CPS[LIN]/PAC)",
        "7:17 MAP1401 not streamable: LIN of another CPS is not held when this row is written. (read what stands before LIN there)")]
    [InlineData("EDIFACT, message: DESADV, release: D.96A }", "", "CPS[LIN]", "true",
        "6:8 MAP1401 not streamable: what 'CPS[LIN]' asks of the group is decided only when the group ends, after rows inside it are written. (ask only for what stands before the rows)")]
    public void Other_levels_are_read_as_far_as_they_are_held(string message, string extra, string rows, string where, string expected)
    {
        var map = $"hub: map/1\nid: base/ship\nfrom: {{ standard: {message}\nto: shop\n{extra}rows:\n- for: {rows}\n  where: {where}\n  rows: []\n";

        var (_, diagnostics) = new Maps { ["base/ship.yaml"] = map }.Compile("base/ship");

        Assert.Equal(expected, string.Join('\n', diagnostics.Select(Maps.Short)));
    }

    static void Says(string map, string old, string edit, string expected) =>
        Assert.Equal(expected, string.Join('\n', Maps.Edited($"base/{map}", (old, edit)).Diagnostics.Select(Maps.Short)));
}
