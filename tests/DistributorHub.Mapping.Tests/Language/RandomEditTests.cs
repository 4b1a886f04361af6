namespace DistributorHub.Mapping.Tests.Language;

public sealed class RandomEditTests
{
    const string Signs = "'\"[]{}()|>&*!@#?:,.-/=<>$ \t\n0Aa";

    [Theory]
    [InlineData("base/orders-edifact", 7)]
    [InlineData("base/pricat-edifact", 11)]
    [InlineData("base/pricat-x12", 13)]
    [InlineData("base/ordrsp-edifact", 17)]
    [InlineData("base/desadv-edifact", 19)]
    [InlineData("base/desadv-x12", 23)]
    [InlineData("base/invoic-x12", 29)]
    public void However_a_map_is_damaged_it_compiles_or_says_why(string id, int seed)
    {
        var random = new Random(seed);
        var maps = new Maps();
        var whole = maps[$"{id}.yaml"];
        for (var run = 0; run < 200; run++)
        {
            var text = whole;
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                text = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                    1 => text.Insert(at, Signs[random.Next(Signs.Length)].ToString()),
                    _ => text[..at] + Signs[random.Next(Signs.Length)] + text[(at + 1)..],
                };
            }
            maps[$"{id}.yaml"] = text;

            var (isCompiled, diagnostics) = Compile(maps, id);

            Assert.True(isCompiled || diagnostics.Exists(d => !d.Warning), text);
            Assert.All(diagnostics, d => Assert.InRange(d.Line, 1, text.Count(c => c == '\n') + 2));
            Assert.All(diagnostics, d => Assert.True(d.Column >= 1));
        }
    }

    static (bool IsCompiled, List<Diagnostic> Diagnostics) Compile(Maps maps, string id)
    {
        if (maps.Compile(id) is var (map, diagnostics) && !diagnostics.Exists(d => d.Code == "MAP1008"))
            return (map is not null, diagnostics);
        var (written, found) = maps.CompileWrite(id);
        return (written is not null, found);
    }
}
