using DistributorHub.Mapping.Tests.Run;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Formats;

/// <summary>Whatever a file without an envelope has become on its way, it is read or told, and never an exception.</summary>
public sealed class DamagedFilesTests
{
    const int Damages = 400;

    [Theory]
    [InlineData("base/pricelist-csv", "01-basic.csv")]
    [InlineData("base/orders-csv", "01-two-orders.tsv")]
    [InlineData("base/cxml-order", "01-basic.xml")]
    [InlineData("base/bmecat", "01-basic.xml")]
    public void Damage_is_told_or_harmless(string id, string name)
    {
        var map = MappedFile.Compile(id);
        var whole = File.ReadAllBytes(Repository.PathTo("mappings", $"{id}.tests", name));
        Assert.Empty(RecordFile.Map(map, whole).Faults);
        var random = new Random(20260301);
        var told = 0;
        for (var i = 0; i < Damages; i++)
        {
            var bytes = Damage(whole, random);
            var file = RecordFile.Map(map, bytes);
            told += file.Faults.Count > 0 ? 1 : 0;
            Assert.All(file.Faults, fault =>
            {
                Assert.InRange(fault.At.Offset, 0, bytes.Length);
                Assert.NotEqual("", fault.Message);
            });
        }
        Assert.InRange(told, Damages / 3, Damages);
    }

    [Theory]
    [InlineData("base/pricelist-csv", "01-basic.csv")]
    [InlineData("base/cxml-order", "01-basic.xml")]
    public void A_file_cut_off_anywhere_is_told_unless_it_ends_with_a_line_of_its_own(string id, string name)
    {
        var map = MappedFile.Compile(id);
        var whole = File.ReadAllBytes(Repository.PathTo("mappings", $"{id}.tests", name));
        var end = id == "base/cxml-order" ? whole.AsSpan().IndexOf("</OrderRequest>"u8) + "</OrderRequest>"u8.Length - 1 : whole.Length - 2;
        for (var length = 0; length < end; length++)
        {
            var file = RecordFile.Map(map, whole[..length]);
            // A list that ends where a line does is a shorter list: the guard of the target stops it.
            if (id == "base/cxml-order" || length == 0 || whole[length - 1] is not ((byte)'\n' or (byte)'\r'))
                Assert.NotEmpty(file.Faults);
            if (id == "base/cxml-order")
                Assert.Equal(0, file.Ended);
        }
    }

    static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, (byte)"\"';,\t\n\r<>&\0"[random.Next(11)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 3:
                    bytes.RemoveRange(at + 1, bytes.Count - at - 1);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }
}
