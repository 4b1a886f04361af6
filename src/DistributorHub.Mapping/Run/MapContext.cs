using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping;

/// <summary>What a map may ask of the world around a message.</summary>
public sealed record MapContext
{
    /// <summary>Values of <c>$partner.*</c>: at least <c>id</c>, and <c>currency</c> when the partner has one.</summary>
    public required IReadOnlyDictionary<string, string> Partner { get; init; }

    public required InterchangeInfo Interchange { get; init; }

    public GroupInfo? Group { get; init; }

    public required MessageInfo Message { get; init; }

    /// <summary>Values of <c>$file.*</c>: <c>name</c>.</summary>
    public required IReadOnlyDictionary<string, string> File { get; init; }
}
