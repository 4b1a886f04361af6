using System.Data.Common;
using System.Text.Json.Serialization;
using DistributorHub.Worker.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace DistributorHub.Worker.Web.Api;

/// <summary>The HTTP interface: what the pages do, for programs. Tokens per role, problem+json for everything that goes wrong (RFC 9457).</summary>
static class ApiRoutes
{
    public const string Path = $"{Refusals.ApiPath}/v1";
    public const string DocumentPath = $"{Refusals.ApiPath}/openapi.json";

    public static void Add(IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.ProblemDetails.Status >= StatusCodes.Status500InternalServerError)
                context.ProblemDetails.Detail ??= "It is not known whether it was done. With an Idempotency-Key it is safe to send it again. The reference is in the log.";
        });
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddOpenApi(options =>
        {
            // The pages have no description.
            options.ShouldInclude = description => ("/" + description.RelativePath).StartsWith(Path + "/", StringComparison.Ordinal);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "DistributorHub";
                document.Info.Description = "Exchanges with distributors: find them, see why, put them right. Send 'Authorization: Bearer TOKEN' ('hub token add' makes one).";
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>What goes wrong under <c>/api</c> is told as a problem, whoever noticed it.</summary>
    public static void Use(WebApplication app) => app.UseWhen(context => context.Request.Path.StartsWithSegments(Refusals.ApiPath), api =>
    {
        api.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                DbException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
        });
        api.UseStatusCodePages();
    });

    public static void Map(WebApplication app)
    {
        app.MapOpenApi(DocumentPath).RequireAuthorization(Policies.Viewer);
        var api = app.MapGroup(Path).WithMetadata(new RequestSizeLimitAttribute(ApiLimits.RequestBytesMost));
        ExchangeApi.Map(api);
        PartnerApi.Map(api);
        CatalogueApi.Map(api);
        ReplayApi.Map(api);
        api.MapGet("/audit", Audit).RequireAuthorization(Policies.Operator).WithTags("Audit").WithSummary("Who did what to what, and why; the newest first.").Produces<ApiPage<ApiAudit>>();
        api.MapGet("/acknowledgements", Acknowledgements).RequireAuthorization(Policies.Viewer).WithTags("Acknowledgements")
            .WithSummary("What was sent, and whether the partner has accepted it; the newest first. state=Pending and state=Overdue are those that are waited for.")
            .Produces<IReadOnlyList<ApiSent>>();
    }

    static async Task<IResult> Acknowledgements(Hub hub, CancellationToken cancellation, string? partner = null, string? state = null, int limit = ApiLimits.PageUsual)
    {
        if (WrongLimit(limit) is { } wrong)
            return wrong;
        if (state is not null && !Enum.GetNames<AnswerState>().Contains(state, StringComparer.OrdinalIgnoreCase))
            return ApiAnswer.Wrong($"There is no state '{state}'. There are: {string.Join(", ", Enum.GetNames<AnswerState>())}.");
        var sent = await hub.Answers.List(
            new() { Partner = partner, State = state is null ? null : Enum.Parse<AnswerState>(state, ignoreCase: true), Most = limit }, cancellation);
        return Results.Ok(sent.Select(ApiSent.Of).ToList());
    }

    /// <summary>What is answered to a limit that is none; null when it is one.</summary>
    public static ApiAnswer? WrongLimit(int limit) =>
        limit is < 1 or > ApiLimits.PageMost ? ApiAnswer.Wrong($"limit is {limit}; expected a whole number from 1 to {ApiLimits.PageMost}.") : null;

    static async Task<IResult> Audit(Hub hub, CancellationToken cancellation, string? actor = null, string? target = null, long? after = null, int limit = ApiLimits.PageUsual)
    {
        if (WrongLimit(limit) is { } wrong)
            return wrong;
        var found = await hub.Audit.List(new() { Actor = actor, Target = target, Before = after, Most = limit + 1 }, cancellation);
        var items = found.Take(limit).Select(row => new ApiAudit(row.Id, row.At, row.Actor, row.Action, row.Target, row.Reason)).ToList();
        return Results.Ok(new ApiPage<ApiAudit>(items, found.Count > limit ? items[^1].Id : null));
    }
}
