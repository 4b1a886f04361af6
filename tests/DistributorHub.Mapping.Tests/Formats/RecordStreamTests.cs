using DistributorHub.Mapping.Formats;

namespace DistributorHub.Mapping.Tests.Formats;

/// <summary>No other test may run while memory is measured.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class RecordStreamTests
{
    const int Small = 4 * 1024 * 1024, Large = 40 * 1024 * 1024;

    [Theory]
    [InlineData("xml", "<lists><list no='1'>", "<item><id type='own'>aaaaaaaaaaaaaaaa</id><other>öööööööööööööö</other></item>")]
    [InlineData("csv", "No;Article;Price\n", "L-1;äaaaaaaaaa;1.5\n")]
    public void A_file_of_any_size_is_read_in_the_memory_of_a_record(string format, string start, string repeated)
    {
        using var input = new Endless((start, repeated));
        using var reader = (format == "xml" ? XmlRecordsTests.Compile() : RecordMaps.Compile()).Open(() => input, "acme", new());
        while (input.Given < Small)
            Assert.True(reader.Read());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        while (input.Given < Large)
            reader.Read();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1024 * 1024);
        Assert.Equal(RecordEvent.Segment, reader.Event);
        Assert.InRange(input.Given - reader.Position.Offset, 0, 256 * 1024);
    }
}
