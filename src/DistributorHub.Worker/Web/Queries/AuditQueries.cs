using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>An entry of the record.</summary>
sealed record AuditLine : DecisionRow
{
    public long Id { get; init; }
    public string Target { get; init; } = "";

    /// <summary>The page of what an entry is about, or null.</summary>
    public static string? Link(string target) => target.Split(' ') switch
    {
        ["exchange", var id] => $"/exchanges/{id}",
        ["partner", var id] => $"/partners/{id}",
        ["map", var id] => Workbench.MapFile.PageOf(id),
        _ => null,
    };
}

/// <summary>What people did, newest first.</summary>
sealed class AuditQueries(Hub hub)
{
    public const int PageSize = 100;

    /// <param name="before">Number of the last entry of the page before, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<IReadOnlyList<AuditLine>> Read(long? before, CancellationToken cancellation)
    {
        var entries = await hub.Audit.List(new() { Before = before, Most = PageSize + 1 }, cancellation);
        return [.. entries.Select(entry => new AuditLine { Id = entry.Id, At = entry.At, Actor = entry.Actor, Action = entry.Action, Target = entry.Target, Reason = entry.Reason })];
    }
}
