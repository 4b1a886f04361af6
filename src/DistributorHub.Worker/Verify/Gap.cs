namespace DistributorHub.Worker.Verify;

enum GapKind
{
    /// <summary>A partner's folder cannot be looked into.</summary>
    Unreachable,

    /// <summary>A file on the partner's side that was never archived.</summary>
    NotArchived,

    /// <summary>Archived bytes that are missing, or have another hash than when they were archived.</summary>
    ArchiveDamaged,

    /// <summary>An exchange that has not ended and is nobody's.</summary>
    Stuck,

    /// <summary>The ledger says loaded, and the seller's database has no key of it.</summary>
    NotInInbox,

    /// <summary>The seller's database has the key of a document that the ledger does not know as loaded.</summary>
    NotInLedger,

    /// <summary>The key is there, and rows that were made with it are not.</summary>
    RowsGone,

    /// <summary>A move, deletion, acknowledgement or document that should be done by now.</summary>
    Overdue,

    /// <summary>An acknowledgement that was put into a folder which keeps older and later ones, and not this one.</summary>
    AcknowledgementGone,

    /// <summary>An interchange's verdict that does not follow from its documents.</summary>
    WrongVerdict,

    /// <summary>An exchange that counts other findings than it has.</summary>
    FindingsMiscounted,
}

/// <summary>Two records of the same thing that do not agree.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Partner">Partner's id.</param>
/// <param name="Place">What it is about: an exchange, a file, a document.</param>
/// <param name="Text">What was found, as a sentence.</param>
/// <param name="Heal">The command that puts it right, or what a person has to do.</param>
readonly record struct Gap(GapKind Kind, string Partner, string Place, string Text, string Heal);

/// <summary>What is verified.</summary>
/// <param name="Since">What came in, was loaded or sent from then on.</param>
/// <param name="Partner">Only this partner's, or null.</param>
readonly record struct VerifyScope(DateTimeOffset Since, string? Partner);
