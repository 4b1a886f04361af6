using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Write;

/// <summary>A map that writes and passed every check: immutable, shared by all threads.</summary>
public sealed class CompiledWriteMap
{
    internal CompiledWriteMap(string id, string version, WritePlan plan) => (Id, Version, Program) = (id, version, new(plan));

    public string Id { get; }

    /// <summary>SHA-256 over the texts this map was compiled from (map, code lists, document), in hex: its version.</summary>
    public string Version { get; }

    /// <summary>The message it writes.</summary>
    public MessageDefinition Message => Program.Plan.Message;

    /// <summary>What it is written from.</summary>
    public DocumentDefinition Document => Program.Plan.Document;

    /// <summary>Code of the association that made the message's subset, such as <c>EAN005</c>; empty = none.</summary>
    public string Assigned => Program.Plan.Assigned;

    /// <summary>True when the map is of messages of this standard and type.</summary>
    public bool Makes(Standard standard, string type) => Message.Standard == standard && Message.Type == type;

    internal WriteProgram Program { get; }
}
