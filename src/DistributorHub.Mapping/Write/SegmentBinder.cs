using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;
using ValueType = DistributorHub.Mapping.Language.ValueType;

namespace DistributorHub.Mapping.Write;

/// <summary>Binds the elements of one segment to expressions, with the constants that its qualifiers are.</summary>
sealed class SegmentBinder(string file, string fileText, MapScope map, MessageDefinition message)
{
    readonly ElementBinder elements = new(new(message), map.Diagnostics);
    readonly WrittenTypes types = new(map, message);

    /// <summary>A segment while its values are collected.</summary>
    sealed class Draft(SegmentDefinition definition, string name)
    {
        public SegmentDefinition Definition { get; } = definition;

        public string Name { get; } = name;

        public List<WrittenValue> Values { get; } = [];

        public List<Occurrence> Occurrences { get; } = [];

        public bool Failed { get; set; }
    }

    /// <summary>The rule of a segment; null after diagnostics.</summary>
    /// <param name="ast">The rule as written.</param>
    /// <param name="path">Its key.</param>
    /// <param name="definition">The segment.</param>
    /// <param name="fields">What its expressions see.</param>
    /// <param name="id">The rule's id.</param>
    /// <param name="trigger">Id of the rule it depends on, or -1.</param>
    public WrittenSegment? Bind(SegmentAst ast, Expr.Path path, SegmentDefinition definition, FieldScope fields, int id, int trigger)
    {
        var draft = new Draft(definition, path.Text[..(path.Steps[0].End - path.At)]);
        foreach (var predicate in path.Steps[0].Predicates)
            Constant(draft, path, predicate);
        // The format of a date decides how its value is written, wherever it stands.
        foreach (var (element, scalar) in ast.Values.OrderByDescending(v => v.Value.Quoted && definition.Moment is not null))
        {
            var target = element is null ? path : ExprParser.ParseElement(new(file, fileText, element), path.Steps[0], map.Diagnostics);
            if (target is null)
                draft.Failed = true;
            Value(draft, target, scalar, fields);
        }
        HasRoom(draft, path);
        if (!draft.Failed)
            Complete(draft, path);
        return draft.Failed ? null : new()
        {
            Id = id,
            Definition = definition,
            Name = draft.Name,
            Trigger = trigger,
            Values = draft.Values,
            Occurrences = draft.Occurrences,
            IsLevel = definition.Tree is not null,
        };
    }

    /// <summary>Judges the values of a segment that is not known.</summary>
    public void JudgeValues(SegmentAst ast, FieldScope fields)
    {
        foreach (var (_, scalar) in ast.Values)
            Expression(scalar, fields);
    }

    /// <summary>What decides whether rows are written; null after a diagnostic.</summary>
    public BoundExpr? Condition(YamlScalar where, FieldScope fields)
    {
        var condition = Expression(where, fields);
        if (condition is null || condition.Type == ValueType.Bool)
            return condition;
        map.Report(condition.Place, MapCodes.OperandType, $"'where' takes true or false, and this is {Types.NameOf(condition.Type)}.", "compare it with something: = 'X', in ('A', 'B'), exists(…)");
        return null;
    }

    BoundExpr? Expression(YamlScalar scalar, FieldScope fields)
    {
        var source = new ExprSource(file, fileText, scalar);
        var binder = new ExprBinder(map, new(0, null, new() { Place = source.Start }) { Placed = false }, fields);
        if (!scalar.Quoted)
            return ExprParser.Parse(source, map.Diagnostics) is { } expr ? binder.Bind(expr) : null;
        if (fields.Names.Contains(scalar.Text))
            map.Report(source.Start, MapCodes.QuotedPath, $"The quoted '{scalar.Text}' is a text, but would be a field without quotes.", "leave out the quotes if the field is meant", warning: true);
        return binder.Bind(new Expr.Quoted(scalar.Text, source, 0, scalar.Text.Length)) is { } bound ? bound with { Place = source.Start } : null;
    }

    // A code in brackets is what is written there.
    void Constant(Draft draft, Expr.Path path, PathPredicate predicate)
    {
        var at = path.Source.PlaceOf(predicate.At);
        if (predicate.Lacks || predicate.Codes.Count != 1)
        {
            draft.Failed = true;
            map.Report(at, MapCodes.NoPlace, "What is written is one code.", $"{draft.Definition.Tag}[{predicate.Codes[0]}]");
            return;
        }
        if (elements.BindPredicate(path, predicate, draft.Definition) is not Predicate.Element bound)
        {
            draft.Failed = true;
            return;
        }
        var address = bound.Slots[0].Value;
        var element = draft.Definition.At(address);
        Add(draft, new(Literal(predicate.Codes[0], at), element, address, -1, null, NameOf(draft, address)), at);
    }

    static BoundExpr.Literal Literal(string text, Place at) =>
        new(text) { Type = ValueType.Text, Nullable = false, Stream = StreamClass.Local, Place = at, Text = $"'{text}'" };

    void Value(Draft draft, Expr.Path? target, YamlScalar scalar, FieldScope fields)
    {
        var value = Expression(scalar, fields);
        var element = target is null ? null : elements.Bind(target, draft.Definition, segmentsToo: false, own: null);
        draft.Failed |= value is null || element is null;
        if (target is null || element is null)
            return;
        var part = target.Parts.Count == 0 ? null : target.Parts[0];
        var at = target.Source.PlaceOf(part?.At ?? target.At);
        if (part is { All: true } || part?.Codes.Count > 1 || element.Slots[0].Repetition > 1)
        {
            draft.Failed = true;
            map.Report(at, MapCodes.NoPlace, "What is written stands at one place.", part is { Codes.Count: > 1 } ? $"{part.Name}[{part.Codes[0]}]" : "name it by its number: 3036#2");
            return;
        }
        var (occurrence, shift) = element.Qualifiers.Count > 0 ? Occurrence(draft, part!, element, at) : (-1, 0);
        var address = element.Slots[0].Value with { Element = element.Slots[0].Value.Element - shift };
        var definition = draft.Definition.At(element.Slots[0].Value);
        if (value is null)
        {
            // So that nothing more is said of its absence.
            Add(draft, new(Literal("", at), definition, address, occurrence, null, ""), at, judge: false);
            return;
        }
        var name = $"{draft.Name}{(target.Parts.Count == 0 ? "" : $".{string.Join('.', target.Parts.Select(p => p.Codes.Count > 0 ? $"{p.Name}[{p.Codes[0]}]" : p.Nth > 0 ? $"{p.Name}#{p.Nth}" : p.Name))}")}";
        var format = occurrence < 0 && draft.Definition.Moment is { } moment && moment.Value == element.Slots[0].Value ? moment.Format : (ElementAddress?)null;
        var fit = types.Fit(value, definition, name, format is not null, FormatOf(draft, format));
        draft.Failed |= fit is null;
        var (fitting, pattern, code) = fit ?? (value, null, null);
        Add(draft, new(fitting, definition, address, occurrence, pattern, name), at);
        if (format is { } place && code is not null && FormatOf(draft, place) is null)
            Add(draft, new(Literal(code, at), draft.Definition.At(place), place, -1, null, NameOf(draft, place)), at);
    }

    // A 2379 that the map writes itself, before the value or in the key.
    static string? FormatOf(Draft draft, ElementAddress? format) =>
        format is { } place && draft.Values.Find(v => v.Occurrence < 0 && v.At == place)?.Value is BoundExpr.Literal { Value: string code } ? code : null;

    // The composite or pair of a code, and the position its places are counted from.
    (int Index, int Shift) Occurrence(Draft draft, PathPart part, BoundElement element, Place at)
    {
        var code = element.Qualifiers[0];
        var pair = draft.Definition.Pairs.FirstOrDefault(p => p.Name == part.Name);
        List<int> places = [.. element.Slots.Select(s => s.Qualifier!.Value.Element).Distinct()];
        var name = $"{part.Name}[{code}]";
        var index = draft.Occurrences.FindIndex(o => o.Name == name);
        if (index >= 0)
            return (index, places[0]);
        index = draft.Occurrences.Count;
        draft.Occurrences.Add(new(name, part.Name, places));
        var qualifier = element.Slots[0].Qualifier!.Value;
        Add(draft, new(Literal(code, at), draft.Definition.At(qualifier), qualifier with { Element = pair is null ? 0 : qualifier.Element - places[0] }, index, null,
            $"{draft.Name}.{name}"), at);
        return (index, places[0]);
    }

    void Add(Draft draft, WrittenValue value, Place at, bool judge = true)
    {
        if (draft.Values.Exists(v => v.Occurrence == value.Occurrence && v.At == value.At))
        {
            draft.Failed = true;
            map.Report(at, MapCodes.NoPlace, $"Two rules write the same place of {draft.Definition.Tag}.", "leave one of them out");
            return;
        }
        if (judge)
            types.JudgeCodes(value);
        draft.Values.Add(value);
    }

    // Every composite and pair finds a place, whichever of them have values, beside those that the map places itself.
    void HasRoom(Draft draft, Expr.Path path)
    {
        foreach (var family in draft.Occurrences.GroupBy(o => o.Family))
        {
            var width = draft.Definition.Pairs.Any(p => p.Name == family.Key) ? 2 : 1;
            var free = family.First().Places.Count(place => !draft.Values.Exists(v => v.Occurrence < 0 && v.At.Element >= place && v.At.Element < place + width));
            if (family.Count() <= free)
                continue;
            draft.Failed = true;
            map.Report(path.Place, MapCodes.NoPlace, $"{draft.Definition.Tag} has {free} place(s) for {family.Key}, and {family.Count()} are written.", "write a second segment where the message has room for it");
        }
    }

    // Elements that the segment cannot do without have a rule, or it is never written rightly.
    void Complete(Draft draft, Expr.Path path)
    {
        var tree = draft.Definition.Tree;
        foreach (var element in draft.Definition.Elements.DistinctBy(e => e.Components.Count > 0 ? e.Id : $"{e.Position}"))
        {
            var isOfTree = tree is not null && (element.Position == tree.Id || element.Position == tree.Parent);
            bool Stands(WrittenValue v) => v.Occurrence < 0 ? v.At.Element == element.Position : draft.Occurrences[v.Occurrence].Places.Any(place => place + v.At.Element == element.Position);
            var own = draft.Values.FindAll(Stands);
            if (element.Mandatory && own.Count == 0 && !isOfTree)
                Needs(draft, path, element, null);
            if (own.Count == 0 || element.Components.Count == 0)
                continue;
            foreach (var same in own.GroupBy(v => v.Occurrence))
                foreach (var component in element.Components.DistinctBy(c => c.Id).Where(c => c.Mandatory && !same.Any(v => v.At.Component == c.Position)))
                    Needs(draft, path, element, component);
        }
    }

    void Needs(Draft draft, Expr.Path path, ElementDefinition element, ElementDefinition? component)
    {
        draft.Failed = true;
        map.Report(path.Place, MapCodes.Mandatory, $"{draft.Definition.Tag} cannot do without {(component is null ? "" : $"{element.Id}.")}{Called(component ?? element)}, which has no rule.",
            $"add {(component is null ? "" : $"{element.Id}.")}{Called(component ?? element)}: … below it");
    }

    string Called(ElementDefinition element) => message.Standard == Standard.Edifact ? element.Id : $"{element.Position:00}";

    string NameOf(Draft draft, ElementAddress address)
    {
        var element = draft.Definition.Elements.First(e => e.Position == address.Element);
        return $"{draft.Name}.{Called(element)}{(address.Component > 0 ? $".{Called(element.Components.First(c => c.Position == address.Component))}" : "")}";
    }
}
