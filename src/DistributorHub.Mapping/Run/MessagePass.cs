using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Mapping;

/// <summary>One pass over a file of EDI into memory: each message that somebody takes is checked and mapped.</summary>
public static class MessagePass
{
    /// <summary>Reads to the end of the file.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="start">Answers at a message's start who maps it, and the guide it is checked with; null = nobody, and it is passed over.</param>
    /// <param name="end">Is told of each that was mapped to its end, where the reader still stands.</param>
    public static void Read(EdiReader reader, Findings findings, Func<EdiReader, (MessageMapper? Mapper, Guide? Guide)> start, Action<MessageMapper>? end = null)
    {
        MessageValidator? validator = null;
        MessageMapper? mapper = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    (mapper, var guide) = start(reader);
                    validator = MessageValidator.Next(validator, mapper?.Map.Message, findings, guide);
                    validator?.Start(reader);
                    break;
                case EdiEvent.Segment:
                    if (validator?.Accept(reader) is { } node and >= 0)
                        mapper!.Accept(reader, node);
                    break;
                case EdiEvent.MessageEnd when mapper is not null:
                    validator!.End(reader);
                    mapper.End();
                    end?.Invoke(mapper);
                    break;
            }
        }
    }
}
