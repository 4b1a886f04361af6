using System.Collections.Frozen;
using System.Text;

namespace DistributorHub.Mapping.Run;

/// <summary>Date/time/period formats by code: UN/EDIFACT 2379 and X12 1250, as patterns of <see cref="DatePattern"/>.</summary>
static class MomentFormats
{
    /// <summary>A format; <paramref name="Pair"/>: two of the pattern, start and end.</summary>
    readonly record struct Format(string Pattern, bool Pair = false);

    static readonly FrozenDictionary<int, Format> ByCode = new Dictionary<string, Format>
    {
        ["2"] = new("ddMMyy"),
        ["3"] = new("MMddyy"),
        ["101"] = new("yyMMdd"),
        ["102"] = new("yyyyMMdd"),
        ["103"] = new("yywwe"),
        ["105"] = new("yyDDD"),
        ["201"] = new("yyMMddHHmm"),
        ["202"] = new("yyMMddHHmmss"),
        ["203"] = new("yyyyMMddHHmm"),
        ["204"] = new("yyyyMMddHHmmss"),
        ["205"] = new("yyyyMMddHHmmz"),
        ["301"] = new("yyMMddHHmmz"),
        ["302"] = new("yyMMddHHmmssz"),
        ["303"] = new("yyyyMMddHHmmz"),
        ["304"] = new("yyyyMMddHHmmssz"),
        ["401"] = new("HHmm"),
        ["402"] = new("HHmmss"),
        ["404"] = new("HHmmssz"),
        ["601"] = new("yy"),
        ["602"] = new("yyyy"),
        ["603"] = new("yyh"),
        ["604"] = new("yyyyh"),
        ["608"] = new("yyyyq"),
        ["609"] = new("yyMM"),
        ["610"] = new("yyyyMM"),
        ["615"] = new("yyww"),
        ["616"] = new("yyyyww"),
        ["701"] = new("yy", Pair: true),
        ["702"] = new("yyyy", Pair: true),
        ["703"] = new("yyh", Pair: true),
        ["704"] = new("yyyyh", Pair: true),
        ["707"] = new("yyq", Pair: true),
        ["708"] = new("yyyyq", Pair: true),
        ["709"] = new("yyMM", Pair: true),
        ["710"] = new("yyyyMM", Pair: true),
        ["711"] = new("yyyyMMdd", Pair: true),
        ["713"] = new("yyMMddHHmm", Pair: true),
        ["715"] = new("yyww", Pair: true),
        ["716"] = new("yyyyww", Pair: true),
        ["717"] = new("yyMMdd", Pair: true),
        ["718"] = new("yyyyMMdd", Pair: true),
        ["719"] = new("yyyyMMddHHmm", Pair: true),
        ["CM"] = new("yyyyMM"),
        ["CQ"] = new("yyyyq"),
        ["CY"] = new("yyyy"),
        ["D6"] = new("yyMMdd"),
        ["D8"] = new("yyyyMMdd"),
        ["DB"] = new("MMddyyyy"),
        ["DT"] = new("yyyyMMddHHmm"),
        ["RD4"] = new("yyyy", Pair: true),
        ["RD5"] = new("yyyyMM", Pair: true),
        ["RD6"] = new("yyMMdd", Pair: true),
        ["RD8"] = new("yyyyMMdd", Pair: true),
        ["RDT"] = new("yyyyMMddHHmm", Pair: true),
        ["RTS"] = new("yyyyMMddHHmmss"),
        ["TM"] = new("HHmm"),
        ["TS"] = new("HHmmss"),
    }.ToFrozenDictionary(f => Key(Encoding.ASCII.GetBytes(f.Key)), f => f.Value);

    /// <summary>
    /// Reads a value by its format code. Without a code, 8, 12 and 14 digits can only be CCYYMMDD, CCYYMMDDHHMM and CCYYMMDDHHMMSS;
    /// anything else is refused, for six digits may be two different days.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> code, out Moment moment)
    {
        if (code.IsEmpty)
            code = text.Length switch { 8 => "102"u8, 12 => "203"u8, 14 => "204"u8, _ => default };
        if (code.SequenceEqual("102"u8))
            return DatePattern.TryParse(text, "yyyyMMdd", out moment);
        if (code.Length is 0 or > 3 || !ByCode.TryGetValue(Key(code), out var format))
        {
            moment = default;
            return false;
        }
        return format.Pair ? DatePattern.TryParsePair(text, format.Pattern, out moment) : DatePattern.TryParse(text, format.Pattern, out moment);
    }

    /// <summary>The pattern by which a moment is written in a format; null for periods, zones and parts of a year that no pattern of .NET has.</summary>
    public static string? PatternOf(string code) =>
        ByCode.TryGetValue(Key(Encoding.ASCII.GetBytes(code)), out var format) && !format.Pair && format.Pattern.All("yMdHms".Contains) ? format.Pattern : null;

    /// <summary>The same for the start and the end of a period, between which a hyphen stands; 711 alone has none.</summary>
    public static string? PeriodPatternOf(string code) =>
        ByCode.TryGetValue(Key(Encoding.ASCII.GetBytes(code)), out var format) && format.Pair && code != "711" && format.Pattern.All("yMdHms".Contains) ? format.Pattern : null;

    /// <summary>X12 DT: CCYYMMDD, or YYMMDD in releases before 004010.</summary>
    public static bool TryX12Date(ReadOnlySpan<byte> text, out Moment moment)
    {
        moment = default;
        return text.Length is 6 or 8 && DatePattern.TryParse(text, text.Length == 8 ? "yyyyMMdd" : "yyMMdd", out moment);
    }

    /// <summary>X12 TM: HHMM, HHMMSS, and tenths or hundredths of a second after it.</summary>
    public static bool TryX12Time(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var decimals = text.Length - 6;
        if (text.Length is not (4 or 6 or 7 or 8))
            return false;
        if (!DatePattern.TryParse(text[..Math.Min(text.Length, 6)], decimals < 0 ? "HHmm" : "HHmmss", out var moment))
            return false;
        long fraction = 0;
        if (decimals > 0 && (!Numbers.TryInt(text[6..], out fraction) || fraction < 0))
            return false;
        ticks = moment.Start + fraction * (TimeSpan.TicksPerSecond / (decimals == 2 ? 100 : 10));
        return true;
    }

    /// <summary>Codes have at most three characters, so they are their own hash.</summary>
    static int Key(ReadOnlySpan<byte> code)
    {
        var key = 0;
        foreach (var b in code)
            key = key << 8 | b;
        return key;
    }
}
