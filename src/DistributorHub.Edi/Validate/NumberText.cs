namespace DistributorHub.Edi.Validate;

/// <summary>What is wrong with a number's text.</summary>
enum NumberFault
{
    None,

    /// <summary>It has one meaning, but not the standard's form: <c>5-</c>, <c>.5</c>, <c>5.</c></summary>
    Form,

    /// <summary>The mark of decimals is not the interchange's.</summary>
    Mark,
    NotANumber,
}

/// <summary>The rules for numbers as text. Lengths count digits only: neither sign nor mark (ISO 9735 10.1; X12.6 3.5.1.2).</summary>
static class NumberText
{
    /// <param name="mark">Mark of decimals of the interchange.</param>
    /// <param name="otherMark">Second legal mark, or zero.</param>
    /// <param name="x12">True for X12 R: an exponent may follow, and the mark may stand first or last.</param>
    public static (NumberFault Fault, int Digits) Check(ReadOnlySpan<byte> text, byte mark, byte otherMark, bool x12)
    {
        var fault = NumberFault.None;
        if (text[0] == '-')
            text = text[1..];
        else if (text[^1] == '-')
        {
            fault = NumberFault.Form;
            text = text[..^1];
        }
        if (x12 && text.IndexOf((byte)'E') is > 0 and var e)
        {
            var power = text[(e + 1)..];
            if (power.Length > 1 && power[0] == '-')
                power = power[1..];
            if (power.IsEmpty || power.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return (NumberFault.NotANumber, 0);
            var (inner, count) = Mantissa(text[..e], mark, otherMark, x12);
            return (inner > fault ? inner : fault, count + power.Length);
        }
        var (rest, digits) = Mantissa(text, mark, otherMark, x12);
        return (rest > fault ? rest : fault, digits);
    }

    static (NumberFault Fault, int Digits) Mantissa(ReadOnlySpan<byte> text, byte mark, byte otherMark, bool x12)
    {
        int digits = 0, marks = 0, wrongMarks = 0;
        foreach (var character in text)
        {
            if (character is >= (byte)'0' and <= (byte)'9')
                digits++;
            else if (character == mark || (character == otherMark && otherMark != 0))
                marks++;
            else if (character is (byte)'.' or (byte)',')
                wrongMarks++;
            else
                return (NumberFault.NotANumber, digits);
        }
        if (digits == 0 || marks > 1)
            return (NumberFault.NotANumber, digits);
        if (wrongMarks > 0)
            return (NumberFault.Mark, digits);
        if (marks == 1 && !x12 && (text[0] is < (byte)'0' or > (byte)'9' || text[^1] is < (byte)'0' or > (byte)'9'))
            return (NumberFault.Form, digits);
        return (NumberFault.None, digits);
    }
}
