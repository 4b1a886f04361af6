namespace DistributorHub.Mapping.Tests.Language;

/// <summary>One mistake does not hide others, and brings none that are not there.</summary>
public sealed class ManyMistakesTests
{
    // Of names, in rows and in a check; a path and a type that only a known message tells.
    static readonly (string, string)[] names =
    [
        ("partner_id:   $partner.id", "partner_id:   $partner.ident"),
        ("code(BGM.1225 ?? '9', msg_function)", "cod(BGM.1225 ?? '9', msg_function)"),
        ("line_action)", "line_acton)"),
        ("supplier_sku: PIA", "suplier_sku: PIA"),
    ];

    static readonly string[] namesSaid =
    [
        "8:19 MAP1106 $partner has no 'ident'.",
        "10:19 MAP1106 There is no function 'cod'.",
        "37:41 MAP1107 There is no code list 'line_acton'.",
        "39:5 MAP1302 order_lines has no column 'suplier_sku'.",
    ];

    static readonly (string, string) path = ("BGM.1004", "BGM.1005");

    const string PathSaid = "9:23 MAP1102 BGM has no element 1005.";

    [Fact]
    public void A_release_that_is_not_known_hides_no_names() =>
        Says([("release: D.96A", "release: D.69A"), path, .. names], "3:54 MAP1004 There is no definition of ORDERS D.69A.", namesSaid);

    [Fact]
    public void A_message_that_is_not_known_hides_no_names() =>
        Says([("message: ORDERS", "message: ORDES"), path, .. names], "3:37 MAP1004 There is no definition of ORDES.", namesSaid);

    [Fact]
    public void A_release_given_twice_hides_neither_names_nor_paths() =>
        Says([("release: D.96A", "release: [D.96A, D.96A]"), path, .. names], "3:62 MAP1002 ORDERS D.96A stands here twice.", [.. namesSaid[..1], PathSaid, .. namesSaid[1..]]);

    [Fact]
    public void A_limit_that_is_none_hides_neither_names_nor_paths() =>
        Says([("to: shop", "to: shop\nlimits: { unit_bytes: 4 GB }"), path, .. names], "5:23 MAP1002 '4 GB' is not a size that can be held.",
            [.. ((string[])[.. namesSaid[..1], PathSaid, .. namesSaid[1..]]).Select(Lower)]);

    [Fact]
    public void A_target_that_is_not_there_hides_no_paths() =>
        Says([("to: shop", "to: shp"), path, .. names], "4:5 MAP1005 There is no target 'shp'.", [namesSaid[0], PathSaid, namesSaid[1], namesSaid[2]]);

    [Fact]
    public void A_table_that_is_not_there_hides_no_names() =>
        Says([("- table: order_lines", "- table: order_line"), .. names], "33:10 MAP1301 Target 'shop' has no table 'order_line'.", namesSaid[..3], place: 2);

    [Fact]
    public void A_group_that_is_not_there_hides_no_names() =>
        Says([("  for: LIN", "  for: LIM"), .. names], "34:8 MAP1101 LIM does not stand in", namesSaid, place: 2);

    [Fact]
    public void A_head_that_is_not_that_of_a_map_hides_neither_names_nor_paths() =>
        Says([("hub: map/1", "hub: map/2"), path, .. names], "1:6 MAP1001 This is not a map.", [namesSaid[0], PathSaid, .. namesSaid[1..]]);

    [Fact]
    public void A_group_that_is_not_there_hides_no_path_or_type_that_is_wrong_in_any_row() =>
        Says([("  for: LIN", "  for: LIM"), ("LIN.1082 ?? $n", "LNI.1082 ?? $n"), ("QTY[21].C186.6411", "QTY[21].C186.9999"), ("PRI[AAA]?", "DTM[2]?"),
                ("DTM[2] ?? /DTM[2]?", "DTM[2] ?? /LIN/DMT[2]?")],
            "34:8 MAP1101 LIM does not stand in ORDERS D.96A.",
            [
                "36:19 MAP1101 LNI does not stand in ORDERS D.96A.",
                "43:37 MAP1102 C186 has no component 9999.",
                "44:19 MAP1202 order_lines.net_price holds a decimal number, and this is a moment.",
                "46:34 MAP1101 DMT does not stand in LIN.",
            ]);

    [Fact]
    public void A_group_that_is_not_there_brings_no_mistakes_of_its_rows() =>
        Says([("  for: LIN", "  for: LIM")], "34:8 MAP1101 LIM does not stand in ORDERS D.96A.", []);

    [Theory]
    [InlineData("left(XYZ.1)", "MAP1206 left cannot take 1 argument.", "MAP1101 XYZ")]
    [InlineData("trmi(XYZ.1, uom)", "MAP1106 There is no function 'trmi'.", "MAP1101 XYZ")]
    [InlineData("own(XYZ.1, 2)", "MAP1206 own takes 1 arguments, not 2.", "MAP1101 XYZ")]
    [InlineData("join(5, XYZ.1)", "MAP1206 join: the separator must be a constant text.", "MAP1101 XYZ")]
    [InlineData("nth(XYZ.1, 0)", "MAP1101 XYZ", "MAP1206 nth: n must be a whole number from 1.")]
    [InlineData("first(left(XYZ.1, 2))", "MAP1203 first takes a path of the message.", "MAP1101 XYZ")]
    [InlineData("xref(nothing, XYZ.1)", "MAP1207 Target 'shop' has no xref 'nothing'.", "MAP1101 XYZ")]
    [InlineData("code(DTM[137], nolist)", "MAP1203 'code' takes a text, and this is a moment.", "MAP1107 There is no code list 'nolist'.")]
    [InlineData("code(XYZ.1, uom, 5)", "MAP1101 XYZ", "MAP1206 code: on a miss, write error, pass, null or a text.")]
    [InlineData("if(XYZ.1 = 'A', 'B', 5)", "MAP1101 XYZ", "MAP1203 This is a whole number, and 'B' is a text.")]
    [InlineData("if('A', XYZ.1, 'B')", "MAP1203 'if' takes true or false, and this is a text.", "MAP1101 XYZ")]
    [InlineData("if(XYZ.1 = 'A' and 5, 'A', 'B')", "MAP1101 XYZ", "MAP1203 'and' takes true or false, and this is a whole number.")]
    [InlineData("if('A' and 5, 'A', 'B')", "MAP1203 'and' takes true or false, and this is a text.", "MAP1203 'and' takes true or false, and this is a whole number.")]
    [InlineData("text(XYZ.1 + 'A')", "MAP1101 XYZ", "MAP1203 '+' calculates with numbers, and this is a text.")]
    [InlineData("if(BGM.1004 in (XYZ.1, 5), 'A', 'B')", "MAP1101 XYZ", "MAP1203 This is a whole number, and is compared with a text.")]
    public void One_mistake_of_an_expression_hides_no_other(string expression, params string[] said)
    {
        var (map, diagnostics) = Maps.Edited("base/orders-edifact", ("to: shop", "to: shop\nfunctions: { own(x): \"trim(x)\" }"), ("BGM.1004", expression));

        Assert.Null(map);
        Assert.All(diagnostics, d => Assert.Equal(10, d.Line));
        Assert.Equal(said, diagnostics.Select(d => $"{d.Code} {d.Message}").Zip(said, (told, wanted) => told[..Math.Min(wanted.Length, told.Length)]));
        Assert.Equal(said.Length, diagnostics.Count);
    }

    [Theory]
    [InlineData("- table: order_lines", "- tabel: order_lines", "33:3 MAP1002 'tabel' is not a setting of a block of rows.")]
    [InlineData("rows:\n- table: orders\n", "row:\n- table: orders\n", "5:1 MAP1002 'row' is not a setting of a map.")]
    [InlineData("from: { standard", "form: { standard", "3:1 MAP1002 'form' is not a setting of a map.")]
    [InlineData("release: D.96A", "relaese: D.96A", "3:45 MAP1002 'relaese' is not a setting of from.")]
    [InlineData("order_no:     BGM.1004", "order_noo:    BGM.1004", "9:5 MAP1302 orders has no column 'order_noo'.")]
    [InlineData("order_no:     BGM.1004", "order_no:", "9:5 MAP1002 'order_no' needs one expression.")]
    public void A_name_that_is_misspelt_is_told_once_and_hides_nothing(string old, string edit, string said)
    {
        Says([(old, edit)], said, []);
        var late = said.StartsWith("33", StringComparison.Ordinal);
        Says([(old, edit), ("line_action)", "line_acton)"), ("currency:     CUX.C504[2]", "currency:     CUX.C504[2].9999")], late ? "13:31 MAP1102 C504 has no component 9999." : said,
            late ? [said, "37:41 MAP1107 There is no code list 'line_acton'."] : ["13:31 MAP1102 C504 has no component 9999.", "37:41 MAP1107 There is no code list 'line_acton'."]);
    }

    [Fact]
    public void A_column_that_is_misspelt_is_not_missed_where_it_is_used() =>
        Says([("order_no:     BGM.1004", "order_noo:    BGM.1004"), ("description:  join", "description:  $orders.order_no ?? join")], "9:5 MAP1302 orders has no column 'order_noo'.", []);

    [Fact]
    public void A_release_that_is_not_known_hides_no_mistake_in_what_is_ignored() =>
        Says([("release: D.96A", "release: D.69A"), ("to: shop", "to: shop\nignore: [LIN..X, PAC?]")], "3:54 MAP1004 There is no definition of ORDERS D.69A.",
            ["5:14 MAP1010 ", "5:18 MAP1002 'PAC?' is not read, so it need not be optional."]);

    [Theory]
    [InlineData("own(x): \"trimm(x)\"", "5:23 MAP1106 There is no function 'trimm'.")]
    [InlineData("own(x): \"upper(trimm(x))\"", "5:29 MAP1106 There is no function 'trimm'.")]
    [InlineData("own(x: \"trim(x)\"", "5:14 MAP1306 'own(x' is not the head of a function with one body.")]
    [InlineData("own(x): \"trim(y)\"", "5:28 MAP1106 'y' is not a parameter of this function.")]
    [InlineData("own(x, x): \"trim(x)\"", "5:14 MAP1306 A parameter stands here twice.")]
    [InlineData("own(x): \"trim(x\"", "5:29 MAP1010 ")]
    public void A_function_of_the_map_with_a_mistake_is_told_where_it_is_written_and_not_at_its_calls(string function, string said)
    {
        var head = ("to: shop", $"to: shop\nfunctions: {{ {(function.Contains(',', StringComparison.Ordinal) ? $"'{function[..function.IndexOf(':', StringComparison.Ordinal)]}'{function[function.IndexOf(':', StringComparison.Ordinal)..]}" : function)} }}");
        Says([head, ("order_no:     BGM.1004", "order_no:     own(BGM.1004)")], said, []);
        Says([head], said, []);
    }

    public static TheoryData<string> Bases => ["orders-edifact", "orders-x12", "pricat-edifact", "pricat-x12"];

    [Theory]
    [MemberData(nameof(Bases))]
    public void Any_one_group_or_name_that_is_wrong_is_told_once_and_brings_no_other_mistake(string id)
    {
        var text = new Maps()[$"base/{id}.yaml"];
        var lines = text.Split('\n');
        var tried = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var wrong = lines[i].TrimStart(' ', '-').StartsWith("for: ", StringComparison.Ordinal) ? lines[i][..(lines[i].IndexOf("for: ", StringComparison.Ordinal) + 5)] + "ZZZ"
                : IsColumn(i) ? lines[i].Replace(": ", "x: ", StringComparison.Ordinal)
                : lines[i].Replace("table: ", "tabel: ", StringComparison.Ordinal);
            if (wrong == lines[i])
                continue;
            tried++;
            var maps = new Maps { [$"base/{id}.yaml"] = string.Join('\n', lines.Select((line, at) => at == i ? wrong : line)) };

            var (map, diagnostics) = maps.Compile($"base/{id}");

            Assert.Null(map);
            Assert.Equal(i + 1, Assert.Single(diagnostics).Line);
        }
        Assert.True(tried > 20, $"{tried} lines were tried.");

        // A line of set: with one name and one value; the names of checks are free.
        bool IsColumn(int at) => lines[at].Split(": ") is [var name, _] && name.StartsWith("    ", StringComparison.Ordinal) && name.Trim().All(c => c is '_' or (>= 'a' and <= 'z'))
            && Array.FindLast(lines[..at], line => line.TrimEnd() is [.., ':'])?.Trim() == "set:";
    }

    [Fact]
    public void Mistakes_are_told_in_the_order_of_the_file() =>
        Says([("hub: map/1", "hub: map/2"), ("to: shop", "to: shp")], "1:6 MAP1001 This is not a map.", ["4:5 MAP1005 There is no target 'shp'."]);

    static string Lower(string said) => $"{int.Parse(said[..said.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture) + 1}{said[said.IndexOf(':', StringComparison.Ordinal)..]}";

    static void Says((string, string)[] edits, string first, IEnumerable<string> others, int place = 0)
    {
        var (map, diagnostics) = Maps.Edited("base/orders-edifact", edits);

        Assert.Null(map);
        List<string> expected = [.. others];
        expected.Insert(place, first);
        Assert.Equal(expected, diagnostics.Select(Maps.Short).Zip(expected, (said, wanted) => said[..Math.Min(wanted.Length, said.Length)]));
        Assert.Equal(expected.Count, diagnostics.Count);
    }
}
