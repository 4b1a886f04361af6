using System.Globalization;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Ledger;

enum HoldState
{
    Open,

    /// <summary>All approvals are there: it was let through, once.</summary>
    Approved,

    /// <summary>A person ended it, or it expired and was to end so.</summary>
    Rejected,

    /// <summary>Nobody decided in time.</summary>
    Cancelled,

    /// <summary>A later run ended the document in another way.</summary>
    Withdrawn,
}

/// <summary>Why a document is held, as its run found, and what its partner's file asks of those who decide.</summary>
/// <param name="Rules">Names of the rules that hold it.</param>
/// <param name="Amount">Its amount, as far as a rule says what that is.</param>
/// <param name="Policy">Who decides.</param>
sealed record HoldNote(IReadOnlyList<string> Rules, decimal? Amount, ApprovalPolicy Policy);

/// <summary>A document that waits for people, or did.</summary>
sealed record HoldRow
{
    public long Id { get; init; }
    public long ExchangeId { get; init; }

    /// <summary>Ordinal of the message in the file.</summary>
    public int Ordinal { get; init; }
    public string Partner { get; init; } = "";
    public string File { get; init; } = "";
    public string Type { get; init; } = "";
    public string? Number { get; init; }
    public string? StatedNumber { get; init; }
    public string Reference { get; init; } = "";

    /// <summary>Names of the rules that hold it, separated by blanks.</summary>
    public string Rules { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>The amount as the database keeps it, without loss: see <see cref="Value"/>.</summary>
    public string? Amount { get; init; }
    public int Needed { get; init; }
    public HoldState State { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What it ends as when nobody decides.</summary>
    public HoldState EndsAs { get; init; }

    /// <summary>Approvals so far, the first first.</summary>
    public IReadOnlyList<HoldDecisionRow> Decisions { get; init; } = [];

    public decimal? Value => Amount is null ? null : decimal.Parse(Amount, CultureInfo.InvariantCulture);

    /// <summary>What people call the document.</summary>
    public string Name => $"{Type} {Number ?? StatedNumber ?? Reference}";
}

sealed record HoldDecisionRow
{
    public long HoldId { get; init; }

    /// <summary>Whose right was used.</summary>
    public string Approver { get; init; } = "";

    /// <summary>Who used it: the approver, or who decides in their place.</summary>
    public string Actor { get; init; } = "";
    public string Verdict { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

sealed record DelegationRow
{
    public long Id { get; init; }
    public string Delegator { get; init; } = "";
    public string Delegate { get; init; } = "";
    public DateTimeOffset FromAt { get; init; }
    public DateTimeOffset UntilAt { get; init; }
    public string Reason { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

enum DecisionEffect
{
    /// <summary>Nothing was decided; the sentence says why.</summary>
    Refused,

    /// <summary>Counted; more approvals are needed.</summary>
    Counted,

    /// <summary>The last approval: the exchange is due now, and loads.</summary>
    Released,

    /// <summary>The documents have ended.</summary>
    Rejected,
}

/// <summary>What came of a decision.</summary>
/// <param name="Effect">What it did.</param>
/// <param name="Sentence">The same for people.</param>
readonly record struct DecisionAnswer(DecisionEffect Effect, string Sentence)
{
    public bool IsTaken => Effect != DecisionEffect.Refused;
}

/// <summary>Which holds to list. Everything that is null is not asked for.</summary>
sealed record HoldFilter
{
    public string? Partner { get; init; }
    public long? Exchange { get; init; }

    /// <summary>Only what this user may decide now, and has not.</summary>
    public string? Mine { get; init; }

    /// <summary>False for those that have ended too, the newest first.</summary>
    public bool Open { get; init; } = true;

    public int Most { get; init; } = 100;
}
