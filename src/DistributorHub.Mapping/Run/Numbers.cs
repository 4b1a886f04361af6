using System.Buffers;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Run;

/// <summary>How one interchange writes decimals.</summary>
/// <param name="Mark">Its decimal mark.</param>
/// <param name="EitherMark">Comma and point both count.</param>
/// <param name="Exponent">X12.6: a decimal may end in E and an exponent of ten.</param>
readonly record struct NumberFormat(byte Mark, bool EitherMark, bool Exponent)
{
    /// <summary>A point, as in X12 and in the texts of maps.</summary>
    public static NumberFormat Point { get; } = new((byte)'.', EitherMark: false, Exponent: false);

    public static NumberFormat Of(InterchangeInfo interchange)
    {
        if (interchange.Standard == Standard.X12)
            return new((byte)'.', EitherMark: false, Exponent: true);
        var mark = interchange.Delimiters.Decimal is (byte)',' ? (byte)',' : (byte)'.';
        return new(mark, interchange.EitherDecimalMark, Exponent: false);
    }
}

/// <summary>Numbers from UTF-8 text, exact or not at all.</summary>
static class Numbers
{
    /// <summary>More digits do not fit a <see cref="decimal"/> in every case (2^96 has 29 digits).</summary>
    public const int DigitsMax = 28;

    /// <summary>More digits do not fit a whole number in every case.</summary>
    public const int IntDigitsMax = 18;

    /// <summary>
    /// Reads a decimal: an optional minus, digits, and after a mark at least one digit (ISO 9735 10.1: <c>.5</c> is allowed, <c>2.</c> and <c>+2</c> are not).
    /// X12 allows a last point without digits, and an exponent. Leading zeros do not count as digits.
    /// </summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, NumberFormat format, out decimal value)
    {
        value = 0;
        int at = 0, digits = 0, seen = 0, scale = -1;
        var negative = !text.IsEmpty && text[0] == '-';
        if (negative)
            at++;
        UInt128 wide = 0;
        ulong narrow = 0;
        for (; at < text.Length; at++)
        {
            var b = text[at];
            if ((uint)(b - '0') <= 9)
            {
                seen++;
                if (digits > 0 || b != '0')
                    digits++;
                if (digits > DigitsMax)
                    return false;
                if (digits <= 18)
                    narrow = narrow * 10 + (uint)(b - '0');
                else
                    wide = (digits == 19 ? narrow : wide) * 10 + (uint)(b - '0');
                if (scale >= 0 && ++scale > DigitsMax)
                    return false;
            }
            else if (scale < 0 && (b == format.Mark || (format.EitherMark && b is (byte)'.' or (byte)',')))
            {
                scale = 0;
            }
            else
            {
                break;
            }
        }
        if (seen == 0 || (scale == 0 && !format.Exponent))
            return false;
        if (digits <= 18)
            wide = narrow;
        scale = Math.Max(scale, 0);
        if (at < text.Length && !(format.Exponent && TryExponent(text[at..], ref scale, ref wide)))
            return false;
        value = new((int)(uint)wide, (int)(uint)(wide >> 32), (int)(uint)(wide >> 64), negative && wide != 0, (byte)scale);
        return true;
    }

    static bool TryExponent(ReadOnlySpan<byte> text, ref int scale, ref UInt128 digits)
    {
        if (text[0] != 'E' || !TryInt(text[1..], out var exponent) || Math.Abs(exponent) > DigitsMax)
            return false;
        for (scale -= (int)exponent; scale < 0; scale++)
        {
            digits *= 10;
            if (digits >> 96 != 0)
                return false;
        }
        return scale <= DigitsMax;
    }

    /// <summary>Reads whole digits with an optional minus.</summary>
    public static bool TryInt(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = !text.IsEmpty && text[0] == '-';
        if (negative)
            text = text[1..];
        if (text.IsEmpty)
            return false;
        foreach (var b in text)
        {
            if ((uint)(b - '0') > 9 || value > (long.MaxValue - 9) / 10)
                return false;
            value = value * 10 + (b - '0');
        }
        if (negative)
            value = -value;
        return true;
    }

    /// <summary>Reads whole digits whose last ones stand after an implied mark: X12 N2, <c>1250</c> = 12.50.</summary>
    public static bool TryImplied(ReadOnlySpan<byte> text, int decimals, out decimal value)
    {
        value = 0;
        // An explicit mark in an Nn element is a fault of the sender; guessing would move the point.
        if (!TryDecimal(text, NumberFormat.Point, out var whole) || whole.Scale != 0 || decimals is < 0 or > DigitsMax)
            return false;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(whole, bits);
        value = new(bits[0], bits[1], bits[2], whole < 0, (byte)decimals);
        return true;
    }

    static readonly SearchValues<byte> numberBytes = SearchValues.Create("0123456789.,"u8);

    /// <summary>True for what is written as a number, and has more digits than can be read.</summary>
    public static bool HasTooManyDigits(ReadOnlySpan<byte> text, int most)
    {
        var digits = text.TrimStart((byte)'-').TrimStart((byte)'0');
        var marks = digits.Count((byte)'.') + digits.Count((byte)',');
        return digits.Length - marks > most && marks <= 1 && !digits.ContainsAnyExcept(numberBytes);
    }

    /// <summary>Digits after the mark that carry a value: 1.500 has one.</summary>
    public static int Decimals(decimal value)
    {
        var scale = value.Scale;
        if (scale == 0)
            return 0;
        while (scale > 0 && decimal.Round(value, scale - 1, MidpointRounding.ToZero) == value)
            scale--;
        return scale;
    }

    /// <summary>True when the value has at most as many digits before the mark as a numeric of this precision and scale.</summary>
    public static bool FitsPrecision(decimal value, int precision, int scale)
    {
        var whole = precision - scale;
        return whole >= Powers.Length || Math.Abs(decimal.Truncate(value)) < Powers[whole];
    }

    /// <summary>Ten to a power from 0 to 28.</summary>
    public static decimal Power(int exponent) => Powers[exponent];

    static readonly decimal[] Powers = MakePowers();

    static decimal[] MakePowers()
    {
        var powers = new decimal[DigitsMax + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
