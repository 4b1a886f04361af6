using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Write;

/// <summary>A map that writes, as written: shape checked, expressions still text.</summary>
sealed record WriteAst
{
    /// <summary>Id of the document; null when the map does not say it.</summary>
    public YamlScalar? Document { get; init; }

    /// <summary>The message; null when there is no definition of it.</summary>
    public MessageDefinition? Message { get; init; }

    /// <summary>Code of the association that made the message's subset, such as <c>EAN005</c>; empty = none.</summary>
    public string Assigned { get; init; } = "";

    public required IReadOnlyDictionary<string, Macro> Macros { get; init; }

    public required IReadOnlyList<EntryAst> Entries { get; init; }
}

/// <summary>An entry of <c>write:</c>.</summary>
abstract record EntryAst;

/// <summary><c>- QTY[113]: lines.confirmed_qty</c>, or a segment with its elements below it.</summary>
/// <param name="Key">The segment, with codes of its qualifier, perhaps with one element.</param>
/// <param name="Values">Elements and expressions; the element is null where the segment's own value, or the one its key names, is meant.</param>
sealed record SegmentAst(YamlScalar Key, IReadOnlyList<KeyValuePair<YamlScalar?, YamlScalar>> Values) : EntryAst;

/// <summary>Segments that are written for each row of a list, or only where something holds.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="For">Name of the list, or null.</param>
/// <param name="Group">Tag of the group that each row makes an instance of, with the level's code where it is a level (<c>HL[O]</c>); or null.</param>
/// <param name="Where">Condition, or null.</param>
/// <param name="Entries">The segments.</param>
sealed record BlockEntryAst(YamlNode At, YamlScalar? For, YamlScalar? Group, YamlScalar? Where, IReadOnlyList<EntryAst> Entries) : EntryAst;
