using System.Buffers;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Edi.Write;

namespace DistributorHub.Mapping.Write;

/// <summary>What an interchange says of itself, and how it is written. Control numbers are the caller's.</summary>
public sealed record OutboundEnvelope
{
    /// <summary>Syntax, separators, character set and what becomes of characters it does not have.</summary>
    public required WriterOptions Options { get; init; }

    /// <summary>UNB or ISA, with the interchange's control number.</summary>
    public required InterchangeHeading Interchange { get; init; }

    /// <summary>X12: GS02; null = the sender's id.</summary>
    public string? GroupSender { get; init; }

    /// <summary>X12: GS03; null = the recipient's id.</summary>
    public string? GroupRecipient { get; init; }

    /// <summary>X12: GS06; null = the ordinal of the group in the interchange.</summary>
    public string? GroupReference { get; init; }

    /// <summary>UNH 0062 or ST02 of the messages, in order; a message that has none gets its ordinal.</summary>
    public IReadOnlyList<string> MessageReferences { get; init; } = [];

    /// <summary>What the recipient agreed to beyond the message's definition, or null; what is written is checked with it.</summary>
    public Guide? Guide { get; init; }

    /// <summary>Takes down how the elements came about, or null.</summary>
    public WriteTrace? Trace { get; init; }

    /// <summary>Values of <c>$partner.*</c>.</summary>
    public required IReadOnlyDictionary<string, string> Partner { get; init; }
}

/// <summary>Writes documents as one interchange.</summary>
public static class OutboundInterchange
{
    /// <summary>
    /// The interchange; null after findings that are errors: then nothing may be sent. What was written is read again and checked against the message's definition,
    /// so that nothing goes out that the recipient's own check would refuse.
    /// </summary>
    /// <param name="map">The map of all the documents.</param>
    /// <param name="documents">One message is made of each.</param>
    /// <param name="envelope">What stands around them.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static byte[]? Write(CompiledWriteMap map, IReadOnlyList<DocumentData> documents, OutboundEnvelope envelope, Findings findings)
    {
        var before = findings.Errors;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new EdiWriter(output, findings, envelope.Options))
        {
            writer.BeginInterchange(envelope.Interchange);
            if (envelope.Options.Standard == Standard.X12)
                writer.BeginGroup(GroupOf(map, envelope));
            for (var ordinal = 1; ordinal <= documents.Count; ordinal++)
                Message(map, documents[ordinal - 1], ordinal, envelope, writer, findings);
            if (envelope.Options.Standard == Standard.X12)
                writer.EndGroup();
            writer.EndInterchange();
        }
        if (findings.Errors > before)
            return null;
        var bytes = output.WrittenSpan.ToArray();
        Check(map, bytes, envelope.Guide, findings);
        return findings.Errors > before ? null : bytes;
    }

    static void Message(CompiledWriteMap map, DocumentData document, int ordinal, OutboundEnvelope envelope, EdiWriter writer, Findings findings)
    {
        var message = map.Message;
        var release = message.Release.Split('.');
        var isX12 = message.Standard == Standard.X12;
        writer.BeginMessage(new()
        {
            Type = message.Type,
            Reference = ordinal <= envelope.MessageReferences.Count ? envelope.MessageReferences[ordinal - 1] : null,
            Version = isX12 ? "" : release[0],
            Release = isX12 ? "" : release.ElementAtOrDefault(1) ?? "",
            Association = isX12 ? "" : map.Assigned,
        });
        var context = new MapContext
        {
            Partner = envelope.Partner,
            Interchange = new() { Standard = message.Standard },
            Message = new() { Type = message.Type, Ordinal = ordinal },
            File = new Dictionary<string, string>(),
        };
        var run = map.Program.Rent();
        run.Write(document, context, writer, findings, envelope.Trace);
        map.Program.Return(run);
        writer.EndMessage();
    }

    static GroupHeading GroupOf(CompiledWriteMap map, OutboundEnvelope envelope) => new()
    {
        Code = FunctionalGroups.CodeOf(map.Message.Type),
        Sender = new(envelope.GroupSender ?? envelope.Interchange.Sender.Id, ""),
        Recipient = new(envelope.GroupRecipient ?? envelope.Interchange.Recipient.Id, ""),
        Prepared = envelope.Interchange.Prepared,
        Reference = envelope.GroupReference,
        Agency = "X",
        Release = map.Message.Release + map.Assigned,
    };

    static void Check(CompiledWriteMap map, byte[] bytes, Guide? guide, Findings findings)
    {
        using var reader = new EdiReader(new MemoryStream(bytes), findings);
        var validator = new MessageValidator(map.Message, findings, guide?.Definition == map.Message ? guide : null);
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator.Start(reader);
                    break;
                case EdiEvent.Segment:
                    validator.Accept(reader);
                    break;
                case EdiEvent.MessageEnd:
                    validator.End(reader);
                    break;
            }
        }
    }
}
