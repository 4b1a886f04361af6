namespace DistributorHub.Edi.Definitions;

/// <summary>A definition's text that cannot be read, with the line it fails at.</summary>
public sealed class DefinitionTextException(string source, int line, string problem)
    : FormatException($"{source}:{line}: {problem}")
{
    /// <summary>Line of the text, from 1.</summary>
    public int Line { get; } = line;
}
