namespace DistributorHub.Edi.Definitions;

/// <summary>
/// What messages, segments, composites and elements of one release are called, for people. Each line of the text is an id and a name:
/// <c>LIN Line item</c>, <c>C212 Item number identification</c>, <c>1004 Document/message number</c>.
/// </summary>
public sealed class DefinitionNames
{
    readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    internal DefinitionNames(string text)
    {
        foreach (var line in text.Split('\n').Skip(1))
            if (line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end)
                names[line[..end]] = line[end..].Trim();
    }

    internal static DefinitionNames None { get; } = new("");

    /// <summary>Our own labels of X12 sets and segments, the same for all releases.</summary>
    public static DefinitionNames X12 { get; } = new(EmbeddedText.Read("definitions/x12/names.txt"));

    /// <summary>The name, or empty when there is none.</summary>
    public string this[string id] => names.GetValueOrDefault(id, "");
}
