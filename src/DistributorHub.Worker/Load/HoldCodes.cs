namespace DistributorHub.Worker.Load;

/// <summary>Stable codes of what holds a document until people decide: HLD6xxx. All are warnings; HLD6006, the end of the time to decide, is the ledger's.</summary>
static class HoldCodes
{
    /// <summary>The amount is over the limit.</summary>
    public const string Amount = "HLD6001";

    /// <summary>A price differs from the seller's by more than the limit.</summary>
    public const string PriceChange = "HLD6002";

    /// <summary>A row the seller does not have.</summary>
    public const string NewItem = "HLD6003";

    /// <summary>The number was loaded before with other content.</summary>
    public const string Duplicate = "HLD6004";

    /// <summary>The interchange says that it is a test.</summary>
    public const string Test = "HLD6005";

    /// <summary>The amount is in another currency than the limit.</summary>
    public const string Currency = "HLD6007";
}
