using System.Text;
using DistributorHub.Edi;

namespace DistributorHub.Mapping;

/// <summary>What stands in a file as a finding or a report shows it: at most <see cref="Limits.QuotedCharsMax"/> characters.</summary>
static class Brief
{
    public static string Of(ReadOnlySpan<char> text) => text.Length > Limits.QuotedCharsMax ? $"{text[..(Limits.QuotedCharsMax - 1)]}…" : text.ToString();

    public static string Of(ReadOnlySpan<byte> utf8) =>
        Of(Encoding.UTF8.GetString(utf8.Length > 4 * Limits.QuotedCharsMax ? utf8[..(4 * Limits.QuotedCharsMax)] : utf8));
}
