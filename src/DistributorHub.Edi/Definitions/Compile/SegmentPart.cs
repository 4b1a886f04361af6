using System.Globalization;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>An element of a segment, or a component of a composite, as the directory prints it.</summary>
/// <param name="Type">Such as <c>an..35</c>; empty for a composite.</param>
/// <param name="Repeats">Most occurrences at this one position; 1 in the directories before D.99B, which print a position for each.</param>
sealed record PrintedElement(string Id, string Name, bool Mandatory, string Type, int Repeats)
{
    public List<PrintedElement> Components { get; init; } = [];

    public bool IsComposite => Id[0] is 'C' or 'S';
}

sealed record PrintedSegment(string Tag, string Name, List<PrintedElement> Elements);

/// <summary>Reads the segment directory (EDSD, before D.97A TRSD) and, with the same rows, the composite directory (EDCD, TRCD).</summary>
static class SegmentPart
{
    public static List<PrintedSegment> Segments(IReadOnlyList<string> lines)
    {
        var segments = new List<PrintedSegment>();
        foreach (var paragraphs in Sections(lines))
        {
            if (Title(paragraphs[0], 3) is not { } title || title.Key.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
                continue;
            ChangeMarks.Strip(paragraphs[0][0], out var deleted);
            if (deleted)
                continue;
            var segment = new PrintedSegment(title.Key, title.Name, []);
            foreach (var paragraph in paragraphs.Skip(1))
                Elements(paragraph, segment.Elements);
            segments.Add(segment);
        }
        return segments;
    }

    /// <summary>Composites and their components; only the names are taken from here, the segments print the components too.</summary>
    public static List<PrintedElement> Composites(IReadOnlyList<string> lines)
    {
        var composites = new List<PrintedElement>();
        foreach (var paragraphs in Sections(lines))
        {
            if (Title(paragraphs[0], 4) is not { } title || !IsId(title.Key) || title.Key[0] is not ('C' or 'S'))
                continue;
            var composite = new PrintedElement(title.Key, title.Name, Mandatory: false, "", Repeats: 1);
            foreach (var paragraph in paragraphs.Skip(1))
                Elements(paragraph, composite.Components);
            composites.Add(composite);
        }
        return composites;
    }

    /// <summary>Simple elements of the element directory (EDED, TRED), with their names and types.</summary>
    public static List<PrintedElement> Simple(IReadOnlyList<string> lines)
    {
        var elements = new List<PrintedElement>();
        foreach (var paragraphs in Sections(lines))
        {
            if (Title(paragraphs[0], 4) is not { } title || !IsId(title.Key))
                continue;
            var repr = paragraphs.SelectMany(p => p).Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("Repr:", StringComparison.Ordinal));
            elements.Add(new PrintedElement(title.Key, title.Name, Mandatory: false, repr?["Repr:".Length..].Trim() ?? "", Repeats: 1));
        }
        return elements;
    }

    /// <summary>The parts between the separating lines, as paragraphs; each begins with its title.</summary>
    public static IEnumerable<List<List<string>>> Sections(IReadOnlyList<string> lines)
    {
        var section = new List<List<string>>();
        var paragraph = new List<string>();
        foreach (var line in lines.Append(new string('-', 70)))
        {
            var separates = line.Length > 40 && line.AsSpan().Trim() is { Length: > 40 } rule && rule.ContainsAnyExcept('-', '\u00C4') is false;
            if (!separates && !string.IsNullOrWhiteSpace(line))
            {
                paragraph.Add(line);
                continue;
            }
            if (paragraph.Count > 0)
                section.Add(paragraph);
            paragraph = [];
            if (!separates)
                continue;
            if (section.Count > 0)
                yield return section;
            section = [];
        }
    }

    /// <summary>A title such as <c>* C002 DOCUMENT/MESSAGE NAME</c>, over one or more lines, without the sign of use at its end.</summary>
    public static (string Key, string Name)? Title(List<string> paragraph, int keyLength)
    {
        var text = ChangeMarks.Strip(string.Join(' ', paragraph.Select(l => l.Trim())));
        if (text.Length < keyLength + 2 || text[keyLength] != ' ')
            return null;
        var name = text[keyLength..].Trim();
        if (name is [.., '[', 'B' or 'I' or 'C', ']'])
            name = name[..^3].TrimEnd();
        return (text[..keyLength], Sentence(string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    public static bool IsId(string text) =>
        text.Length == 4 && (char.IsAsciiDigit(text[0]) || text[0] is 'C' or 'S') && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    static void Elements(List<string> paragraph, List<PrintedElement> into)
    {
        PrintedElement? composite = null;
        for (var i = 0; i < paragraph.Count; i++)
        {
            if (Start(paragraph[i]) is not { } start)
            {
                // Text (a function, a note) goes on to the end of its paragraph.
                if (i == 0)
                    return;
                continue;
            }
            var rest = start.Tail;
            PrintedElement? read;
            while ((read = Row(start.Id, rest)) is null && i + 1 < paragraph.Count && Start(paragraph[i + 1]) is null)
                rest = $"{rest} {paragraph[++i].Trim()}";
            if (read is null)
                continue;
            if (composite is not null && !start.Positioned && !read.IsComposite)
            {
                if (!start.Deleted)
                    composite.Components.Add(read);
            }
            else if (!start.Deleted)
                into.Add(read);
            if (read.IsComposite)
                composite = read;
        }
    }

    /// <summary>The id a line begins with, after its position and marks of change.</summary>
    static (string Id, string Tail, bool Positioned, bool Deleted)? Start(string line)
    {
        var text = line.Trim();
        var positioned = text.Length > 3 && text[3] is ' ' or '\t' && !text.AsSpan(0, 3).ContainsAnyExceptInRange('0', '9');
        text = ChangeMarks.Strip(positioned ? text[3..].Trim() : text, out var deleted);
        return text.Length > 5 && text[4] == ' ' && IsId(text[..4]) ? (text[..4], text[4..].Trim(), positioned, deleted) : null;
    }

    /// <summary>Name, M or C, perhaps repeats, and type: <c>ITEM NUMBER  M  1 an..35</c>. Null while its end is on the next line.</summary>
    static PrintedElement? Row(string id, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var end = words.Length;
        var type = "";
        if (id[0] is not ('C' or 'S'))
        {
            if (end < 3 || !IsType(words[end - 1]))
                return null;
            type = words[--end];
        }
        var repeats = 1;
        if (end > 1 && int.TryParse(words[end - 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && words[end - 2] is "M" or "C")
        {
            repeats = number;
            end--;
        }
        if (end < 2 || words[end - 1] is not ("M" or "C"))
            return null;
        return new PrintedElement(id, Sentence(string.Join(' ', words.Take(end - 1))), words[end - 1] == "M", type, repeats);
    }

    /// <summary><c>a3</c>, <c>an..35</c>, <c>n..18</c>.</summary>
    public static bool IsType(string word)
    {
        var letters = word.StartsWith("an", StringComparison.Ordinal) ? 2 : word.Length > 0 && word[0] is 'a' or 'n' ? 1 : 0;
        var length = word.AsSpan(letters);
        if (length.StartsWith(".."))
            length = length[2..];
        return letters > 0 && length.Length > 0 && !length.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Names of segments and composites are printed in capitals; everything else keeps its case.</summary>
    static string Sentence(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyInRange('a', 'z') ? name[0] + name[1..].ToLowerInvariant() : name;
}
