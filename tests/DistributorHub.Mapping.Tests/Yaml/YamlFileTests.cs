using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Tests.Yaml;

public sealed class YamlFileTests
{
    [Theory]
    [InlineData("a:\n\tb: 1\n", "2:1 YML0005")]
    [InlineData("a: *b\n", "1:4 YML0006")]
    [InlineData("a: &b c\n", "1:4 YML0006")]
    [InlineData("a: !RNG\n", "1:4 YML0006")]
    [InlineData("a: @sum\n", "1:4 YML0006")]
    [InlineData("a: 'x\n", "1:4 YML0007")]
    [InlineData("a: 'x' & b\n", "1:8 YML0008")]
    [InlineData("- a: 'BY' = NAD.3035\n", "1:11 YML0008")]
    [InlineData("a: [x] ?? y\n", "1:8 YML0009")]
    [InlineData("a: {x: 1} y\n", "1:11 YML0009")]
    [InlineData("a: join(': ', X)\n", "1:10 YML0010")]
    [InlineData("a: join(' #', X)\n", "1:11 YML0011")]
    [InlineData("a: 1\na: 2\n", "2:1 YML0004")]
    [InlineData("a: 1\n---\nb: 1\n", "2:1 YML0012")]
    [InlineData("- a\n", "1:1 YML0002")]
    [InlineData("", "1:1 YML0002")]
    [InlineData("a: 1\n  b: 2\n", "2:4 YML0003")]
    [InlineData("a: 1\nb: \uFFFD\n", "2:4 YML0013")]
    [InlineData("a: [1, 2\nb: 3\n", "1:4 YML0013")]
    [InlineData("a: *b\nc: \"x\" y\n\td: 1\ne: !f\n", "1:4 YML0006\n2:8 YML0008\n3:1 YML0005\n4:4 YML0006")]
    public void A_mistake_is_named_where_it_stands(string text, string expected)
    {
        var diagnostics = new List<Diagnostic>();

        YamlFile.Read("f.yaml", text, diagnostics);

        Assert.Equal(expected, string.Join('\n', diagnostics.Select(d => $"{d.Line}:{d.Column} {d.Code}")));
    }

    [Theory]
    [InlineData("a: 'it''s' # a comment")]
    [InlineData("a: \"say \\\"no\\\"\"")]
    [InlineData("a: [x, 'y: z', \"#\"] # fine")]
    [InlineData("a: { b: 'c', d: [e, f] }")]
    [InlineData("a: {\n  b: 'c',\n  d: e }")]
    [InlineData("a: 'one\n  two'")]
    [InlineData("a: >-\n  join(': ', X) # no comment\n  & *more*\nb: 1")]
    [InlineData("a:\n- >-\n  'x': y\n- b")]
    [InlineData("a: NAD.3035 in ('BY', 'DP')")]
    [InlineData("a: CUX.C504[2] ?? $partner.currency")]
    [InlineData("a: one\n  two 'three'")]
    [InlineData("'a b': c\n\"d\": e")]
    [InlineData("a: \r\n- b: c\r\n")]
    [InlineData("# only\n---\na: http://x:1/y")]
    public void What_is_right_passes(string text)
    {
        var diagnostics = new List<Diagnostic>();

        Assert.NotNull(YamlFile.Read("f.yaml", text, diagnostics));
        Assert.Empty(diagnostics);
    }

    [Fact]
    public void Scalars_keep_their_text_their_quotes_and_their_place()
    {
        var root = YamlFile.Read("f.yaml", "a: NO\nb: '0012'\nc: >-\n  x\n  y\n", [])!;

        Assert.Equal(new YamlScalar("NO", false, 1, 4) { Source = root.Source }, root.Find("a"));
        Assert.Equal(new YamlScalar("0012", true, 2, 4) { Source = root.Source }, root.Find("b"));
        Assert.Equal(new YamlScalar("x y", false, 3, 4) { Source = root.Source, Block = true }, root.Find("c"));
        Assert.Equal("f.yaml", root.Source!.File);
    }
}
