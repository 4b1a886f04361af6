using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Language;

/// <summary>Places of a message in the words of maps, for who shows them.</summary>
public static class MessagePaths
{
    /// <summary>The path of a segment or group as a map writes it, such as <c>LIN/QTY</c>.</summary>
    public static string Of(MessageDefinition message, int node) => new Structure(message).PathOf(node);
}
