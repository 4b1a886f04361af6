using DistributorHub.Mapping.Schema;

namespace DistributorHub.Mapping.Guides;

/// <summary>The settings of a guide.</summary>
static class GuideSettings
{
    static readonly Shape OneOrMore = new Shape.OneOrList(Shape.AnyText);
    static readonly Shape Severity = new Shape.Choice(["error", "warn", "off"]);
    static readonly Setting Required = new("required", "yes: it must be there, in each instance of the group or segment around it.", new Shape.Choice(["yes", "true"]));
    static readonly Setting When = new("when", "The rules hold where this is true: exists(PATH) and not exists(PATH), joined by 'and'.", Shape.AnyText);
    static readonly Setting How = new("severity", "error (the default) rejects the message and is acknowledged; warn is told; off is only written down.", Severity);
    static readonly Setting Min = new("min", "A segment or group: least occurrences. An element: least characters, of a number digits.", new Shape.Whole(1));
    static readonly Setting Max = new("max", "A segment or group: most occurrences. An element: most characters, of a number digits.", new Shape.Whole(1));
    static readonly Setting Only = new("only", "How often each qualifier stands, and that there are no others: { BY: 1, UC: 0..1, DP: 1.. }.",
        new Shape.Names(new Shape.Text("[0-9]+(\\.\\.([0-9]+)?)?"), 1));
    static readonly Setting Other = new("other", "With only: how bad qualifiers beside those are.", Severity);
    static readonly Setting Codes = new("codes", "The codes it takes.", OneOrMore);

    /// <summary>Rules about a segment or group.</summary>
    public static SettingTable Group { get; } = new("group", Required, Min, Max, Only, Other, When, How);

    /// <summary>Rules about a composite.</summary>
    public static SettingTable Composite { get; } = new("composite", Required, When, How);

    /// <summary>Rules about an element.</summary>
    public static SettingTable Element { get; } = new("element", Required, Min, Max, Codes, When, How);

    /// <summary>What an entry may hold, whatever its path leads to.</summary>
    public static SettingTable Use { get; } = new("use", [.. Group.All.Union(Composite.All).Union(Element.All)]);

    public static SettingTable Extension { get; } = new("extension",
        new("after", "The tag of the segment it follows; none = it comes first.", Shape.AnyText),
        new("add", "The segment and its most occurrences: ZZZ C5. A list adds several.", new Shape.OneOrList(new Shape.Text(" *[^ ]{2,3} +C[0-9]+ *")), Required: true));

    public static SettingTable Head { get; } = new("guide",
        new("hub", "The kind and version of the file.", new Shape.Choice([GuideLoader.Format]), Required: true),
        new("id", "guides/<file>; of a partner's own guide <partner>/<file>.", Shape.AnyText, Required: true),
        new("extends", "The message definition (edifact/D.96A/ORDERS, x12/004010/850), then guides; each may only narrow what stands before it.",
            new Shape.OneOrList(new Shape.Known(KnownNames.Extendable)), Required: true),
        new("unused", "Paths of segments, groups and elements that must not be there.", OneOrMore),
        new("use", "Paths with the rules about them.", new Shape.Names(new Shape.Section(() => Use))),
        new("extend", "Segments the standard does not have, by the group they stand in (or the message's type): LIN: { after: QTY, add: ZZZ C5 }.",
            new Shape.Names(new Shape.Section(() => Extension))));
}
