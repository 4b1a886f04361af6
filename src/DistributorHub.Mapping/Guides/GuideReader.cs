using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Guides;

/// <summary>Reads the rules of one guide: <c>unused</c>, <c>use</c> and <c>extend</c>.</summary>
sealed class GuideReader(GuideFile file, Narrowing narrowing)
{
    readonly GuideTargets targets = new(file, narrowing.Message);

    public void Read(YamlMap root)
    {
        foreach (var path in file.Texts(root.Find("unused"), "unused"))
            if (targets.Bind(path) is { } target)
                foreach (var rule in Rules(target, path, new(Severity.Error, [], null)))
                    narrowing.Add(file, rule with { Kind = target.Element is null ? GuideRuleKind.Times : GuideRuleKind.Empty, Max = target.Element is null ? 0 : int.MaxValue }, target, path);
        foreach (var (path, value) in file.Map(root, "use")?.Entries ?? [])
        {
            if (value is not YamlMap settings)
                file.Report(value, GuideMistakes.Shape, $"'{path.Text}' holds settings.", "write { required: yes }, { codes: [A, B] }");
            else if (targets.Bind(path) is { } target)
                Use(target, path, settings);
        }
        foreach (var (path, value) in file.Map(root, "extend")?.Entries ?? [])
            Extend(path, value);
    }

    /// <summary>What all rules of an entry share.</summary>
    readonly record struct Terms(Severity? Severity, IReadOnlyList<GuideCondition> When, string? WhenText);

    void Use(GuideTarget target, YamlScalar path, YamlMap settings)
    {
        var (what, known) = target.Element is null ? ("a segment or group", GuideSettings.Group)
            : target.Definition!.Components.Count > 0 ? ("a composite", GuideSettings.Composite)
            : ("an element", GuideSettings.Element);
        file.Allow(settings, what, known.Names);
        var condition = settings.Find("when") is YamlScalar when ? targets.BindWhen(when) : [];
        if (settings.Find("when") is { } shape and not YamlScalar)
            file.Report(shape, GuideMistakes.Shape, "'when' is a condition.", "when: not exists(LIN.C212[EN])");
        if (condition is null)
            return;
        var terms = new Terms(SeverityOf(settings, "severity", Severity.Error), condition, (settings.Find("when") as YamlScalar)?.Text);
        var (required, min, max) = (Required(settings), Number(settings, "min"), Number(settings, "max"));
        foreach (var rule in Rules(target, path, terms))
        {
            if (target.Element is null)
            {
                if (required is not null || min is not null || max is not null)
                    narrowing.Add(file, rule with { Min = min ?? (required is null ? 0 : 1), Max = max ?? int.MaxValue }, target, max.HasValue ? settings.Find("max")! : settings);
                if (settings.Find("only") is { } only)
                    Only(rule, target, only, SeverityOf(settings, "other", terms.Severity));
                continue;
            }
            if (required is not null)
                narrowing.Add(file, rule with { Kind = GuideRuleKind.Filled }, target, settings.Find("required")!);
            if (min is not null || max is not null)
                narrowing.Add(file, rule with { Kind = GuideRuleKind.Length, Min = min ?? 0, Max = max ?? int.MaxValue }, target, settings.Find("max") ?? settings.Find("min")!);
            if (file.Texts(settings.Find("codes"), "codes") is { Count: > 0 } codes)
                narrowing.Add(file, rule with { Kind = GuideRuleKind.Codes, Codes = new([.. codes.Select(c => c.Text)]) }, target, settings.Find("codes")!);
        }
        if (settings.Find("other") is { } other && settings.Find("only") is null)
            file.Report(other, GuideMistakes.Shape, "'other' is how bad codes beside those of 'only' are.", "add only: { … }");
    }

    /// <summary>One rule for each node, to be completed.</summary>
    IEnumerable<GuideRule> Rules(GuideTarget target, YamlNode at, Terms terms) => target.Nodes.Select(node => new GuideRule
    {
        Kind = GuideRuleKind.Times,
        Node = node,
        Where = target.Where,
        Element = target.Element,
        Numeric = target.Definition?.Type is ElementType.Decimal or ElementType.Implied,
        Severity = terms.Severity,
        When = terms.When,
        WhenText = terms.WhenText,
        Path = target.Path,
        Source = file.Source(at),
    });

    /// <summary><c>only: { BY: 1, UC: 0..1 }</c>: how often each qualifier stands, and that there are no others.</summary>
    void Only(GuideRule rule, GuideTarget target, YamlNode node, Severity? other)
    {
        var tag = targets.Structure[rule.Node].Tag;
        if (node is not YamlMap { Entries.Count: > 0 } codes)
        {
            file.Report(node, GuideMistakes.Shape, "'only' holds 'qualifier: occurrence' pairs.", "only: { BY: 1, UC: 0..1 }");
            return;
        }
        if (narrowing.Message.Segments.Find(tag)!.Qualifier is not { } qualifier || target.Where.Count > 0)
        {
            file.Report(node, GuideMistakes.Path, target.Where.Count > 0 ? $"'{target.Path}' names its qualifier already." : $"{tag} has no qualifier.", "only: goes with a tag alone whose segments are told apart by a qualifier");
            return;
        }
        GuideElement element = new([new(qualifier)]);
        narrowing.Add(file, rule with { Kind = GuideRuleKind.Codes, Element = element, Codes = new([.. codes.Entries.Select(e => e.Key.Text)]), Severity = other },
            target with { Element = element, Definition = narrowing.Message.Segments.Find(tag)!.At(qualifier), Around = null }, node);
        foreach (var (code, value) in codes.Entries)
        {
            if (value is not YamlScalar range || Range(range.Text) is not { } times)
            {
                file.Report(value, GuideMistakes.Shape, $"How often {tag}[{code.Text}] stands is a number or a range.", "write 1, 0..1 or 1..");
                continue;
            }
            var one = rule with { Where = [new([new(qualifier)], new([code.Text]))], Min = times.Min, Max = times.Max, Path = $"{rule.Path}[{code.Text}]", Source = file.Source(code) };
            narrowing.Add(file, one, target with { Where = one.Where, Path = one.Path }, value, exact: true);
        }
    }

    /// <summary><c>1</c>, <c>0..1</c>, <c>1..</c>; null for anything else.</summary>
    static (int Min, int Max)? Range(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var (low, high) = dots < 0 ? (text, text) : (text[..dots], text[(dots + 2)..]);
        return !Whole(low, out var min) ? null : high.Length == 0 ? (min, int.MaxValue) : Whole(high, out var max) && min <= max && max > 0 ? (min, max) : null;
    }

    static bool Whole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>True, or null when it is not there; false would widen.</summary>
    bool? Required(YamlMap settings)
    {
        switch (settings.Find("required"))
        {
            case null:
                return null;
            case YamlScalar { Text: "yes" or "true" }:
                return true;
            case YamlScalar { Text: "no" or "false" } not:
                file.Report(not, GuideMistakes.Widens, "A guide cannot make optional what it narrows.", "leave the line out; what the definition has as optional stays so");
                return null;
            case var other:
                file.Report(other, GuideMistakes.Shape, "'required' is yes.");
                return null;
        }
    }

    int? Number(YamlMap settings, string key)
    {
        if (settings.Find(key) is not { } node)
            return null;
        if (node is YamlScalar scalar && Whole(scalar.Text, out var number) && number > 0)
            return number;
        file.Report(node, GuideMistakes.Shape, $"'{key}' is a whole number from 1.", key == "max" ? "what is not used at all stands in the list 'unused'" : "leave the line out for none");
        return null;
    }

    Severity? SeverityOf(YamlMap settings, string key, Severity? fallback)
    {
        switch (settings.Find(key))
        {
            case null:
                return fallback;
            case YamlScalar { Text: "error" }:
                return Severity.Error;
            case YamlScalar { Text: "warn" }:
                return Severity.Warning;
            case YamlScalar { Text: "off" }:
                return null;
            case var node:
                file.Report(node, GuideMistakes.Shape, $"'{key}' is error, warn or off.", "error rejects the message and is acknowledged; warn is told; off is only written down");
                return fallback;
        }
    }

    /// <summary><c>LIN: { after: QTY, add: ZZZ C5 }</c>.</summary>
    void Extend(YamlScalar path, YamlNode node)
    {
        if (node is not YamlMap settings)
        {
            file.Report(node, GuideMistakes.Shape, $"'{path.Text}' holds settings.", "write { after: QTY, add: ZZZ C5 }");
            return;
        }
        file.Allow(settings, "an extension", GuideSettings.Extension.Names);
        var group = path.Text == narrowing.Message.Type ? 0 : targets.Bind(path) is { Element: null, Where.Count: 0 } target ? target.Nodes[0] : -1;
        if (group < 0 || (group > 0 && !targets.Structure[group].IsGroup))
        {
            if (file.Diagnostics.All(d => d.Warning))
                file.Report(path, GuideMistakes.Path, $"'{path.Text}' is no group.", $"name the group the segment stands in, or {narrowing.Message.Type} for the message itself");
            return;
        }
        var after = 0;
        if (settings.Find("after") is YamlScalar tag)
        {
            after = targets.Structure.Children(group, tag.Text, summary: false).FirstOrDefault()?.Id ?? 0;
            if (after == 0)
                file.Report(tag, MapCodes.NoSegment, $"{tag.Text} does not stand in {targets.Structure.Describe(group)}.", targets.Structure.WhereIs(tag.Text, group));
        }
        else if (settings.Find("after") is { } shape)
            file.Report(shape, GuideMistakes.Shape, "'after' is the tag of a segment.", "after: QTY");
        if (settings.Find("add") is null)
            file.Report(settings, GuideMistakes.Shape, "'add' is missing.", "add: ZZZ C5");
        foreach (var added in file.Texts(settings.Find("add"), "add"))
            Add(added, group, after);
    }

    void Add(YamlScalar added, int group, int after)
    {
        if (added.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [{ Length: 2 or 3 } tag, ['C', .. var digits]] || !Whole(digits, out var max) || max == 0)
            file.Report(added, GuideMistakes.Shape, $"'{added.Text}' is no segment with its most occurrences.", "write ZZZ C5; what the standard does not have is never mandatory");
        else if (narrowing.Message.Nodes.Skip(1).Any(n => n.Tag == tag))
            file.Report(added, GuideMistakes.Widens, $"{tag} is a segment of {narrowing.Message.Type} {narrowing.Message.Release} already.", "only segments the message does not have can be added");
        else
            narrowing.Extensions.Add(new(tag, group, after, max, file.Source(added)));
    }
}
