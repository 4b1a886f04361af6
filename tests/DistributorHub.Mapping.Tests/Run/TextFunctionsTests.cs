using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Tests.Run;

public sealed class TextFunctionsTests
{
    readonly Scratch scratch = new();

    delegate void Function(ref Value value);

    [Theory]
    [InlineData("  a b \t\n", "a b")]
    [InlineData("   ", null)]
    [InlineData("x", "x")]
    public void Trim_takes_blanks_from_both_sides(string text, string? expected) => Check(text, (ref Value v) => TextFunctions.Trim(ref v), expected);

    [Theory]
    [InlineData("Gehäuse", 4, "Gehä")]
    [InlineData("日本語", 2, "日本")]
    [InlineData("ab", 5, "ab")]
    [InlineData("ab", 0, null)]
    [InlineData("ab", -1, null)]
    public void Left_counts_characters_not_bytes(string text, int count, string? expected) =>
        Check(text, (ref Value v) => TextFunctions.Left(ref v, count), expected);

    [Theory]
    [InlineData("Gehäuse", 4, "äuse")]
    [InlineData("ab", 5, "ab")]
    [InlineData("ab", 0, null)]
    public void Right_counts_characters_from_the_end(string text, int count, string? expected) =>
        Check(text, (ref Value v) => TextFunctions.Right(ref v, count), expected);

    [Theory]
    [InlineData("Gehäuse", 4, 2, "äu")]
    [InlineData("Gehäuse", 7, 9, "e")]
    [InlineData("Gehäuse", 8, 1, null)]
    [InlineData("Gehäuse", 1, 3, "Geh")]
    public void Sub_counts_positions_from_one(string text, int from, int count, string? expected) =>
        Check(text, (ref Value v) => TextFunctions.Sub(ref v, from, count), expected);

    [Theory]
    [InlineData("Gehäuse M8", "GEHÄUSE M8", "gehäuse m8")]
    [InlineData("abc", "ABC", "abc")]
    [InlineData("ɐ", "Ɐ", "ɐ")]
    public void Case_changes_beyond_ascii(string text, string upper, string lower)
    {
        Check(text, (ref Value v) => TextFunctions.ChangeCase(ref v, scratch, upper: true), upper);
        Check(text, (ref Value v) => TextFunctions.ChangeCase(ref v, scratch, upper: false), lower);
    }

    [Theory]
    [InlineData("42", 5, "0", "00042")]
    [InlineData("ä", 3, "·", "··ä")]
    [InlineData("12345", 3, "0", "12345")]
    public void Pad_fills_up_at_the_left(string text, int width, string with, string expected) =>
        Check(text, (ref Value v) => TextFunctions.Pad(ref v, scratch, width, Encoding.UTF8.GetBytes(with)), expected);

    [Theory]
    [InlineData("+49 (89) 12-34", "49891234")]
    [InlineData("123", "123")]
    [InlineData("none", null)]
    public void Digits_keeps_nothing_else(string text, string? expected) => Check(text, (ref Value v) => TextFunctions.Digits(ref v, scratch), expected);

    [Theory]
    [InlineData("a-b-c", "-", 2, "b")]
    [InlineData("a-b-c", "-", 3, "c")]
    [InlineData("a-b-c", "-", 4, null)]
    [InlineData("a--c", "-", 2, null)]
    [InlineData("abc", "-", 1, "abc")]
    [InlineData("abc", "-", 0, null)]
    [InlineData("a, b", ", ", 2, "b")]
    public void Split_gives_the_nth_part(string text, string separator, int part, string? expected) =>
        Check(text, (ref Value v) => TextFunctions.Split(ref v, Encoding.UTF8.GetBytes(separator), part), expected);

    [Theory]
    [InlineData("000120", "^0+", "", "120")]
    [InlineData("000", "^0+", "", null)]
    [InlineData("a1b22", "[0-9]+", "#", "a#b#")]
    [InlineData("abc", "x", "y", "abc")]
    [InlineData("AB-12", "^([A-Z]+)-([0-9]+)$", "$2/$1", "12/AB")]
    [InlineData("Gehäuse", "ä", "ae", "Gehaeuse")]
    [InlineData("ab", "x*", "-", "-a-b-")]
    public void Replace_changes_every_match(string text, string pattern, string with, string? expected) =>
        Check(text, (ref Value v) => TextFunctions.Replace(ref v, scratch, new(pattern, RegexOptions.NonBacktracking), with), expected);

    [Fact]
    public void A_long_text_is_replaced_as_well()
    {
        var text = new string('ä', 5_000);
        Check(text, (ref Value v) => TextFunctions.Replace(ref v, scratch, new("ä", RegexOptions.NonBacktracking), "ae"), text.Replace("ä", "ae"));
    }

    [Fact]
    public void Values_stay_valid_when_the_scratch_grows()
    {
        var first = Text("abc");
        TextFunctions.ChangeCase(ref first, scratch, upper: true);
        for (var i = 0; i < 100; i++)
        {
            var more = Text(new string('x', 300));
            TextFunctions.ChangeCase(ref more, scratch, upper: true);
        }
        Assert.Equal("ABC", Encoding.UTF8.GetString(first.Text));
    }

    [Theory]
    [InlineData(2.5, 0, "3", "2")]
    [InlineData(-2.5, 0, "-3", "-2")]
    [InlineData(1.005, 2, "1.01", "1")]
    [InlineData(7, 3, "7", "7")]
    public void Round_is_half_up_unless_told_half_even(double number, int decimals, string halfUp, string halfEven)
    {
        foreach (var (even, expected) in new[] { (false, halfUp), (true, halfEven) })
        {
            var value = default(Value);
            value.SetDecimal((decimal)number);
            Assert.True(Conversions.ToRounded(ref value, decimals, even));
            Assert.True(Conversions.ToText(ref value, scratch));
            Assert.Equal(expected, Encoding.UTF8.GetString(value.Text));
        }
    }

    [Fact]
    public void Conversions_answer_false_and_never_null()
    {
        var text = Text("abc");
        Assert.False(Conversions.ToInt(ref text));
        Assert.False(Conversions.ToDecimal(ref text, NumberFormat.Point));
        Assert.False(Conversions.ToDate(ref text, "yyyyMMdd"));
        Assert.False(Conversions.ToTime(ref text, "HHmm"));
        Assert.False(Conversions.ToBool(ref text, "Y"u8, "N"u8));
        Assert.False(Conversions.ToImplied(ref text, 2));
        Assert.Equal("abc", Encoding.UTF8.GetString(text.Text));
    }

    [Fact]
    public void A_period_has_a_start_and_an_end_but_no_day()
    {
        Assert.True(MomentFormats.TryParse("2026030120260331"u8, "718"u8, out var moment));
        var (period, start, end) = (default(Value), default(Value), default(Value));
        period.SetMoment(moment);
        start.SetMoment(moment);
        end.SetMoment(moment);
        Assert.False(Conversions.ToDate(ref period, "yyyyMMdd"));
        Assert.True(Conversions.ToPeriodBound(ref start, end: false) && Conversions.ToDate(ref start, ""));
        Assert.True(Conversions.ToPeriodBound(ref end, end: true) && Conversions.ToDate(ref end, ""));
        Assert.Equal(new DateOnly(2026, 3, 1).DayNumber, start.Integer);
        Assert.Equal(new DateOnly(2026, 3, 31).DayNumber, end.Integer);
    }

    [Theory]
    [InlineData("12.50", "12.5")]
    [InlineData("-0.10", "-0.1")]
    [InlineData("100", "100")]
    [InlineData("0.00", "0")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("1234567890123456789.12000", "1234567890123456789.12")]
    public void The_canonical_text_of_a_decimal_has_no_trailing_zeros(string text, string expected)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var room = new byte[CanonicalText.BytesMax];
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalText.Numeric(value, room)));
    }

    static Value Text(string text)
    {
        var value = default(Value);
        value.SetText(Encoding.UTF8.GetBytes(text));
        return value;
    }

    static void Check(string text, Function function, string? expected)
    {
        var value = Text(text);
        function(ref value);
        Assert.Equal(expected, value.IsNull ? null : Encoding.UTF8.GetString(value.Text));
    }
}
