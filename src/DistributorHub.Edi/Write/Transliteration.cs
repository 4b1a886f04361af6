using System.Collections.Frozen;
using System.Text;

namespace DistributorHub.Edi.Write;

/// <summary>
/// Characters in characters that are easier to send. Latin letters as ICAO Doc 9303-3 writes them in travel documents, with German
/// and Nordic letters as two; Greek and Cyrillic by sound; punctuation and signs as a typewriter would.
/// </summary>
static class Transliteration
{
    // Each group: what is written, then the characters it stands for.
    const string Latin =
        "A ÀÁÂÃĀĂĄǍ|a àáâãāăąǎ|AA Å|aa å|AE ÄÆǼ|ae äæǽ|C ÇĆĈĊČ|c çćĉċč|D ĎĐÐ|d ďđð|E ÈÉÊËĒĔĖĘĚ|e èéêëēĕėęě|G ĜĞĠĢ|g ĝğġģ|H ĤĦ|h ĥħ|"
        + "I ÌÍÎÏĨĪĬĮİ|i ìíîïĩīĭįı|IJ Ĳ|ij ĳ|J Ĵ|j ĵ|K Ķ|k ķĸ|L ĹĻĽĿŁ|l ĺļľŀł|N ÑŃŅŇŊ|n ñńņňŋŉ|O ÒÓÔÕŌŎŐ|o òóôõōŏő|OE ÖØŒ|oe öøœ|R ŔŖŘ|r ŕŗř|"
        + "S ŚŜŞŠȘſ|s śŝşšș|SS ẞ|ss ß|T ŢŤŦȚ|t ţťŧț|TH Þ|th þ|U ÙÚÛŨŪŬŮŰŲ|u ùúûũūŭůűų|UE Ü|ue ü|W ŴẀẂẄ|w ŵẁẃẅ|Y ÝŶŸỲ|y ýÿŷỳ|Z ŹŻŽ|z źżž";

    const string Greek =
        "A ΑΆ|B Β|G Γ|D Δ|E ΕΈ|Z Ζ|I ΗΉΙΊΪ|TH Θ|K Κ|L Λ|M Μ|N Ν|X Ξ|O ΟΌΩΏ|P Π|R Ρ|S Σ|T Τ|Y ΥΎΫ|F Φ|CH Χ|PS Ψ|"
        + "a αά|b β|g γ|d δ|e εέ|z ζ|i ηήιίϊΐ|th θ|k κ|l λ|m μ|n ν|x ξ|o οόωώ|p π|r ρ|s σς|t τ|y υύϋΰ|f φ|ch χ|ps ψ";

    const string Cyrillic =
        "A А|B Б|V В|G ГҐ|D Д|E ЕЭ|E Ё|ZH Ж|Z З|I ИІ|I Й|K К|L Л|M М|N Н|O О|P П|R Р|S С|T Т|U У|F Ф|KH Х|TS Ц|CH Ч|SH Ш|SHCH Щ|IE Ъ|Y Ы|IU Ю|IA Я|YI Ї|IE Є|"
        + "a а|b б|v в|g гґ|d д|e еэё|zh ж|z з|i иійь|k к|l л|m м|n н|o о|p п|r р|s с|t т|u у|f ф|kh х|ts ц|ch ч|sh ш|shch щ|ie ъє|y ы|iu ю|ia я|yi ї";

    const string Signs =
        "' ‘’‚‛′`´|\" “”„‟″«»|- ‐‑‒–—―−|... …|EUR €|GBP £|JPY ¥|* •·×|TM ™|(C) ©|(R) ®|1/2 ½|1/4 ¼|3/4 ¾|1 ¹|2 ²|3 ³|u µ|No №|a ª|o º|+- ±|/ ÷|< ‹|> ›|! ¡";

    // Control characters and spaces of all kinds: a line break in a value becomes a blank.
    const string Blanks = "\t\r\n\u00A0\u2002\u2003\u2007\u2009\u202F\u3000";

    static readonly FrozenDictionary<int, string> table = Build();

    /// <summary>What a character is written as, or null. Small letters are lacking only where there are capitals alone.</summary>
    public static string? Of(Rune rune) =>
        rune.Value is >= 'a' and <= 'z' ? ((char)(rune.Value - 'a' + 'A')).ToString() : table.GetValueOrDefault(rune.Value);

    static FrozenDictionary<int, string> Build()
    {
        var built = new Dictionary<int, string>();
        foreach (var group in string.Join('|', Latin, Greek, Cyrillic, Signs).Split('|'))
        {
            var space = group.IndexOf(' ', StringComparison.Ordinal);
            foreach (var character in group[(space + 1)..])
                built[character] = group[..space];
        }
        foreach (var blank in Blanks)
            built[blank] = " ";
        return built.ToFrozenDictionary();
    }
}
