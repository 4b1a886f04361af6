using System.Text;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>Words for a reader's eyes, in the characters an answer may hold and in lines of a limited length.</summary>
static class FreeText
{
    /// <summary>What the syntax identifier (0001) of an EDIFACT interchange allows; a character it does not allow becomes a point.</summary>
    public static string Edifact(string text, string syntaxIdentifier) => syntaxIdentifier switch
    {
        "UNOA" => Only(text.ToUpperInvariant(), Repertoire.LevelA.Contains),
        "UNOB" => Only(text, c => char.IsAsciiLetterLower(c) || Repertoire.LevelA.Contains(c)),
        "UNOC" => Only(text, c => c is >= ' ' and <= '~' or >= '\u00A0' and <= '\u00FF'),
        "UNOW" or "UNOX" or "UNOY" => Only(text, c => !char.IsControl(c)),
        _ => Only(text, c => c is >= ' ' and <= '~'),
    };

    public static string X12(string text, bool unicode) => Only(text, c => c is >= ' ' and <= '~' || unicode && !char.IsControl(c));

    /// <summary>Lines of at most <paramref name="width"/> characters, broken at blanks where there are any; no more lines than asked for.</summary>
    public static List<string> Lines(string text, int width, int most)
    {
        var lines = new List<string>();
        var rest = text.Trim(' ');
        while (rest.Length > 0 && lines.Count < most)
        {
            var length = Math.Min(width, rest.Length);
            if (length < rest.Length && rest.LastIndexOf(' ', length) is > 0 and var blank)
                length = blank;
            else if (length < rest.Length && char.IsHighSurrogate(rest[length - 1]))
                length--;
            lines.Add(rest[..length].TrimEnd(' '));
            rest = rest[length..].TrimStart(' ');
        }
        return lines;
    }

    static string Only(string text, Func<char, bool> isAllowed)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
            clean.Append(isAllowed(character) ? character : '.');
        return clean.ToString();
    }
}
