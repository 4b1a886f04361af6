using System.Security.Cryptography;
using System.Text;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Draft;

/// <summary>
/// Other texts in place of those of a file: the same text gives the same one each time, different texts give different ones where there are enough. Letters stay
/// letters of their case, digits digits, zeros zeros and all else what it is, so that form, length, sign and decimals stay. A number with a right check
/// digit gets one that has it, and one without gets one without.
/// </summary>
/// <param name="key">Nobody who does not have it can tell the texts that were replaced.</param>
public sealed class Replacements(byte[] key)
{
    // Of a text of one character there are so few others that two may get the same.
    const int TriesMax = 60;

    /// <summary>Texts that are to be replaced: none of them is taken for another while there are others.</summary>
    public HashSet<string> Originals { get; } = new(StringComparer.Ordinal);

    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>The text that stands for another; that itself when it holds neither letters nor digits but zero.</summary>
    /// <param name="text">As it was sent, without blanks at its end.</param>
    /// <param name="isFree">Answers whether a replacement may be used; null = any may.</param>
    public string Of(string text, Func<string, bool>? isFree = null)
    {
        // 000042 and 42 are one number.
        var plain = text.TrimStart('0');
        if (known.TryGetValue(plain, out var found))
            return text[..^plain.Length] + found;
        string? other = null;
        for (var round = 0; round < TriesMax; round++)
        {
            var next = Changed(plain, round);
            if (next == plain || HasCheck(plain) != HasCheck(next) || isFree?.Invoke(text[..^plain.Length] + next) == false)
                continue;
            other ??= next;
            if (used.Contains(next) || Originals.Contains(text[..^plain.Length] + next))
                continue;
            other = next;
            break;
        }
        other ??= Changed(plain, 0);
        used.Add(other);
        known.Add(plain, other);
        return text[..^plain.Length] + other;
    }

    string Changed(string text, int round)
    {
        var random = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{round}\n{text}"));
        var changed = text.ToCharArray();
        for (var i = 0; i < changed.Length; i++)
        {
            // More characters than the hash has bytes are counted on from it.
            var step = (byte)(random[i % random.Length] + i / random.Length);
            changed[i] = changed[i] switch
            {
                >= '1' and <= '9' => (char)('1' + (changed[i] - '1' + 1 + step % 8) % 9),
                >= 'a' and <= 'z' => (char)('a' + (changed[i] - 'a' + 1 + step % 25) % 26),
                >= 'A' and <= 'Z' => (char)('A' + (changed[i] - 'A' + 1 + step % 25) % 26),
                >= '\u00c0' => Rotated(changed[i], step),
                _ => changed[i],
            };
        }
        if (HasCheck(text))
            changed[^1] = CheckDigit(changed);
        return new(changed);
    }

    /// <summary>Another letter that takes as many bytes in each character set: one of the same 32. What is no letter stays.</summary>
    static char Rotated(char character, byte step)
    {
        for (var i = 0; i < 31 && char.IsLetter(character); i++)
            if ((char)((character & ~31) | ((character + 1 + (step + i) % 31) & 31)) is var other && char.IsLetter(other))
                return other;
        return character;
    }

    // GTIN, GLN and SSCC; leading zeros make no difference to the digit, and are gone here.
    static bool HasCheck(string text) => text.Length is >= 6 and <= 18 && text.All(char.IsAsciiDigit) && CheckDigits.SumIsRight(Encoding.ASCII.GetBytes(text));

    static char CheckDigit(char[] digits)
    {
        var candidate = new string(digits);
        for (var digit = '0'; digit <= '9'; digit++)
            if (CheckDigits.SumIsRight(Encoding.ASCII.GetBytes(candidate[..^1] + digit)))
                return digit;
        return digits[^1];
    }
}
