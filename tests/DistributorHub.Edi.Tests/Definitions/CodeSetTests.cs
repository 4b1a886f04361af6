using System.Text;
using CsCheck;
using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Tests.Definitions;

public sealed class CodeSetTests
{
    /// <summary>Codes of one to twelve characters: packed ones and longer ones.</summary>
    [Fact]
    public void It_has_exactly_the_codes_it_was_made_of()
    {
        var code = Gen.Select(Gen.Char["0123456789ABCDEF"], Gen.Char["ABC"].Array[0, 11], (first, rest) => first + new string(rest));
        Gen.Select(code.Array[0, 400], code.Array[0, 100]).Sample((made, others) =>
        {
            var codes = made.ToHashSet(StringComparer.Ordinal);
            var set = new CodeSet(codes);
            Assert.Equal(codes.Count, set.Count);
            Assert.All(made.Concat(others), one => Assert.Equal(codes.Contains(one), set.Contains(Encoding.UTF8.GetBytes(one))));
        });
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\0", false)]
    [InlineData("\0" + "1", false)]
    [InlineData("1", true)]
    [InlineData("01", false)]
    [InlineData("1 ", false)]
    [InlineData("abcdefgh", true)]
    [InlineData("abcdefghi", true)]
    [InlineData("abcdefghij", false)]
    [InlineData("abcdefg", false)]
    public void Codes_are_compared_as_they_are_written(string value, bool expected) =>
        Assert.Equal(expected, new CodeSet(["1", "abcdefgh", "abcdefghi"]).Contains(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void A_value_of_any_length_is_survived() =>
        Assert.False(new CodeSet(["a-code-that-is-long"]).Contains(Encoding.UTF8.GetBytes(new string('ä', 10_000))));
}
