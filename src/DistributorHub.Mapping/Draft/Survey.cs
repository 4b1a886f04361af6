using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Explain;

namespace DistributorHub.Mapping.Draft;

/// <summary>A file as a partner sends it.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Open">Opens it from its start.</param>
public sealed record SampleFile(string Name, Func<Stream> Open);

/// <summary>Messages of one type in the samples.</summary>
public sealed class SurveyedMessages
{
    readonly Dictionary<MessageDefinition, UnreadValues> values = [];

    public required Standard Standard { get; init; }

    /// <summary>ORDERS, 850.</summary>
    public required string Type { get; init; }

    /// <summary>Releases as the envelopes name them.</summary>
    public SortedSet<string> Releases { get; } = new(StringComparer.Ordinal);

    /// <summary>Releases there is no definition of.</summary>
    public SortedSet<string> Unknown { get; } = new(StringComparer.Ordinal);

    /// <summary>The definitions they are of, the most frequent first.</summary>
    public IReadOnlyList<MessageDefinition> Definitions => [.. counts.OrderByDescending(c => c.Value).Select(c => c.Key)];

    /// <summary>Messages seen.</summary>
    public long Count { get; private set; }

    readonly Dictionary<MessageDefinition, long> counts = [];

    internal UnreadValues? Note(MessageInfo message, MessageDefinition? definition)
    {
        Count++;
        (definition is null ? Unknown : Releases).Add(message.FullRelease);
        if (definition is null)
            return null;
        counts[definition] = counts.GetValueOrDefault(definition) + 1;
        if (!values.TryGetValue(definition, out var seen))
            values.Add(definition, seen = new(definition));
        return seen;
    }

    /// <summary>Every value of the messages of a definition, with the place of its segment.</summary>
    internal IEnumerable<(int Node, UnreadValue Value)> ValuesOf(MessageDefinition definition) => values[definition].ByNode;
}

/// <summary>What stands in some sample files: who sent them to whom, and which messages with which values.</summary>
public sealed class Survey
{
    readonly List<(Standard Standard, Party Sender)> senders = [];
    readonly List<SurveyedMessages> messages = [];
    readonly List<string> withoutSender = [];

    /// <summary>Senders of interchanges, each once, in the order they came.</summary>
    public IReadOnlyList<(Standard Standard, Party Sender)> Senders => senders;

    /// <summary>Names of files that say nowhere who sent them.</summary>
    public IReadOnlyList<string> WithoutSender => withoutSender;

    /// <summary>Their messages by type, in the order they came.</summary>
    public IReadOnlyList<SurveyedMessages> Messages => messages;

    /// <summary>Currencies that headers name, each once.</summary>
    public IReadOnlyList<string> Currencies =>
    [
        .. from kind in messages
           from definition in kind.Definitions
           from value in kind.ValuesOf(definition)
           where value.Value.Path is "CUX.C504[2].6345" or "CUR02"
           from code in value.Value.Samples
           where code.Length == 3 && code.All(char.IsAsciiLetterUpper)
           group code by code into same
           select same.Key,
    ];

    /// <summary>Reads all files once.</summary>
    /// <param name="files">The samples.</param>
    /// <param name="definitions">The message definitions there are.</param>
    public static Survey Of(IReadOnlyList<SampleFile> files, DefinitionLibrary definitions)
    {
        var survey = new Survey();
        foreach (var file in files)
            survey.Read(file, definitions);
        return survey;
    }

    void Read(SampleFile file, DefinitionLibrary definitions)
    {
        var findings = new Findings();
        using var reader = new EdiReader(file.Open(), findings);
        MessageValidator? validator = null;
        UnreadValues? values = null;
        var named = false;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.InterchangeStart when reader.Interchange!.Sender.Id.Length > 0:
                    named = true;
                    var sender = (reader.Interchange.Standard, reader.Interchange.Sender);
                    if (!senders.Contains(sender))
                        senders.Add(sender);
                    break;
                case EdiEvent.MessageStart:
                    var definition = definitions.Find(reader.Interchange!.Standard, reader.Message!);
                    values = Kind(reader.Interchange.Standard, reader.Message!.Type).Note(reader.Message, definition);
                    validator = MessageValidator.Next(validator, definition, findings);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    if (validator?.Accept(reader) is { } node and >= 0)
                        values!.See(reader.Segment, node, reader.Position);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    break;
            }
        }
        if (!named)
            withoutSender.Add(file.Name);
    }

    SurveyedMessages Kind(Standard standard, string type)
    {
        var kind = messages.Find(m => m.Standard == standard && m.Type == type);
        if (kind is null)
            messages.Add(kind = new() { Standard = standard, Type = type });
        return kind;
    }
}
