using System.Text;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>PRICAT interchanges of the sample partner: full lists of as many items as a test wants.</summary>
static class PriceLists
{
    /// <summary>A full list of the items 1 to <paramref name="items"/>.</summary>
    /// <param name="number">Number of the list, which is the reference of its interchange, too.</param>
    /// <param name="day">Its date, as <c>20261101</c>.</param>
    /// <param name="items">How many items.</param>
    /// <param name="price">Price of every item.</param>
    public static byte[] File(string number, string day, int items, string price = "10.00") => File(number, [List(number, day, items, price)]);

    public static byte[] File(string reference, params string[][] lists)
    {
        var text = new StringBuilder("UNA:+.? '\n");
        text.Append($"UNB+UNOC:3+{Orders.Sender}:14+4098765000027:14+261116:0804+{reference}++PRICAT'\n");
        for (var i = 0; i < lists.Length; i++)
        {
            text.Append($"UNH+{i + 1}+PRICAT:D:96A:UN:EAN008'\n");
            foreach (var segment in lists[i])
                text.Append(segment).Append("'\n");
            text.Append($"UNT+{lists[i].Length + 2}+{i + 1}'\n");
        }
        text.Append($"UNZ+{lists.Length}+{reference}'\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static string[] List(string number, string day, int items, string price = "10.00", string unit = "PCE") =>
    [
        $"BGM+9+{number}+9",
        $"DTM+137:{day}:102",
        "NAD+SU+4012345000016::9",
        "NAD+BY+4098765000027::9",
        "CUX+2:EUR:8",
        "PGI+11+ELK::91",
        .. Enumerable.Range(1, items).SelectMany(item => new[]
        {
            $"LIN+{item}+3+4054321001013:EN",
            $"PIA+1+HX-{item:000}:SA",
            $"IMD+F++:::Item {item}",
            $"PRI+AAA:{price}:CT:NTP:1:{unit}",
            $"RNG+4+{unit}:1",
        }),
    ];
}
