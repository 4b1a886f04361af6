using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>
/// Checks the segments of one message, in order, against its definition: place, number, mandatory parts, types and lengths.
/// One cause gives one finding.
/// </summary>
public sealed class MessageValidator(MessageDefinition definition, Findings findings)
{
    public MessageDefinition Definition { get; } = definition;

    readonly Findings findings = findings;

    /// <summary>Starts a message. Call with the header segment (UNH, ST) of the <see cref="EdiEvent.MessageStart"/> event.</summary>
    public void Start(EdiReader reader) => throw new NotSupportedException();

    /// <summary>
    /// Places and checks the reader's current segment.
    /// Returns the id of its node in <see cref="MessageDefinition.Nodes"/>, or -1 when it has no place and is skipped.
    /// A node that is a group's first child starts a new instance of that group.
    /// </summary>
    public int Accept(EdiReader reader) => throw new NotSupportedException();

    /// <summary>Ends the message: what is mandatory and did not come becomes a finding.</summary>
    public void End(EdiReader reader) => throw new NotSupportedException();
}
