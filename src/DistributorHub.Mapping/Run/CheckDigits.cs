namespace DistributorHub.Mapping.Run;

/// <summary>GS1 check digits (GS1 General Specifications 7.9): weights 3 and 1 from the right, sum a multiple of ten.</summary>
public static class CheckDigits
{
    /// <summary>A GTIN-8, -12, -13 or -14 with its right check digit.</summary>
    public static bool IsGtin(ReadOnlySpan<byte> text) => text.Length is 8 or 12 or 13 or 14 && SumIsRight(text);

    /// <summary>A GLN: 13 digits with its right check digit.</summary>
    public static bool IsGln(ReadOnlySpan<byte> text) => text.Length == 13 && SumIsRight(text);

    /// <summary>True when the last digit is right for those before it, whatever their number.</summary>
    public static bool SumIsRight(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        var weight = 1;
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var digit = digits[i] - '0';
            if ((uint)digit > 9)
                return false;
            sum += digit * weight;
            weight = 4 - weight;
        }
        return sum % 10 == 0;
    }
}
