using System.Text;

namespace DistributorHub.Worker.Tests.Flow;

/// <summary>ORDERS interchanges of the sample partner, with right counts unless a test breaks them.</summary>
static class Orders
{
    public const string Sender = "4012345000016";

    /// <summary>One order with this number and so many lines, without header and trailer.</summary>
    public static string[] Order(string number, int lines = 2, string unit = "PCE") =>
    [
        $"BGM+220+{number}+9",
        "DTM+137:20261116:102",
        "NAD+BY+4012345000016::9++Nordlicht Werkzeughandel GmbH+Hafenstrasse 12+Kiel++24103+DE",
        "NAD+SU+4098765000027::9",
        "CUX+2:EUR:9",
        .. Enumerable.Range(1, lines).SelectMany(line => new[]
        {
            $"LIN+{line}++4054321001013:EN",
            "PIA+1+HX-1001:SA+N-20431:IN",
            $"QTY+21:{line}:{unit}",
            "PRI+AAA:10.00",
        }),
        "UNS+S",
        $"CNT+2:{lines}",
    ];

    public static byte[] File(string reference, params string[][] orders) => File(reference, Sender, "ORDERS", orders);

    public static byte[] File(string reference, string sender, string type, params string[][] orders)
    {
        var text = new StringBuilder("UNA:+.? '\n");
        text.Append($"UNB+UNOC:3+{sender}:14+4098765000027:14+261116:0804+{reference}++ORDERS'\n");
        for (var i = 0; i < orders.Length; i++)
        {
            text.Append($"UNH+{i + 1}+{type}:D:96A:UN:EAN008'\n");
            foreach (var segment in orders[i])
                text.Append(segment).Append("'\n");
            text.Append($"UNT+{orders[i].Length + 2}+{i + 1}'\n");
        }
        text.Append($"UNZ+{orders.Length}+{reference}'\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static byte[] Replace(byte[] file, string what, string by) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace(what, by, StringComparison.Ordinal));
}
