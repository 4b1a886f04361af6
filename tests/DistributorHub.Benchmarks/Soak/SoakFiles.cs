using System.Globalization;
using System.Text;

namespace DistributorHub.Benchmarks.Soak;

/// <summary>What partners send: files of one to three orders of one to four lines, and now and then a price list. Every number is used once.</summary>
sealed class SoakFiles(SoakOptions options)
{
    const int ItemsPerCatalogue = 500;

    readonly Random random = new(1);
    int made;

    /// <summary>Orders made so far.</summary>
    public int Orders { get; private set; }

    public int OrderLines { get; private set; }

    public int Catalogues { get; private set; }

    /// <summary>Documents made so far.</summary>
    public int Documents => Orders + Catalogues;

    /// <summary>Number of a partner's identity.</summary>
    public static string Identity(int partner) => string.Create(CultureInfo.InvariantCulture, $"40123450{partner:D5}");

    /// <summary>The next file: whose it is, its name and its content. The partners take turns.</summary>
    public (int Partner, string Name, byte[] Content) Next()
    {
        var number = made++;
        var partner = number % options.Partners;
        var reference = string.Create(CultureInfo.InvariantCulture, $"S{number:D7}");
        // One place after a multiple, so that the lists are not all of one partner.
        var turn = number / options.CatalogueEvery;
        return number % options.CatalogueEvery == turn % options.CatalogueEvery
            ? (partner, $"{reference}-pricat.edi", Catalogue(reference, partner, number))
            : (partner, $"{reference}-orders.edi", Order(reference, partner));
    }

    byte[] Order(string reference, int partner)
    {
        var lines = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 5)).ToList();
        Orders += lines.Count;
        OrderLines += lines.Sum();
        return Worker.Tests.Flow.Orders.File(reference, Identity(partner), "ORDERS",
            [.. lines.Select((count, order) => Worker.Tests.Flow.Orders.Order($"{reference}-{order}", count))]);
    }

    /// <summary>An item's number, with GS1's check digit.</summary>
    static string Gtin(int partner, int item)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"4{partner:D4}{item:D7}");
        var sum = digits.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{digits}{(10 - sum % 10) % 10}");
    }

    byte[] Catalogue(string reference, int partner, int number)
    {
        Catalogues++;
        var text = new StringBuilder("UNA:+.? '\n");
        var segments = 0;
        Line($"UNB+UNOC:3+{Identity(partner)}:14+4098765000027:14+261116:0804+{reference}++PRICAT");
        segments = 0;
        Line("UNH+1+PRICAT:D:96A:UN:EAN008");
        Line($"BGM+9+PL{reference}+9");
        Line("DTM+137:20261116:102");
        Line("DTM+194:20261116:102");
        Line($"NAD+SU+{Identity(partner)}::9");
        Line("NAD+BY+4098765000027::9");
        Line("CUX+2:EUR:8");
        Line("PGI+11");
        for (var item = 1; item <= ItemsPerCatalogue; item++)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"LIN+{item}+1+{Gtin(partner, item)}:EN"));
            Line(string.Create(CultureInfo.InvariantCulture, $"PIA+1+P{partner}-{item:D5}:SA"));
            Line("IMD+F++:::Hexagon screw galvanised M8");
            // Another price with every list, so that each writes its rows.
            Line(string.Create(CultureInfo.InvariantCulture, $"PRI+AAA:{1 + (number + item) % 900}.50:CT:NTP:1:PCE"));
        }
        Line(string.Create(CultureInfo.InvariantCulture, $"UNT+{segments + 1}+1"));
        Line($"UNZ+1+{reference}");
        return Encoding.Latin1.GetBytes(text.ToString());

        void Line(string segment)
        {
            text.Append(segment).Append("'\n");
            segments++;
        }
    }
}
