namespace DistributorHub.Worker.Partners;

/// <summary>What a hold rule looks at.</summary>
enum HoldKind
{
    /// <summary>A document whose amount is over a limit.</summary>
    Amount,

    /// <summary>Prices that differ from the seller's.</summary>
    PriceChange,

    /// <summary>Rows the seller does not have.</summary>
    NewItem,

    /// <summary>A number that was loaded before with other content.</summary>
    Duplicate,

    /// <summary>An interchange that says it is a test.</summary>
    Test,
}

/// <summary>When a document waits for people before it is loaded.</summary>
/// <param name="Kind">What it looks at.</param>
/// <param name="Table">Name of a table in maps; empty where none is looked at.</param>
/// <param name="Column">Name of its column, or null.</param>
sealed record HoldRule(HoldKind Kind, string Table = "", string? Column = null)
{
    /// <summary>The limit: an amount, a share (0.1 = 10 %) of the seller's price, or a number of new rows.</summary>
    public decimal Over { get; init; }

    /// <summary>Columns that the amount's column is multiplied with and divided by, row by row; null = 1.</summary>
    public string? Times { get; init; }
    public string? Per { get; init; }

    /// <summary>Table and column that say in what currency the amount is; empty = amounts are taken as they stand.</summary>
    public (string Table, string Column) Currency { get; init; } = ("", "");

    /// <summary>The currency of <see cref="Over"/> and of what approvers may approve up to.</summary>
    public string? OverCurrency { get; init; }

    /// <summary>Xref of the target that has the seller's prices or items by <see cref="Key"/>; null = the table itself has them.</summary>
    public string? Against { get; init; }

    /// <summary>Columns of the table: the keys of the xref, or what rows of the table are found by; empty = the table's key.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The rule as it stands in the partner file.</summary>
    public string Name => NameOf(Kind);

    public static string NameOf(HoldKind kind) => kind switch
    {
        HoldKind.PriceChange => "price_change",
        HoldKind.NewItem => "new_item",
        _ => kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>How a hold ends that nobody decided in time.</summary>
enum ExpiredHold
{
    /// <summary>The same file may be sent again, and is held anew.</summary>
    Cancelled,

    /// <summary>As if a person had rejected it: the same file is not taken again.</summary>
    Rejected,
}

/// <summary>Who decides what is held.</summary>
/// <param name="User">Name of the user.</param>
/// <param name="UpTo">Largest amount of a document they may approve; null = any.</param>
readonly record struct Approver(string User, decimal? UpTo);

/// <summary>The <c>approvals</c> of a partner file. Without approvers everyone who may use the hub decides.</summary>
sealed record ApprovalPolicy
{
    /// <summary>Approvals that a document needs.</summary>
    public int Needed { get; init; } = 1;

    /// <summary>How long a document waits; null = for ever.</summary>
    public TimeSpan? Expires { get; init; }

    public ExpiredHold Expired { get; init; } = ExpiredHold.Cancelled;

    public IReadOnlyList<Approver> Approvers { get; init; } = [];

    public Approver? Find(string user)
    {
        foreach (var approver in Approvers)
            if (approver.User == user)
                return approver;
        return null;
    }
}
