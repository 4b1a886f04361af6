using System.Security.Cryptography;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>
/// Faults put into sound sample files by hand: a line is lost, a qualifier is swapped, a mark of decimals moves. Each has to be noticed, by a finding or by
/// rows that are no longer those of the sound file, or a test that passes would prove nothing.
/// </summary>
public sealed class InjectedFaultTests
{
    const string Orders = "nordlicht/in/orders-4500017201.edi";
    const string Purchases = "prairie/in/850-20261116.x12";

    static MappedFile Map(string path, string from = "", string to = "")
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Repository.PathTo("sample-files", path)));
        if (from.Length > 0)
        {
            var at = text.IndexOf(from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{path} does not hold {from}");
            text = text[..at] + to + text[(at + from.Length)..];
        }
        return MappedFile.Map(MappedFile.Compile(path == Orders ? "base/orders-edifact" : "base/orders-x12"), Encoding.Latin1.GetBytes(text));
    }

    static string[] Rows(MappedFile file) => [.. file.Rows("orders"), .. file.Rows("order_parties"), .. file.Rows("order_lines")];

    static string Hash(MappedFile file) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Rows(file)))));

    [Theory, InlineData(Orders), InlineData(Purchases)]
    public void Without_a_fault_the_file_is_clean_and_its_rows_are_the_same_each_time(string path)
    {
        var file = Map(path);
        file.IsClean();
        Assert.NotEmpty(file.Rows("order_lines"));
        Assert.Equal(Hash(file), Hash(Map(path)));
    }

    [Theory]
    [InlineData(Orders, "LIN+2++4054321001181:EN'\n")]
    [InlineData(Purchases, "PO1*2*200*EA*12.10**UP*071234541188*VN*HX-1018*IN*PT88118~\n")]
    public void A_lost_line_is_noticed_by_the_count_of_segments(string path, string line)
    {
        var file = Map(path, line);
        Assert.Contains(file.FileFaults, f => f.Code == Edi.Codes.MessageCount && f.Severity == Severity.Error);
        Assert.NotEqual(Hash(Map(path)), Hash(file));
    }

    [Fact]
    public void A_lost_line_whose_segments_were_counted_again_is_noticed_by_the_count_of_lines()
    {
        var file = Map(Orders, "LIN+3++4054321001259:EN'\nPIA+1+HX-1025:SA+N-20455:IN'\nIMD+F++:::Stichs\u00e4gebl\u00e4tter 5er-Pack'\nQTY+21:60:PK'\nMOA+203:372.00'\nPRI+AAA:6.20'\nUNS+S'\nMOA+86:3903.60'\nCNT+2:3'\nUNT+34+1'",
            "UNS+S'\nMOA+86:3903.60'\nCNT+2:3'\nUNT+28+1'");
        Assert.Empty(file.FileFaults);
        var fault = Assert.Single(file.Faults);
        Assert.Equal(("MAP2201", "CNT", "3"), (fault.Code, fault.Tag, fault.Found));
    }

    [Fact]
    public void A_swapped_qualifier_leaves_a_value_missing()
    {
        var file = Map(Orders, "QTY+21:24:PCE'", "QTY+12:24:PCE'");
        Assert.Contains(file.Faults, f => f.Code == "MAP2101" && f.Message.Contains("QTY[21]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_qualifier_that_becomes_another_ones_makes_a_value_ambiguous()
    {
        // The day of delivery becomes a second date of the order.
        var file = Map(Orders, "DTM+2:20261123:102'", "DTM+137:20261123:102'");
        Assert.Contains(file.Faults, f => f.Code == "MAP2103" && f.Tag == "DTM");
    }

    [Fact]
    public void A_swapped_qualifier_of_X12_is_noticed_in_the_rows() =>
        Assert.NotEqual(Hash(Map(Purchases)), Hash(Map(Purchases, "N1*ST*PRAIRIE DC WICHITA", "N1*BT*PRAIRIE DC WICHITA")));

    [Theory]
    [InlineData(Orders, "PRI+AAA:89.90'", "PRI+AAA:899.0'")]
    [InlineData(Orders, "QTY+21:24:PCE'", "QTY+21:2.4:PCE'")]
    [InlineData(Purchases, "EA*94.50*", "EA*9.450*")]
    public void A_mark_of_decimals_that_moves_changes_one_row_and_no_other(string path, string from, string to)
    {
        var (sound, shifted) = (Map(path), Map(path, from, to));
        Assert.NotEqual(Hash(sound), Hash(shifted));
        Assert.Single(Rows(sound).Except(Rows(shifted)));
        Assert.Single(Rows(shifted).Except(Rows(sound)));
    }

    [Fact]
    public void A_thousands_sign_in_place_of_the_mark_of_decimals_is_no_number()
    {
        var file = Map(Orders, "PRI+AAA:89.90'", "PRI+AAA:89,90'");
        Assert.Contains(file.FileFaults, f => f is { Code: Edi.Codes.NotANumber, Tag: "PRI" });
    }
}
