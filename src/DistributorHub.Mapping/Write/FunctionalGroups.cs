namespace DistributorHub.Mapping.Write;

/// <summary>X12 functional identifier codes (GS01, element 479) by transaction set.</summary>
static class FunctionalGroups
{
    static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["810"] = "IN",
        ["812"] = "CD",
        ["816"] = "OR",
        ["820"] = "RA",
        ["824"] = "AG",
        ["830"] = "PS",
        ["832"] = "SC",
        ["840"] = "RQ",
        ["843"] = "RR",
        ["844"] = "CF",
        ["845"] = "PA",
        ["846"] = "IB",
        ["849"] = "CF",
        ["850"] = "PO",
        ["852"] = "PD",
        ["855"] = "PR",
        ["856"] = "SH",
        ["860"] = "PC",
        ["861"] = "RC",
        ["862"] = "SS",
        ["865"] = "CA",
        ["867"] = "PT",
        ["869"] = "RS",
        ["870"] = "RS",
        ["875"] = "OG",
        ["879"] = "QG",
        ["880"] = "GP",
    };

    /// <summary>The code of a set's group; a set that is not known here has none, and its group cannot be written.</summary>
    public static string CodeOf(string type) => Codes.GetValueOrDefault(type, "");
}
