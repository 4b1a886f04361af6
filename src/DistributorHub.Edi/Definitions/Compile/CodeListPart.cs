namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>The codes of one element.</summary>
sealed record PrintedCodeList(string Id, List<(string Code, string Name)> Codes);

/// <summary>
/// Reads code lists (UNCL, in one or two files, and the service codes UNSL). Codes stand left of a column where names begin; a name
/// that is broken goes on in that column, and its description stands further right.
/// </summary>
static class CodeListPart
{
    const int CodeColumnMax = 9;

    public static List<PrintedCodeList> Read(IReadOnlyList<string> lines)
    {
        var lists = new List<PrintedCodeList>();
        foreach (var paragraphs in SegmentPart.Sections(lines))
        {
            if (SegmentPart.Title(paragraphs[0], 4) is not { } title || !SegmentPart.IsId(title.Key))
                continue;
            var list = new PrintedCodeList(title.Key, []);
            var begun = false;
            foreach (var paragraph in paragraphs.Skip(1))
            {
                if (begun)
                    Codes(paragraph, list.Codes);
                begun |= paragraph[0].TrimStart().StartsWith("Repr:", StringComparison.Ordinal);
            }
            if (list.Codes.Count > 0)
                lists.Add(list);
        }
        return lists;
    }

    static void Codes(List<string> paragraph, List<(string Code, string Name)> into)
    {
        var column = -1;
        var inName = false;
        foreach (var line in paragraph)
        {
            if (Code(line) is { } code)
            {
                column = code.Column;
                inName = !code.Deleted;
                if (code.Deleted)
                    continue;
                into.Add((code.Code, code.Name));
            }
            else if (inName && Indent(line) == column)
                into[^1] = (into[^1].Code, $"{into[^1].Name} {line.Trim()}");
            else
                inName = false;
        }
    }

    static (string Code, string Name, int Column, bool Deleted)? Code(string line)
    {
        // Marks of change stand in the first three columns, codes begin right of them.
        var at = 0;
        while (at < line.Length && (line[at] == ' ' || (at < 3 && line[at] is '+' or '*' or '#' or '|' or 'X' or '-')))
            at++;
        var end = line.IndexOf(' ', at);
        if (end < 0 || at > CodeColumnMax)
            return null;
        var name = end;
        while (name < line.Length && line[name] == ' ')
            name++;
        return name < line.Length ? (line[at..end], line[name..].TrimEnd(), name, line.AsSpan(0, Math.Min(at, 3)).Contains('-')) : null;
    }

    static int Indent(string line) => line.Length - line.TrimStart(' ').Length;
}
