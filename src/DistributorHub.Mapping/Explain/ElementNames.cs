using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Explain;

/// <summary>Full paths of the values of a message, as a map could write them.</summary>
sealed class ElementNames(MessageDefinition message)
{
    readonly Structure structure = new(message);

    public Structure Structure => structure;

    /// <summary>The path of a value, such as <c>LIN/QTY.C186.6060</c> or <c>PO1/PID05</c>; of a whole segment with element 0.</summary>
    public string Of(int node, int element, int component)
    {
        var path = structure.PathOf(node);
        if (element == 0)
            return path;
        // Values of files that are no EDI are named alone.
        if (message.Standard > Standard.X12)
            return NameOf(structure[node].Tag, element, component);
        var dot = message.Standard == Standard.X12 && !path.EndsWith("@sum", StringComparison.Ordinal) ? "" : ".";
        return path + dot + NameOf(structure[node].Tag, element, component);
    }

    /// <summary>The name of an element and component of a segment: <c>C186.6060</c>, <c>05</c>.</summary>
    public string NameOf(string tag, int element, int component)
    {
        if (message.Standard == Standard.X12)
            return Invariant($"{element:00}{(component > 1 ? $".{component}" : "")}");
        if (message.Segments.Find(tag)?.Elements.FirstOrDefault(e => e.Position == element) is not { } found)
            return Invariant($"{element:00}");
        if (found.Components.Count == 0)
            return found.Id;
        var inner = found.Components.FirstOrDefault(c => c.Position == Math.Max(component, 1));
        return $"{found.Id}.{inner?.Id ?? component.ToString(CultureInfo.InvariantCulture)}";
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
