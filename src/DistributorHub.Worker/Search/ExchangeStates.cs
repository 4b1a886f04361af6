using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Search;

/// <summary>States that people ask for together.</summary>
static class ExchangeStates
{
    /// <summary>What failed, as SQL; the words of the index for it.</summary>
    public const string FailedList = "'Failed', 'PartiallyCompleted', 'Quarantined'";

    public static readonly IReadOnlyList<ExchangeState> Failed = [.. Enum.GetValues<ExchangeState>().Where(Transitions.IsFailed)];

    public static readonly IReadOnlyList<ExchangeState> Running = [.. Enum.GetValues<ExchangeState>().Where(state => !Transitions.IsEnded(state))];

    /// <summary>The words for states in addresses; a state's own name in small letters is one too.</summary>
    public static readonly IReadOnlyList<(string Word, string Name, IReadOnlyList<ExchangeState> States)> Groups =
    [
        ("failed", "Failed", Failed),
        ("held", "Held", [ExchangeState.Held]),
        ("running", "Running", Running),
        .. Enum.GetValues<ExchangeState>().Where(state => Transitions.IsEnded(state) && !Transitions.IsFailed(state) && state != ExchangeState.Held)
            .Select(state => (state.ToString().ToLowerInvariant(), state.ToString(), (IReadOnlyList<ExchangeState>)[state])),
    ];

    /// <summary>The states of a word; null when it is none.</summary>
    public static IReadOnlyList<ExchangeState>? Of(string word) =>
        Groups.FirstOrDefault(group => group.Word == word).States
        ?? (Enum.TryParse<ExchangeState>(word, ignoreCase: true, out var state) && Enum.IsDefined(state) ? [state] : null);
}
