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
