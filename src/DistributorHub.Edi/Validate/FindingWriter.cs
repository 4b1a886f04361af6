using System.Globalization;
using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>Puts faults of place and value into words, with the codes their acknowledgement needs.</summary>
sealed class FindingWriter(MessageDefinition definition, StructureCursor cursor, Findings findings)
{
    bool X12 => definition.Standard == Standard.X12;

    /// <summary>A segment that the message has no place for, or not this place.</summary>
    public void Place(EdiReader reader, int node, PlaceFault fault)
    {
        var tag = Encoding.UTF8.GetString(reader.Segment.Tag);
        switch (fault)
        {
            case PlaceFault.NotInMessage when !definition.Segments.Has(tag):
                Segment(reader, Codes.SegmentUnknown, tag, null, null, $"Segment {tag} is not known in {definition.Release}.",
                    "Remove it, or ask the hub's engineers to add it to this partner's guide.", "15", "AK304:1");
                break;
            case PlaceFault.NotInMessage:
                Segment(reader, Codes.SegmentNotInMessage, tag, null, null, $"Segment {tag} is not part of {definition.Type} {definition.Release}.",
                    "Remove it, or ask the hub's engineers to add it to this partner's guide.", "15", "AK304:6");
                break;
            case PlaceFault.OutOfOrder:
                Segment(reader, Codes.SegmentOutOfOrder, tag, PathOf(node), Following(), $"Segment {tag} stands after its place in the message.",
                    $"Send {tag} in the order of {definition.Type} {definition.Release}.", "15", "AK304:7");
                break;
            case PlaceFault.SegmentTooOften:
                Segment(reader, Codes.SegmentTooOften, tag, node > 0 ? PathOf(node) : null, node > 0 ? AtMost(node) : null,
                    node > 0 ? $"Segment {tag} stands here more than {Times(node)}." : $"Segment {tag} stands more often than allowed.",
                    "Send fewer of them.", "35", "AK304:5");
                break;
            case PlaceFault.GroupTooOften:
                GroupTooOften(reader, tag, node);
                break;
            case PlaceFault.TriggerMissing:
                var group = definition.Nodes[cursor.Group];
                Segment(reader, Codes.TriggerMissing, tag, null, $"{group.Tag} before {tag}",
                    $"Segment {tag} belongs to the group {Name(group)}, but no {group.Tag} begins that group here.",
                    $"Send {group.Tag} before {tag}, or leave {tag} out.", "15", "AK304:2");
                break;
            case PlaceFault.GroupImplied:
                var around = definition.Nodes[cursor.Missing[0]];
                Segment(reader, Codes.GroupImplied, tag, PathOf(node), $"{around.Tag} before {tag}",
                    $"{tag} came without the {around.Tag} that {definition.Type} {definition.Release} asks for; the group {Name(around)} is taken as begun.",
                    $"Send {around.Tag} before the first {tag}.", "13", "AK304:3", Severity.Warning);
                break;
            case PlaceFault.MandatoryMissing:
                Missing(reader, cursor.Missing);
                break;
        }
    }

    void GroupTooOften(EdiReader reader, string tag, int node)
    {
        var group = node > 0 ? definition.Nodes[definition.Nodes[node].Parent] : null;
        Segment(reader, Codes.GroupTooOften, tag, node > 0 ? PathOf(node) : null, group is null ? null : AtMost(group.Id),
            group is null
                ? $"The group that {tag} begins stands more often than allowed."
                : $"The group {Name(group)} stands here more than {Times(group.Id)}.",
            "Send fewer of them.", "36", "AK304:4");
    }

    /// <summary>Mandatory nodes left out before the reader's segment, which for the end of the message is its trailer.</summary>
    public void Missing(EdiReader reader, IReadOnlyList<int> missing)
    {
        foreach (var id in missing)
        {
            var node = definition.Nodes[id];
            var before = reader.Segment.IsEmpty ? "the end" : Encoding.UTF8.GetString(reader.Segment.Tag);
            if (id == cursor.Dispensable)
            {
                Segment(reader, Codes.SectionControlMissing, node.Tag, PathOf(id), $"{node.Tag} before {before}",
                    $"{node.Tag} is missing before {before}; no segment could stand on either side of it, so it is taken as there.",
                    $"Send {node.Tag}.", "13", "AK304:3", Severity.Warning);
                continue;
            }
            Segment(reader, node.IsGroup ? Codes.GroupMissing : Codes.SegmentMissing, node.Tag, PathOf(id), $"{node.Tag} before {before}",
                node.IsGroup ? $"The mandatory group {Name(node)} is missing before {before}." : $"The mandatory segment {node.Tag} is missing before {before}.",
                $"Send {node.Tag}.", "13", "AK304:3");
        }
    }

    /// <summary>A tree segment whose parent is not open, or whose id was used before.</summary>
    public void Tree(EdiReader reader, int node, string code, string found, string expected, string message) =>
        findings.Add(new Finding
        {
            Code = code,
            Severity = Severity.Error,
            At = reader.Position,
            Tag = definition.Nodes[node].Tag,
            Path = PathOf(node),
            Found = Quote(found),
            Expected = expected,
            Message = message,
            Advice = "Number the levels one by one, and name a parent that stands before them.",
            Acknowledgement = X12 ? "AK304:8" : "12",
        });

    public void Value(EdiReader reader, int node, SegmentRules rules, in ValueFinding fault)
    {
        var found = fault.Length == 0 ? null : Quote(Encoding.UTF8.GetString(reader.Segment.Text.Slice(fault.Start, fault.Length)));
        var words = Words(fault, rules.Definition.Tag, found);
        findings.Add(new Finding
        {
            Code = words.Code,
            Severity = words.Severity,
            At = reader.Position with
            {
                Offset = reader.OffsetOf(fault.Start),
                Element = fault.Element,
                Component = fault.Component,
                Repetition = fault.Repetition,
            },
            Tag = rules.Definition.Tag,
            Path = $"{PathOf(node)}/{ElementPath(rules, fault)}",
            Found = found,
            Expected = words.Expected,
            Message = words.Message,
            Advice = words.Advice,
            Acknowledgement = X12 ? words.X12 : words.Edifact,
        });
    }

    readonly record struct Text(
        string Code, Severity Severity, string Message, string? Expected, string? Advice, string? Edifact, string? X12);

    /// <summary>
    /// Too long, too short and oddly written values are warnings: they have one meaning, and real partners send them.
    /// What is absent or is no number where one belongs would lose or bend data: an error.
    /// </summary>
    static Text Words(in ValueFinding fault, string tag, string? found)
    {
        var place = fault.Component > 0 ? $"{tag} element {fault.Element} component {fault.Component}" : $"{tag} element {fault.Element}";
        var named = fault.Rule is null ? place : $"{place} ({fault.Rule.Definition.Id})";
        return fault.Fault switch
        {
            ValueFault.ElementMissing => new(Codes.ElementMissing, Severity.Error, $"{named} is mandatory but empty.", "a value", $"Fill {place}.", "13", "AK403:1"),
            ValueFault.ComponentMissing => new(Codes.ComponentMissing, Severity.Error, $"{named} is mandatory in its composite but empty.", "a value", $"Fill {place}.", "13", "AK403:1"),
            ValueFault.TooLong => new(Codes.ValueTooLong, Severity.Warning, $"{named} is too long.", Length(fault), "Shorten the value.", "39", "AK403:5"),
            ValueFault.TooShort => new(Codes.ValueTooShort, Severity.Warning, $"{named} is too short.", Length(fault), "Fill the value up.", "40", "AK403:4"),
            ValueFault.NotANumber => new(Codes.NotANumber, Severity.Error, $"{named} is not a number.", "a number", "Send digits, a leading minus if negative, and no signs for thousands.", "37", "AK403:6"),
            ValueFault.NumberMark => new(Codes.NotANumber, Severity.Error, $"{named} is not a number of this interchange: its mark of decimals is another.", "a number with the interchange's mark of decimals", "Write the mark that UNA names, and none for thousands.", "19", "AK403:6"),
            ValueFault.NumberForm => new(Codes.NumberForm, Severity.Warning, $"{named} is a number in a form the standard does not allow.", "a leading minus, and a digit on both sides of the mark", "Write -5, 0.5 or 5.", "38", "AK403:6"),
            ValueFault.DateInvalid => new(Codes.DateInvalid, Severity.Warning, $"{named} is not a date that exists in its format.", "a date in the format named", "Correct the date or its format code.", "12", "AK403:8"),
            ValueFault.TimeInvalid => new(Codes.TimeInvalid, Severity.Warning, $"{named} is not a time that exists.", "HHMM, HHMMSS or HHMMSS with decimals", "Correct the time.", "12", "AK403:9"),
            ValueFault.LettersOnly => new(Codes.LettersOnly, Severity.Warning, $"{named} holds a digit but takes letters only.", "letters", "Remove the digits.", "37", "AK403:6"),
            ValueFault.ElementsTooMany => new(Codes.ElementsTooMany, Severity.Warning, $"{tag} has no element {fault.Element}.", null, "Remove it; the hub does not read it.", "16", "AK403:3"),
            ValueFault.ComponentsTooMany => new(Codes.ComponentsTooMany, Severity.Warning, $"{tag} element {fault.Element} has no component {fault.Component}.", null, "Remove it; the hub does not read it.", "16", "AK403:3"),
            ValueFault.CompositeUnexpected => new(Codes.CompositeUnexpected, Severity.Warning, $"{named} is one value, but holds a component separator.", "one value", "Release the separator in the text, or choose another one.", "16", "AK403:3"),
            ValueFault.RepetitionsTooMany => new(Codes.RepetitionsTooMany, Severity.Warning, $"{named} is repeated more than {fault.Rule?.Repeats} times.", null, "Send fewer repetitions.", "35", "AK403:3"),
            ValueFault.MomentEmpty => new(Codes.MomentEmpty, Severity.Warning, $"{tag} names a date but does not give it.", "a date", "Give the date, or leave the segment out.", "13", "AK403:2"),
            ValueFault.CodeUnknown => new(Codes.CodeUnknown, Severity.Warning, $"{named} is '{found}', which is not in its code list.", $"a code of list {fault.Rule!.Definition.Id}", "Send a code of the list, or agree with the partner on what this one means.", "12", "AK403:7"),
            ValueFault.ConditionMissing => new(Codes.ElementConditional, Severity.Warning, $"{named} is empty, though {Condition(fault)}.", "a value", $"Fill {place}, or leave the others out.", "13", "AK403:2"),
            ValueFault.ConditionExclusive => new(Codes.ElementsExclusive, Severity.Warning, $"{named} is filled, though {Condition(fault)}.", "no value", "Send one of them.", "16", "AK403:10"),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Fault, "Not a fault of a value."),
        };
    }

    /// <summary>What the segment's condition asks for, with the condition as the standard writes it.</summary>
    static string Condition(in ValueFinding fault)
    {
        var condition = fault.Condition!;
        var all = string.Join(", ", condition.Elements);
        var others = string.Join(", ", condition.Elements.Skip(1));
        var rule = condition.Kind switch
        {
            ConditionKind.Paired => $"elements {all} come together",
            ConditionKind.Required => $"one of elements {all} has to be there",
            ConditionKind.Exclusive => $"only one of elements {all} may be there",
            ConditionKind.Conditional => $"element {condition.Elements[0]} asks for {others}",
            _ => $"element {condition.Elements[0]} asks for one of {others}",
        };
        return $"{rule} ({condition.Text})";
    }

    static string Length(in ValueFinding fault)
    {
        var rule = fault.Rule!;
        return rule.Min == rule.Max ? $"{rule.Max} characters"
            : rule.Min > 1 ? $"{rule.Min} to {rule.Max} characters"
            : $"at most {rule.Max} characters";
    }

    /// <summary>EDIFACT: ids, <c>C186.6060</c>, <c>C212#3.7140</c>. X12: positions, <c>03</c>, <c>05.1</c>.</summary>
    public string ElementPath(SegmentRules rules, in ValueFinding fault)
    {
        var position = fault.Element.ToString("00", CultureInfo.InvariantCulture);
        if (X12 || fault.Element > rules.Elements.Length)
            return fault.Component > 0 ? $"{position}.{fault.Component}" : position;
        var rule = rules.Elements[fault.Element - 1];
        int ordinal = 0, all = 0;
        for (var i = 0; i < rules.Elements.Length; i++)
        {
            if (rules.Elements[i].Definition.Id != rule.Definition.Id)
                continue;
            all++;
            if (i < fault.Element)
                ordinal++;
        }
        var path = all > 1 ? $"{rule.Definition.Id}#{ordinal}" : rule.Definition.Id;
        if (fault.Component == 0)
            return path;
        return fault.Component <= rule.Components.Length
            ? $"{path}.{rule.Components[fault.Component - 1].Definition.Id}"
            : $"{path}.{fault.Component}";
    }

    /// <summary>Path of a node through the instances now open: <c>ORDERS/LIN[12]/QTY</c>. A group's first segment is the group.</summary>
    public string PathOf(int node)
    {
        if (node < 1)
            return definition.Type;
        var at = definition.Nodes[node];
        var parent = definition.Nodes[at.Parent];
        if (parent is { Id: > 0 } && at.Id == parent.Id + 1)
            return PathOf(parent.Id);
        var count = cursor.Count(node);
        return at.IsGroup && at.Max > 1 && count > 0 || count > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{PathOf(parent.Id)}/{at.Tag}[{count}]")
            : $"{PathOf(parent.Id)}/{at.Tag}";
    }

    void Segment(
        EdiReader reader, string code, string tag, string? path, string? expected, string message, string advice,
        string edifact, string x12, Severity severity = Severity.Error) =>
        findings.Add(reader.Judge(new()
        {
            Code = code,
            Severity = severity,
            At = reader.Position,
            Tag = tag,
            Path = path,
            Found = reader.Segment.IsEmpty ? null : Quote(Encoding.UTF8.GetString(reader.Segment.Text)),
            Expected = expected,
            Message = message,
            Advice = advice,
            Acknowledgement = X12 ? x12 : edifact,
        }));

    string Following() => cursor.Place == 0 ? "the first segment" : $"a segment that may follow {definition.Nodes[cursor.Place].Tag}";

    string AtMost(int node) => $"at most {definition.Nodes[node].Max}";

    string Times(int node) => definition.Nodes[node].Max == 1 ? "once" : $"{definition.Nodes[node].Max} times";

    static string Name(Node group) => group.Label is null ? group.Tag : $"{group.Tag} ({group.Label})";

    public static string Quote(string text) => text.Length <= Limits.QuotedCharsMax ? text : Finding.Cut(text, Limits.QuotedCharsMax - 1) + "…";
}
