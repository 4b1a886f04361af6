using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>Collects the parts of a directory and writes them in the forms that <see cref="DefinitionLibrary"/> reads.</summary>
sealed class DirectoryText(string release, List<PrintedSegment> segments)
{
    const int LineWidth = 150;

    /// <summary>
    /// From this repetition on, positions are not written out: such elements are met in syntax 4 only, with the repetition separator.
    /// </summary>
    const int PositionsMax = 25;

    readonly SortedDictionary<string, (string Name, string Table)> messages = new(StringComparer.Ordinal);
    readonly List<PrintedElement> composites = [];
    readonly List<PrintedElement> elements = [];
    readonly SortedDictionary<string, PrintedCodeList> codes = new(StringComparer.Ordinal);
    readonly HashSet<string> tags = [.. segments.Select(s => s.Tag), .. DefinitionNotes.Edifact.Segments];

    /// <summary>A tag of the table that no segment has, or null.</summary>
    public string? Unknown(string table) => Tags(table).FirstOrDefault(tag => !tags.Contains(tag));

    public void Add(string type, string name, string table) => messages[type] = (name, table);

    public void Add(List<PrintedElement> read) => (read is [{ IsComposite: true }, ..] ? composites : elements).AddRange(read);

    public void Add(IEnumerable<PrintedCodeList> lists)
    {
        foreach (var list in lists)
            codes.TryAdd(list.Id, list);
    }

    /// <param name="all">True to keep all names and code lists; false to keep those that the messages' segments use.</param>
    public CompiledDirectory Write(bool all, List<string> problems)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var inMessages = messages.Values.SelectMany(m => Tags(m.Table)).ToHashSet(StringComparer.Ordinal);
        foreach (var segment in segments.Where(s => all || inMessages.Contains(s.Tag)))
            foreach (var element in segment.Elements)
                used.UnionWith([element.Id, .. element.Components.Select(c => c.Id)]);
        var kept = codes.Values.Where(c => used.Contains(c.Id)).ToList();

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (type, message) in messages)
            files.Add($"{type}.txt", $"message {type} {release}\n{message.Table}");
        files.Add("segments.txt", Segments());
        files.Add("names.txt", Names(used));
        if (kept.Count > 0)
            files.Add("codes.txt", Codes(kept));
        return new CompiledDirectory(release, files, problems)
        {
            Messages = [.. messages.Keys],
            Segments = segments.Count,
            Composites = composites.Count,
            Elements = elements.Count,
            CodeLists = kept.Count,
            Codes = kept.Sum(c => c.Codes.Count),
        };
    }

    static IEnumerable<string> Tags(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimStart(' ', '+')[..3]).Distinct(StringComparer.Ordinal);

    string Segments()
    {
        var text = new StringBuilder($"segments {release}\n");
        foreach (var segment in segments.OrderBy(s => s.Tag, StringComparer.Ordinal))
        {
            var line = new StringBuilder(segment.Tag).Append(' ');
            foreach (var element in Folded(segment.Elements, inComposite: false))
            {
                if (line.Length + element.Length + 2 > LineWidth)
                {
                    text.Append(line).Append('\n');
                    line.Clear().Append("   ");
                }
                line.Append(' ').Append(element).Append(' ');
            }
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Elements in compact form; equal ones in a row are one with a number, as in <c>C212!x5{…}</c>.</summary>
    static IEnumerable<string> Folded(List<PrintedElement> all, bool inComposite)
    {
        for (var i = 0; i < all.Count;)
        {
            var first = all[i];
            var last = i + 1;
            // Only a first mandatory one is told from the others: the compact form marks no other.
            while (last < all.Count && Same(first, all[last]) && first.Repeats == 1)
                last++;
            var count = last - i;
            var repeats = first.Repeats == 1 ? "" : !inComposite && last == all.Count && first.Repeats <= PositionsMax
                ? string.Create(CultureInfo.InvariantCulture, $"x{first.Repeats}")
                : string.Create(CultureInfo.InvariantCulture, $"*{first.Repeats}");
            if (count > 1)
                repeats = string.Create(CultureInfo.InvariantCulture, $"x{count}");
            var body = first.IsComposite ? $"{{{string.Join(", ", Folded(first.Components, inComposite: true))}}}" : $" {first.Type}";
            yield return $"{first.Id}{(first.Mandatory ? "!" : "")}{repeats}{body}";
            i = last;
        }
    }

    static bool Same(PrintedElement first, PrintedElement other) =>
        first.Id == other.Id && first.Type == other.Type && first.Repeats == other.Repeats && !other.Mandatory
        && first.Components.Count == other.Components.Count && first.Components.Zip(other.Components).All(p => p.First.Mandatory == p.Second.Mandatory && p.First.Id == p.Second.Id && p.First.Type == p.Second.Type);

    string Names(HashSet<string> used)
    {
        var text = new StringBuilder($"names {release}\n");
        foreach (var (type, message) in messages.Where(m => m.Value.Name.Length > 0))
            text.Append(CultureInfo.InvariantCulture, $"{type} {message.Name}\n");
        foreach (var segment in segments.OrderBy(s => s.Tag, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{segment.Tag} {segment.Name}\n");
        foreach (var element in composites.Concat(elements).Where(e => used.Contains(e.Id)).OrderBy(e => e.Id, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{element.Id} {element.Name}\n");
        return text.ToString();
    }

    string Codes(List<PrintedCodeList> kept)
    {
        var text = new StringBuilder($"codes {release}\n");
        foreach (var list in kept)
        {
            text.Append(list.Id).Append('\n');
            foreach (var (code, name) in list.Codes)
                text.Append(CultureInfo.InvariantCulture, $" {code} {name}\n");
        }
        return text.ToString();
    }
}
