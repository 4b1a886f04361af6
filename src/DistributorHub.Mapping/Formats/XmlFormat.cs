using System.Text;
using DistributorHub.Edi;

namespace DistributorHub.Mapping.Formats;

/// <summary>XML files of documents whose records stand one after the other, such as catalogues and orders.</summary>
sealed class XmlFormat : FileFormat
{
    /// <summary>What is looked for, from the root of the file.</summary>
    public required XmlStep Root { get; init; }

    /// <summary>Path of the element that is a document, as written.</summary>
    public required string Each { get; init; }

    /// <summary>Number of values of each group, by its tag.</summary>
    public required IReadOnlyDictionary<string, int> Widths { get; init; }

    /// <summary>Value of the header that is the document's number, by which it is found even if it cannot be mapped; null = none is named.</summary>
    public string? Number { get; init; }

    /// <summary>Null: as the file declares, UTF-8 without a declaration.</summary>
    public Encoding? Charset { get; init; }

    public override RecordReader Open(Func<Stream> open, string sender, Findings findings) => new XmlRecords(this, open(), sender, findings);
}

/// <summary>An element on the way of a path, with what is asked of its attributes, and what it is.</summary>
/// <param name="Name">Its local name; namespaces do not count.</param>
/// <param name="Attribute">An attribute that must be one of <paramref name="Values"/>; null asks nothing.</param>
/// <param name="Values">Values of the attribute.</param>
sealed record XmlStep(string Name, string? Attribute, IReadOnlyList<string> Values)
{
    public List<XmlStep> Steps { get; } = [];

    /// <summary>Names from the root of the file, joined by /.</summary>
    public string Path { get; private init; } = "";

    /// <summary>True for the element that is a document.</summary>
    public bool IsDocument { get; set; }

    /// <summary>The group whose instances these elements are, with its place in the structure.</summary>
    public (string Tag, int Node)? Group { get; set; }

    /// <summary>The values that are the element's text.</summary>
    public List<FileField> Text { get; } = [];

    /// <summary>The values that are attributes of the element.</summary>
    public List<(string Attribute, FileField Field)> Attributes { get; } = [];

    /// <summary>Goes a path's elements, making those that are not there; null when a name or condition is none.</summary>
    /// <param name="path">Elements joined by /, with conditions such as <c>PRICE[@type=net]</c>.</param>
    public XmlStep? Go(string path)
    {
        var here = this;
        foreach (var part in path.Split('/'))
        {
            if (Parse(part) is not { } step)
                return null;
            var known = here.Steps.Find(other => other.Name == step.Name && other.Attribute == step.Attribute && other.Values.SequenceEqual(step.Values));
            if (known is null)
                here.Steps.Add(known = step with { Path = here.Path.Length == 0 ? step.Name : $"{here.Path}/{step.Name}" });
            here = known;
        }
        return here;
    }

    static XmlStep? Parse(string part)
    {
        var open = part.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
            return IsName(part) ? new(part, null, []) : null;
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (!part.EndsWith(']') || equals < open + 3 || part[open + 1] != '@' || !IsName(part[..open]) || !IsName(part[(open + 2)..equals]))
            return null;
        return new(part[..open], part[(open + 2)..equals], part[(equals + 1)..^1].Split('|'));
    }

    public static bool IsName(string text) => text.Length > 0 && !text.Contains(':', StringComparison.Ordinal) && System.Xml.XmlReader.IsName(text);
}
