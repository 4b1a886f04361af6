using System.Globalization;
using CsCheck;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class ReferencesTests
{
    [Theory]
    [InlineData("1 2 3", "")]
    [InlineData("1 2 2", "2")]
    [InlineData("1 2 3 1", "1")]
    [InlineData("3 1 2 3", "3")]
    [InlineData("9 10 9 10", "9 10")]
    [InlineData("A a A", "A")]
    public void Finds_what_was_used_before(string used, string again)
    {
        var references = new References();
        Assert.Equal(again, string.Join(' ', used.Split(' ').Where(r => !references.Add(r))));
    }

    [Fact]
    public void Agrees_with_a_set_whatever_the_order() =>
        // Mostly ascending, as senders count, with a way back now and then.
        Gen.Frequency((7, Gen.Int[0, 2]), (1, Gen.Int[-40, 0])).Array[0, 60].Sample(steps =>
        {
            var references = new References();
            HashSet<int> expected = [];
            var number = 0;
            foreach (var step in steps)
            {
                number = Math.Max(0, number + step);
                Assert.Equal(expected.Add(number), references.Add(number.ToString(CultureInfo.InvariantCulture)));
            }
        });

    [Fact]
    public void Forgets_when_cleared()
    {
        var references = new References();
        references.Add("2");
        references.Add("1");
        references.Clear();
        Assert.True(references.Add("1"));
        Assert.True(references.Add("2"));
        Assert.False(references.Add("2"));
    }
}
