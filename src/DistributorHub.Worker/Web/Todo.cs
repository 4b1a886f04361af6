using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;
using DistributorHub.Worker.Web.Queries;

namespace DistributorHub.Worker.Web;

/// <summary>One cause that a person should see to.</summary>
/// <param name="Badge">What it is.</param>
/// <param name="Title">The cause.</param>
/// <param name="About">Whom it concerns, and how much.</param>
/// <param name="Since">Since when.</param>
/// <param name="Link">Where it is put right.</param>
/// <param name="Action">The word on its button.</param>
sealed record Todo(Badge Badge, string Title, string About, DateTimeOffset? Since, string Link, string Action)
{
    /// <summary>All causes, the worst first.</summary>
    public static IReadOnlyList<Todo> All(Hub hub, OverviewFacts facts, IReadOnlyList<PartnerLine> partners) =>
    [
        .. partners.Where(line => line.Health.Order is 7 or 8).Select(line => OfPartner(line, "Open")),
        .. facts.Troubles.Where(trouble => Transitions.IsFailed(trouble.State)).Select(trouble => Of(hub, trouble)),
        .. facts.Troubles.Where(trouble => !Transitions.IsFailed(trouble.State)).Select(trouble => Of(hub, trouble)),
        .. facts.Left.GroupBy(file => (file.Partner, file.Note)).Select(OfLeft),
        .. partners.Where(line => line.Health.Order is 3 or 4).Select(line => OfPartner(line, "Partner")),
    ];

    static Todo Of(Hub hub, Trouble trouble)
    {
        var name = hub.Partners.Find(trouble.Partner)?.Name ?? trouble.Partner;
        var badge = Show.Badge(trouble.State);
        var about = trouble.Class is { } failure ? $" · {Whose(failure)}" : "";
        var link = trouble.Count == 1 ? $"/exchanges/{trouble.Newest}"
            : new ExchangeFilters { Partner = trouble.Partner, State = trouble.State.ToString().ToLowerInvariant(), Cause = trouble.Cause }.Url();
        return new(badge, trouble.Cause ?? badge.Word, $"{name} · {Show.Count(trouble.Count, "exchange", "exchanges")}{about}", trouble.Since, link,
            badge.Class == "hold" ? "Decide" : "Open");
    }

    static string Whose(FailureClass failure) => failure switch
    {
        FailureClass.Data => "the partner's data",
        FailureClass.Config => "our settings",
        FailureClass.Transient => "network or database",
        _ => "a fault of the program",
    };

    static Todo OfPartner(PartnerLine line, string action) => new(
        line.Health.Badge, line.Health.Sentence ?? line.Health.Badge.Word, line.Name, line.PolledAt, $"/partners/{line.Id}", action);

    static Todo OfLeft(IGrouping<(string Partner, string? Note), RemoteFileRow> files) => new(
        new("Left", "warn"), files.Key.Note ?? "Files are left where they are", $"{files.Key.Partner} · {Show.Count(files.Count(), "file", "files")}: {files.First().Path}",
        files.Min(file => file.FirstSeen), $"/partners/{files.Key.Partner}", "Partner");
}

/// <summary>A partner in a list.</summary>
public sealed record PartnerLine
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required PartnerHealth Health { get; init; }
    public DateTimeOffset? PolledAt { get; init; }
    public string? Outcome { get; init; }
    public LastFile? Last { get; init; }
    public required IReadOnlyList<HourBar> Bars { get; init; }
    public long Failed { get; init; }
    public long Held { get; init; }
    public string? Schedule { get; init; }

    /// <summary>Every partner, those with trouble first.</summary>
    internal static IReadOnlyList<PartnerLine> All(Hub hub, OverviewFacts facts) =>
    [
        .. hub.Partners.Book.Partners.Select(partner => partner.Id).Concat(hub.Partners.Book.Broken).Distinct(StringComparer.Ordinal)
            .Select(id => Of(id, hub, facts)).OrderByDescending(line => line.Health.Order).ThenBy(line => line.Name, StringComparer.Ordinal),
    ];

    static PartnerLine Of(string id, Hub hub, OverviewFacts facts)
    {
        var definition = hub.Partners.Find(id);
        var status = facts.Polls.GetValueOrDefault(id);
        var troubles = facts.Troubles.Where(trouble => trouble.Partner == id).ToLookup(trouble => Transitions.IsFailed(trouble.State), trouble => trouble.Count);
        var (failed, held) = (troubles[true].Sum(), troubles[false].Sum());
        return new()
        {
            Id = id,
            Name = definition?.Name ?? id,
            Health = PartnerHealth.Of(id, hub, status, failed, held),
            PolledAt = status?.PolledAt,
            Outcome = status?.Outcome,
            Last = facts.Last.GetValueOrDefault(id),
            Bars = Charts.Day(facts.Hours.Where(count => count.Partner == id), facts.At),
            Failed = failed,
            Held = held,
            Schedule = definition?.Schedule,
        };
    }
}
