using System.Globalization;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Language;

/// <summary>The places of a segment where a path's value may stand, and what it is.</summary>
sealed record BoundElement(IReadOnlyList<ValueSlot> Slots, IReadOnlyList<string> Qualifiers, ValueType Type, int? ImpliedDecimals, bool OfPair = false, string? Pattern = null);

/// <summary>Binds what follows a path's last tag to elements, components and pairs of the segment dictionary.</summary>
sealed class ElementBinder(Structure structure, ICollection<Diagnostic> diagnostics)
{
    static readonly BoundElement SegmentItself = new([], [], ValueType.Text, null);

    /// <summary>The value a path ends at, or null after a diagnostic.</summary>
    /// <param name="path">The path.</param>
    /// <param name="segment">The segment its last tag names.</param>
    /// <param name="segmentsToo">True when it may end there.</param>
    /// <param name="own">The pair that is the row, when the segment is the row's own.</param>
    public BoundElement? Bind(Expr.Path path, SegmentDefinition segment, bool segmentsToo, PairDefinition? own)
    {
        if (path.Parts.Count == 0)
            return segmentsToo ? SegmentItself : SegmentValue(path, segment);
        var first = path.Parts[0];
        if (segment.Pairs.FirstOrDefault(p => p.Name == first.Name) is { } pair)
            return Pair(path, segment, pair, own == pair);
        var found = Elements(segment.Elements, first.Name);
        if (found.Count == 0)
            return Fail(path, first.At, MapCodes.NoElement, $"{segment.Tag} has no element {first.Name}.", KnownElements(segment, first.Name));
        if (found[0].Components.Count > 0)
            return Composite(path, segment, found);
        if (path.Parts.Count > 1)
            return Fail(path, path.Parts[1].At, MapCodes.NoElement, $"{segment.Tag}.{first.Name} is a simple element: it has no components.");
        if (first.Codes.Count > 0)
            return Fail(path, first.At, MapCodes.Predicate, $"{segment.Tag}.{first.Name} is a simple element: nothing in it is told apart by a code.",
                segment.Qualifier is null ? null : $"codes of the segment's qualifier stand behind its tag: {segment.Tag}[{first.Codes[0]}]");
        return Nth(path, first, [.. found.Select(e => (e, new ElementAddress(e.Position)))]) is { } slots ? Typed(path, first.At, slots, found[0], []) : null;
    }

    /// <summary>A condition in brackets, or null after a diagnostic.</summary>
    public Predicate? BindPredicate(Expr.Path path, PathPredicate predicate, SegmentDefinition segment)
    {
        if (predicate.Element.Count == 0)
        {
            if (segment.Qualifier is { } qualifier)
                return new Predicate.Element([new(qualifier)], predicate.Codes);
            Fail(path, predicate.At, MapCodes.Predicate, $"{segment.Tag} has no qualifier that {string.Join('|', predicate.Codes)} could be a code of.",
                segment.CompositeQualifiers.Count > 0
                    ? $"its composites have one: {segment.Tag}.{segment.CompositeQualifiers[0].Composite}[{predicate.Codes[0]}]"
                    : segment.Pairs.Count > 0 ? $"its pairs have one: {segment.Tag}.{segment.Pairs[0].Name}[{predicate.Codes[0]}]" : "name the element: [03=UL]");
            return null;
        }
        var first = predicate.Element[0];
        var found = Elements(segment.Elements, first.Name);
        if (found.Count == 0)
        {
            Fail(path, first.At, MapCodes.NoElement, $"{segment.Tag} has no element {first.Name}.", KnownElements(segment, first.Name));
            return null;
        }
        if (found[0].Components.Count == 0 && predicate.Element.Count == 1)
            return new Predicate.Element([.. found.Select(e => new ValueSlot(new(e.Position), Repetition: e.Repeats > 1 && found.Count == 1 ? 0 : 1))], predicate.Codes);
        if (found[0].Components.Count == 0 || predicate.Element.Count != 2)
        {
            Fail(path, predicate.At, MapCodes.Predicate, found[0].Components.Count == 0 ? $"{segment.Tag}.{first.Name} has no components."
                : $"{first.Name} is a composite: name one component.", found[0].Components.Count == 0 ? null : $"{first.Name}.{found[0].Components[0].Id}=…");
            return null;
        }
        var component = Elements(found[0].Components, predicate.Element[1].Name);
        if (component.Count > 0)
            return new Predicate.Element([.. found.SelectMany(e => component.Select(c => new ValueSlot(new(e.Position, c.Position))))], predicate.Codes);
        Fail(path, predicate.Element[1].At, MapCodes.NoElement, $"{found[0].Id} has no component {predicate.Element[1].Name}.",
            KnownComponents(found[0], predicate.Element[1].Name));
        return null;
    }

    BoundElement? SegmentValue(Expr.Path path, SegmentDefinition segment)
    {
        if (segment.Moment is { } moment)
            return new([new(moment.Value, null, moment.Format)], [], ValueType.Moment, null);
        if (segment.Value is { } value)
            return Typed(path, path.At, [new(value)], segment.At(value), []);
        var element = segment.Elements[0];
        return Fail(path, path.At, MapCodes.NoValue, $"{segment.Tag} has no value element: name the element that is meant.",
            $"for example {segment.Tag}.{(element.Components.Count > 0 ? $"{element.Id}.{element.Components[0].Id}" : NameOf(element))}");
    }

    BoundElement? Pair(Expr.Path path, SegmentDefinition segment, PairDefinition pair, bool isRow)
    {
        var part = path.Parts[0];
        if (path.Parts.Count > 2 || (path.Parts.Count == 2 && path.Parts[1] is not { Name: "1" or "01" or "2" or "02", Codes.Count: 0, Nth: 0, All: false }))
            return Fail(path, path.Parts[1].At, MapCodes.NoElement, $"{pair.Name} is made of two: what tells it apart, and a value.", $"write {path.Text[..(path.Parts[1].At - path.At)]}1 or …2");
        // Without a number the value is meant.
        var second = path.Parts.Count == 1 || path.Parts[1].Name.EndsWith('2');
        var named = part.Codes.Count > 0 || part.Nth > 0 || part.All;
        if (!named && isRow)
        {
            var at = second ? pair.First + 1 : pair.First;
            return Typed(path, part.At, [new(new(at))], segment.Elements.First(e => e.Position == at), []) is { } value ? value with { OfPair = true } : null;
        }
        if (!named)
            return Fail(path, part.At, MapCodes.NoValue, $"{segment.Tag}.{pair.Name} is a list of pairs: say which.", $"{segment.Tag}.{pair.Name}[code], {pair.Name}#1, or {pair.Name}* inside join");
        var slots = new List<ValueSlot>();
        for (var at = pair.First; at < pair.Last; at += 2)
            slots.Add(new(new(second ? at + 1 : at), part.Codes.Count > 0 ? new(at) : null));
        if (part.Nth > 0)
        {
            if (part.Codes.Count > 0 || part.Nth > slots.Count)
                return Fail(path, part.At, MapCodes.Repeat, part.Codes.Count > 0 ? "A pair is chosen by its code or by its number, not by both."
                    : $"{segment.Tag}.{pair.Name} has {slots.Count} pairs.");
            slots = [slots[part.Nth - 1]];
        }
        return Typed(path, part.At, slots, segment.Elements.First(e => e.Position == (second ? pair.First + 1 : pair.First)), part.Codes);
    }

    BoundElement? Composite(Expr.Path path, SegmentDefinition segment, List<ElementDefinition> found)
    {
        var part = path.Parts[0];
        var composite = found[0];
        var qualifier = segment.CompositeQualifiers.FirstOrDefault(q => q.Composite == composite.Id);
        if (part.Codes.Count > 0 && qualifier is null)
            return Fail(path, part.At, MapCodes.Predicate, $"{segment.Tag}.{part.Name} has no qualifier that {string.Join('|', part.Codes)} could be a code of.",
                segment.Qualifier is null ? null : $"codes of the segment's qualifier stand behind its tag: {segment.Tag}[{part.Codes[0]}]");
        List<ElementDefinition> components;
        if (path.Parts.Count == 1)
        {
            if (qualifier is null || (part.Codes.Count == 0 && !part.All && part.Nth == 0))
                return Fail(path, part.At, MapCodes.NoValue, $"{segment.Tag}.{part.Name} is a composite: say which value.",
                    (qualifier is null ? "" : $"{part.Name}[code], ") + $"{part.Name}.{string.Join(", .", composite.Components.Select(NameOf).Distinct())}");
            components = [composite.Components.First(c => c.Position == qualifier.Value)];
        }
        else
        {
            components = Elements(composite.Components, path.Parts[1].Name);
            if (components.Count == 0)
                return Fail(path, path.Parts[1].At, MapCodes.NoElement, $"{composite.Id} has no component {path.Parts[1].Name}.", KnownComponents(composite, path.Parts[1].Name));
        }
        if (path.Parts.Count > 2 || (path.Parts.Count == 2 && path.Parts[1].Codes.Count > 0))
            return Fail(path, path.Parts[^1].At, MapCodes.NoElement, "A component has no parts.");
        ElementAddress? qualifierAt = part.Codes.Count > 0 ? new(0, qualifier!.Qualifier) : null;
        if (Nth(path, part, [.. found.Select(e => (e, new ElementAddress(e.Position)))]) is not { } places)
            return null;
        var slots = places.SelectMany(p => components.Select(c => p with
        {
            Value = new(p.Value.Element, c.Position),
            Qualifier = qualifierAt is { } q ? new(p.Value.Element, q.Component) : null,
        })).ToList();
        if (path.Parts.Count == 2 && path.Parts[1].Nth is var nth and > 0)
        {
            if (nth > components.Count)
                return Fail(path, path.Parts[1].At, MapCodes.Repeat, $"{path.Parts[1].Name} stands {Times(components.Count)} in {composite.Id}.");
            slots = slots.FindAll(s => s.Value.Component == components[nth - 1].Position);
        }
        return Typed(path, path.Parts[^1].At, slots, components[0], part.Codes);
    }

    // An element that repeats takes a position each time, or the repetition separator: #n counts the one or the other.
    List<ValueSlot>? Nth(Expr.Path path, PathPart part, List<(ElementDefinition Element, ElementAddress At)> found)
    {
        if (part.Nth == 0)
            return [.. found.Select(f => new ValueSlot(f.At, Repetition: f.Element.Repeats > 1 && found.Count == 1 ? 0 : 1))];
        if (found.Count == 1 && part.Nth <= found[0].Element.Repeats)
            return [new(found[0].At, Repetition: part.Nth)];
        if (part.Nth <= found.Count)
            return [new(found[part.Nth - 1].At)];
        Fail(path, part.At, MapCodes.Repeat, $"{part.Name} stands {Times(Math.Max(found.Count, found[0].Element.Repeats))} here.");
        return null;
    }

    BoundElement? Typed(Expr.Path path, int at, List<ValueSlot> slots, ElementDefinition element, IReadOnlyList<string> codes)
    {
        switch (element.Type)
        {
            case ElementType.Text or ElementType.Code:
                return new(slots, codes, ValueType.Text, null);
            case ElementType.Decimal:
                return new(slots, codes, ValueType.Decimal, null);
            case ElementType.Implied:
                return new(slots, codes, ValueType.Decimal, element.ImpliedDecimals);
            case ElementType.Date:
                return new(slots, codes, ValueType.Date, null, Pattern: element.Pattern);
            case ElementType.Time:
                return new(slots, codes, ValueType.Time, null);
            default:
                return Fail(path, at, MapCodes.NoValue, $"{NameOf(element)} holds bytes or components, not one value.");
        }
    }

    // One or two digits are a position; anything longer is an id.
    public static List<ElementDefinition> Elements(IReadOnlyList<ElementDefinition> all, string name) =>
        name.Length <= 2 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? [.. all.Where(e => e.Position == position)]
            : [.. all.Where(e => e.Id == name)];

    string? KnownElements(SegmentDefinition segment, string name)
    {
        foreach (var composite in segment.Elements)
            if (composite.Components.Any(c => c.Id == name))
                return $"it exists at {segment.Tag}.{composite.Id}.{name}";
        return Hints.DidYouMeanOr(name, "it has", [.. segment.Elements.Select(NameOf).Concat(segment.Pairs.Select(p => p.Name)).Distinct()]);
    }

    string? KnownComponents(ElementDefinition composite, string name) =>
        Hints.DidYouMeanOr(name, "it has", [.. composite.Components.Select(NameOf).Distinct()]);

    string NameOf(ElementDefinition element) =>
        structure.Message.Standard != Standard.X12 || element.Components.Count > 0 ? element.Id : element.Position.ToString("00", CultureInfo.InvariantCulture);

    static string Times(int count) => count == 1 ? "once" : $"{count} times";

    BoundElement? Fail(Expr.Path path, int at, string code, string message, string? hint = null)
    {
        var place = path.Source.PlaceOf(at);
        diagnostics.Add(new(place.File, place.Line, place.Column, code, message, hint));
        return null;
    }
}
