using DistributorHub.Edi.Definitions;

namespace DistributorHub.Edi.Validate;

/// <summary>A segment's elements in the form the check of every value wants: arrays, and nothing looked up.</summary>
sealed class SegmentRules
{
    public SegmentDefinition Definition { get; }

    public ElementRule[] Elements { get; }

    /// <summary>Position of the last mandatory element; 0 when there is none.</summary>
    public int LastMandatory { get; }

    public SegmentRules(SegmentDefinition definition)
    {
        Definition = definition;
        Elements = [.. definition.Elements.Select(e => new ElementRule(e))];
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

    public ElementRule(ElementDefinition definition)
    {
        Definition = definition;
        Type = definition.Type;
        Mandatory = definition.Mandatory;
        AlphabeticOnly = definition.AlphabeticOnly;
        Min = definition.Min;
        Max = definition.Max;
        Repeats = definition.Repeats;
        Components = [.. definition.Components.Select(c => new ElementRule(c))];
    }
}
