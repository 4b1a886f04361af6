using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>
/// Puts what a guide does not take into words. Each finding names the rule by file and line, since it is ours and not the standard's that the
/// partner broke. X12 acknowledgements have codes of their own for that (IK304 and IK403 with I); 997 says the nearest it has.
/// </summary>
sealed class GuideWriter(Guide guide, FindingWriter words)
{
    bool X12 => guide.Definition.Standard == Standard.X12;

    /// <summary>A segment or group that is one too many, or is not used at all.</summary>
    public Finding TooOften(EdiReader reader, int node, GuideRule rule)
    {
        var unused = rule.Max == 0;
        var isGroup = guide.Definition.Nodes[rule.Node].IsGroup;
        var once = rule.Max == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{rule.Max} times");
        var message = unused ? $"{rule.Path} is not used: {Asks(rule)}." : $"{rule.Path} stands here more than {once}: {Asks(rule)}.";
        return Segment(reader, unused ? Codes.GuideUnused : Codes.GuideTooOften, rule.Severity!.Value, message) with
        {
            Path = words.PathOf(node),
            Expected = unused ? $"no {rule.Path}" : string.Create(CultureInfo.InvariantCulture, $"at most {rule.Max}"),
            Advice = unused ? $"Leave {rule.Path} out, or agree on it and change the guide." : "Send fewer of them, or agree on more and change the guide.",
            Acknowledgement = (X12, unused) switch
            {
                (true, true) => rule.When.Count > 0 ? "IK304:I9" : "IK304:I4",
                (true, false) => isGroup ? "AK304:4" : "AK304:5",
                (false, true) => "15",
                (false, false) => isGroup ? "36" : "35",
            },
        };
    }

    /// <summary>A segment or group that came too rarely in the group that ended with the reader's segment, or with the message.</summary>
    public Finding Missing(EdiReader reader, string group, GuideRule rule, int count)
    {
        var node = guide.Definition.Nodes[rule.Node];
        var before = reader.Segment.IsEmpty ? "the end" : Encoding.UTF8.GetString(reader.Segment.Tag);
        var wanted = rule.Min == 1 ? rule.Path : string.Create(CultureInfo.InvariantCulture, $"at least {rule.Min} {rule.Path}");
        var message = count == 0 ? $"{rule.Path} is missing before {before}: {Asks(rule)}."
            : string.Create(CultureInfo.InvariantCulture, $"{rule.Path} stands only {count} time(s) before {before}: {Asks(rule)}.");
        return Segment(reader, Codes.GuideMissing, rule.Severity!.Value, message) with
        {
            Tag = node.Tag,
            Path = $"{group}/{rule.Path[(rule.Path.LastIndexOf('/') + 1)..]}",
            Expected = $"{wanted} before {before}",
            Advice = $"Send {rule.Path}, or agree that it may be missing and change the guide.",
            Acknowledgement = !X12 ? "13" : rule.When.Count > 0 ? "IK304:I6" : node.IsGroup ? "IK304:I7" : "IK304:I8",
        };
    }

    /// <summary>A value, or one that is not there.</summary>
    public Finding Value(EdiReader reader, int node, SegmentRules rules, GuideRule rule, in SegmentValue at)
    {
        var tag = rules.Definition.Tag;
        var found = at.Length == 0 ? null : FindingWriter.Quote(Encoding.UTF8.GetString(reader.Segment.Text.Slice(at.Start, at.Length)));
        var element = rules.Elements[at.Element - 1];
        var (id, place) = at.Component > 0
            ? (element.Components[at.Component - 1].Definition.Id, $"{tag} element {at.Element} component {at.Component}")
            : (element.Definition.Id, $"{tag} element {at.Element}");
        var text = Words(rule, at.Length == 0 ? 0 : GuideCheck.Length(reader.Segment.Text.Slice(at.Start, at.Length), rule), found);
        return new()
        {
            Code = text.Code,
            Severity = rule.Severity!.Value,
            At = reader.Position with
            {
                Offset = reader.OffsetOf(at.Start),
                Element = at.Element,
                Component = at.Component,
                Repetition = at.Repetition,
            },
            Tag = tag,
            Path = $"{words.PathOf(node)}/{words.ElementPath(rules, new(ValueFault.None, element, at.Element, at.Component, at.Repetition, at.Start, at.Length))}",
            Found = found,
            Expected = text.Expected,
            Message = $"{place} ({id}) {text.Is}: {Asks(rule)}.",
            Advice = text.Advice,
            Acknowledgement = X12 ? text.X12 : text.Edifact,
        };
    }

    /// <summary>The first segment of a tag that only the guide has.</summary>
    public Finding Extension(EdiReader reader, GuideExtension extension) => Segment(
        reader, Codes.GuideExtension, Severity.Information,
        $"Segment {extension.Tag} is not of {guide.Definition.Type} {guide.Definition.Release}, but guide {extension.Source.Guide} takes it ({extension.Source}). The hub does not read it.");

    public Finding ExtensionTooOften(EdiReader reader, GuideExtension extension) => Segment(
        reader, Codes.GuideTooOften, Severity.Error,
        string.Create(CultureInfo.InvariantCulture, $"Segment {extension.Tag} stands here more often than the {extension.Max} that guide {extension.Source.Guide} takes ({extension.Source}).")) with
    {
        Expected = string.Create(CultureInfo.InvariantCulture, $"at most {extension.Max}"),
        Advice = "Send fewer of them, or agree on more and change the guide.",
        Acknowledgement = X12 ? "AK304:5" : "35",
    };

    readonly record struct Text(string Code, string Is, string Expected, string Advice, string Edifact, string X12);

    static Text Words(GuideRule rule, int length, string? found)
    {
        var conditional = rule.When.Count > 0;
        return rule.Kind switch
        {
            GuideRuleKind.Filled => new(Codes.GuideElementMissing, "is empty", "a value", "Fill it, or agree that it may be empty and change the guide.", "13", conditional ? "IK403:I9" : "AK403:1"),
            GuideRuleKind.Empty => new(Codes.GuideElementUnused, $"is '{found}', though it is not used", "no value", "Leave it empty, or agree on it and change the guide.", "16", conditional ? "IK403:I13" : "IK403:I10"),
            GuideRuleKind.Codes => new(Codes.GuideCode, $"is '{found}'", OneOf(rule.Codes!.Values), "Send one of the codes agreed on, or agree on this one and change the guide.", "12", "IK403:I6"),
            _ when length > rule.Max => new(Codes.GuideTooLong, string.Create(CultureInfo.InvariantCulture, $"has {length} characters"), string.Create(CultureInfo.InvariantCulture, $"at most {rule.Max} characters"), "Shorten the value, or agree on more and change the guide.", "39", "AK403:5"),
            _ => new(Codes.GuideTooShort, string.Create(CultureInfo.InvariantCulture, $"has {length} characters"), string.Create(CultureInfo.InvariantCulture, $"at least {rule.Min} characters"), "Fill the value up, or agree on fewer and change the guide.", "40", "AK403:4"),
        };
    }

    /// <summary>What the rule asks, with its place: <c>guide guides/acme takes PCE, KRT (guides/acme.yaml:12)</c>.</summary>
    static string Asks(GuideRule rule)
    {
        var what = rule.Kind switch
        {
            GuideRuleKind.Times when rule.Max == 0 => "leaves it out",
            GuideRuleKind.Times => Range(rule),
            GuideRuleKind.Filled => "asks for it",
            GuideRuleKind.Empty => "leaves it out",
            GuideRuleKind.Codes => $"takes {OneOf(rule.Codes!.Values)}",
            _ => $"{Range(rule)} characters",
        };
        return $"guide {rule.Source.Guide} {what}{(rule.WhenText is { } when ? $" when {when}" : "")} ({rule.Source})";
    }

    static string Range(GuideRule rule) => rule.Max == int.MaxValue ? $"asks for at least {rule.Min}"
        : rule.Min == rule.Max ? $"asks for {rule.Max}"
        : rule.Min == 0 ? $"takes at most {rule.Max}"
        : $"takes {rule.Min} to {rule.Max}";

    static string OneOf(IReadOnlyList<string> codes)
    {
        const int named = 8;
        return string.Join(", ", codes.Take(named)) + (codes.Count > named ? ", …" : "");
    }

    static Finding Segment(EdiReader reader, string code, Severity severity, string message) => new()
    {
        Code = code,
        Severity = severity,
        At = reader.Position,
        Tag = Encoding.UTF8.GetString(reader.Segment.Tag),
        Found = reader.Segment.IsEmpty ? null : FindingWriter.Quote(Encoding.UTF8.GetString(reader.Segment.Text)),
        Message = message,
    };
}
