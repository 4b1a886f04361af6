namespace DistributorHub.Edi.Definitions;

/// <summary>
/// What the hub knows of a standard beyond its directories, the same for all releases: where qualifiers and values stand, which group is the
/// detail, and the service segments that no directory prints.
/// <code>
/// notes edifact
/// detail ORDERS LIN                                 the outermost group that LIN begins
/// segment UNS  0081! a1                             a segment that no directory has
/// open 1131                                         an element whose list is not complete: any value is fine
/// QTY  ~C186.6063=C186.6060                         qualifier and value, as <see cref="SegmentDictionaryReader"/> reads them
/// </code>
/// A second line for the same segment is tried where the first does not fit the release.
/// </summary>
sealed class DefinitionNotes
{
    readonly Dictionary<string, string> details = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<string>> facts = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> segments = new(StringComparer.Ordinal);
    readonly HashSet<string> open = new(StringComparer.Ordinal);

    /// <exception cref="DefinitionTextException">A line is no note.</exception>
    public DefinitionNotes(string text, string source)
    {
        foreach (var (number, _, all) in DefinitionLines.Entries(DefinitionLines.Of(text)))
        {
            var words = all.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["detail", var type, var tag]:
                    details[type] = tag.Trim();
                    break;
                case ["open", var element]:
                    open.Add(element);
                    break;
                case ["segment", var tag, var elements]:
                    segments[tag] = $"{tag}  {elements}";
                    break;
                case [var tag, ..] when tag.Length is 2 or 3 && words.Length > 1:
                    if (!facts.TryGetValue(tag, out var known))
                        facts.Add(tag, known = []);
                    known.Add(all[tag.Length..].Trim());
                    break;
                default:
                    throw new DefinitionTextException(source, number, $"Found \"{all}\"; expected \"detail MESSAGE TAG\", \"segment TAG …\", \"open ELEMENT\" or a tag with its notes.");
            }
        }
    }

    public static DefinitionNotes None { get; } = new("notes none", "none");

    public static DefinitionNotes Edifact { get; } = new(EmbeddedText.Read("definitions/edifact/notes.txt"), "edifact/notes.txt");

    public static DefinitionNotes X12 { get; } = new(EmbeddedText.Read("definitions/x12/notes.txt"), "x12/notes.txt");

    /// <summary>Tags of the segments that are defined here.</summary>
    public IReadOnlyCollection<string> Segments => segments.Keys;

    /// <summary>Tags that have notes.</summary>
    public IReadOnlyCollection<string> Noted => facts.Keys;

    /// <summary>The tag that begins the detail group of a message, or null.</summary>
    public string? Detail(string type) => details.GetValueOrDefault(type);

    /// <summary>True when the element's code list is not complete.</summary>
    public bool IsOpen(string element) => open.Contains(element);

    /// <summary>Notes of a segment, in order of preference.</summary>
    public IReadOnlyList<string> Of(string tag) => facts.GetValueOrDefault(tag) ?? [];

    /// <summary>The text of a segment that is defined here.</summary>
    internal string Segment(string tag) => segments[tag];
}
