using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace DistributorHub.Edi.Tests.Definitions;

/// <summary>
/// Reads a published UN/EDIFACT directory with patterns over whole lines. It shares nothing with the compiler, which reads by words from the right,
/// so that a mistake in one of them shows.
/// </summary>
sealed partial class PrintedDirectory
{
    readonly Dictionary<string, string[]> files = new(StringComparer.OrdinalIgnoreCase);

    public PrintedDirectory(byte[] zip) => Open(zip);

    public List<string> Messages =>
        [.. files.Keys.Select(k => MessageFile().Match(k)).Where(m => m.Success).Select(m => m.Groups["type"].Value).Order(StringComparer.Ordinal)];

    /// <summary>The segment table of a message: two blanks a level, tag, M or C, most repetitions.</summary>
    public string Tree(string type)
    {
        var text = files.Single(f => f.Key.StartsWith(type + "_", StringComparison.OrdinalIgnoreCase)).Value;
        var start = Array.FindLastIndex(text, l => TableHeading().IsMatch(l));
        var lines = new List<string>();
        var depth = 0;
        (string Requirement, string Max)? group = null;
        for (var i = start + 1; i < text.Length; i++)
        {
            var line = text[i];
            if (GroupLine().Match(line) is { Success: true } opened)
            {
                group = (opened.Groups["req"].Value, opened.Groups["max"].Value);
                continue;
            }
            var row = SegmentLine().Match(line);
            if (!row.Success && i + 1 < text.Length && BrokenLine().IsMatch(line))
                row = SegmentLine().Match($"{line.TrimEnd()} {text[i + 1].Trim()}");
            if (!row.Success)
                continue;
            var tag = row.Groups["tag"].Value;
            if (tag == "UNT")
                break;
            if (tag == "UNH")
                continue;
            var trigger = group is not null;
            if (group is { } head)
            {
                lines.Add($"{new string(' ', depth * 2)}{tag} {head.Requirement} {head.Max}");
                depth++;
                group = null;
            }
            // A group's first segment is M 1, whatever is printed (SANCRT, DESTIM).
            lines.Add($"{new string(' ', depth * 2)}{tag} {(trigger ? "M 1" : $"{row.Groups["req"].Value} {row.Groups["max"].Value}")}");
            depth -= row.Groups["end"].Value.Count(c => c is '+' or '\u00D9' or '\u00C1' or '\u00BF' or '\u00B4');
            Assert.True(depth >= 0, $"{type} line {i + 1}: more groups end than are open.");
        }
        Assert.Equal((type, 0), (type, depth));
        return string.Join('\n', lines);
    }

    /// <summary>Segments and their elements, one a line: id, M or C, type.</summary>
    public Dictionary<string, string> Segments()
    {
        var segments = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? open = null;
        var text = Part("(ED|TR)SD");
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 1 && Rule().IsMatch(text[i - 2]) && SegmentHead().Match(text[i]) is { Success: true } head)
                segments.Add(head.Groups["tag"].Value, open = []);
            else if (Rule().IsMatch(text[i]))
                open = null;
            else if (open is not null && ElementStart().IsMatch(text[i]))
            {
                var whole = text[i].TrimEnd();
                var row = ElementLine().Match(whole);
                for (var next = i + 1; !row.Success && next < Math.Min(i + 3, text.Length) && !ElementStart().IsMatch(text[next]); next++)
                    row = ElementLine().Match(whole = $"{whole} {text[next].Trim()}");
                if (!row.Success)
                    continue;
                var element = $"{row.Groups["id"].Value} {row.Groups["req"].Value} {row.Groups["type"].Value}".TrimEnd();
                if (!row.Groups["times"].Success || row.Groups["times"].Value == "1")
                    open.Add(element);
                else
                    Repeat(text, ref i, element, int.Parse(row.Groups["times"].Value, CultureInfo.InvariantCulture), open);
            }
        }
        return segments.ToDictionary(s => s.Key, s => string.Join('\n', s.Value), StringComparer.Ordinal);
    }

    /// <summary>Code lists: by element, code and name. Names begin in one column, which moved once.</summary>
    public Dictionary<string, List<string>> Codes()
    {
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, text) in files.Where(f => CodeFile().IsMatch(f.Key)).OrderBy(f => f.Key, StringComparer.OrdinalIgnoreCase))
        {
            var column = string.CompareOrdinal(name[^3..], "99") < 0 && name[^3] == '9' ? 10 : 11;
            List<string>? open = null;
            var started = false;
            for (var i = 0; i < text.Length; i++)
            {
                var line = text[i];
                if ((i == 0 || (i > 1 && Rule().IsMatch(text[i - 2]))) && ElementHead().Match(line) is { Success: true } head)
                {
                    open = [];
                    lists.TryAdd(head.Groups["id"].Value, open);
                    started = false;
                }
                if (line.Trim().StartsWith("Repr:", StringComparison.Ordinal))
                {
                    started = true;
                    continue;
                }
                if (open is null || !started || line.Length <= column || line[column - 1] != ' ' || CodeCell().Match(line[..column]) is not { Success: true } cell)
                {
                    // Codes that are too long for their column push the name to the right.
                    if (open is not null && started && LongCode().Match(line) is { Success: true } pushed)
                        open.Add($"{pushed.Groups["code"].Value} {pushed.Groups["name"].Value.Trim()}");
                    continue;
                }
                var words = line[column..].Trim();
                while (i + 1 < text.Length && text[i + 1].Length > column && string.IsNullOrWhiteSpace(text[i + 1][..column]) && text[i + 1][column] != ' ')
                    words = $"{words} {text[++i].Trim()}";
                open.Add($"{cell.Groups["code"].Value} {words}");
            }
        }
        foreach (var empty in lists.Where(l => l.Value.Count == 0).Select(l => l.Key).ToList())
            lists.Remove(empty);
        return lists;
    }

    /// <summary>Entries of the index of messages (MD), segments (SD), composites (CD) or elements (ED); null when the zip has none.</summary>
    public int? Indexed(string kind)
    {
        var name = files.Keys.FirstOrDefault(k => Regex.IsMatch(k, $"^(ED|TR){kind}I1[.]", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10)));
        var entry = kind switch { "MD" => MessageEntry(), "SD" => SegmentEntry(), "CD" => CompositeEntry(), _ => ElementEntry() };
        return name is null ? null : files[name].Count(l => entry.IsMatch(l));
    }

    /// <summary>
    /// A composite that stands several times at one position: the compact form writes it out where nothing follows it. Its components are the lines
    /// up to the blank one.
    /// </summary>
    static void Repeat(string[] text, ref int at, string composite, int times, List<string> into)
    {
        var components = new List<string>();
        while (!string.IsNullOrWhiteSpace(text[at + 1]))
        {
            var line = text[++at];
            var row = ElementLine().Match(line);
            if (!row.Success)
                row = ElementLine().Match($"{line.TrimEnd()} {text[++at].Trim()}");
            components.Add($"{row.Groups["id"].Value} {row.Groups["req"].Value} {row.Groups["type"].Value}");
        }
        var isLast = Rule().IsMatch(text[at + 2]);
        for (var r = 0; r < (isLast && times <= 25 ? times : 1); r++)
        {
            into.Add(r == 0 ? composite : composite.Replace(" M", " C", StringComparison.Ordinal));
            into.AddRange(components);
        }
    }

    string[] Part(string pattern) => files.First(f => Regex.IsMatch(f.Key, $"^{pattern}[.]", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10))).Value;

    void Open(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (var entry in archive.Entries.Where(e => e.Name.Length > 0))
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            var inner = Path.GetExtension(entry.Name).Equals(".zip", StringComparison.OrdinalIgnoreCase);
            if (inner && !entry.Name.StartsWith("id", StringComparison.OrdinalIgnoreCase))
                Open(copy.ToArray());
            else if (!inner)
                files.TryAdd(entry.Name, Encoding.Latin1.GetString(copy.ToArray()).Replace("\r", "", StringComparison.Ordinal).Replace('\u0091', '\'').Replace('\u0092', '\'').Replace('\u0093', '"').Replace('\u0094', '"').Replace('\u0096', '-').Split('\n'));
        }
    }

    const int Timeout = 60_000;

    [GeneratedRegex("^(?<type>[A-Z]{6})_D[.]", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex MessageFile();

    [GeneratedRegex(@"^ *4\.[23]\.[12] +Segment table", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex TableHeading();

    [GeneratedRegex(@"^(\d{4,5})? *[+*#|X]* *[-\u00C4]+ Segment group \d+ *[-\u00C4]+ (?<req>[MC]) +(?<max>\d+)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex GroupLine();

    [GeneratedRegex(@"^(\d{4,5})? *[+*#|X]* *(?<tag>[A-Z]{3}) .*? (?<req>[MC]) +(?<max>\d+)(?<end>[- +|\u00B3-\u00DA]*)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex SegmentLine();

    [GeneratedRegex(@"^\d{4,5} *[+*#|X]* *[A-Z]{3} [A-Za-z/ ,-]+[ |\u00B3]*$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex BrokenLine();

    [GeneratedRegex(@"^[-\u00C4]{60,}", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^[ +*#|X]{0,7} *(?<tag>[A-Z]{3}) {2,4}[A-Z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex SegmentHead();

    [GeneratedRegex(@"^(\d{3} [ +*#|X]*|[ +*#|X]{2,8}) *([CS]\d{3}|\d{4}) +[A-Za-z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex ElementStart();

    [GeneratedRegex(@"^(\d{3} )?[ +*#|X]*(?<id>[CS]\d{3}|\d{4}) .*? (?<req>[MC])( +(?<times>\d+))?( +(?<type>(an|a|n)[.]{0,2}\d+))? *$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex ElementLine();

    [GeneratedRegex(@"^UN[CS]L(-\d)?[.]\d\d[AB]$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex CodeFile();

    [GeneratedRegex(@"^[ +*#|X]{1,6}(?<id>\d{4})  [A-Z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex ElementHead();

    [GeneratedRegex(@"^[ +*#|X]{3} *(?<code>[^ ]+) *$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex CodeCell();

    [GeneratedRegex(@"^[ +*#|X]{3} {0,2}(?<code>[A-Z0-9]{6,}) (?<name>[A-Z].*)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex LongCode();

    [GeneratedRegex(@"^[ +*#|XR-]{0,7}[A-Z]{6} +[A-Z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex MessageEntry();

    [GeneratedRegex(@"^[ +*#|X-]{0,7}[A-Z]{3} +[A-Z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex SegmentEntry();

    [GeneratedRegex(@"^[ +*#|X-]{0,7}[CS]\d{3} +[A-Z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex CompositeEntry();

    [GeneratedRegex(@"^[ +*#|X-]{0,7}\d{4} +[A-Za-z]", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex ElementEntry();
}
