using System.Text;

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
    Utf8Table? table;
    byte[]? literal;
    CodeList? reversed;

    public required string Id { get; init; }

    /// <summary>The file it was read from, the partner's where both have one; empty for a list made in memory.</summary>
    public string File { get; init; } = "";

    public required IReadOnlyDictionary<string, string> Map { get; init; }

    /// <summary>Where the entries of <see cref="Map"/> stand, <c>file:line</c>; empty for a list made in memory.</summary>
    public IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>Our code → partner's code, for outbound, where <see cref="Map"/> gives several choices.</summary>
    public IReadOnlyDictionary<string, string> Reverse { get; init; } = new Dictionary<string, string>();

    public Miss Miss { get; init; } = Miss.Error;

    /// <summary>The text given on a miss, with <see cref="Miss.Literal"/>.</summary>
    public string? Literal { get; init; }

    /// <summary>
    /// The list for writing: our code → partner's, as <see cref="Reverse"/> says, and where that says nothing, the only one of <see cref="Map"/>. What is
    /// <see cref="Undecided"/> is not in it.
    /// </summary>
    internal CodeList Reversed => reversed ??= new() { Id = Id, File = File, Map = OfOurs(), Miss = Miss, Literal = Literal };

    /// <summary>Our codes that stand for several of the partner's, where nothing says which of them is written.</summary>
    internal IEnumerable<(string Ours, IReadOnlyList<string> Theirs)> Undecided =>
        from pair in Map
        group pair.Key by pair.Value into theirs
        where theirs.Count() > 1 && !Reverse.ContainsKey(theirs.Key)
        select (theirs.Key, (IReadOnlyList<string>)[.. theirs]);

    Dictionary<string, string> OfOurs()
    {
        var entries = Map.GroupBy(pair => pair.Value, pair => pair.Key).Where(theirs => theirs.Count() == 1).ToDictionary(theirs => theirs.Key, theirs => theirs.Single(), StringComparer.Ordinal);
        foreach (var (ours, theirs) in Reverse)
            entries[ours] = theirs;
        return entries;
    }

    /// <summary>Our code as UTF-8, or null when the list does not hold the partner's.</summary>
    internal byte[]? Find(ReadOnlySpan<byte> code) => (table ??= new(Map)).Find(code);

    internal byte[] LiteralUtf8 => literal ??= Encoding.UTF8.GetBytes(Literal ?? "");
}
