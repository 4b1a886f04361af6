using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>Says why a file and its copy differ, with a simple reading of its own that knows nothing of the engine's.</summary>
static class NotCanonical
{
    /// <summary>A segment as it stands in the file, and the blanks before it.</summary>
    sealed record Raw(string Before, string Text, InterchangeInfo Of);

    static readonly char[] blanks = ['\r', '\n', ' ', '\t', '\0', '\x1A'];

    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    static readonly (string Reason, Func<List<Raw>, List<Raw>> Rule)[] rules =
    [
        ("lines are wrapped inside segments", Each(s => s.Text.ReplaceLineEndings(""))),
        ("bytes stand before, between or behind interchanges", Within),
        ("empty segments", s => [.. s.Where(r => r.Text.Length > 0)]),
        ("the last terminator is missing", s => s is [.. var all, { Text: "" }] ? all : [.. s.SkipLast(1), s[^1] with { Text = s[^1].Text.TrimEnd(blanks) }]),
        ("line breaks are not the same behind every segment", s => [.. s.Select(r => r with { Before = r.Before.Trim(blanks) })]),
        ("UNA is not in its usual form", s => [.. s.Where(r => !r.Text.StartsWith("UNA", StringComparison.Ordinal))]),
        ("needless release characters", Each(Released)),
        ("separators at the end of segments or elements", Each(Trimmed)),
        ("elements of ISA are not padded to their widths", Each(Isa)),
        ("tags in lower case", Each(Capitals)),
        ("segments whose tag is none are skipped", s => [.. s.Where(r => r.Text.Length == 0 || IsTag(Tag(r), r.Of.Standard))]),
        ("segments outside messages are not handed on", s => Inside(s)),
        ("trailers are missing", WithoutTrailers),
        ("trailers have a wrong count or reference", Recounted),
    ];

    public static IReadOnlyList<string>? Reasons(byte[] file, byte[] copy, List<InterchangeInfo> interchanges, List<InterchangeInfo> copied)
    {
        var one = Split(file, interchanges);
        var other = Split(copy, copied);
        bool Same(Func<int, bool> used) => Apply(one, used).SequenceEqual(Apply(other, used));
        if (!Same(_ => true))
            return null;
        var needed = Enumerable.Range(0, rules.Length).ToList();
        foreach (var rule in needed.ToArray())
            if (Same(r => r != rule && needed.Contains(r)))
                needed.Remove(rule);
        return [.. needed.Select(r => rules[r].Reason)];
    }

    public static string Difference(byte[] file, byte[] copy, List<InterchangeInfo> interchanges, List<InterchangeInfo> copied)
    {
        var one = Apply(Split(file, interchanges), _ => true).ToList();
        var other = Apply(Split(copy, copied), _ => true).ToList();
        var at = one.Zip(other).TakeWhile(p => p.First == p.Second).Count();
        return $"  {at} of {one.Count}, {other.Count}\n  file: {string.Join(" | ", one.Skip(at).Take(3))}\n  copy: {string.Join(" | ", other.Skip(at).Take(3))}";
    }

    static IEnumerable<string> Apply(List<Raw> segments, Func<int, bool> used)
    {
        for (var rule = 0; rule < rules.Length; rule++)
            if (used(rule))
                segments = rules[rule].Rule(segments);
        return segments.Select(s => s.Before + s.Text);
    }

    /// <summary>Cuts at every terminator that no release character protects. What follows the last one is a segment, too.</summary>
    static List<Raw> Split(byte[] file, List<InterchangeInfo> interchanges)
    {
        var text = Encoding.Latin1.GetString(file);
        var segments = new List<Raw>();
        var info = interchanges[0];
        var next = 0;
        var from = 0;
        var before = "";
        for (var at = 0; at <= text.Length; at++)
        {
            if (next < interchanges.Count && at == interchanges[next].Offset)
            {
                info = interchanges[next++];
                (before, from) = (before + text[from..at], at);
                if (text.AsSpan(at).StartsWith("UNA"))
                {
                    segments.Add(new(before, text[at..(at + 9)], info));
                    (before, from, at) = ("", at + 9, at + 8);
                    continue;
                }
            }
            if (at < text.Length && text[at] == info.Delimiters.Release && info.Delimiters.Release != 0)
            {
                at++;
                continue;
            }
            if (at < text.Length && (text[at] != info.Delimiters.Terminator || WrapsIsa(text[from..at], info)))
                continue;
            var trimmed = text[from..at].TrimStart(blanks);
            segments.Add(new(before + text[from..(at - trimmed.Length)], trimmed, info));
            (before, from) = ("", at + 1);
        }
        return segments;
    }

    static bool WrapsIsa(string segment, InterchangeInfo info) =>
        segment.StartsWith("ISA", StringComparison.Ordinal) && segment.Count(c => c == info.Delimiters.Element) < 16;

    // The reader mends tags of the usual length: three letters in EDIFACT, two in X12.
    static string Capitals(Raw segment) => Tag(segment) is { } tag && tag.Length == (segment.Of.Standard == Standard.Edifact ? 3 : 2)
        ? tag.ToUpperInvariant() + segment.Text[tag.Length..] : segment.Text;

    static bool IsTag(string tag, Standard standard) =>
        (tag.Length == 3 || (tag.Length == 2 && standard == Standard.X12)) && tag.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    static Func<List<Raw>, List<Raw>> Each(Func<Raw, string> change) => s => [.. s.Select(r => r.Text.Length < 4 ? r : r with { Text = change(r) })];

    static List<Raw> Within(List<Raw> segments)
    {
        var inside = false;
        var kept = new List<Raw>();
        foreach (var segment in segments)
        {
            var starts = !inside && segment.Text is ['U', 'N', 'A' or 'B', ..] or ['I', 'S', 'A', ..];
            inside |= starts;
            if (inside)
                kept.Add(starts ? segment with { Before = "" } : segment);
            if (segment.Text.StartsWith("UNZ", StringComparison.Ordinal) || segment.Text.StartsWith("IEA", StringComparison.Ordinal))
                inside = false;
        }
        return kept;
    }

    static string Released(Raw segment)
    {
        var d = segment.Of.Delimiters;
        if (d.Release == 0)
            return segment.Text;
        var service = new[] { d.Element, d.Component, d.Release, d.Terminator, segment.Of.SyntaxVersion.StartsWith('4') ? d.Repetition : d.Element }.Select(b => (char)b).ToArray();
        return Regex.Replace(segment.Text, $"{Regex.Escape(((char)d.Release).ToString())}(.)", m => service.Contains(m.Groups[1].Value[0]) ? m.Value : m.Groups[1].Value, RegexOptions.Singleline, patience);
    }

    static string Trimmed(Raw segment)
    {
        if (segment.Text.StartsWith("ISA", StringComparison.Ordinal))
            return segment.Text;
        var d = segment.Of.Delimiters;
        var release = d.Release == 0 ? "" : $"(?<!{Regex.Escape(((char)d.Release).ToString())})";
        string element = Regex.Escape(((char)d.Element).ToString()), component = Regex.Escape(((char)d.Component).ToString());
        var text = Regex.Replace(segment.Text, $"{release}(?:{component})+(?={element}|$)", "", RegexOptions.None, patience);
        return Regex.Replace(text, $"{release}(?:{element})+$", "", RegexOptions.None, patience);
    }

    static string Isa(Raw segment) => segment.Text.StartsWith("ISA", StringComparison.Ordinal) && segment.Of.Standard == Standard.X12
        ? string.Join((char)segment.Of.Delimiters.Element, segment.Text.ReplaceLineEndings("").Split((char)segment.Of.Delimiters.Element).Select((e, i) => i == 13 ? e.Trim().TrimStart('0') : e.Trim()))
        : segment.Text;

    static List<Raw> Inside(List<Raw> segments)
    {
        var open = false;
        var kept = new List<Raw>();
        foreach (var segment in segments)
        {
            var tag = Tag(segment);
            open |= tag is "UNH" or "ST";
            if (open || tag is "UNA" or "UNB" or "UNG" or "UNE" or "UNZ" or "ISA" or "GS" or "GE" or "IEA" or "TA1" or "")
                kept.Add(segment);
            open &= tag is not ("UNT" or "SE");
        }
        return kept;
    }

    static List<Raw> WithoutTrailers(List<Raw> segments) =>
        [.. segments.Where(s => Tag(s) is not ("UNT" or "SE" or "UNE" or "GE" or "UNZ" or "IEA"))];

    /// <summary>Trailers with what they ought to say: UNT the segments, UNE the messages, UNZ the groups or else the messages; and the header's reference.</summary>
    static List<Raw> Recounted(List<Raw> segments)
    {
        int inMessage = 0, inGroup = 0, groups = 0, messages = 0;
        string message = "", group = "", interchange = "";
        var right = new List<Raw>();
        foreach (var segment in segments)
        {
            var separator = (char)segment.Of.Delimiters.Element;
            string Element(int at) => segment.Text.Split(separator).ElementAtOrDefault(at) ?? "";
            var tag = Tag(segment);
            inMessage++;
            switch (tag)
            {
                case "UNB" or "ISA":
                    (groups, messages, interchange) = (0, 0, Element(tag == "UNB" ? 5 : 13));
                    break;
                case "UNG" or "GS":
                    (groups, inGroup, group) = (groups + 1, 0, Element(tag == "UNG" ? 5 : 6));
                    break;
                case "UNH" or "ST":
                    (messages, inGroup, inMessage, message) = (messages + 1, inGroup + 1, 1, Element(tag == "UNH" ? 1 : 2));
                    break;
            }
            var (count, reference) = tag switch
            {
                "UNT" or "SE" => (inMessage, message),
                "UNE" or "GE" => (inGroup, group),
                "UNZ" => (groups > 0 ? groups : messages, interchange),
                "IEA" => (groups, interchange),
                _ => (-1, ""),
            };
            right.Add(count < 0 ? segment : segment with { Text = string.Create(CultureInfo.InvariantCulture, $"{tag}{separator}{count}{separator}{reference}") });
        }
        return right;
    }

    static string Tag(Raw segment)
    {
        var end = segment.Text.AsSpan().IndexOfAny((char)segment.Of.Delimiters.Element, (char)segment.Of.Delimiters.Component);
        return end < 0 ? segment.Text : segment.Text[..end];
    }
}
