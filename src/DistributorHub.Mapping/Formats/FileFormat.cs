using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// What a map's <c>from:</c> says of files that have no envelope: which values they hold, and how they are written. Each document of such a file is read as
/// the segments of a message, so that everything behind the reader is the same as for EDI.
/// </summary>
abstract class FileFormat
{
    public required MessageDefinition Message { get; init; }

    /// <summary>Every value that rules can name.</summary>
    public required IReadOnlyDictionary<string, FileField> Fields { get; init; }

    /// <summary>The mark that numbers are written with.</summary>
    public char DecimalMark { get; init; } = '.';

    /// <summary>What stands between the thousands of a number, or NUL.</summary>
    public char ThousandsMark { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="open">Opens the file from its first byte; what it gives is closed with the reader.</param>
    /// <param name="sender">Id of the partner whose file it is.</param>
    /// <param name="findings">Takes what is wrong with it.</param>
    public abstract RecordReader Open(Func<Stream> open, string sender, Findings findings);

    /// <summary>What stands for the interchange that such a file does not have.</summary>
    public InterchangeInfo Envelope(string sender) => new()
    {
        Ordinal = 1,
        Standard = Message.Standard,
        Sender = new(sender, ""),
        Recipient = new("", ""),
        Delimiters = new Delimiters { Decimal = (byte)DecimalMark },
    };
}

/// <summary>A value that rules name, and the segment it is read into.</summary>
/// <param name="Name">As rules write it.</param>
/// <param name="Group">Tags of the groups from the message to its segment; the last is the segment's.</param>
/// <param name="Definition">What it is, and its position in the segment.</param>
sealed record FileField(string Name, IReadOnlyList<string> Group, ElementDefinition Definition)
{
    /// <summary>True when numbers are written with marks between their thousands.</summary>
    public bool IsNumber => Definition.Type == ElementType.Decimal;
}

/// <summary>A group of values that stand together, once or many times: the header, the record, and what repeats in a record.</summary>
/// <param name="Tag">Its name, which is the tag of its segment.</param>
/// <param name="Elements">Its values, in order of position.</param>
/// <param name="Groups">What repeats in it.</param>
sealed record FieldGroup(string Tag, IReadOnlyList<ElementDefinition> Elements, IReadOnlyList<FieldGroup> Groups)
{
    public const string Header = "header", Record = "record";

    /// <summary>The groups as the structure of a message: the header once, then the records, one of which is held at a time.</summary>
    /// <param name="standard">What the file is written in.</param>
    /// <param name="type">What the document is called.</param>
    /// <param name="header">What stands once, or null.</param>
    /// <param name="record">What repeats.</param>
    public static MessageDefinition ToMessage(Standard standard, string type, FieldGroup? header, FieldGroup record)
    {
        var nodes = new List<Node>();
        var segments = new List<SegmentDefinition>();
        var children = new List<int>();
        nodes.Add(null!);
        if (header is not null)
        {
            children.Add(1);
            nodes.Add(new() { Id = 1, Parent = 0, Tag = header.Tag, IsGroup = false, Mandatory = true, Max = 1, Children = [], End = 2 });
            segments.Add(new() { Tag = header.Tag, Elements = header.Elements });
        }
        children.Add(nodes.Count);
        Add(record, parent: 0, nodes, segments);
        nodes[0] = new() { Id = 0, Parent = -1, Tag = type, IsGroup = true, Mandatory = true, Max = 1, Children = children, End = nodes.Count };
        return new() { Standard = standard, Type = type, Release = "", Nodes = nodes, Detail = children[^1], Segments = SegmentDictionary.Of(segments) };
    }

    static void Add(FieldGroup group, int parent, List<Node> nodes, List<SegmentDefinition> segments)
    {
        var id = nodes.Count;
        segments.Add(new() { Tag = group.Tag, Elements = group.Elements });
        nodes.Add(null!);
        nodes.Add(new() { Id = id + 1, Parent = id, Tag = group.Tag, IsGroup = false, Mandatory = true, Max = 1, Children = [], End = id + 2 });
        var children = new List<int> { id + 1 };
        foreach (var inner in group.Groups)
        {
            children.Add(nodes.Count);
            Add(inner, id, nodes, segments);
        }
        nodes[id] = new() { Id = id, Parent = parent, Tag = group.Tag, IsGroup = true, Mandatory = false, Max = int.MaxValue, Children = children, End = nodes.Count };
    }
}
