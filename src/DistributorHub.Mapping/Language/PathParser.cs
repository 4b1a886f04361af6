using System.Globalization;

namespace DistributorHub.Mapping.Language;

/// <summary>Reads a path: <c>/PGI/LIN[…].C212[SA].7140#2?</c>. A path holds no blanks except after the commas of its brackets.</summary>
ref struct PathParser
{
    readonly ExprSource source;
    readonly string text;
    readonly Action<int, string, string?> fail;
    int at;

    PathParser(ExprSource source, int at, Action<int, string, string?> fail)
    {
        this.source = source;
        text = source.Text;
        this.at = at;
        this.fail = fail;
    }

    /// <summary>The path at <paramref name="at"/>, which moves behind it; null after a call of <paramref name="fail"/>.</summary>
    public static Expr.Path? Read(ExprSource source, ref int at, Action<int, string, string?> fail)
    {
        var parser = new PathParser(source, at, fail);
        var path = parser.Path();
        at = parser.at;
        return path;
    }

    /// <summary>An element with its component, without the tag: <c>C212[SA].3055</c>. Null after a call of <paramref name="fail"/>.</summary>
    public static List<PathPart>? ReadElement(ExprSource source, ref int at, Action<int, string, string?> fail)
    {
        var parser = new PathParser(source, at, fail);
        var parts = new List<PathPart>();
        do
        {
            if (parser.Part() is not { } part)
                return null;
            parts.Add(part);
        }
        while (parser.Take('.'));
        at = parser.at;
        return parts;
    }

    Expr.Path? Path()
    {
        var start = at;
        var absolute = Take('/');
        var steps = new List<PathStep>();
        var parts = new List<PathPart>();
        do
        {
            if (Step(parts) is not { } step)
                return null;
            steps.Add(step);
        }
        while (parts.Count == 0 && Take('/'));
        while (Take('.'))
        {
            if (Part() is not { } part)
                return null;
            parts.Add(part);
        }
        if (parts.Count > 0 && at < text.Length && text[at] == '/' && at + 1 < text.Length && char.IsAsciiLetterUpper(text[at + 1]))
        {
            Fail(at, "Nothing can follow an element.", "groups are joined by /, elements stand last: PGI/LIN.1082");
            return null;
        }
        var optional = !(At(0) == '?' && At(1) == '?') && Take('?');
        return new(absolute, steps, parts, optional, source, start, at);
    }

    PathStep? Step(List<PathPart> parts)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterUpper(text[at]) || (at > start && char.IsAsciiDigit(text[at]))))
            at++;
        var tag = text[start..at];
        if (tag.Length == 0)
        {
            Fail(at, "A segment tag in capitals is missing here.");
            return null;
        }
        // X12 short form: BEG03 is BEG.03. A tag has at most three characters, so nothing else can have four or five.
        var isShort = tag.Length is 4 or 5 && char.IsAsciiDigit(tag[^1]) && char.IsAsciiDigit(tag[^2]);
        if (isShort)
        {
            if (Suffix(tag[^2..], at - 2) is not { } part)
                return null;
            parts.Add(part);
            return new(tag[..^2], false, [], start, start + tag.Length - 2);
        }
        var summary = false;
        if (Take('@'))
        {
            if (string.CompareOrdinal(text, at, "sum", 0, 3) != 0)
            {
                Fail(at - 1, "Only @sum can follow a tag.", "TAG@sum is the group after the section change");
                return null;
            }
            at += 3;
            summary = true;
        }
        var predicates = new List<PathPredicate>();
        if (At(0) == '[' && !Predicates(predicates))
            return null;
        return new(tag, summary, predicates, start, at);
    }

    bool Predicates(List<PathPredicate> predicates)
    {
        var open = at++;
        while (true)
        {
            Blanks();
            if (Predicate() is not { } predicate)
                return false;
            predicates.Add(predicate);
            Blanks();
            if (Take(']'))
                return true;
            if (!Take(','))
                return Fail(at, at < text.Length ? $"'{text[at]}' cannot stand in [ ]." : "A ] is missing.",
                    $"the [ at column {source.PlaceOf(open).Column} is open; codes are separated by |, conditions by a comma");
        }
    }

    PathPredicate? Predicate()
    {
        var start = at;
        var lacks = Take('!');
        // Left of '=' stands an element (03, C082.3055); without '=' the same characters are a code.
        var first = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.'))
            at++;
        if (!lacks && at > first && At(0) == '=')
        {
            var names = text[first..at].Split('.');
            at++;
            var offset = first;
            var parts = new List<PathPart>();
            foreach (var name in names)
            {
                parts.Add(new(name, [], 0, false, offset));
                offset += name.Length + 1;
            }
            return Codes() is { } values ? new(parts, values, false, start) : null;
        }
        at = first;
        return Codes() is { } codes ? new([], codes, lacks, start) : null;
    }

    List<string>? Codes()
    {
        var codes = new List<string>();
        do
        {
            if (Code() is not { } code)
                return null;
            codes.Add(code);
        }
        while (Take('|'));
        return codes;
    }

    string? Code()
    {
        var start = at;
        if (Take('\''))
        {
            var close = text.IndexOf('\'', at);
            if (close < 0)
            {
                Fail(start, "The closing ' of this code is missing.");
                return null;
            }
            var quoted = text[at..close];
            at = close + 1;
            return quoted;
        }
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-' or '+'))
            at++;
        if (at > start)
            return text[start..at];
        Fail(at, "A code is missing here.", "DTM[137], N1[BY, 03=UL], PRI[AAA, !RNG]");
        return null;
    }

    PathPart? Part()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            at++;
        if (at > start)
            return Suffix(text[start..at], start);
        Fail(at, "An element is missing after the point.", "a four-digit id, a composite id, a position or a pair's name");
        return null;
    }

    PathPart? Suffix(string name, int start)
    {
        var codes = new List<string>();
        if (Take('['))
        {
            if (Codes() is not { } found)
                return null;
            codes = found;
            if (!Take(']'))
            {
                Fail(at, at < text.Length ? $"'{text[at]}' cannot stand in these [ ]." : "A ] is missing.", "the codes of an element are separated by |");
                return null;
            }
        }
        var nth = 0;
        if (Take('#'))
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (!int.TryParse(text[digits..at], NumberStyles.None, CultureInfo.InvariantCulture, out nth) || nth == 0)
            {
                Fail(digits, "A number from 1 is missing after #.");
                return null;
            }
        }
        // ' * ' between blanks multiplies; a star that follows directly means all repeats.
        return new(name, codes, nth, Take('*'), start);
    }

    readonly char At(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    void Blanks()
    {
        while (at < text.Length && text[at] == ' ')
            at++;
    }

    bool Take(char c)
    {
        if (At(0) != c)
            return false;
        at++;
        return true;
    }

    readonly bool Fail(int where, string message, string? hint = null)
    {
        fail(where, message, hint);
        return false;
    }
}
