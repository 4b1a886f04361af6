using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Tests.Run;

public sealed class MomentTests
{
    [Theory]
    [InlineData("20260301", "102", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("260301", "101", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("690301", "101", "1969-03-01T00:00", "1969-03-01T00:00", "Day")]
    [InlineData("010326", "2", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("030126", "3", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("26103", "103", "2026-03-04T00:00", "2026-03-04T00:00", "Day")]
    [InlineData("26060", "105", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("2603011530", "201", "2026-03-01T15:30", "2026-03-01T15:30", "Time")]
    [InlineData("202603011530", "203", "2026-03-01T15:30", "2026-03-01T15:30", "Time")]
    [InlineData("20260301153015", "204", "2026-03-01T15:30:15", "2026-03-01T15:30:15", "Time")]
    [InlineData("202603012400", "203", "2026-03-02T00:00", "2026-03-02T00:00", "Time")]
    [InlineData("2026", "602", "2026-01-01T00:00", "2026-12-31T00:00", "DayPeriod")]
    [InlineData("20262", "604", "2026-07-01T00:00", "2026-12-31T00:00", "DayPeriod")]
    [InlineData("20262", "608", "2026-04-01T00:00", "2026-06-30T00:00", "DayPeriod")]
    [InlineData("202402", "610", "2024-02-01T00:00", "2024-02-29T00:00", "DayPeriod")]
    [InlineData("202610", "616", "2026-03-02T00:00", "2026-03-08T00:00", "DayPeriod")]
    [InlineData("202601", "616", "2025-12-29T00:00", "2026-01-04T00:00", "DayPeriod")]
    [InlineData("202601202603", "710", "2026-01-01T00:00", "2026-03-31T00:00", "DayPeriod")]
    [InlineData("26030112002603021300", "713", "2026-03-01T12:00", "2026-03-02T13:00", "TimePeriod")]
    [InlineData("26102611", "715", "2026-03-02T00:00", "2026-03-15T00:00", "DayPeriod")]
    [InlineData("202610202611", "716", "2026-03-02T00:00", "2026-03-15T00:00", "DayPeriod")]
    [InlineData("260301260331", "717", "2026-03-01T00:00", "2026-03-31T00:00", "DayPeriod")]
    [InlineData("2026030120260331", "718", "2026-03-01T00:00", "2026-03-31T00:00", "DayPeriod")]
    [InlineData("20260301-20260331", "718", "2026-03-01T00:00", "2026-03-31T00:00", "DayPeriod")]
    [InlineData("202603011200202603021300", "719", "2026-03-01T12:00", "2026-03-02T13:00", "TimePeriod")]
    [InlineData("20260301-20260331", "RD8", "2026-03-01T00:00", "2026-03-31T00:00", "DayPeriod")]
    [InlineData("20260301", "D8", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("20260301", "", "2026-03-01T00:00", "2026-03-01T00:00", "Day")]
    [InlineData("202603011530", "", "2026-03-01T15:30", "2026-03-01T15:30", "Time")]
    public void A_moment_is_read_by_its_own_format_code(string text, string code, string start, string end, string precision)
    {
        Assert.True(MomentFormats.TryParse(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(code), out var moment));
        Assert.Equal(DateTime.Parse(start, CultureInfo.InvariantCulture), new DateTime(moment.Start));
        Assert.Equal(DateTime.Parse(end, CultureInfo.InvariantCulture), new DateTime(moment.End));
        Assert.Equal(precision, moment.Precision.ToString());
    }

    [Theory]
    [InlineData("20260230", "102")]
    [InlineData("20261301", "102")]
    [InlineData("2026031", "102")]
    [InlineData("202603011", "102")]
    [InlineData("2026-3-1", "102")]
    [InlineData("00000101", "102")]
    [InlineData("202603012401", "203")]
    [InlineData("202603011260", "203")]
    [InlineData("202654", "616")]
    [InlineData("26366", "105")]
    [InlineData("2026033120260301", "718")]
    [InlineData("20260301", "718")]
    [InlineData("260301", "")]
    [InlineData("20260301", "999")]
    [InlineData("20260301", "10200")]
    [InlineData("14", "804")]
    [InlineData("", "102")]
    public void What_does_not_fit_its_format_is_refused(string text, string code) =>
        Assert.False(MomentFormats.TryParse(Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(code), out _));

    [Theory]
    [InlineData("202603010030+01", "2026-02-28T23:30:00")]
    [InlineData("202603010030+0130", "2026-02-28T23:00:00")]
    [InlineData("202603010030-05", "2026-03-01T05:30:00")]
    [InlineData("202603010030UTC", "2026-03-01T00:30:00")]
    public void A_zone_counts_in_a_timestamp(string text, string utc)
    {
        Assert.True(MomentFormats.TryParse(Encoding.ASCII.GetBytes(text), "303"u8, out var moment));
        Assert.Equal(DateTime.SpecifyKind(DateTime.Parse(utc, CultureInfo.InvariantCulture), DateTimeKind.Utc), moment.Utc);
    }

    [Fact]
    public void An_unknown_zone_is_refused() => Assert.False(MomentFormats.TryParse("202603010030CET"u8, "303"u8, out _));

    [Theory]
    [InlineData("1530", "15:30:00")]
    [InlineData("153015", "15:30:15")]
    [InlineData("1530155", "15:30:15.5")]
    [InlineData("15301525", "15:30:15.25")]
    public void An_X12_time_has_four_to_eight_digits(string text, string expected)
    {
        Assert.True(MomentFormats.TryX12Time(Encoding.ASCII.GetBytes(text), out var ticks));
        Assert.Equal(TimeOnly.Parse(expected, CultureInfo.InvariantCulture), new TimeOnly(ticks));
    }

    [Theory]
    [InlineData("2460")]
    [InlineData("15305")]
    [InlineData("2400")]
    [InlineData("15:3")]
    public void What_is_no_time_is_refused(string text) => Assert.False(MomentFormats.TryX12Time(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void An_X12_date_of_six_digits_is_of_this_century()
    {
        Assert.True(MomentFormats.TryX12Date("260301"u8, out var moment));
        Assert.Equal(new DateOnly(2026, 3, 1), moment.Date);
        Assert.False(MomentFormats.TryX12Date("2603011"u8, out _));
    }

    [Theory]
    [InlineData("01.03.2026", "dd.MM.yyyy", true)]
    [InlineData("01-03-2026", "dd.MM.yyyy", false)]
    public void A_maps_own_pattern_may_have_other_characters(string text, string pattern, bool expected)
    {
        Assert.Equal(expected, DatePattern.TryParse(Encoding.ASCII.GetBytes(text), pattern, out var moment));
        if (expected)
            Assert.Equal(new DateOnly(2026, 3, 1), moment.Date);
    }

    [Theory]
    [InlineData("2026-03-01", true)]
    [InlineData("2026-03-01Z", true)]
    [InlineData("2026-03-01+01:00", true)]
    [InlineData("2026-03-01T08:00", true)]
    [InlineData("2026-03-01T23:59:59.123-08:00", true)]
    [InlineData("2026-03-01T25:00:00", false)]
    [InlineData("2026-03-01T08:00:00.", false)]
    [InlineData("2026-03-01T", false)]
    [InlineData("2026-03-01 08:00", false)]
    [InlineData("2026-02-30", false)]
    [InlineData("20260301", false)]
    public void Dates_of_xml_are_days_with_or_without_a_time(string text, bool isOne)
    {
        Assert.Equal(isOne, DatePattern.TryParseDate(System.Text.Encoding.ASCII.GetBytes(text), DatePattern.Iso, out var moment));
        if (isOne)
            Assert.Equal(new DateOnly(2026, 3, 1), moment.Date);
    }
}
