using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;
using Hangfire;
using Microsoft.AspNetCore.Mvc;

namespace DistributorHub.Worker.Web.Api;

/// <summary><c>/api/v1/partners</c>: who they are, how they are, poll now.</summary>
static class PartnerApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var partners = api.MapGroup("/partners").WithTags("Partners");
        partners.MapGet("", async (Hub hub, CancellationToken cancellation) => Results.Ok(await All(hub, cancellation)))
            .RequireAuthorization(Policies.Viewer).WithSummary("Lists partners and the last poll of each.").Produces<IReadOnlyList<ApiPartner>>();
        partners.MapGet("/{id}", async (string id, Hub hub, CancellationToken cancellation) =>
            (await All(hub, cancellation)).FirstOrDefault(partner => partner.Id == id) is { } found ? Results.Ok(found) : NoSuch(id))
            .RequireAuthorization(Policies.Viewer).WithSummary("Shows a partner.").Produces<ApiPartner>();
        partners.MapPost("/{id}/poll", Poll).RequireAuthorization(Policies.Operator).AddEndpointFilter<Repeats>()
            .WithSummary("Polls a live partner now, also one whose polling waits for a person.").Produces<ApiDone>(StatusCodes.Status202Accepted);
        partners.MapPost("/{id}/pause", (string id, ApiOrder order, HttpContext context, Hub hub) => Stop(id, order, context, hub, pauses: true))
            .RequireAuthorization(Policies.Operator).AddEndpointFilter<Repeats>()
            .WithSummary("Stops a partner: it is not polled, nothing is sent to it, and what came from it waits.").Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status409Conflict);
        partners.MapPost("/{id}/resume", (string id, ApiOrder order, HttpContext context, Hub hub) => Stop(id, order, context, hub, pauses: false))
            .RequireAuthorization(Policies.Operator).AddEndpointFilter<Repeats>()
            .WithSummary("Lets a partner go on that was paused, or whose polls stopped after a refused sign-in or a foreign host key.").Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status409Conflict);
        partners.MapPost("/{id}/files", Upload).RequireAuthorization(Policies.Operator).AddEndpointFilter<Repeats>().WithMetadata(new RequestSizeLimitAttribute(ApiLimits.UploadBytesMost))
            .WithSummary("Takes the body as a file of the partner's, of the name given: it is archived and read as one that was fetched.").Produces<ApiDone>(StatusCodes.Status202Accepted);
    }

    static async Task<ApiAnswer> Upload(string id, string name, HttpContext context, Hub hub, HubJobs jobs)
    {
        if (hub.Partners.Find(id) is not { } partner)
            return NoSuch(id);
        if (Uploads.NameMistake(name) is { } mistake)
            return ApiAnswer.Wrong(mistake);
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        if (content.Length == 0)
            return ApiAnswer.Wrong("The body is the file, and is empty.");
        if (content.Length > partner.Source.FileBytesMax)
            return ApiAnswer.Problem(StatusCodes.Status413PayloadTooLarge, "The file is too large", $"It has {content.Length} bytes, and {id} may send {partner.Source.FileBytesMax}.");
        var exchange = await hub.Uploads.Add(id, name, content.ToArray(), context.User.Actor(), context.RequestAborted);
        jobs.Enqueue(id, [(exchange, content.Length)]);
        return ApiAnswer.Of(StatusCodes.Status202Accepted, new ApiDone(exchange, null, $"Exchange #{exchange} is received, and is read."), $"{ApiRoutes.Path}/exchanges/{exchange}");
    }

    static async Task<ApiAnswer> Stop(string id, ApiOrder order, HttpContext context, Hub hub, bool pauses)
    {
        var cancellation = context.RequestAborted;
        if (!hub.Partners.Knows(id))
            return NoSuch(id);
        if (order.Reason is { Length: > ApiLimits.TextMost } || pauses && string.IsNullOrWhiteSpace(order.Reason))
            return ApiAnswer.Wrong($"It needs a reason of at most {ApiLimits.TextMost} characters, which stands in the record.");
        if (pauses ? await hub.Pauses.Pause(id, context.User.Actor(), order.Reason!, cancellation) : await hub.Pauses.Resume(id, context.User.Actor(), order.Reason, cancellation))
            return ApiAnswer.Of(StatusCodes.Status200OK, new { Partner = id, Sentence = pauses ? $"Partner {id} is paused." : $"Partner {id} goes on." }, $"{ApiRoutes.Path}/partners/{id}");
        var pause = await hub.Pauses.Of(id, cancellation);
        return ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done",
            pauses ? PartnerRefusals.NotPaused(id, pause) : PartnerRefusals.NotResumed(id, hub.Partners.Find(id)?.State),
            pause is null ? "Running" : "Paused");
    }

    static async Task<List<ApiPartner>> All(Hub hub, CancellationToken cancellation)
    {
        var states = (await hub.PartnerStates.List(cancellation)).ToDictionary(state => state.Partner, StringComparer.Ordinal);
        return [.. hub.Partners.Book.Partners.Select(partner => partner.Id).Concat(hub.Partners.Book.Broken).Order(StringComparer.Ordinal)
            .Select(id => ApiPartner.Of(id, hub.Partners.Find(id), states.GetValueOrDefault(id), hub.Partners.Paused.Contains(id)))];
    }

    static async Task<ApiAnswer> Poll(string id, HttpContext context, Hub hub, IBackgroundJobClient jobs)
    {
        if (hub.Partners.Find(id) is not { } partner)
            return NoSuch(id);
        if (hub.WhyNotRun(id) is { } why)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "It could only fail", PartnerRefusals.Mistakes(why), "Mistakes");
        if (partner.State != PartnerState.Live)
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, "Nothing was done", PartnerRefusals.NotLive(partner, "polled"), partner.State.ToString());
        await hub.Audit.Add(context.User.Actor(), "poll", $"partner {id}", null, context.RequestAborted);
        jobs.Enqueue<HubJobs>(job => job.PollNow(id, CancellationToken.None));
        return ApiAnswer.Of(StatusCodes.Status202Accepted, new { Partner = id, Sentence = $"Partner {id} is polled." }, $"{ApiRoutes.Path}/partners/{id}");
    }

    public static ApiAnswer NoSuch(string id) => ApiAnswer.NotFound($"There is no partner '{id}'.");
}
