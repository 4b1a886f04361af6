using System.Globalization;

namespace DistributorHub.Worker.Partners;

/// <summary>Durations and sizes as people write them in settings: <c>10s</c>, <c>5m</c>, <c>50 MB</c>.</summary>
static class Measures
{
    public const string DurationForm = "a number with ms, s, m, h or d: 10s, 5m, 1h";
    public const string SizeForm = "a number with B, KB, MB or GB (of 1024): 50 MB, 2 GB";

    /// <summary>The forms as editors check them (ECMAScript).</summary>
    public const string DurationPattern = "[0-9]{1,9} *(ms|s|m|min|h|d)", SizePattern = "[0-9]{1,9} *(B|KB|MB|GB)";

    public static TimeSpan? ParseDuration(string text) => Split(text) is not var (number, unit) ? null : unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(number),
        "s" => TimeSpan.FromSeconds(number),
        "m" or "min" => TimeSpan.FromMinutes(number),
        "h" => TimeSpan.FromHours(number),
        "d" => TimeSpan.FromDays(number),
        _ => null,
    };

    public static long? ParseSize(string text) => Split(text) is not var (number, unit) ? null : unit switch
    {
        "B" => number,
        "KB" => number * 1024L,
        "MB" => number * 1024L * 1024,
        "GB" => number * 1024L * 1024 * 1024,
        _ => null,
    };

    /// <summary>The whole number before the unit; at most nine digits, so that no unit overflows.</summary>
    static (int Number, string Unit)? Split(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 9)
            return null;
        return (int.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture), text[digits..].Trim());
    }
}
