namespace DistributorHub.Mapping.Tests.Language;

/// <summary>One map for several releases: compiled against each, and read by the one a message is of.</summary>
public sealed class MapReleaseTests
{
    const string Map = "base/orders-edifact";

    [Fact]
    public void A_map_is_compiled_against_each_release_it_names()
    {
        var map = Maps.Compiled(Map, ("release: D.96A", "release: [D.96A, D.93A]"));

        Assert.Equal(["D.96A", "D.93A"], map.Releases.Select(release => release.Message.Release));
        Assert.Same(map, map.For("D.96A"));
        var older = map.For("D.93A");
        Assert.Equal(("D.93A", map.Id, map.Version), (older.Message.Release, older.Id, older.Version));
        Assert.Equal(map.Releases, older.Releases);
        Assert.Equal(map.Tables.Select(table => table.Name), older.Tables.Select(table => table.Name));
    }

    [Fact]
    public void A_release_that_is_not_named_is_read_as_the_first()
    {
        var map = Maps.Compiled(Map, ("release: D.96A", "release: [D.93A, D.96A]"));

        Assert.Equal("D.93A", map.For("D.99B").Message.Release);

        var x12 = Maps.Compiled("base/pricat-x12", ("release: '004010'", "release: ['004010', '005010']"));
        Assert.Equal(["005010", "005010", "004010"], new[] { "005010", "005010VICS", "006020" }.Select(release => x12.For(release).Message.Release));
    }

    [Fact]
    public void What_does_not_resolve_in_a_release_is_told_with_that_release()
    {
        var (map, diagnostics) = Maps.Edited(Map, ("release: D.96A", "release: [D.96A, D.01B, D.07A]"));

        Assert.Null(map);
        Assert.Equal(
            [
                "9:23 MAP1102 In D.01B, D.07A: BGM has no element 1004. (it exists at BGM.C106.1004)",
                "36:31 MAP1203 In D.01B, D.07A: This is a whole number, and LIN.1082 is a text. (use int(…) on one side)",
                "42:19 MAP1202 In D.01B, D.07A: order_lines.qty holds a decimal number, and this is a text. (use dec(…))",
            ],
            diagnostics.Select(Maps.Short));
    }

    [Fact]
    public void What_is_wrong_in_every_release_is_told_once()
    {
        var (_, diagnostics) = Maps.Edited(
            Map, ("release: D.96A", "release: [D.96A, D.93A]"), ("RFF[CT]?", "RFFF[CT]?"), ("NAD.3164?", "NAD.C080.3139?"));

        Assert.Equal(
            [
                "14:19 MAP1101 RFFF does not stand in ORDERS D.96A, D.93A. (did you mean RFF?)",
                "29:24 MAP1102 C080 has no component 3139. (it has: 3036, 3045)",
            ],
            diagnostics.Select(Maps.Short));
    }

    [Fact]
    public void A_warning_in_one_release_stops_none()
    {
        var (map, diagnostics) = Maps.Edited(Map, ("release: D.96A", "release: [D.96A, D.93A]"), ("RFF[CT]?", "'RFF[CT]'"));

        Assert.Equal(2, map!.Releases.Count);
        Assert.Equal(["MAP1011"], diagnostics.Select(d => d.Code));
    }
}
