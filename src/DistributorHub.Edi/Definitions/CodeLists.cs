using System.Collections.Concurrent;
using System.Text;

namespace DistributorHub.Edi.Definitions;

/// <summary>A code and its name; the name is empty where only the code may be given (X12).</summary>
public readonly record struct CodeValue(string Code, string Name);

/// <summary>
/// The code lists of one release, read from compact text, each when it is first asked for.
/// <code>
/// codes D.96A
/// 6063                          an element
///  1 Discrete quantity          its codes with their names, one a line, or
/// 1073 N Y U                    without names, behind it
/// </code>
/// </summary>
public sealed class CodeLists
{
    readonly Lazy<byte[]> text;
    readonly Lazy<Dictionary<string, Range>> sections;
    readonly ConcurrentDictionary<string, CodeSet?> sets = new(StringComparer.Ordinal);
    readonly string source;
    readonly DefinitionNotes notes;

    /// <param name="read">Gives the UTF-8 text; called once, when the first list is asked for.</param>
    /// <param name="source">Names the text in errors.</param>
    /// <param name="notes">Says which lists are not complete; null = all are.</param>
    internal CodeLists(Func<byte[]> read, string source, DefinitionNotes? notes = null)
    {
        this.source = source;
        this.notes = notes ?? DefinitionNotes.None;
        text = new(read);
        sections = new(Index);
    }

    /// <summary>No lists: any value is fine.</summary>
    internal static CodeLists None { get; } = new(static () => "codes -\n"u8.ToArray(), "none");

    /// <summary>Ids of the elements that have a list, in order.</summary>
    /// <exception cref="DefinitionTextException">The text is no code lists.</exception>
    public IEnumerable<string> Elements => sections.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>The codes of an element, or null when it has no list and takes any value.</summary>
    /// <exception cref="DefinitionTextException">The text is no code lists.</exception>
    public IReadOnlyList<CodeValue>? Find(string element)
    {
        if (!sections.Value.TryGetValue(element, out var range))
            return null;
        var codes = new List<CodeValue>();
        var lines = Encoding.UTF8.GetString(text.Value.AsSpan(range)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        codes.AddRange(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(code => new CodeValue(code, "")));
        foreach (var line in lines.Skip(1))
        {
            var code = line.AsSpan().Trim();
            var end = code.IndexOf(' ');
            codes.Add(end < 0 ? new(code.ToString(), "") : new(code[..end].ToString(), code[end..].Trim().ToString()));
        }
        return codes;
    }

    /// <summary>True when the list is there for people to read, and other values are fine too.</summary>
    public bool IsOpen(string element) => notes.IsOpen(element);

    /// <summary>The codes of an element for checking, or null when it takes any value.</summary>
    internal CodeSet? Set(string element) =>
        sets.GetOrAdd(element, static (id, lists) => !lists.IsOpen(id) && lists.sections.Value.TryGetValue(id, out var range) ? new CodeSet(lists.Codes(range)) : null, this);

    /// <summary>The codes of a list without their names: most lists are only ever checked.</summary>
    List<string> Codes(Range range)
    {
        var codes = new List<string>();
        var list = text.Value.AsSpan(range);
        for (var first = true; !list.IsEmpty; first = false)
        {
            var end = list.IndexOf((byte)'\n');
            var line = (end < 0 ? list : list[..end]).Trim(" \r"u8);
            list = end < 0 ? default : list[(end + 1)..];
            var word = line.IndexOf((byte)' ');
            if (!first)
                codes.Add(Encoding.UTF8.GetString(word < 0 ? line : line[..word]));
            else if (word > 0)
                codes.AddRange(Encoding.UTF8.GetString(line[word..]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        return codes;
    }

    Dictionary<string, Range> Index()
    {
        var bytes = text.Value;
        if (!bytes.AsSpan().StartsWith("codes "u8))
            throw new DefinitionTextException(source, 1, "Expected \"codes RELEASE\" on the first line.");
        var found = new Dictionary<string, Range>(StringComparer.Ordinal);
        string? id = null;
        var begin = 0;
        for (var at = bytes.AsSpan().IndexOf((byte)'\n') + 1; at > 0 && at < bytes.Length;)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            var next = length < 0 ? bytes.Length : at + length + 1;
            if (bytes[at] is not ((byte)' ' or (byte)'\n' or (byte)'\r'))
            {
                if (id is not null)
                    found[id] = begin..at;
                var line = Encoding.UTF8.GetString(bytes.AsSpan(at, next - at)).Trim();
                var end = line.IndexOf(' ', StringComparison.Ordinal);
                id = end < 0 ? line : line[..end];
                begin = at;
            }
            at = next;
        }
        if (id is not null)
            found[id] = begin..bytes.Length;
        return found;
    }
}
