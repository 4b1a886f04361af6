namespace DistributorHub.Mapping.Explain;

/// <summary>How much of some messages a map reads, and how much of the map they use.</summary>
public sealed record CoverageReport
{
    /// <summary>Id of the map.</summary>
    public required string Map { get; init; }

    /// <summary>The message's type and release, as the map reads it.</summary>
    public required string Message { get; init; }

    /// <summary>Messages that were mapped.</summary>
    public required long Messages { get; init; }

    /// <summary>What no rule reads and no <c>ignore:</c> names, in the order of the message.</summary>
    public required IReadOnlyList<UnreadValue> Unread { get; init; }

    /// <summary>Kinds of unread values beyond those that were kept apart.</summary>
    public required long UnreadBeyond { get; init; }

    /// <summary>Rules that gave no value in any row, and blocks that made no row.</summary>
    public required IReadOnlyList<UnfiredRule> Unfired { get; init; }

    /// <summary>Codes of the map's lists that no message held.</summary>
    public required IReadOnlyList<UnseenCodes> Codes { get; init; }

    /// <summary>Paths with a <c>?</c> that were there every time.</summary>
    public required IReadOnlyList<OptionalPath> AlwaysThere { get; init; }
}

/// <summary>A value, or a whole segment, that no rule reads.</summary>
/// <param name="Path">As a map could write it: <c>LIN/MOA[203]</c>, <c>NAD[BY].C082.3055</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="Samples">Some different texts of it.</param>
public sealed record UnreadValue(string Path, long Count, IReadOnlyList<string> Samples);

/// <summary>A rule that never fired.</summary>
/// <param name="Name">Such as <c>orders.currency</c>; of a block its table or tag.</param>
/// <param name="Place">Where it stands, <c>file:line:column</c>.</param>
/// <param name="Text">The rule as written; empty for a block.</param>
/// <param name="Rows">Rows it was evaluated for.</param>
public sealed record UnfiredRule(string Name, string Place, string Text, long Rows);

/// <summary>Codes that a list holds and no message used.</summary>
/// <param name="List">The list's id.</param>
/// <param name="Codes">The partner's codes, in order.</param>
/// <param name="Of">Codes the list holds.</param>
public sealed record UnseenCodes(string List, IReadOnlyList<string> Codes, int Of);

/// <summary>An optional path that was never absent.</summary>
/// <param name="Name">The rule it stands in.</param>
/// <param name="Path">The path.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Count">How often it was looked for.</param>
public sealed record OptionalPath(string Name, string Path, string Place, long Count);
