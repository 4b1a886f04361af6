namespace DistributorHub.Worker.Partners;

/// <summary>What becomes of an interchange whose control number was used before for other content.</summary>
enum OnConflict
{
    /// <summary>Nothing of it is loaded; a person may have it read all the same.</summary>
    Quarantine,

    /// <summary>Its documents wait for a person to approve or reject them.</summary>
    Hold,
}

/// <summary>What becomes of a document with the content of one that was loaded, under another control number.</summary>
enum OnSuspected
{
    Skip,
    Hold,

    /// <summary>It is loaded once more.</summary>
    Process,
}

/// <summary>What becomes of an original document whose number was loaded with other content.</summary>
enum OnDocument
{
    Hold,
    Process,
}

/// <summary>What counts as having come before, and what is done then.</summary>
sealed record DuplicatePolicy
{
    /// <summary>How far back control numbers are compared.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>True: a file with the bytes of an earlier one is not read.</summary>
    public bool CheckContent { get; init; } = true;

    /// <summary>True: an interchange with the control number of an earlier one, of the same sender and recipient, is not loaded.</summary>
    public bool CheckInterchange { get; init; } = true;

    public OnConflict OnConflict { get; init; }

    public OnSuspected OnSuspected { get; init; }

    public OnDocument OnDocument { get; init; }
}
