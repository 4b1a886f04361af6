using System.Globalization;

namespace DistributorHub.Edi.Definitions;

/// <summary>A cursor over the text of one segment, with its notes behind it.</summary>
sealed class SegmentText(string segment, string note, string source, int line)
{
    readonly string text = note.Length == 0 ? segment : $"{segment}  {note}";
    readonly List<ElementDefinition> elements = [];
    readonly List<CompositeQualifier> compositeQualifiers = [];
    readonly List<PairDefinition> pairs = [];
    readonly List<ConditionDefinition> conditions = [];
    ElementAddress? qualifier;
    ElementAddress? value;
    MomentDefinition? moment;
    TreeDefinition? tree;
    int at;

    /// <summary>False when the note names elements that this segment does not have.</summary>
    public bool NoteFits { get; private set; } = true;

    public SegmentDefinition Read()
    {
        var tag = Word();
        if (tag.Length is < 2 or > 3)
            throw Error($"Found \"{tag}\"; expected a segment tag of two or three characters.");
        for (Blanks(); at < text.Length; Blanks())
            Item();
        return new SegmentDefinition
        {
            Tag = tag,
            Elements = elements,
            Qualifier = qualifier,
            Value = value,
            Moment = moment,
            CompositeQualifiers = compositeQualifiers,
            Pairs = pairs,
            Tree = tree,
            Conditions = conditions,
        };
    }

    void Item()
    {
        if (Take('~'))
            QualifierAndValue();
        else if (Take('='))
            value = Address(Path());
        else
        {
            var start = at;
            var word = Word();
            if (word == "tree" && Take('('))
                Tree();
            else if (Take('~'))
                CompositeFact(word);
            else if (Take('='))
                Pairs(word);
            else if (IsCondition(word))
                Condition(word);
            else
            {
                at = start;
                foreach (var element in Element(elements.Count + 1))
                    elements.Add(element);
            }
        }
    }

    void QualifierAndValue()
    {
        qualifier = Address(Path());
        if (!Take('='))
            return;
        var path = Path();
        if (path != "moment")
        {
            value = Address(path);
            return;
        }
        Expect('(');
        var when = Address(Path());
        Expect(',');
        moment = new MomentDefinition(when, Address(Path()));
        Expect(')');
    }

    /// <summary>A letter and two or more positions of two digits; composite ids have three digits.</summary>
    static bool IsCondition(string word) =>
        word.Length >= 5 && word.Length % 2 == 1 && word[0] is 'P' or 'R' or 'E' or 'C' or 'L' && !word.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    void Condition(string word)
    {
        var positions = new List<int>();
        for (var i = 1; i < word.Length; i += 2)
            positions.Add(int.Parse(word.AsSpan(i, 2), NumberStyles.None, CultureInfo.InvariantCulture));
        if (positions.Exists(p => p < 1 || p > elements.Count))
            throw Error($"The condition {word} names an element this segment does not have.");
        var kind = word[0] switch
        {
            'P' => ConditionKind.Paired,
            'R' => ConditionKind.Required,
            'E' => ConditionKind.Exclusive,
            'C' => ConditionKind.Conditional,
            _ => ConditionKind.ListConditional,
        };
        conditions.Add(new(kind, positions, word));
    }

    void CompositeFact(string composite)
    {
        var components = elements.Find(e => e.Id == composite)?.Components ?? [];
        if (components.Count == 0 && !InNote())
            throw Error($"This segment has no composite {composite}.");
        NoteFits &= components.Count > 0;
        var by = Component(components, Path());
        Expect('=');
        compositeQualifiers.Add(new(composite, by, Component(components, Path())));
    }

    /// <summary>
    /// Pairs by position: <c>ID=pairs(06..25)</c> over elements that stand before it, or with the elements of a pair,
    /// <c>ID=pairs(06..25: 235 id2, 234 an..48)</c>; a mandatory mark then holds for the first pair.
    /// </summary>
    void Pairs(string name)
    {
        if (Word() != "pairs")
            throw Error($"Expected pairs(…) after \"{name}=\".");
        Expect('(');
        var first = Integer();
        Expect('.');
        Expect('.');
        var last = Integer();
        if (last <= first || (last - first) % 2 == 0)
            throw Error($"Found {first}..{last}; pairs begin at a qualifier and end at a value.");
        if (Take(')'))
        {
            NoteFits &= last <= elements.Count;
            if (last > elements.Count && !InNote())
                throw Error($"Pairs end at position {last}, but the last element is {elements.Count}.");
            pairs.Add(new(name, first, last));
            return;
        }
        Expect(':');
        Blanks();
        var start = at;
        for (var position = first; position < last; position += 2)
        {
            at = start;
            if (position != elements.Count + 1)
                throw Error($"Pairs begin at position {position}, but the next is {elements.Count + 1}.");
            var mandatory = position == first;
            AddOfPair(position, mandatory);
            Expect(',');
            Blanks();
            AddOfPair(position + 1, mandatory);
        }
        Expect(')');
        pairs.Add(new(name, first, last));
    }

    void AddOfPair(int position, bool keepsMark)
    {
        var made = Element(position);
        if (made.Count != 1)
            throw Error("An element of a pair does not repeat by itself.");
        elements.Add(keepsMark ? made[0] : Copy(made[0], mandatory: false, position, repeats: 1));
    }

    void Tree()
    {
        int? id = null, parent = null, level = null;
        do
        {
            Blanks();
            var role = Word();
            Blanks();
            var position = Address(Path()).Element;
            switch (role)
            {
                case "id": id = position; break;
                case "parent": parent = position; break;
                case "level": level = position; break;
                default: throw Error($"Found \"{role}\"; a tree has id, parent and level.");
            }
        }
        while (Take(','));
        Expect(')');
        tree = id is { } i && parent is { } p && level is { } l
            ? new TreeDefinition(i, p, l)
            : throw Error("A tree needs id, parent and level.");
    }

    /// <summary>One element, or as many as its repeats.</summary>
    List<ElementDefinition> Element(int position, bool ofComposite = false)
    {
        var id = Word();
        if (Take(':'))
        {
            if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var written) || written != position)
                throw Error($"Found position \"{id}\"; the next is {position:00}.");
            id = Word();
        }
        if (id.Length == 0)
            throw Error($"Found \"{Rest()}\"; expected an element id.");
        var mandatory = Take('!');
        var positions = Take('x') ? Integer() : 1;
        if (position > Limits.ElementsMax || positions > Limits.ElementsMax - position + 1)
            throw Error($"Found {positions} from position {position} on; there are no more than {Limits.ElementsMax}.");
        var repeats = Take('*') ? Integer() : positions;
        if (ofComposite && at < text.Length && text[at] == '{')
            throw Error("A composite holds no other composite.");
        var first = at < text.Length && text[at] == '{'
            ? Composite(id, position, mandatory, repeats)
            : Simple(id, position, mandatory, repeats);
        var all = new List<ElementDefinition>(positions) { first };
        for (var i = 1; i < positions; i++)
            all.Add(Copy(first, mandatory: false, position + i, repeats: 1));
        return all;
    }

    ElementDefinition Composite(string id, int position, bool mandatory, int repeats)
    {
        Expect('{');
        var components = new List<ElementDefinition>();
        do
        {
            Blanks();
            components.AddRange(Element(components.Count + 1, ofComposite: true));
        }
        while (Take(','));
        Expect('}');
        return new ElementDefinition
        {
            Id = id,
            Position = position,
            Type = ElementType.Composite,
            Mandatory = mandatory,
            Repeats = repeats,
            Components = components,
        };
    }

    ElementDefinition Simple(string id, int position, bool mandatory, int repeats)
    {
        Blanks();
        var start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        var name = text[start..at];
        var implied = 0;
        if (name == "N")
        {
            implied = Integer();
            Expect(':');
        }
        var (min, max) = Length();
        return new ElementDefinition
        {
            Id = id,
            Position = position,
            Type = TypeOf(name),
            Mandatory = mandatory,
            Min = min,
            Max = max,
            AlphabeticOnly = name == "a",
            ImpliedDecimals = implied,
            Repeats = repeats,
        };
    }

    ElementType TypeOf(string name) => name switch
    {
        "a" or "an" => ElementType.Text,
        "id" => ElementType.Code,
        "n" or "R" => ElementType.Decimal,
        "N" => ElementType.Implied,
        "dt" => ElementType.Date,
        "tm" => ElementType.Time,
        "b" => ElementType.Binary,
        _ => throw Error($"Found type \"{name}\"; the types are a, an, n, id, R, N0 to N9, dt, tm and b."),
    };

    (int Min, int Max) Length()
    {
        var min = at < text.Length && char.IsAsciiDigit(text[at]) ? Integer() : 0;
        if (!Take('.'))
            return min > 0 ? (min, min) : throw Error("The length is missing, such as ..35 or 3.");
        Expect('.');
        return (min, Integer());
    }

    static ElementDefinition Copy(ElementDefinition of, bool mandatory, int position, int repeats) => new()
    {
        Id = of.Id,
        Position = position,
        Type = of.Type,
        Mandatory = mandatory,
        Min = of.Min,
        Max = of.Max,
        AlphabeticOnly = of.AlphabeticOnly,
        ImpliedDecimals = of.ImpliedDecimals,
        Repeats = repeats,
        Components = of.Components,
    };

    ElementAddress Address(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var head = dot < 0 ? path : path[..dot];
        var element = Component(elements, head);
        if (!NoteFits)
            return default;
        return dot < 0
            ? new ElementAddress(element)
            : new ElementAddress(element, Component(elements[element - 1].Components, path[(dot + 1)..]));
    }

    /// <summary>Position of an element by its position (one or two digits) or its id; of equal ids, the first.</summary>
    int Component(IReadOnlyList<ElementDefinition> among, string name)
    {
        if (name.Length <= 2 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && position >= 1 && position <= among.Count)
            return position;
        for (var i = 0; i < among.Count; i++)
            if (among[i].Id == name)
                return i + 1;
        if (!InNote())
            throw Error($"There is no element \"{name}\" here.");
        NoteFits = false;
        return 1;
    }

    bool InNote() => at > segment.Length;

    string Word()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]) && !(at > start && text[at] == 'x'))
            at++;
        return text[start..at];
    }

    string Path()
    {
        var path = Word();
        return Take('.') ? $"{path}.{Word()}" : path;
    }

    int Integer()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Error($"Found \"{Rest()}\"; expected a number.");
    }

    void Blanks()
    {
        while (at < text.Length && text[at] == ' ')
            at++;
    }

    bool Take(char sign)
    {
        if (at >= text.Length || text[at] != sign)
            return false;
        at++;
        return true;
    }

    void Expect(char sign)
    {
        if (!Take(sign))
            throw Error($"Found \"{Rest()}\"; expected \"{sign}\".");
    }

    string Rest() => text[at..Math.Min(text.Length, at + 20)];

    DefinitionTextException Error(string problem) => new(source, line, problem);
}
