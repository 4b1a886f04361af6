namespace DistributorHub.Mapping.Codes;

/// <summary>What a code list gives for a code it does not hold.</summary>
public enum Miss
{
    Error,
    Pass,
    Null,
    Literal,
}

/// <summary>One list of <c>mappings/codes</c> or of a partner: partner's code → our code.</summary>
public sealed class CodeList
{
    public required string Id { get; init; }

    public required IReadOnlyDictionary<string, string> Map { get; init; }

    public Miss Miss { get; init; } = Miss.Error;

    /// <summary>The text given on a miss, with <see cref="Miss.Literal"/>.</summary>
    public string? Literal { get; init; }
}
