using System.Text;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

/// <summary>One pass over a file as the product makes it: read, validate, acknowledge.</summary>
sealed class Reading
{
    readonly Dictionary<MessageDefinition, MessageValidator> validators = [];

    public Findings Findings { get; } = new();

    /// <summary>Types of the messages, in order, and whether the library has their definition.</summary>
    public List<(MessageInfo Info, bool Defined)> Messages { get; } = [];

    public IReadOnlyList<Acknowledgement> Acknowledgements { get; }

    /// <summary>Paths of the segments that were placed, such as <c>850/PO1/PID</c>.</summary>
    public List<string> Places { get; } = [];

    public Reading(
        string text, AcknowledgementOptions? options = null, Func<EdiReader, IReadOnlyList<Finding>>? refuse = null, Leniency? leniency = null)
        : this(new MemoryStream(Encoding.Latin1.GetBytes(text)), options, refuse, leniency)
    {
    }

    /// <param name="input">The file.</param>
    /// <param name="options">Which acknowledgements it is to get.</param>
    /// <param name="refuse">Stands for the application: why it refuses the message that ended; none when it takes it.</param>
    /// <param name="leniency">How bad the faults are that are mended; null = as by default.</param>
    public Reading(
        Stream input, AcknowledgementOptions? options = null, Func<EdiReader, IReadOnlyList<Finding>>? refuse = null, Leniency? leniency = null)
    {
        var acknowledging = new AcknowledgementBuilder(options);
        Findings.Added = acknowledging.Add;
        using var reader = new EdiReader(input, Findings, new() { Leniency = leniency ?? Leniency.Default });
        MessageValidator? validator = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.InterchangeAcknowledgement:
                    MessageValidator.CheckAcknowledgement(reader, Findings);
                    break;
                case EdiEvent.MessageStart:
                    validator = Start(reader);
                    break;
                case EdiEvent.Segment:
                    Place(validator, validator?.Accept(reader) ?? -1);
                    break;
                case EdiEvent.MessageEnd:
                    validator?.End(reader);
                    acknowledging.Identify($"DOC-{reader.Message!.Ordinal}");
                    break;
            }
            acknowledging.Accept(reader);
            if (reader.Event == EdiEvent.MessageEnd && refuse is not null)
                acknowledging.Refuse(refuse(reader));
        }
        Acknowledgements = acknowledging.End();
    }

    /// <summary>Findings of structure and values, as <c>code segment/element/component</c>.</summary>
    public IEnumerable<string> Faults() =>
        Findings.Kept.Where(f => f.Code[..3] is "STR" or "ELM").Select(f => f.At.Element == 0
            ? $"{f.Code} {f.Tag} {f.At.Segment}"
            : f.At.Component == 0 ? $"{f.Code} {f.Tag} {f.At.Segment}/{f.At.Element}" : $"{f.Code} {f.Tag} {f.At.Segment}/{f.At.Element}/{f.At.Component}");

    MessageValidator? Start(EdiReader reader)
    {
        var info = reader.Message!;
        var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, info);
        Messages.Add((info, definition is not null));
        if (definition is null)
        {
            Findings.Add(MessageValidator.Unsupported(reader, info, DefinitionLibrary.Embedded));
            return null;
        }
        if (!validators.TryGetValue(definition, out var validator))
            validators.Add(definition, validator = new MessageValidator(definition, Findings));
        validator.Start(reader);
        return validator;
    }

    void Place(MessageValidator? validator, int node)
    {
        if (validator is null)
            return;
        var nodes = validator.Definition.Nodes;
        var path = node < 0 ? "-" : "";
        for (var at = node; at >= 0; at = nodes[at].Parent)
            if (at == node || nodes[at].Id + 1 != node || at == 0)
                path = $"/{nodes[at].Tag}{path}";
        Places.Add(path.TrimStart('/'));
    }
}
