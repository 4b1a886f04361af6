using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>
/// Checks the segments of one message, in order, against its definition: place, number, mandatory parts, types and lengths.
/// One cause gives one finding. One validator checks any number of messages of its definition, one after the other.
/// </summary>
public sealed class MessageValidator
{
    readonly Findings findings;
    readonly StructureCursor cursor;
    readonly SegmentRules[] rules;
    readonly ElementCheck check = new();
    readonly FindingWriter writer;
    readonly TreeCheck tree = new();
    readonly HashSet<(ElementDefinition, string)> unknownCodes = [];
    readonly GuideCheck? guideCheck;

    /// <param name="definition">What the messages are checked against.</param>
    /// <param name="findings">Gets what is wrong with them.</param>
    /// <param name="guide">What the partner agreed to beyond the definition, or null; it is one of this definition.</param>
    public MessageValidator(MessageDefinition definition, Findings findings, Guide? guide = null)
    {
        if (guide is not null && guide.Definition != definition)
            throw new ArgumentException($"Guide {guide.Id} is one of {guide.Definition.Type} {guide.Definition.Release}.", nameof(guide));
        (Definition, Guide) = (definition, guide);
        this.findings = findings;
        cursor = new StructureCursor(definition.Structure);
        rules = definition.Rules;
        writer = new FindingWriter(definition, cursor, findings);
        guideCheck = guide is null ? null : new(guide, cursor, writer, findings);
    }

    /// <summary>What the messages are checked against.</summary>
    public MessageDefinition Definition { get; }

    /// <summary>What the partner agreed to beyond the definition, or null.</summary>
    public Guide? Guide { get; }

    /// <summary>
    /// The validator of the next message: the one before when that has the same definition and guide, null without a definition.
    /// </summary>
    public static MessageValidator? Next(MessageValidator? before, MessageDefinition? definition, Findings findings, Guide? guide = null) =>
        definition is null ? null : before?.Definition == definition && before.Guide == guide ? before : new(definition, findings, guide);

    /// <summary>Starts a message. Call with the header segment (UNH, ST) of the <see cref="EdiEvent.MessageStart"/> event.</summary>
    public void Start(EdiReader reader)
    {
        cursor.Reset();
        guideCheck?.Start();
        tree.Reset();
        unknownCodes.Clear();
        if (reader.Interchange is { } interchange)
            check.Use(interchange);
    }

    /// <summary>
    /// Places and checks the reader's current segment.
    /// Returns the id of its node in <see cref="MessageDefinition.Nodes"/>, or -1 when it has no place and is skipped.
    /// A node that is a group's first child starts a new instance of that group. When the groups around it were not begun
    /// (a PRICAT line without PGI), a finding says so and they count as begun.
    /// </summary>
    public int Accept(EdiReader reader)
    {
        var segment = reader.Segment;
        var (node, fault) = cursor.Accept(segment.Tag);
        if (fault is not (PlaceFault.None or PlaceFault.Consequence) && !(fault == PlaceFault.NotInMessage && guideCheck?.TakesUnknown(reader) == true))
            writer.Place(reader, node, fault);
        if (node < 0)
            return node;

        var segmentRules = rules[node];
        check.Run(segment, segmentRules);
        guideCheck?.Accept(reader, node, segmentRules, check.Faults);
        foreach (var found in check.Faults)
            if (found.Fault != ValueFault.CodeUnknown || IsNew(segment, found))
                writer.Value(reader, node, segmentRules, found);
        if (segmentRules.Definition.Tree is { } levels)
            Tree(reader, node, levels);
        return node;
    }

    /// <summary>Ends the message: what is mandatory and did not come becomes a finding.</summary>
    public void End(EdiReader reader)
    {
        if (findings.CutOff)
            return;
        writer.Missing(reader, cursor.End());
        guideCheck?.End(reader);
    }

    /// <summary>Checks the TA1 of an <see cref="EdiEvent.InterchangeAcknowledgement"/>, which stands in no message.</summary>
    public static void CheckAcknowledgement(EdiReader reader, Findings findings)
    {
        var validator = new MessageValidator(DefinitionLibrary.InterchangeAcknowledgement, findings);
        validator.Start(reader);
        validator.Accept(reader);
    }

    /// <summary>The finding for a message of a type or release the library has no definition for. It names the nearest releases that are there.</summary>
    public static Finding Unsupported(EdiReader reader, MessageInfo message, DefinitionLibrary definitions)
    {
        const int releasesNamed = 3;
        var standard = reader.Interchange?.Standard ?? Standard.Edifact;
        var nearest = definitions.Nearest(standard, message.Type, message.FullRelease);
        var named = string.Join(", ", nearest.Take(releasesNamed));
        var (type, release) = (FindingWriter.Quote(message.Type), FindingWriter.Quote(message.FullRelease));
        return new()
        {
            Code = Codes.MessageUnsupported,
            Severity = Severity.Error,
            At = reader.Position,
            Tag = Encoding.UTF8.GetString(reader.Segment.Tag),
            Found = FindingWriter.Quote($"{type} {release}"),
            Expected = nearest.Count == 0 ? null : nearest.Count == 1 ? $"{type} {named}" : $"{type} of a release such as {named}",
            Message = nearest.Count == 0
                ? $"The hub has no definition of {type}, in no release."
                : $"The hub has no definition of {type} {release}; the nearest {(nearest.Count == 1 ? "is" : "are")} {named}.",
            Advice = standard == Standard.X12
                ? "Agree with the partner on a set and release the hub knows."
                : "Import the release's directory (hub definitions import), or agree with the partner on a release the hub knows.",
            Acknowledgement = standard == Standard.X12 ? "AK502:1" : "14",
        };
    }

    /// <summary>A code that is unknown is so on every line: one cause is one finding.</summary>
    bool IsNew(Segment segment, in ValueFinding found) =>
        unknownCodes.Count < Limits.UnknownCodesMax
        && unknownCodes.Add((found.Rule!.Definition, Encoding.UTF8.GetString(segment.Text.Slice(found.Start, found.Length))));

    void Tree(EdiReader reader, int node, TreeDefinition levels)
    {
        var segment = reader.Segment;
        var id = Encoding.UTF8.GetString(segment.Value(levels.Id).TrimEnd((byte)' '));
        var parent = Encoding.UTF8.GetString(segment.Value(levels.Parent).TrimEnd((byte)' '));
        var number = reader.Position.Segment;
        var first = tree.Find(id);
        switch (tree.Accept(id, parent, number))
        {
            case TreeFault.ParentUnknown:
                var why = tree.Find(parent) switch
                {
                    _ when parent == id => "which is the level itself",
                    (0, _) => "which no level before it has",
                    (var opened, 0) => $"whose level in segment {opened} is too many levels up",
                    var (opened, closed) => $"whose level in segment {opened} was closed by the level in segment {closed}",
                };
                writer.Tree(reader, node, Codes.TreeParentUnknown, parent, "the id of a level that is still open",
                    $"Level {FindingWriter.Quote(id)} in segment {number} names the parent {FindingWriter.Quote(parent)}, {why}; it is taken as a first level.");
                break;
            case TreeFault.IdRepeated:
                writer.Tree(reader, node, Codes.TreeIdRepeated, id, "an id that no level before it has",
                    $"Level id {FindingWriter.Quote(id)} in segment {number} was used before, in segment {first.Opened}.");
                break;
        }
    }
}
