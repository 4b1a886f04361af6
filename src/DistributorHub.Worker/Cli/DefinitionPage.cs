using System.Globalization;
using DistributorHub.Edi.Definitions;

namespace DistributorHub.Worker.Cli;

/// <summary>Prints a definition for people.</summary>
sealed class DefinitionPage(TextWriter output, DefinitionDirectory directory, MessageDefinition message)
{
    /// <summary>The tree of groups and segments. Where the definition takes another one's place, each line that differs says so.</summary>
    public void Structure((DefinitionDirectory Directory, MessageDefinition Message)? original)
    {
        output.WriteLine($"{message.Type} {directory.Release}  {directory.Names[message.Type]}".TrimEnd());
        output.WriteLine(directory.Shipped ? "Shipped with the program." : "Imported.");
        var before = original is { } known ? Lines(known.Message) : null;
        if (original is { } other)
            output.WriteLine($"Takes the place of {other.Message.Type} {other.Directory.Release} ({(other.Directory.Shipped ? "shipped" : "imported")}); lines that differ say what that has.");
        output.WriteLine();
        var lines = Lines(message);
        foreach (var (path, node) in lines)
        {
            var depth = path.Count(c => c == '/');
            var group = node.IsGroup ? $"+ {node.Tag}" : node.Tag;
            var star = node.Id == message.Detail ? "  (detail)" : "";
            var change = before is null ? "" : !before.TryGetValue(path, out var was) ? "  <- added"
                : was.Mandatory != node.Mandatory || was.Max != node.Max ? $"  <- was {Use(was)}" : "";
            output.WriteLine($"{new string(' ', depth * 2)}{group}".PadRight(26) + $" {Use(node),-9} {node.Label,-5} {directory.Names[node.Tag]}{star}{change}".TrimEnd());
        }
        foreach (var path in before?.Keys.Where(p => !lines.ContainsKey(p)) ?? [])
            output.WriteLine($"<- removed: {path}");
        foreach (var ambiguity in message.Ambiguities())
            output.WriteLine($"Ambiguous: {ambiguity}");
    }

    /// <summary>The elements of a segment; false when the release does not have it.</summary>
    public bool Segment(string tag)
    {
        if (directory.Segments.Find(tag) is not { } segment)
            return false;
        output.WriteLine($"{tag}  {directory.Names[tag]}  ({directory.Release})");
        output.WriteLine();
        var rows = new List<IReadOnlyList<string?>>();
        foreach (var element in segment.Elements)
        {
            var position = element.Position.ToString("00", CultureInfo.InvariantCulture);
            rows.Add(Row(position, element, ""));
            rows.AddRange(element.Components.Select(c => Row($"{position}.{c.Position}", c, "  ")));
        }
        TextTable.Write(output, ["POS", "ELEMENT", "USE", "TYPE", "CODES", "NAME"], rows);
        foreach (var condition in segment.Conditions)
            output.WriteLine($"Condition {condition.Text}");
        foreach (var pair in segment.Pairs)
            output.WriteLine($"Pairs {pair.Name}: {pair.First:00} to {pair.Last:00}");
        if (segment.Qualifier is { } qualifier)
            output.WriteLine($"Told apart by {Address(qualifier)}");
        if (segment.Value is { } value)
            output.WriteLine($"Value at {Address(value)}");
        if (segment.Moment is { } moment)
            output.WriteLine($"Moment at {Address(moment.Value)}, in the format of {Address(moment.Format)}");
        return true;
    }

    /// <summary>The codes of an element; false when it has none.</summary>
    public bool Codes(string element)
    {
        if (directory.Segments.Codes.Find(element) is not { } codes)
            return false;
        output.WriteLine($"{element}  {directory.Names[element]}  ({directory.Release}): {codes.Count} codes" +
            (directory.Segments.Codes.IsOpen(element) ? "; other values are fine too" : ""));
        var width = codes.Max(c => c.Code.Length);
        if (codes.All(c => c.Name.Length == 0))
            foreach (var line in codes.Chunk(Math.Max(1, 100 / (width + 1))))
                output.WriteLine("  " + string.Join(' ', line.Select(c => c.Code.PadRight(width))).TrimEnd());
        else
            foreach (var (code, name) in codes)
                output.WriteLine($"  {code.PadRight(width)}  {name}");
        return true;
    }

    string?[] Row(string position, ElementDefinition element, string indent)
    {
        var codes = element.Type is ElementType.Text or ElementType.Code ? directory.Segments.Codes.Find(element.Id)?.Count : null;
        return [position, indent + element.Id, element.Mandatory ? "M" : message.Standard == Edi.Parse.Standard.X12 ? "O" : "C", Type(element), codes?.ToString(CultureInfo.InvariantCulture), directory.Names[element.Id]];
    }

    static string Type(ElementDefinition element)
    {
        var name = element.Type switch
        {
            ElementType.Composite => element.Repeats > 1 ? $"composite x{element.Repeats}" : "composite",
            ElementType.Text => element.AlphabeticOnly ? "a" : "an",
            ElementType.Code => "id",
            ElementType.Decimal => "n",
            ElementType.Implied => $"N{element.ImpliedDecimals} ",
            ElementType.Date => "dt",
            ElementType.Time => "tm",
            _ => "b",
        };
        return element.Type == ElementType.Composite ? name
            : element.Min == element.Max ? $"{name}{element.Max}"
            : element.Min > 1 ? $"{name}{element.Min}..{element.Max}"
            : $"{name}..{element.Max}";
    }

    static string Address(ElementAddress at) => at.Component == 0 ? $"{at.Element:00}" : $"{at.Element:00}.{at.Component}";

    /// <summary>Whether a node must be there, and how often it may.</summary>
    public static string Use(Node node) => $"{(node.Mandatory ? 'M' : 'C')} {Count(node.Max)}";

    public static string Count(int max) => max == int.MaxValue ? ">" : max.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nodes by a path that is the same in both of two definitions: <c>LIN/QTY</c>, <c>ALC#2</c>.</summary>
    static Dictionary<string, Node> Lines(MessageDefinition of)
    {
        var paths = new Dictionary<string, Node>(StringComparer.Ordinal);
        var byNode = new string[of.Nodes.Count];
        foreach (var node in of.Nodes.Skip(1))
        {
            var parent = node.Parent > 0 ? byNode[node.Parent] + "/" : "";
            var name = node.IsGroup ? $"{parent}+{node.Tag}" : $"{parent}{node.Tag}";
            var path = name;
            for (var i = 2; paths.ContainsKey(path); i++)
                path = $"{name}#{i}";
            byNode[node.Id] = path;
            paths.Add(path, node);
        }
        return paths;
    }
}
