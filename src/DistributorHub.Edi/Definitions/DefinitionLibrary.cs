using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Definitions;

/// <summary>The message definitions the program carries. Loads each on first use; safe for many threads.</summary>
public sealed class DefinitionLibrary
{
    public static DefinitionLibrary Embedded { get; } = new();

    /// <summary>The definition, or null when the library has none for this type and release (<c>ORDERS</c>, <c>D.96A</c>; <c>850</c>, <c>004010</c>).</summary>
    public MessageDefinition? Find(Standard standard, string type, string release) => throw new NotSupportedException();

    /// <summary>What the library holds, as (standard, type, release), in order.</summary>
    public IReadOnlyList<(Standard Standard, string Type, string Release)> List() => throw new NotSupportedException();
}
