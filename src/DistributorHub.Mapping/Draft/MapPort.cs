using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Draft;

/// <summary>
/// What a map would have to change to read another release of its message: what no longer compiles there, codes that release does not have (MAP1701), and
/// values that are of another type or length there (MAP1702, a warning).
/// </summary>
public sealed class MapPort
{
    const string CodeGone = "MAP1701", Changed = "MAP1702";

    readonly MessageDefinition before, after;
    readonly HashSet<Diagnostic> told = [];
    readonly List<Diagnostic> found = [];

    MapPort(MessageDefinition before, MessageDefinition after) => (this.before, this.after) = (before, after);

    /// <summary>All that changes, in the order of the file; places are those of the map as it stands.</summary>
    /// <param name="library">The folder of mappings.</param>
    /// <param name="id">The map; it has to compile as it is.</param>
    /// <param name="release">A release that there is a definition of.</param>
    /// <param name="partner">Whose code lists go before the shared ones, or null.</param>
    /// <returns>Null when the map has mistakes already, which then are in <paramref name="mistakes"/>.</returns>
    public static IReadOnlyList<Diagnostic>? Compare(MapLibrary library, string id, string release, string? partner, ICollection<Diagnostic> mistakes)
    {
        if (library.Compile(id, partner, mistakes) is not { } map || library.Definitions.Find(map.Message.Standard, map.Message.Type, release) is not { } after)
            return null;
        var file = MapLibrary.FileOf(id);
        var unresolved = new List<Diagnostic>();
        library.With(new Dictionary<string, string>(StringComparer.Ordinal) { [file] = WithRelease(library.Text(file)!, release) }).Compile(id, partner, unresolved);
        var port = new MapPort(map.Message, after);
        port.Look(map.Plan);
        // What does not resolve at all has changed no codes or lengths.
        var gone = unresolved.Where(mistake => !mistake.Warning).Select(mistake => mistake.Line).ToHashSet();
        return [.. unresolved.Concat(port.found.Where(change => !gone.Contains(change.Line))).OrderBy(d => (d.File, d.Line, d.Column))];
    }

    /// <summary>The text of a map for another release, with every other line where it was.</summary>
    internal static string WithRelease(string text, string release)
    {
        if (((YamlFile.Read("", text, [])?.Find("from") as YamlMap)?.Find("release")) is not { } node)
            return text;
        var lines = text.Split('\n');
        var first = node is YamlList { Items: [YamlScalar item, ..] } ? item : node;
        var (start, end) = Extent(lines[first.Line - 1], (YamlScalar)first);
        if (node is YamlList list)
        {
            // A list on one line goes whole; of one item a line, the others become empty lines.
            foreach (var other in list.Items.Skip(1).OfType<YamlScalar>())
                if (other.Line == first.Line)
                    end = Extent(lines[other.Line - 1], other).End;
                else
                    lines[other.Line - 1] = "";
        }
        var line = lines[first.Line - 1];
        lines[first.Line - 1] = $"{line[..start]}'{release}'{line[end..]}";
        return string.Join('\n', lines);
    }

    static (int Start, int End) Extent(string line, YamlScalar scalar) =>
        (scalar.Column - 1, scalar.Column - 1 + scalar.Text.Length + (line[scalar.Column - 1] is '\'' or '"' ? 2 : 0));

    void Look(MapPlan plan)
    {
        foreach (var asked in AskedCodes.Of(plan))
            Codes(asked.Tag, asked.At, asked.Codes, asked.Place, asked.List);
        foreach (var path in AskedCodes.Rules(plan).SelectMany(rule => Streams.Reads(rule, _ => null)).Select(read => read.Path))
            if (path is { Slots: [var slot, ..], Segments: [var node, ..] })
                Compare(path, before.Nodes[node].Tag, slot.Value);
    }

    void Codes(string tag, ElementAddress address, IEnumerable<string> codes, Place at, string? list)
    {
        if (Element(before, tag, address) is not { } element || before.Segments.Codes.Find(element.Id) is not { } old || after.Segments.Codes.Find(element.Id) is not { } next
            || after.Segments.Codes.IsOpen(element.Id))
            return;
        var now = next.Select(code => code.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var code in codes.Where(code => !now.Contains(code)))
        {
            // A code that is in neither is one of the partner's: nothing changes for it.
            if (old.FirstOrDefault(known => known.Code == code) is not { Code: not null } gone)
                continue;
            var near = gone.Name.Length == 0 ? null : next.FirstOrDefault(other => string.Equals(other.Name, gone.Name, StringComparison.OrdinalIgnoreCase)).Code;
            Tell(at, CodeGone, $"{after.Type} {after.Release} has no code {code}{(gone.Name.Length > 0 ? $" ({gone.Name})" : "")} in {tag} {element.Id}{(list is null ? "" : $", which the list {list} takes")}.",
                near is null ? null : $"it is {near} there", warning: list is not null);
        }
    }

    void Compare(BoundPath path, string tag, ElementAddress address)
    {
        if (Element(before, tag, address) is not { } old || Same(old, tag, address) is not { } now)
            return;
        if (Form(old) != Form(now))
            Tell(path.Place, Changed, $"{path.Text} is {Form(now)} in {after.Type} {after.Release}, and {Form(old)} in {before.Release}.", "see whether its column still fits", warning: true);
    }

    /// <summary>The element of the same id in the other release; in X12, where values go by position, that at the same place.</summary>
    ElementDefinition? Same(ElementDefinition element, string tag, ElementAddress address)
    {
        if (Element(after, tag, address) is { } there && there.Id == element.Id)
            return there;
        return after.Segments.Find(tag)?.Elements.SelectMany(e => e.Components.Count > 0 ? e.Components : [e]).FirstOrDefault(e => e.Id == element.Id);
    }

    static ElementDefinition? Element(MessageDefinition message, string tag, ElementAddress address)
    {
        var element = message.Segments.Find(tag)?.Elements.FirstOrDefault(e => e.Position == address.Element);
        return address.Component == 0 || element is null || element.Components.Count == 0 ? element : element.Components.FirstOrDefault(c => c.Position == address.Component);
    }

    static string Form(ElementDefinition element)
    {
        var kind = element.Type switch
        {
            ElementType.Text when element.AlphabeticOnly => "letters",
            ElementType.Text or ElementType.Code => "text",
            ElementType.Implied => string.Create(CultureInfo.InvariantCulture, $"a number with {element.ImpliedDecimals} implied decimals"),
            ElementType.Decimal => "a number",
            var other => other.ToString().ToLowerInvariant(),
        };
        return element.Max == int.MaxValue ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind} of at most {element.Max}");
    }

    void Tell(Place at, string code, string message, string? hint, bool warning)
    {
        var diagnostic = new Diagnostic(at.File, at.Line, at.Column, code, message, hint, warning);
        if (told.Add(diagnostic))
            found.Add(diagnostic);
    }
}
