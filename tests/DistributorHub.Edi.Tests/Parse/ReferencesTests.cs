using System.Globalization;
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
    public void Agrees_with_a_set_whatever_the_order()
    {
        var random = new Random(17);
        for (var round = 0; round < 500; round++)
        {
            var references = new References();
            HashSet<string> expected = [];
            var step = 0;
            for (var i = 0; i < 40; i++)
            {
                // Mostly ascending, as senders count, with a way back now and then.
                step = random.Next(8) == 0 ? random.Next(step + 1) : step + random.Next(3);
                var reference = step.ToString(CultureInfo.InvariantCulture);
                Assert.Equal(expected.Add(reference), references.Add(reference));
            }
        }
    }

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
