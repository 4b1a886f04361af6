using System.Globalization;
using System.Text;
using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Tests.Definitions;

public sealed class CodeSetTests
{
    [Fact]
    public void It_has_exactly_the_codes_it_was_made_of()
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            // Codes of one to twelve characters: packed ones and longer ones.
            var codes = Enumerable.Range(0, random.Next(0, 400)).Select(_ => Code(random)).ToHashSet(StringComparer.Ordinal);
            var set = new CodeSet(codes);

            Assert.Equal(codes.Count, set.Count);
            Assert.All(codes, code => Assert.True(set.Contains(Encoding.UTF8.GetBytes(code))));
            for (var i = 0; i < 500; i++)
            {
                var other = Code(random);
                Assert.Equal(codes.Contains(other), set.Contains(Encoding.UTF8.GetBytes(other)));
            }
        }
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

    static string Code(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 13)).Select(_ => random.Next(36).ToString("X", CultureInfo.InvariantCulture)))[..1]
        + string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => (char)('A' + random.Next(3))));
}
