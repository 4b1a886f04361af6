namespace DistributorHub.Mapping.Draft;

/// <summary>Names of tables and columns as words that can be compared: in one spelling, one number, one synonym.</summary>
static class Words
{
    static readonly Dictionary<string, string> Same = Synonyms(
        "no: nr num number nbr numero nummer",
        "quantity: qty menge amountordered",
        "date: on dt day datum",
        "gtin: ean upc barcode ean13",
        "item: article sku material product part artikel",
        "supplier: vendor seller lieferant manufacturer",
        "buyer: customer client purchaser kunde",
        "delivery: deliver delivered shipto ship recipient consignee requested",
        "billing: bill invoicee payer billto",
        "description: desc title label bezeichnung",
        "uom: unit measure einheit",
        "postcode: zip postal plz zipcode",
        "street: address addr strasse",
        "price: preis",
        "party: partner address contact",
        "line: pos position row",
        "note: comment remark memo text freetext",
        "gln: iln ean_location",
        "id: identifier key",
        "country: land",
        "city: town ort",
        "invoice: rechnung",
        "order: po purchase bestellung",
        "catalogue: catalog",
        "shipment: despatch dispatch asn desadv",
        "phone: telephone tel mobile",
        "email: mail",
        "from: start begin",
        "to: until end expiry",
        "total: sum totals",
        "percent: percentage pct rate",
        "allowance: discount charge surcharge rebate",
        "function: purpose");

    /// <summary>The words of a name, without those that say nothing there.</summary>
    public static List<string> Of(string name, IEnumerable<string>? without = null)
    {
        var words = name.Split(['_', '-', ' ', '/', '.', ','], StringSplitOptions.RemoveEmptyEntries).Select(One).ToList();
        var left = without is null ? words : words.FindAll(word => !without.Contains(word));
        return left.Count > 0 ? left : words;
    }

    static string One(string word)
    {
        var plain = word.ToLowerInvariant();
        if (Same.TryGetValue(plain, out var same))
            return same;
        var single = plain.EndsWith("ies", StringComparison.Ordinal) ? $"{plain[..^3]}y" : plain.Length > 3 && plain.EndsWith('s') && !plain.EndsWith("ss", StringComparison.Ordinal) ? plain[..^1] : plain;
        return Same.GetValueOrDefault(single, single);
    }

    static Dictionary<string, string> Synonyms(params string[] lines)
    {
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
            foreach (var word in line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                same[word] = line[..line.IndexOf(':', StringComparison.Ordinal)];
        return same;
    }
}
