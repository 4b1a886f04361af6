using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Flow;

/// <summary>What a message says its document is for, where its standard puts it: BGM 1225, BEG01, BCH01, BCA01, BAK01 (X12 element 353).</summary>
static class StatedPurpose
{
    /// <summary>The purpose in a message's first segment behind its header; null when it has none, or is not known to.</summary>
    public static DocumentPurpose? Of(Segment segment) => Encoding.UTF8.GetString(segment.Tag) switch
    {
        // 1225 is conditional: what does not say otherwise is an original.
        "BGM" => Encoding.UTF8.GetString(segment.Value(3)).Trim().TrimStart('0') switch
        {
            "" or "9" => DocumentPurpose.Original,
            var code => Common(code),
        },
        "BEG" or "BCH" or "BCA" or "BAK" => Encoding.UTF8.GetString(segment.Value(1)).Trim() switch
        {
            "00" => DocumentPurpose.Original,
            var code => Common(code.TrimStart('0')),
        },
        _ => null,
    };

    // The two lists agree on these.
    static DocumentPurpose Common(string code) => code switch
    {
        "1" => DocumentPurpose.Cancel,
        "4" => DocumentPurpose.Change,
        "5" => DocumentPurpose.Replace,
        "7" => DocumentPurpose.Duplicate,
        _ => DocumentPurpose.Other,
    };
}
