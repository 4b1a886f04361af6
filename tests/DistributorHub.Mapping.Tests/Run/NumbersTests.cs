using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Tests.Run;

public sealed class NumbersTests
{
    static readonly NumberFormat Comma = new((byte)',', EitherMark: false, Exponent: false);
    static readonly NumberFormat X12 = new((byte)'.', EitherMark: false, Exponent: true);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("12", "12")]
    [InlineData("-12.50", "-12.50")]
    [InlineData(".5", "0.5")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("-0", "0")]
    [InlineData("0000000000000000000000000000000000012", "12")]
    [InlineData("1234567890123456789", "1234567890123456789")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("123456789012345678.0123456789", "123456789012345678.0123456789")]
    public void A_decimal_with_a_point_is_read_exactly(string text, string expected)
    {
        Assert.True(Numbers.TryDecimal(Encoding.UTF8.GetBytes(text), NumberFormat.Point, out var value));
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), value);
        Assert.Equal(expected, value.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData("1 000")]
    [InlineData("1-")]
    [InlineData("1E2")]
    [InlineData("12a")]
    [InlineData("99999999999999999999999999999")]
    [InlineData("0.00000000000000000000000000001")]
    public void What_is_no_decimal_or_too_long_is_refused(string text) =>
        Assert.False(Numbers.TryDecimal(Encoding.UTF8.GetBytes(text), NumberFormat.Point, out _));

    [Fact]
    public void The_interchange_says_which_mark_counts()
    {
        Assert.True(Numbers.TryDecimal("1,5"u8, Comma, out var value));
        Assert.Equal(1.5m, value);
        Assert.False(Numbers.TryDecimal("1.5"u8, Comma, out _));
        Assert.Equal(Comma, NumberFormat.Of(new() { SyntaxVersion = "3", Delimiters = Delimiters.LevelA with { Decimal = (byte)',' } }));
        Assert.Equal(NumberFormat.Point, NumberFormat.Of(new() { SyntaxVersion = "3", Delimiters = Delimiters.LevelA }));
    }

    [Fact]
    public void Syntax_version_4_takes_comma_and_point()
    {
        var format = NumberFormat.Of(new() { EitherDecimalMark = true, Delimiters = Delimiters.LevelA4 });
        Assert.True(Numbers.TryDecimal("1,5"u8, format, out var comma));
        Assert.True(Numbers.TryDecimal("1.5"u8, format, out var point));
        Assert.Equal(comma, point);
        Assert.False(Numbers.TryDecimal("1.000,5"u8, format, out _));
    }

    [Theory]
    [InlineData("12.", "12")]
    [InlineData("1.25E2", "125")]
    [InlineData("1.25E-2", "0.0125")]
    [InlineData("5E3", "5000")]
    public void X12_takes_a_last_point_and_an_exponent(string text, string expected)
    {
        Assert.True(Numbers.TryDecimal(Encoding.UTF8.GetBytes(text), X12, out var value));
        Assert.Equal(expected, value.ToString(CultureInfo.InvariantCulture));
        Assert.False(Numbers.TryDecimal("1E99"u8, X12, out _));
        Assert.False(Numbers.TryDecimal("1E"u8, X12, out _));
    }

    [Theory]
    [InlineData("1250", 2, "12.50")]
    [InlineData("-5", 2, "-0.05")]
    [InlineData("7", 0, "7")]
    public void Implied_decimals_move_the_point(string text, int decimals, string expected)
    {
        Assert.True(Numbers.TryImplied(Encoding.UTF8.GetBytes(text), decimals, out var value));
        Assert.Equal(expected, value.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void An_explicit_mark_in_an_implied_decimal_is_refused() => Assert.False(Numbers.TryImplied("12.50"u8, 2, out _));

    [Theory]
    [InlineData("9223372036854775807", false)]
    [InlineData("922337203685477579", true)]
    [InlineData("-42", true)]
    [InlineData("007", true)]
    [InlineData("", false)]
    [InlineData("4.0", false)]
    [InlineData("--1", false)]
    public void An_integer_is_digits_with_an_optional_minus(string text, bool expected) =>
        Assert.Equal(expected, Numbers.TryInt(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("1.500", 1)]
    [InlineData("1.000", 0)]
    [InlineData("0.0001", 4)]
    [InlineData("100", 0)]
    public void Trailing_zeros_are_no_decimals(string value, int decimals) =>
        Assert.Equal(decimals, Numbers.Decimals(decimal.Parse(value, CultureInfo.InvariantCulture)));

    [Fact]
    public void Precision_counts_the_digits_before_the_mark()
    {
        Assert.True(Numbers.FitsPrecision(999999999999.99m, 14, 2));
        Assert.False(Numbers.FitsPrecision(1000000000000m, 14, 2));
        Assert.True(Numbers.FitsPrecision(-0.5m, 2, 2));
        Assert.False(Numbers.FitsPrecision(1m, 2, 2));
    }

    [Theory]
    [InlineData("4006381333931", true)]
    [InlineData("4006381333932", false)]
    [InlineData("73513537", true)]
    [InlineData("036000291452", true)]
    [InlineData("10614141000415", true)]
    [InlineData("400638133393A", false)]
    [InlineData("400638133393", false)]
    [InlineData("", false)]
    public void A_gtin_has_the_right_length_and_check_digit(string text, bool expected) =>
        Assert.Equal(expected, CheckDigits.IsGtin(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_gln_has_thirteen_digits()
    {
        Assert.True(CheckDigits.IsGln("4000001000005"u8));
        Assert.False(CheckDigits.IsGln("4000001000006"u8));
        Assert.False(CheckDigits.IsGln("73513537"u8));
    }
}
