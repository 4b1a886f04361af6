using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Guides;

/// <summary>
/// A definition with the rules of guides on it, one after the other. Every rule must allow no more than what stands before it: the definition
/// and the rules about the same segments and values. A rule that is off or has a condition is checked so too, but later ones are not held to it.
/// </summary>
sealed class Narrowing(MessageDefinition message)
{
    readonly List<GuideRule> rules = [];

    public MessageDefinition Message => message;

    /// <summary>All rules, without those that a narrower one made needless.</summary>
    public IReadOnlyList<GuideRule> Rules => rules;

    public List<GuideExtension> Extensions { get; } = [];

    string Name => $"{message.Type} {message.Release}";

    /// <summary>Takes a rule, or reports why it is no narrowing.</summary>
    /// <param name="file">The guide the rule stands in.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="at">Where its value is written.</param>
    /// <param name="exact">True when a least number of 0 is written, and not only left out.</param>
    public void Add(GuideFile file, GuideRule rule, GuideTarget target, YamlNode at, bool exact = false)
    {
        if (Unused(rule) is { } unused)
        {
            file.Report(at, GuideMistakes.Contradiction, $"{rule.Path} is not used, by guide {unused.Source.Guide} ({Place(unused)}).", "remove one of the two");
            return;
        }
        if (Mistake(rule, target) is { } mistake)
        {
            file.Report(at, mistake.Code, mistake.Message, mistake.Hint);
            return;
        }
        foreach (var before in Before(rule).ToList())
        {
            if (Mistake(rule, before, exact) is { } other)
            {
                file.Report(at, other.Code, other.Message, other.Hint);
                return;
            }
            if (rule is { When.Count: 0, Severity: not null } && IsSame(rule, before))
                Supersede(before, rule);
        }
        if (Adds(rule, target))
            rules.Add(rule);
    }

    /// <summary>The new rule is narrower and no milder, so it finds what the one before would, but for a bound that only that one has.</summary>
    void Supersede(GuideRule before, GuideRule rule)
    {
        var rest = before with { Min = rule.Min >= before.Min ? 0 : before.Min, Max = rule.Max <= before.Max ? int.MaxValue : before.Max };
        if (rest.Min > 0 || rest.Max < int.MaxValue)
            rules[rules.IndexOf(before)] = rest;
        else
            rules.Remove(before);
    }

    /// <summary>Rules in force that are about the same thing, or about all segments of the place.</summary>
    IEnumerable<GuideRule> Before(GuideRule rule) => rules.Where(r => r.Node == rule.Node && r.Kind == rule.Kind && r.When.Count == 0 && r.Severity is not null
        && (r.Where.Count == 0 || IsSame(r.Where, rule.Where)) && SameSlots(r, rule));

    static bool IsSame(GuideRule one, GuideRule other) => IsSame(one.Where, other.Where) && SameSlots(one, other);

    static bool IsSame(IReadOnlyList<GuideTest> one, IReadOnlyList<GuideTest> other) => one.Count == other.Count
        && one.Zip(other).All(p => p.First.Slots.SequenceEqual(p.Second.Slots) && p.First.Codes.Values.Order(StringComparer.Ordinal).SequenceEqual(p.Second.Codes.Values.Order(StringComparer.Ordinal)));

    static bool SameSlots(GuideRule one, GuideRule other) => one.Element is null ? other.Element is null
        : other.Element is not null && one.Element.Slots.SequenceEqual(other.Element.Slots)
            && (one.Element.Qualifiers?.Values ?? []).SequenceEqual(other.Element.Qualifiers?.Values ?? []);

    /// <summary>A rule that leaves out what this one is about, or a group around it.</summary>
    GuideRule? Unused(GuideRule rule) => rules.Find(r => r.When.Count == 0 && r.Severity is not null && (
        (r is { Kind: GuideRuleKind.Times, Max: 0, Where.Count: 0 } && !(rule is { Kind: GuideRuleKind.Times, Max: 0 } && r.Node == rule.Node)
            && rule.Node >= r.Node && rule.Node < message.Nodes[r.Node].End)
        || (r is { Kind: GuideRuleKind.Empty, Where.Count: 0 } && rule.Kind is not (GuideRuleKind.Empty or GuideRuleKind.Times) && r.Node == rule.Node
            && rule.Element!.Slots.All(s => r.Element!.Slots.Any(u => u.Value == s.Value || (u.Value.Component == 0 && u.Value.Element == s.Value.Element))))));

    readonly record struct Fault(string Code, string Message, string Hint);

    /// <summary>What the definition says against a rule.</summary>
    Fault? Mistake(GuideRule rule, GuideTarget target)
    {
        var node = message.Nodes[rule.Node];
        switch (rule.Kind)
        {
            case GuideRuleKind.Times when rule.Max == 0:
                return node.Mandatory && rule.Where.Count == 0 ? Widens($"{rule.Path} is mandatory in {Name}.", "a guide cannot leave it out")
                    : rules.Find(r => r.Node == rule.Node && r is { Kind: GuideRuleKind.Times, Min: > 0, When.Count: 0, Severity: not null } && (rule.Where.Count == 0 || IsSame(r.Where, rule.Where))) is { } wanted ? Contradicts(wanted, rule)
                    : null;
            case GuideRuleKind.Times:
                return rule.Max != int.MaxValue && rule.Max > node.Max ? Widens($"{rule.Path} stands at most {Number(node.Max)} times in {Name}; {Number(rule.Max)} would widen that.", $"write {Number(node.Max)} or fewer")
                    : rule.Min > Math.Min(rule.Max, node.Max) ? new(GuideMistakes.Contradiction, $"{rule.Path} cannot stand {Number(rule.Min)} times or more: the most is {Number(Math.Min(rule.Max, node.Max))}.", "lower min")
                    : null;
            case GuideRuleKind.Empty:
                return target.IsMandatory ? Widens($"{rule.Path} is mandatory in {Name}.", "a guide cannot leave it out")
                    : rules.Find(r => r.Node == rule.Node && r is { Kind: GuideRuleKind.Filled, When.Count: 0, Severity: not null } && SameSlots(r, rule)) is { } filled ? Contradicts(filled, rule)
                    : null;
            case GuideRuleKind.Length:
                var (min, max) = (target.Definition!.Min, target.Definition.Max);
                return rule.Max != int.MaxValue && rule.Max > max ? Widens($"{rule.Path} has at most {Number(max)} characters in {Name}; {Number(rule.Max)} would widen that.", $"write {Number(max)} or fewer")
                    : rule.Min > 0 && rule.Min < min ? Widens($"{rule.Path} has at least {Number(min)} characters in {Name}; {Number(rule.Min)} would widen that.", $"write {Number(min)} or more")
                    : rule.Min > Math.Min(rule.Max, max) ? new(GuideMistakes.Contradiction, $"{rule.Path} cannot have {Number(rule.Min)} characters or more: the most is {Number(Math.Min(rule.Max, max))}.", "lower min")
                    : null;
            case GuideRuleKind.Codes:
                return OfList(rule, target) ?? Wanted(rule);
            default:
                return null;
        }
    }

    /// <summary>What a rule before it says against a rule.</summary>
    static Fault? Mistake(GuideRule rule, GuideRule before, bool exact)
    {
        if (IsSame(rule, before) && rule.When.Count == 0 && (rule.Severity ?? Severity.Information) < before.Severity)
            return Widens($"{rule.Path} is {Word(before.Severity)} in guide {before.Source.Guide} ({Place(before)}); {Word(rule.Severity)} would widen that.", "leave the severity, or change it there");
        var kind = rule.Kind == GuideRuleKind.Length ? " characters" : "";
        switch (rule.Kind)
        {
            case GuideRuleKind.Times when rule.Max == 0 && before.Max == 0:
                return null;
            case GuideRuleKind.Times or GuideRuleKind.Length:
                return rule.Max != int.MaxValue && rule.Max > before.Max ? Widens($"{rule.Path}: guide {before.Source.Guide} has at most {Number(before.Max)}{kind} ({Place(before)}); {Number(rule.Max)} would widen that.", $"write {Number(before.Max)} or fewer")
                    : rule.Min > before.Max ? new(GuideMistakes.Contradiction, $"{rule.Path}: guide {before.Source.Guide} has at most {Number(before.Max)}{kind} ({Place(before)}), this at least {Number(rule.Min)}.", "lower min")
                    : rule.Where.Count == before.Where.Count && (rule.Min > 0 || exact) && rule.Min < before.Min ? Widens($"{rule.Path}: guide {before.Source.Guide} has at least {Number(before.Min)}{kind} ({Place(before)}); {Number(rule.Min)} would widen that.", $"write {Number(before.Min)} or more")
                    : rule.Where.Count == before.Where.Count && before.Min > rule.Max ? new(GuideMistakes.Contradiction, $"{rule.Path}: guide {before.Source.Guide} has at least {Number(before.Min)}{kind} ({Place(before)}), this at most {Number(rule.Max)}.", "raise max")
                    : null;
            case GuideRuleKind.Codes:
                var added = rule.Codes!.Values.Except(before.Codes!.Values, StringComparer.Ordinal).ToList();
                return added.Count == 0 ? null
                    : Widens($"{rule.Path} takes {string.Join(", ", before.Codes.Values)} in guide {before.Source.Guide} ({Place(before)}); {string.Join(", ", added)} would widen that.", "leave out what is not taken there");
            default:
                return null;
        }
    }

    /// <summary>
    /// Codes that the directory's list does not have. Lists that are open by nature are not asked, nor those of a composite that may name another
    /// list or agency (1131, 3055).
    /// </summary>
    Fault? OfList(GuideRule rule, GuideTarget target)
    {
        var id = target.Definition!.Id;
        var codes = message.Segments.Codes;
        if (codes.IsOpen(id) || target.Around?.Components.Any(c => c.Id is "1131" or "3055") == true || codes.Find(id) is not { } list)
            return null;
        var added = rule.Codes!.Values.Where(c => list.All(l => l.Code != c)).ToList();
        return added.Count == 0 ? null
            : Widens($"The code list {id} of {message.Release} has no {string.Join(", ", added)}; taking {(added.Count == 1 ? "it" : "them")} would widen it.", $"'hub definitions show {message.Type} {message.Release} --codes {id}' lists it");
    }

    /// <summary>A qualifier that is left out though a rule asks for its segment.</summary>
    Fault? Wanted(GuideRule rule) => rule.When.Count == 0 && rules.Find(r => r.Node == rule.Node && r is { Kind: GuideRuleKind.Times, Min: > 0, When.Count: 0, Severity: not null, Where: [var test] }
        && test.Slots.SequenceEqual(rule.Element!.Slots) && !test.Codes.Values.Intersect(rule.Codes!.Values, StringComparer.Ordinal).Any()) is { } wanted ? Contradicts(wanted, rule) : null;

    /// <summary>True when a rule says more than the definition.</summary>
    bool Adds(GuideRule rule, GuideTarget target) => rule.Kind switch
    {
        GuideRuleKind.Times => rule.Max < message.Nodes[rule.Node].Max || rule.Min > (message.Nodes[rule.Node].Mandatory && rule.Where.Count == 0 ? 1 : 0),
        GuideRuleKind.Length => rule.Max < target.Definition!.Max || rule.Min > target.Definition.Min,
        GuideRuleKind.Filled => !target.IsMandatory,
        _ => true,
    };

    static Fault Widens(string message, string hint) => new(GuideMistakes.Widens, message, hint);

    static Fault Contradicts(GuideRule wanted, GuideRule rule) =>
        new(GuideMistakes.Contradiction, $"{rule.Path} would leave out {wanted.Path}, which guide {wanted.Source.Guide} asks for ({Place(wanted)}).", "remove one of the two");

    static string Place(GuideRule rule) => $"{rule.Source.File}:{Number(rule.Source.Line)}:{Number(rule.Source.Column)}";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Word(Severity? severity) => severity switch
    {
        null => "off",
        Severity.Warning => "warn",
        _ => "error",
    };
}
