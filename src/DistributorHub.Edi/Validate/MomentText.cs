using System.Globalization;

namespace DistributorHub.Edi.Validate;

/// <summary>Checks dates and times as text: X12 DT and TM, and EDIFACT moments by their format code (2379).</summary>
static class MomentText
{
    /// <summary>True when the value fits the format, or the format is not one of a date (a number of days, a code).</summary>
    public static bool Fits(ReadOnlySpan<byte> value, ReadOnlySpan<byte> format)
    {
        var pattern = Pattern(format);
        if (pattern.Length == 0)
            return true;
        // Periods are written with and without the hyphen; industry guides differ from the directory here.
        var hyphen = pattern.IndexOf('-', StringComparison.Ordinal);
        if (hyphen > 0 && value.Length == pattern.Length - 1)
            return Matches(value[..hyphen], pattern.AsSpan(0, hyphen)) && Matches(value[hyphen..], pattern.AsSpan(hyphen + 1));
        return Matches(value, pattern);
    }

    /// <summary>X12 DT: CCYYMMDD, or YYMMDD before 004010.</summary>
    public static bool IsDate(ReadOnlySpan<byte> value) => Matches(value, value.Length == 6 ? "YYMMDD" : "CCYYMMDD");

    /// <summary>X12 TM: HHMM, HHMMSS, and up to two decimals of a second.</summary>
    public static bool IsTime(ReadOnlySpan<byte> value) => value.Length switch
    {
        4 => Matches(value, "HHmm"),
        6 => Matches(value, "HHmmss"),
        7 => Matches(value, "HHmmssd"),
        8 => Matches(value, "HHmmssdd"),
        _ => false,
    };

    static string Pattern(ReadOnlySpan<byte> format)
    {
        if (!int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return "";
        return code switch
        {
            2 => "DDMMYY",
            3 => "MMDDYY",
            4 => "DDMMCCYY",
            101 => "YYMMDD",
            102 => "CCYYMMDD",
            103 => "YYWWd",
            105 => "YYddd",
            106 => "MMDD",
            201 => "YYMMDDHHmm",
            202 => "YYMMDDHHmmss",
            203 => "CCYYMMDDHHmm",
            204 => "CCYYMMDDHHmmss",
            301 => "YYMMDDHHmm***",
            303 => "CCYYMMDDHHmm***",
            401 => "HHmm",
            402 => "HHmmss",
            501 => "HHmmHHmm",
            502 => "HHmmss-HHmmss",
            600 => "CC",
            601 => "YY",
            602 => "CCYY",
            609 => "YYMM",
            610 => "CCYYMM",
            613 => "YYMMd",
            616 => "CCYYWW",
            713 => "YYMMDDHHmm-YYMMDDHHmm",
            715 => "YYWW-YYWW",
            716 => "CCYYWW-CCYYWW",
            717 => "YYMMDD-YYMMDD",
            718 => "CCYYMMDD-CCYYMMDD",
            719 => "CCYYMMDDHHmm-CCYYMMDDHHmm",
            _ => "",
        };
    }

    /// <summary>
    /// CC, YY, MM, DD, WW, HH, mm and ss are two digits within their range, d is a digit, * any character, - itself.
    /// </summary>
    static bool Matches(ReadOnlySpan<byte> value, ReadOnlySpan<char> pattern)
    {
        if (value.Length != pattern.Length)
            return false;
        // Without a century, a year that is divisible by four is a leap year in the one before and in this one.
        int century = 20, year = 0, month = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var sign = pattern[i];
            if (sign is '*' || (sign is '-' && value[i] == '-'))
                continue;
            if (value[i] is < (byte)'0' or > (byte)'9')
                return false;
            if (sign == 'd')
                continue;
            if (value[i + 1] is < (byte)'0' or > (byte)'9')
                return false;
            var number = (value[i] - '0') * 10 + value[i + 1] - '0';
            i++;
            switch (sign)
            {
                case 'C': century = number; break;
                case 'Y': year = number; break;
                case 'M' when number is >= 1 and <= 12: month = number; break;
                case 'D' when number >= 1 && number <= DaysIn(century * 100 + year, month): break;
                case 'W' when number is >= 1 and <= 53: break;
                case 'H' when number <= 23: break;
                case 'm' or 's' when number <= 59: break;
                default: return false;
            }
        }
        return true;
    }

    /// <summary>A day that stands before its month (DDMMYY) is checked against the longest month.</summary>
    static int DaysIn(int year, int month) => month == 0 ? 31 : DateTime.DaysInMonth(Math.Max(year, 1), month);
}
