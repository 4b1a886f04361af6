using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>How a document is loaded that was mapped without an error.</summary>
sealed record LoadRules
{
    /// <summary>A trial over a database of its own: what is there twice is loaded twice, and nothing else has loaded it.</summary>
    public static LoadRules Trial { get; } = new() { Duplicates = new() { OnDocument = OnDocument.Process } };

    public required DuplicatePolicy Duplicates { get; init; }

    /// <summary>The partner whose rules may hold it; null for none.</summary>
    public PartnerDefinition? Holding { get; init; }

    /// <summary>True when a person lets it pass what holds it.</summary>
    public bool Approved { get; init; }

    /// <summary>The revision it replaces, 0 when it was never loaded; null when it is not replayed.</summary>
    public int? Replaces { get; init; }

    /// <summary>What a dry run has shown of it, which is all that may be done; null when it is not bound by one.</summary>
    public ExpectedRows? Expected { get; init; }

    /// <summary>The state it stays in when it is bound by a dry run and something else would happen.</summary>
    public Ledger.DocumentState Before { get; init; } = Ledger.DocumentState.Failed;

    /// <summary>True when it is an earlier list that people want to count again.</summary>
    public bool Reinstates { get; init; }

    /// <summary>True when another exchange has loaded the document of this identity.</summary>
    public Func<string, Task<bool>> IsLoadedElsewhere { get; init; } = _ => Task.FromResult(false);

    /// <summary>How people know the exchange that has loaded the document of this identity; null when the ledger has none.</summary>
    public Func<string, Task<string?>> NameOf { get; init; } = _ => Task.FromResult<string?>(null);
}
