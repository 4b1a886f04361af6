namespace DistributorHub.Worker.Partners;

/// <summary>How urgent an alert is.</summary>
enum AlertLevel
{
    /// <summary>Someone should look in the next hours.</summary>
    Warn,

    /// <summary>Business stands still until someone acts.</summary>
    Page,
}

/// <summary>Who, beside the installation's addresses, is told of a partner's alerts.</summary>
sealed record Contacts
{
    /// <summary>E-mail addresses; empty = nobody.</summary>
    public IReadOnlyList<string> Mail { get; init; } = [];

    /// <summary>The least level they are told of.</summary>
    public AlertLevel Level { get; init; }
}
