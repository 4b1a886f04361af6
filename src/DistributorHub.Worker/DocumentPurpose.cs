namespace DistributorHub.Worker;

/// <summary>What a document is for, as it says itself.</summary>
public enum DocumentPurpose
{
    Original,

    /// <summary>It changes one that came before.</summary>
    Change,

    /// <summary>It stands in place of one that came before.</summary>
    Replace,

    /// <summary>It ends one that came before.</summary>
    Cancel,

    /// <summary>It is a copy of one that came before.</summary>
    Duplicate,

    /// <summary>Something else, such as a confirmation.</summary>
    Other,
}
