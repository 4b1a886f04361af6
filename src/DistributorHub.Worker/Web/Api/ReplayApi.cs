using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;

namespace DistributorHub.Worker.Web.Api;

/// <summary>What a dry run is to find out.</summary>
/// <param name="Exchange">One exchange; or null, with a filter.</param>
/// <param name="Filter">Many, such as <c>partner=acme state=failed</c>; or null.</param>
/// <param name="Map">current (the default), pinned, a map, or a map@version.</param>
/// <param name="FailedOnly">Leave what is loaded as it is.</param>
sealed record ApiReplayOrder(long? Exchange = null, string? Filter = null, string? Map = null, bool FailedOnly = false);

/// <summary>What is to be done to many.</summary>
/// <param name="Verb">retry, replay or ignore.</param>
/// <param name="Filter">Which, such as <c>partner=acme state=failed</c>.</param>
/// <param name="UpTo">Number of the newest that the preview has met: what came later is not touched.</param>
/// <param name="Reason">Why; it stands in the record of each.</param>
/// <param name="Map">With a replay: as for a dry run.</param>
/// <param name="FailedOnly">With a replay: leave what is loaded as it is.</param>
sealed record ApiBulkOrder(string? Verb, string? Filter, long? UpTo, string? Reason, string? Map = null, bool FailedOnly = false);

sealed record ApiReason(string? Reason);

sealed record ApiReplay(
    long Id, DateTimeOffset At, string Actor, string Selection, string Map, DateTimeOffset? Ended, DateTimeOffset? Applied, string? AppliedBy, string? Reason)
{
    public static ApiReplay Of(ReplayRow row) => new(row.Id, row.At, row.Actor, row.Selection, row.Map, row.EndedAt, row.AppliedAt, row.AppliedBy, row.Reason);
}

/// <summary>An exchange of a dry run with its documents, their tables, and the rows that are kept.</summary>
sealed record ApiReplayedExchange(
    long Exchange, ReplayOutcome Outcome, ExchangeState? State, string? Map, string? Cause, string? Refused, AttemptState? Applied, string? Error, IReadOnlyList<ReplayedDocument> Documents);

/// <summary>A dry run.</summary>
/// <param name="Replay">What was asked.</param>
/// <param name="Outcomes">How many exchanges there are of each outcome.</param>
/// <param name="Tables">All that would be done, table by table.</param>
/// <param name="Exchanges">Some of its exchanges.</param>
/// <param name="After">What to send as <c>after</c> for those that follow; null for the last.</param>
sealed record ApiReplayDetails(
    ApiReplay Replay, IReadOnlyDictionary<ReplayOutcome, long> Outcomes, IReadOnlyList<TableDifferences> Tables, IReadOnlyList<ApiReplayedExchange> Exchanges, long? After);

sealed record ApiBulkPreview(
    string Verb, string Filter, int Met, IReadOnlyDictionary<ExchangeState, int> States, int Ready, long UpTo, IReadOnlyList<long> Sample, string Sentence);

sealed record ApiRefused(long Exchange, ExchangeState? Found, string Sentence);

/// <summary>What became of many.</summary>
/// <param name="Queued">Those it is done to, or that are read in time.</param>
/// <param name="Refused">Why nothing is done to the others.</param>
/// <param name="Sentence">In words.</param>
sealed record ApiBulkReport(IReadOnlyList<long> Queued, IReadOnlyList<ApiRefused> Refused, string Sentence)
{
    public static ApiBulkReport Of(BulkReport report) =>
        new(report.Queued, [.. report.Refused.Select(refused => new ApiRefused(refused.Exchange, refused.Found, refused.Sentence))], report.Sentence);
}

/// <summary><c>/api/v1/replays</c> and <c>/api/v1/bulk</c>: what a replay would change, and one thing done to many.</summary>
static class ReplayApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var replays = api.MapGroup("/replays").WithTags("Replays").RequireAuthorization(Policies.Operator);
        replays.MapGet("", async (Hub hub, CancellationToken cancellation, int limit = ApiLimits.PageUsual) =>
            ApiRoutes.WrongLimit(limit) ?? Results.Ok((await hub.Replays.Book.List(limit, cancellation)).Select(ApiReplay.Of).ToList()))
            .WithSummary("Lists dry runs, the newest first.").Produces<IReadOnlyList<ApiReplay>>();
        replays.MapPost("", Begin).AddEndpointFilter<Repeats>().WithSummary("Begins a dry run: what a replay would change in the seller's database. Nothing is written there.")
            .Produces<ApiReplay>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
        replays.MapGet("/{id:long}", Show).WithSummary("Shows a dry run: rows and columns that differ, exchange by exchange.").Produces<ApiReplayDetails>();
        replays.MapPost("/{id:long}/apply", Apply).AddEndpointFilter<Repeats>().WithSummary("Does what a dry run showed, where nothing has changed since.")
            .Produces<ApiBulkReport>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
        var bulk = api.MapGroup("/bulk").WithTags("Bulk").RequireAuthorization(Policies.Operator);
        bulk.MapGet("", Preview).WithSummary("Shows what would be done to the exchanges of a filter. Its upTo goes with the order.").Produces<ApiBulkPreview>();
        bulk.MapPost("", Do).AddEndpointFilter<Repeats>().WithSummary($"Retries, replays or ignores the exchanges of a filter, at most {Bulk.ExchangesMax}.")
            .Produces<ApiBulkReport>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<ApiAnswer> Begin(ApiReplayOrder order, HttpContext context, Hub hub, ReplayActions actions)
    {
        string? mistake = null;
        var filters = order.Filter is null ? null : ExchangeFilters.Parse(order.Filter, out mistake);
        if ((mistake ?? MapMistake(order.Map) ?? (order.Exchange is null == filters is null ? "Name an exchange or a filter, and not both." : null)) is { } wrong)
            return ApiAnswer.Wrong(wrong);
        var (replay, refusal) = await actions.Begin(order.Exchange, filters, null, Choice(order.Map, order.FailedOnly), context.User.Actor(), context.RequestAborted);
        return replay is not { } id ? ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", refusal!)
            : ApiAnswer.Of(StatusCodes.Status202Accepted, ApiReplay.Of((await hub.Replays.Book.Find(id, context.RequestAborted))!), $"{ApiRoutes.Path}/replays/{id}");
    }

    static async Task<IResult> Show(long id, Hub hub, CancellationToken cancellation, long after = 0, int limit = ApiLimits.PageUsual)
    {
        if (ApiRoutes.WrongLimit(limit) is { } wrong)
            return wrong;
        if (await hub.Replays.Book.Find(id, cancellation) is not { } replay)
            return None(id);
        var found = await hub.Replays.Book.Exchanges(id, null, limit + 1, cancellation, after);
        var page = found.Take(limit).ToList();
        var documents = (await hub.Replays.Book.Documents(id, [.. page.Select(exchange => exchange.ExchangeId)], cancellation)).ToLookup(document => document.ExchangeId);
        return Results.Ok(new ApiReplayDetails(
            ApiReplay.Of(replay), await hub.Replays.Book.Counts(id, cancellation), await hub.Replays.Book.Totals(id, cancellation),
            [.. page.Select(row => new ApiReplayedExchange(row.ExchangeId, row.Outcome, row.State, row.Map, row.Cause, row.Refused, row.Applied, row.Error, [.. documents[row.ExchangeId]]))],
            found.Count > limit ? page[^1].ExchangeId : null));
    }

    static async Task<ApiAnswer> Apply(long id, ApiReason order, HttpContext context, Hub hub, ReplayActions actions)
    {
        if (ReasonMistake(order.Reason) is { } wrong)
            return ApiAnswer.Wrong(wrong);
        if (await hub.Replays.Book.Find(id, context.RequestAborted) is null)
            return None(id);
        // Begun, it is brought to its end, whether or not somebody still waits for the answer.
        var (report, mistake) = await actions.Apply(id, context.User.Actor(), order.Reason!, CancellationToken.None);
        return report is null ? ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", mistake!)
            : ApiAnswer.Of(StatusCodes.Status202Accepted, ApiBulkReport.Of(report), $"{ApiRoutes.Path}/replays/{id}");
    }

    static async Task<IResult> Preview(Bulk bulk, CancellationToken cancellation, string? verb = null, string? filter = null)
    {
        if (Read(verb, filter, out var kind, out var filters) is { } wrong)
            return ApiAnswer.Wrong(wrong);
        var preview = await bulk.Preview(kind, filters, null, cancellation);
        return Results.Ok(new ApiBulkPreview(preview.Verb, filters.ToText(), preview.Met, preview.States, preview.Ready.Count, preview.UpTo, [.. preview.Sample.Select(exchange => exchange.Id)], preview.Sentence));
    }

    static async Task<ApiAnswer> Do(ApiBulkOrder order, HttpContext context, Bulk bulk, ReplayActions actions)
    {
        var wrong = Read(order.Verb, order.Filter, out var kind, out var filters) ?? ReasonMistake(order.Reason) ?? MapMistake(order.Map)
            ?? (order.UpTo is null ? "upTo is missing: GET /bulk shows what would be done, and gives it." : null)
            ?? (order.Map is not null && kind != AttemptKind.Replay ? $"{order.Verb} takes no map; a replay does." : null);
        if (wrong is not null)
            return ApiAnswer.Wrong(wrong);
        var preview = await bulk.Preview(kind, filters, order.UpTo, context.RequestAborted);
        return preview.Mistake is { } mistake ? ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", mistake)
            : ApiAnswer.Of(StatusCodes.Status202Accepted, ApiBulkReport.Of(await actions.Do(preview, Choice(order.Map, order.FailedOnly), context.User.Actor(), order.Reason!, CancellationToken.None)));
    }

    static string? Read(string? verb, string? filter, out AttemptKind kind, out ExchangeFilters filters)
    {
        (kind, filters) = (Bulk.KindOf(verb) ?? default, new());
        if (Bulk.KindOf(verb) is null)
            return $"There is no verb '{verb}'. There are: {string.Join(", ", Bulk.Kinds.Select(one => one.ToString().ToLowerInvariant()))}.";
        if (ExchangeFilters.Parse(filter ?? "", out var mistake) is not { } read)
            return mistake;
        filters = read;
        return null;
    }

    static string? ReasonMistake(string? reason) => string.IsNullOrWhiteSpace(reason) ? "It needs a reason, which stands in the record."
        : reason.Length > ApiLimits.TextMost ? $"A reason has at most {ApiLimits.TextMost} characters." : null;

    static string? MapMistake(string? map) => map is null ? null : MapChoice.Mistake(map);

    static MapChoice Choice(string? map, bool failedOnly) => MapChoice.Parse(map ?? MapChoice.Current.Word)! with { FailedOnly = failedOnly };

    static ApiAnswer None(long id) => ApiAnswer.NotFound(ReplayBook.NoSuch(id));
}
