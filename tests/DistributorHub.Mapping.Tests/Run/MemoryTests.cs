using System.Globalization;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Tests.Run;

public sealed class MemoryTests
{
    [Fact]
    public void Mapping_a_catalogue_allocates_less_than_a_tenth_of_a_byte_per_byte()
    {
        var map = MappedFile.Compile("base/pricat-edifact");
        var file = Catalogue(80_000);
        Assert.Equal(3 * 80_000 + 1, Map(map, file).Rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Map(map, file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < file.Length / 10, $"{allocated} bytes allocated for {file.Length} bytes mapped");
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        var map = MappedFile.Compile("base/pricat-edifact");
        byte[] small = Catalogue(10_000), large = Catalogue(50_000);
        Map(map, small);
        var beforeSmall = GC.GetAllocatedBytesForCurrentThread();
        Map(map, small);
        var ofSmall = GC.GetAllocatedBytesForCurrentThread() - beforeSmall;
        var beforeLarge = GC.GetAllocatedBytesForCurrentThread();
        Map(map, large);
        var ofLarge = GC.GetAllocatedBytesForCurrentThread() - beforeLarge;
        // All that is allocated for a message is allocated once, whatever its length.
        Assert.True(ofLarge < ofSmall + 256 * 1024, $"{ofSmall} bytes for 10,000 items, {ofLarge} for 50,000");
    }

    static HashSink Map(CompiledMap map, byte[] bytes)
    {
        var sink = new HashSink();
        var faults = new List<Finding>();
        var findings = new Findings();
        MappedFile.Run(map, new MemoryStream(bytes), sink, findings, faults, []);
        Assert.Empty(faults);
        Assert.Equal(0, findings.Count);
        return sink;
    }

    static byte[] Catalogue(int items)
    {
        var text = new StringBuilder("UNA:+.? 'UNB+UNOC:3+4000001000005:14+4012345000009:14+260301:1200+I1'UNH+1+PRICAT:D:96A:UN:EAN008'"
            + "BGM+9+PL-1+9'DTM+137:20260215:102'DTM+194:20260301:102'CUX+2:EUR:8'PGI+11+A1'");
        for (var i = 1; i <= items; i++)
            text.Append(CultureInfo.InvariantCulture, $"LIN+{i}+1+4006381333931:EN'PIA+1+SKU-{i}:SA'IMD+F++:::Filter für 230?+V:Nr. {i}'PRI+AAA:{i % 1000}.{i % 100:00}'PRI+AAE:{i % 1000}'RNG+4+PCE:10'");
        text.Append(CultureInfo.InvariantCulture, $"UNT+{items * 6 + 7}+1'UNZ+1+I1'");
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
