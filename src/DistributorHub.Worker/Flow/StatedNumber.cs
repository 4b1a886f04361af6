using System.Collections.Frozen;
using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Formats;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// The number a message gives its document, where its standard puts it: in the first segment behind the header. It needs no map, so that a
/// document is found by it even if it was never mapped.
/// </summary>
static class StatedNumber
{
    // What no standard allows is not kept whole.
    const int CharactersMax = 80;

    // EDIFACT: document/message number, 1004, alone or in C106. X12: the element of the beginning segment that names the document.
    static readonly FrozenDictionary<string, int> Elements = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["BGM"] = 2,
        ["BEG"] = 3,
        ["BCH"] = 3,
        ["BCA"] = 3,
        ["BAK"] = 3,
        ["BCT"] = 2,
        ["BIG"] = 2,
        ["BSN"] = 2,
        ["BIA"] = 3,
        ["BQT"] = 2,
        ["BQR"] = 2,
        ["BGN"] = 2,
        ["BFR"] = 2,
        ["BSS"] = 2,
        ["BRA"] = 1,
        ["BPT"] = 2,
        ["BSR"] = 3,
        ["G01"] = 2,
        ["G50"] = 3,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The number in a message's first segment behind its header; null when it has none, or is not known to.</summary>
    public static string? Of(Segment segment)
    {
        if (segment.Tag.Length != 3 || !Elements.TryGetValue(Encoding.UTF8.GetString(segment.Tag), out var element))
            return null;
        return Kept(Encoding.UTF8.GetString(segment.Value(element)));
    }

    /// <summary>The number of the document that is open in a file without an envelope; null when its map does not say which value it is.</summary>
    public static string? Of(RecordReader reader) => Kept(reader.StatedNumber ?? "");

    static string? Kept(string written)
    {
        var number = written.Trim();
        return number.Length switch
        {
            0 => null,
            <= CharactersMax => number,
            _ => number[..CharactersMax],
        };
    }
}
