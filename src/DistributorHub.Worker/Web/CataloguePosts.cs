using System.Globalization;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Web.Pages;
using DistributorHub.Worker.Web.Queries;

namespace DistributorHub.Worker.Web;

/// <summary>Pages of price lists, and what people decide there: by the same services as on the command line.</summary>
static class CataloguePosts
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/catalogues", (HttpContext context) =>
            HubPages.Show<CataloguesPage>(new { Partner = (string?)context.Request.Query["partner"] is { Length: > 0 } partner ? partner : null })).RequireAuthorization(Policies.Viewer);
        app.MapGet("/catalogues/{id:long}", async (long id, HttpContext context, Hub hub, ExchangeDetailQueries queries) =>
            await Page(id, context, hub, queries, Said.Of(context.Request.Query["said"]))).RequireAuthorization(Policies.Viewer);
        app.MapPost("/catalogues/{id:long}/{action:regex(^(approve|reject|rollback)$)}", Post).RequireAuthorization(Policies.Approver);
    }

    static async Task<IResult> Post(long id, string action, HttpContext context, Hub hub, ExchangeDetailQueries queries, HubJobs jobs)
    {
        var cancellation = context.RequestAborted;
        var form = await context.Request.ReadFormAsync(cancellation);
        var reason = ((string?)form["reason"])?.Trim() ?? "";
        var to = long.TryParse(form["to"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        if (await queries.Read(id, cancellation) is not { } detail)
            return HubPages.NotFound($"There is no exchange {id}.");
        if (reason.Length is 0 or > Decide.ReasonMax)
            return await Page(id, context, hub, queries, null, StatusCodes.Status422UnprocessableEntity, to is null ? action : $"back-{to}",
                reason.Length == 0 ? "Nothing was done yet: say why." : $"Nothing was done yet: it has {reason.Length} characters, and {Decide.ReasonMax} are kept.", reason);
        if (action != "reject" && hub.WhyNotRun(detail.Exchange.Partner) is { } why)
            return await Page(id, context, hub, queries, new("bad", $"{why} Nothing was tried: mend that first."), StatusCodes.Status422UnprocessableEntity);
        if (action == "rollback")
        {
            var asked = await hub.Catalogues.Rollback(id, to, context.User.Actor(), reason, cancellation);
            if (!asked.Done)
                return await Page(id, context, hub, queries, new("warn", $"Nothing was done. {asked.Sentence}"), StatusCodes.Status409Conflict);
            jobs.Enqueue(detail.Exchange.Partner, [(asked.Exchange, detail.Exchange.Bytes)]);
            return Results.Redirect($"/catalogues/{asked.Exchange}?said=rollback");
        }
        if (form["seen"] != detail.Seen)
            return await Page(id, context, hub, queries, Decide.Changed(detail), StatusCodes.Status409Conflict);
        if (await Decide.Do(hub, action, id, context.User.Actor(), reason, cancellation) is { } refusal)
            return await Page(id, context, hub, queries, refusal, StatusCodes.Status409Conflict);
        if (action == "approve")
            jobs.Enqueue(detail.Exchange.Partner, [(id, detail.Exchange.Bytes)]);
        return Results.Redirect($"/catalogues/{id}?said={action}");
    }

    static async Task<IResult> Page(
        long id, HttpContext context, Hub hub, ExchangeDetailQueries queries, Said? said, int status = StatusCodes.Status200OK, string? form = null, string? wrong = null, string? reason = null)
    {
        var ordinal = int.TryParse(context.Request.Query["doc"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        return await queries.Read(id, context.RequestAborted) is { } detail && await hub.Catalogues.Find(id, ordinal, context.RequestAborted) is { } list
            ? HubPages.Show<CataloguePage>(new { List = list, Detail = detail, Said = said, Form = form, Wrong = wrong, Reason = reason }, status)
            : HubPages.NotFound($"Exchange {id} has no price list that was loaded or held.");
    }
}
