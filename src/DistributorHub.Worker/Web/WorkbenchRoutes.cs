using System.Globalization;
using DistributorHub.Worker.Web.Pages;
using DistributorHub.Worker.Web.Queries;
using DistributorHub.Worker.Workbench;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>The workbench: a message of an exchange, with a text of its map that is tried as it is changed.</summary>
static class WorkbenchRoutes
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/exchanges/{id:long}/workbench", (long id, HttpContext context, Hub hub, ExchangeDetailQueries queries, Bench bench) => Show(id, null, context, hub, queries, bench))
            .RequireAuthorization(Policies.Engineer);
        app.MapPost("/exchanges/{id:long}/workbench", async (long id, HttpContext context, Hub hub, ExchangeDetailQueries queries, Bench bench) =>
            await Show(id, ((string?)(await context.Request.ReadFormAsync(context.RequestAborted))["text"])?.ReplaceLineEndings("\n") ?? "", context, hub, queries, bench))
            .RequireAuthorization(Policies.Engineer);
    }

    static async Task<IResult> Show(long id, string? text, HttpContext context, Hub hub, ExchangeDetailQueries queries, Bench bench)
    {
        if (await queries.Read(id, context.RequestAborted) is not { } detail)
            return HubPages.NotFound($"There is no exchange {id}.");
        if (!int.TryParse(context.Request.Query["doc"], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            || detail.Documents.FirstOrDefault(one => one.Ordinal == ordinal) is not { Map: { } map } document || detail.Exchange.Outgoing || bench.Live(map) is not { } live)
            return HubPages.NotFound($"Exchange {id} has no such document that came in and was mapped by a map that is there.");
        if (await hub.Archive.Removed(detail.Exchange.Sha256, context.RequestAborted) is { } removed)
            return HubPages.NotFound(removed);
        var parameters = new { Detail = detail, Document = document, Text = text ?? live };
        return text is not null && context.Request.Headers.ContainsKey("HX-Request") ? new RazorComponentResult<WorkbenchResult>(parameters) : new RazorComponentResult<WorkbenchPage>(parameters);
    }
}
