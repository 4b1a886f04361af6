using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Search;
using DistributorHub.Worker.Web.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>Routes of dry runs and of what is done to many exchanges. They show values, which are for operators.</summary>
static class ReplayPages
{
    public static void Map(WebApplication app)
    {
        var pages = app.MapGroup("").RequireAuthorization(Policies.Operator);
        pages.MapGet("/exchanges/bulk", async (HttpContext context, Bulk bulk) =>
            Bulk.KindOf(context.Request.Query["verb"]) is not { } kind || ExchangeFilters.Of(context.Request.Query) is not { Chooses: true } filters
                ? HubPages.NotFound("An address of this page names a verb (retry, replay or ignore) and filters.")
                : new RazorComponentResult<BulkPage>(new { Preview = await bulk.Preview(kind, filters with { Before = null }, null, context.RequestAborted) }));
        pages.MapPost("/exchanges/bulk", Many);
        pages.MapPost("/replays", Begin);
        pages.MapGet("/replays/{id:long}", async (long id, HttpContext context, Hub hub) => await hub.Replays.Book.Find(id, context.RequestAborted) is { } replay ? Page(replay, context) : None(id));
        pages.MapGet("/replays/{id:long}/progress", async (long id, HttpContext context, Hub hub) =>
        {
            if (await hub.Replays.Book.Find(id, context.RequestAborted) is not { } replay)
                return Results.NotFound();
            if (replay.EndedAt is not null)
                context.Response.Headers["HX-Refresh"] = "true";
            return new RazorComponentResult<ReplayProgress>(new { Replay = replay, Counts = await hub.Replays.Book.Counts(id, context.RequestAborted) });
        });
        pages.MapPost("/replays/{id:long}/apply", async (long id, HttpContext context, Hub hub, ReplayActions actions) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            if (await hub.Replays.Book.Find(id, context.RequestAborted) is not { } replay)
                return None(id);
            if (Decide.Reason(form) is not { } reason)
                return Page(replay, context, Decide.NoReason, StatusCodes.Status422UnprocessableEntity);
            // Begun, it is brought to its end, whether or not somebody still waits for the page.
            var (_, mistake) = await actions.Apply(id, context.User.Actor(), reason, CancellationToken.None);
            return mistake is null ? Results.Redirect($"/replays/{id}") : Page(replay, context, new("warn", $"Nothing was done. {mistake}"), StatusCodes.Status409Conflict);
        });
    }

    static IResult None(long id) => HubPages.NotFound($"There is no dry run {id}; they are kept for {ReplayBook.Kept.TotalDays} days.");

    static RazorComponentResult<ReplayPage> Page(ReplayRow replay, HttpContext context, Said? said = null, int status = StatusCodes.Status200OK) =>
        new(new { Replay = replay, Only = (string?)context.Request.Query["only"], Said = said }) { StatusCode = status };

    static async Task<IResult> Begin(HttpContext context, ReplayActions actions)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var filters = ExchangeFilters.Of(name => form[name]);
        var exchange = long.TryParse(form["exchange"], out var number) ? number : (long?)null;
        var text = ((string?)form["map"])?.Trim() is { Length: > 0 } written ? written : MapChoice.Current.Word;
        if (MapChoice.Mistake(text) is { } wrong)
            return HubPages.NotFound($"Nothing was done. {wrong}");
        if (exchange is null && !filters.Chooses)
            return HubPages.NotFound("Nothing was done: neither an exchange nor a filter is named.");
        var (replay, mistake) = await actions.Begin(exchange, filters with { Before = null }, long.TryParse(form["upto"], out var upTo) ? upTo : null,
            MapChoice.Parse(text)! with { FailedOnly = form["failedonly"] == "1" }, context.User.Actor(), context.RequestAborted);
        return replay is null ? HubPages.NotFound($"Nothing was done. {mistake}") : Results.Redirect($"/replays/{replay}");
    }

    static async Task<IResult> Many(HttpContext context, Bulk bulk, ReplayActions actions)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var filters = ExchangeFilters.Of(name => form[name]);
        if (Bulk.KindOf(form["verb"]) is not { } kind || kind == AttemptKind.Replay || !filters.Chooses || !long.TryParse(form["upto"], out var upTo))
            return HubPages.NotFound("Nothing was done: the form names no verb (retry or ignore), no filter, or not what it has shown.");
        var preview = await bulk.Preview(kind, filters with { Before = null }, upTo, context.RequestAborted);
        if (preview.Mistake is not null || Decide.Reason(form) is not { } reason)
            return new RazorComponentResult<BulkPage>(new { Preview = preview, Said = preview.Mistake is { } mistake ? new Said("warn", $"Nothing was done. {mistake}") : Decide.NoReason }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        return new RazorComponentResult<BulkPage>(new { Preview = preview, Report = await actions.Do(preview, null, context.User.Actor(), reason, CancellationToken.None) });
    }
}
