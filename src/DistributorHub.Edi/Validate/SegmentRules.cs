using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Validate;

/// <summary>A segment's elements in the form the check of every value wants: arrays, and nothing looked up.</summary>
sealed class SegmentRules
{
    public SegmentDefinition Definition { get; }

    public ElementRule[] Elements { get; }

    /// <summary>Position of the last mandatory element; 0 when there is none.</summary>
    public int LastMandatory { get; }

    public ConditionRule[] Conditions { get; }

    public SegmentRules(SegmentDefinition definition, CodeLists codes)
    {
        Definition = definition;
        Elements = [.. definition.Elements.Select(e => new ElementRule(e, codes))];
        Conditions = [.. definition.Conditions.Where(c => c.Elements.All(e => e <= ConditionRule.ElementsMax)).Select(c => new ConditionRule(c))];
        LastMandatory = Array.FindLastIndex(Elements, e => e.Mandatory) + 1;
    }
}

/// <summary>See <see cref="ElementDefinition"/>.</summary>
sealed class ElementRule
{
    public readonly ElementDefinition Definition;
    public readonly ElementType Type;
    public readonly bool Mandatory;
    public readonly bool AlphabeticOnly;
    public readonly int Min;
    public readonly int Max;
    public readonly int Repeats;
    public readonly ElementRule[] Components;

    /// <summary>The codes the element takes; null when it takes any value.</summary>
    public readonly CodeSet? Codes;

    /// <summary>
    /// For a composite: by component, from where to where those stand that name another code list or the agency of one (1131, 3055). A code of
    /// another list is not looked up.
    /// </summary>
    public readonly (int First, int Last)[] OtherLists = [];

    public ElementRule(ElementDefinition definition, CodeLists codes)
    {
        Definition = definition;
        Type = definition.Type;
        Mandatory = definition.Mandatory;
        AlphabeticOnly = definition.AlphabeticOnly;
        Min = definition.Min;
        Max = definition.Max;
        Repeats = definition.Repeats;
        Components = [.. definition.Components.Select(c => new ElementRule(c, codes))];
        if (Type is ElementType.Text or ElementType.Code)
            Codes = codes.Set(definition.Id);
        if (Components.Length > 0)
            OtherLists = [.. Enumerable.Range(0, Components.Length).Select(OtherList)];
    }

    /// <summary>1131 and 3055 belong to the codes before them, up to the ones before those: FII C088 and TAX C243 have two such pairs.</summary>
    (int First, int Last) OtherList(int component)
    {
        var first = component + 1;
        while (first < Components.Length && !NamesList(Components[first]))
            first++;
        var last = first;
        while (last < Components.Length && NamesList(Components[last]))
            last++;
        return NamesList(Components[component]) ? (0, 0) : (first, last);
    }

    static bool NamesList(ElementRule rule) => rule.Definition.Id is "1131" or "3055";
}

/// <summary>See <see cref="ConditionDefinition"/>; elements are bits, the first is bit 0.</summary>
sealed class ConditionRule
{
    /// <summary>Elements that can stand in a condition: as many as there are bits.</summary>
    public const int ElementsMax = 64;

    public readonly ConditionDefinition Definition;
    readonly ulong all;
    readonly ulong first;

    public ConditionRule(ConditionDefinition definition)
    {
        Definition = definition;
        foreach (var element in definition.Elements)
            all |= 1UL << element - 1;
        first = 1UL << definition.Elements[0] - 1;
    }

    /// <summary>True when the elements that are there satisfy the condition.</summary>
    public bool Holds(ulong present) => Definition.Kind switch
    {
        ConditionKind.Paired => (present & all) == 0 || (present & all) == all,
        ConditionKind.Required => (present & all) != 0,
        ConditionKind.Exclusive => System.Numerics.BitOperations.PopCount(present & all) <= 1,
        ConditionKind.Conditional => (present & first) == 0 || (present & all) == all,
        _ => (present & first) == 0 || (present & all & ~first) != 0,
    };

    /// <summary>The element to blame: of an exclusion the second that is there, otherwise the first that is not.</summary>
    public int Culprit(ulong present)
    {
        var exclusive = Definition.Kind == ConditionKind.Exclusive;
        return Definition.Elements.Where(e => (present >> e - 1 & 1) == (exclusive ? 1UL : 0UL)).ElementAt(exclusive ? 1 : 0);
    }
}
