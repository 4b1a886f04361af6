using System.Data.Common;
using System.Globalization;
using DistributorHub.Worker.Search;
using DistributorHub.Worker.Web.Pages;
using DistributorHub.Worker.Web.Queries;
using DistributorHub.Worker.Workbench;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>The pages people look after the hub with: every route and the role it takes.</summary>
static class HubPages
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<NavigationQueries>();
        services.AddSingleton<OverviewQueries>();
        services.AddSingleton<ExchangeSearch>();
        services.AddSingleton<Bulk>();
        services.AddSingleton<ReplayActions>();
        services.AddSingleton<ExchangeDetailQueries>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<PartnerQueries>();
        services.AddSingleton<FileView>();
        services.AddSingleton<RowsQueries>();
        services.AddSingleton<ProgressQueries>();
        services.AddSingleton(provider => new Bench(provider.GetRequiredService<Hub>().Settings, provider.GetRequiredService<Hub>().Clock));
        services.AddSingleton(provider => new MapDrafts(provider.GetRequiredService<Hub>().Database, provider.GetRequiredService<Hub>().Clock));
        services.AddSingleton<BenchFiles>();
        services.AddSingleton<BenchViews>();
    }

    /// <summary>Answers with a page when another cannot be made, or nobody can be asked who is there.</summary>
    public static void UseTrouble(WebApplication app) => app.UseExceptionHandler(failure => failure.Run(Trouble));

    public static void Map(WebApplication app)
    {
        // The HTTP interface tells its own troubles.
        app.UseWhen(context => !context.Request.Path.StartsWithSegments(Refusals.ApiPath), people => people.UseExceptionHandler(failure => failure.Run(Trouble)));
        app.MapGet("/ui/{name}", EmbeddedAssets.Serve).AllowAnonymous();
        app.MapGet("/", () => new RazorComponentResult<OverviewPage>()).RequireAuthorization(Policies.Viewer);
        MapExchanges(app);
        WorkbenchRoutes.Map(app);
        MapPartners(app);
        CataloguePosts.Map(app);
        DelegationPosts.Map(app);
        ReplayPages.Map(app);
        SessionPages.Map(app);
        app.MapGet("/audit", (HttpContext context) => new RazorComponentResult<AuditPage>(new { Before = Number(context, "before") })).RequireAuthorization(Policies.Viewer);
    }

    static void MapExchanges(WebApplication app)
    {
        app.MapGet("/exchanges", (HttpContext context) =>
            new RazorComponentResult<ExchangesPage>(new { Filters = ExchangeFilters.Of(context.Request.Query) })).RequireAuthorization(Policies.Viewer);
        app.MapGet("/exchanges/{id:long}", async (long id, HttpContext context, ExchangeDetailQueries queries) =>
            await queries.Read(id, context.RequestAborted) is not { } detail ? NotFound($"There is no exchange {id}.")
            : new RazorComponentResult<ExchangeView>(new
            {
                Detail = detail,
                At = Number(context, "at") ?? 0,
                Doc = (int?)Number(context, "doc"),
                Explain = (string?)context.Request.Query["explain"],
                Said = Said.Of(context.Request.Query["said"]),
            })).RequireAuthorization(Policies.Viewer);
        app.MapGet("/exchanges/{id:long}/status", async (long id, HttpContext context, ExchangeDetailQueries queries) =>
            await queries.Read(id, context.RequestAborted) is { } detail ? new RazorComponentResult<ExchangeStatus>(new { Detail = detail, Loaded = (string?)context.Request.Query["seen"] ?? "" }) : Results.NotFound())
            .RequireAuthorization(Policies.Viewer);
        app.MapGet("/exchanges/{id:long}/state", async (long id, HttpContext context, ProgressQueries queries) =>
            await queries.Read(id, context.RequestAborted) is { } now ? new RazorComponentResult<StateCell>(new { now.Exchange, now.Attempt }) : Results.NotFound())
            .RequireAuthorization(Policies.Viewer);
        app.MapGet("/exchanges/{id:long}/file", async (long id, HttpContext context, Hub hub, ExchangeDetailQueries queries) =>
            await queries.Read(id, context.RequestAborted) is not { } detail ? NotFound($"There is no exchange {id}.")
            : await hub.Archive.Removed(detail.Exchange.Sha256, context.RequestAborted) is { } removed ? NotFound(removed)
            : Results.Stream(await hub.Archive.Open(detail.Exchange.Sha256, context.RequestAborted), "application/octet-stream", detail.Exchange.File)).RequireAuthorization(Policies.Operator);
        app.MapPost("/exchanges/{id:long}/{action:regex(^(retry|replay|force|ignore|cancel|resend|regenerate)$)}", Decide.Post).RequireAuthorization(Policies.Operator);
        app.MapPost("/exchanges/{id:long}/{action:regex(^(approve|reject)$)}", Decide.Post).RequireAuthorization(Policies.Approver);
        app.MapGet("/approvals", (HttpContext context) => new RazorComponentResult<ApprovalsPage>(new { Mine = context.Request.Query["mine"] == "1", Said = Said.Of(context.Request.Query["said"]) })).RequireAuthorization(Policies.Viewer);
        app.MapGet("/sent", (HttpContext context) => new RazorComponentResult<SentPage>(new { All = context.Request.Query["all"] == "1" })).RequireAuthorization(Policies.Viewer);
        app.MapPost("/sent/{id:long}/review", async (long id, HttpContext context, Hub hub) =>
        {
            return Decide.Reason(await context.Request.ReadFormAsync(context.RequestAborted)) is { } reason && await hub.ExpectedAnswers.Review(id, context.User.Actor(), reason, context.RequestAborted)
                ? Results.Redirect("/sent") : NotFound($"Nothing was done: of exchange {id} no answer waits for a person any more, or no reason was given.");
        }).RequireAuthorization(Policies.Operator);
    }

    static void MapPartners(WebApplication app)
    {
        app.MapGet("/partners", () => new RazorComponentResult<PartnersPage>()).RequireAuthorization(Policies.Viewer);
        app.MapGet("/partners/{id}", (string id, HttpContext context, Hub hub) =>
            !hub.Partners.Knows(id) ? NotFound($"There is no partner {id}.")
            : new RazorComponentResult<PartnerPage>(new { Id = id, Said = Said.Of(context.Request.Query["said"]) })).RequireAuthorization(Policies.Viewer);
        PartnerPosts.Map(app);
    }

    /// <summary>A page with what it shows.</summary>
    public static IResult Show<T>(object parameters, int status = StatusCodes.Status200OK)
        where T : Microsoft.AspNetCore.Components.IComponent => new RazorComponentResult<T>(parameters) { StatusCode = status };

    public static IResult NotFound(string sentence) => Page(StatusCodes.Status404NotFound, "Not found", sentence);

    /// <summary>A page that says one thing.</summary>
    static RazorComponentResult<TroublePage> Page(int status, string title, string sentence) =>
        new(new { Title = title, Sentence = sentence }) { StatusCode = status };

    static async Task Trouble(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var database = failure as DbException ?? failure?.InnerException as DbException;
        // What was set before the failure is gone.
        context.Response.Headers.ContentSecurityPolicy = Guard.Strict;
        context.Response.Headers.CacheControl = "no-store";
        await Page(
            database is null ? StatusCodes.Status500InternalServerError : StatusCodes.Status503ServiceUnavailable,
            database is null ? "The page could not be made" : $"The {Database.NameOf(database) ?? "database"} does not answer",
            database is null ? "The log of the hub says why. Nothing was changed by looking." : "Work goes on where it stopped as soon as it answers; no file is lost. What you asked for was not done unless a page said so.")
            .ExecuteAsync(context);
    }

    public static long? Number(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
