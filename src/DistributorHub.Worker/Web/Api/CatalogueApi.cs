using DistributorHub.Worker.Access;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web.Api;

/// <summary>What a rollback is asked with.</summary>
/// <param name="Reason">Why; it stands in the record.</param>
/// <param name="To">Exchange of the list that is to count again; without it, the one loaded before.</param>
sealed record ApiRollback(string? Reason, long? To = null);

/// <summary>A price list and what it changed.</summary>
/// <param name="Exchange">The exchange it came in.</param>
/// <param name="Document">Its place in the file.</param>
/// <param name="IsLive">True for the full list that counts now.</param>
/// <param name="Bars">Percents that bound the bars of the histogram.</param>
/// <param name="Samples">A few items of each kind, for operators; else null.</param>
sealed record ApiCatalogue(
    long Exchange, int Document, string Partner, string Type, string Number, DocumentState State, bool IsFull, bool IsLive, DateTimeOffset Read, DateTimeOffset? Loaded, DateTimeOffset? RolledBack,
    long? Before, long Items, long New, long Changed, long Removed, long PriceChanges, decimal? Median, long Terms, IReadOnlyList<int> Bars, IReadOnlyList<long> Histogram, CatalogueSamples? Samples)
{
    public static ApiCatalogue Of(CatalogueRow row, bool payload)
    {
        var review = row.Review();
        return new(
            row.ExchangeId, row.Ordinal, row.Partner, row.Type, row.Name, row.State, row.IsFull, row.IsLive, row.MadeAt, row.LoadedAt, row.RolledBackAt, review.Before, review.Items, review.New,
            review.Changed, review.Removed, review.PriceChanges, review.Median, review.Terms, CatalogueReview.Bars, review.Histogram, payload && row.Samples is not null ? review.Samples : null);
    }
}

/// <summary><c>/api/v1/catalogues</c>: what price lists changed, and back to the one before.</summary>
static class CatalogueApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var catalogues = api.MapGroup("/catalogues").WithTags("Catalogues");
        catalogues.MapGet("", List).RequireAuthorization(Policies.Viewer).WithSummary("Lists price lists: those that are held first, then the newest.").Produces<IReadOnlyList<ApiCatalogue>>();
        catalogues.MapGet("/{id:long}", async (long id, HttpContext context, Hub hub, CancellationToken cancellation, int? document = null) =>
            await hub.Catalogues.Find(id, document, cancellation) is { } list ? Results.Ok(ApiCatalogue.Of(list, payload: context.User.Has(Role.Operator))) : NoSuch(id))
            .RequireAuthorization(Policies.Viewer).WithSummary("Shows what the price list of an exchange changed, or would change.").Produces<ApiCatalogue>();
        catalogues.MapPost("/{id:long}/rollback", Rollback).RequireAuthorization(Policies.Approver).AddEndpointFilter<Repeats>()
            .WithSummary("Takes back the price list that counts: the one loaded before, or the one named, is read again in its place.")
            .Produces<ApiDone>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<IResult> List(Hub hub, CancellationToken cancellation, string? partner = null, int limit = ApiLimits.PageUsual) =>
        ApiRoutes.WrongLimit(limit) is { } wrong ? wrong
        : Results.Ok((await hub.Catalogues.List(partner, limit, cancellation)).Select(list => ApiCatalogue.Of(list, payload: false)).ToList());

    static async Task<ApiAnswer> Rollback(long id, ApiRollback order, HttpContext context, Hub hub, HubJobs jobs)
    {
        var cancellation = context.RequestAborted;
        if (string.IsNullOrWhiteSpace(order.Reason) || order.Reason.Length > ApiLimits.TextMost)
            return ApiAnswer.Wrong($"It needs a reason of at most {ApiLimits.TextMost} characters, which stands in the record.");
        if (await hub.Catalogues.Find(id, null, cancellation) is not { } list)
            return NoSuch(id);
        if (hub.WhyNotRun(list.Partner) is { } why)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "It could only fail", $"{why} Nothing was tried: mend that first.");
        var asked = await hub.Catalogues.Rollback(id, order.To, context.User.Actor(), order.Reason, cancellation);
        if (!asked.Done)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", asked.Sentence, asked.Found?.ToString());
        jobs.Enqueue(list.Partner, [(asked.Exchange, 0)]);
        return ApiAnswer.Of(StatusCodes.Status202Accepted, new ApiDone(asked.Exchange, asked.Found?.ToString(), asked.Sentence), $"{ApiRoutes.Path}/exchanges/{asked.Exchange}");
    }

    static ApiAnswer NoSuch(long id) => ApiAnswer.NotFound($"Exchange #{id} has no price list that was loaded or held.");
}
