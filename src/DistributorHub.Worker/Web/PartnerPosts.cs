using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Web.Pages;
using Hangfire;

namespace DistributorHub.Worker.Web;

/// <summary>What people do on a partner's page: by the same services as on the command line, and in the same record.</summary>
static class PartnerPosts
{
    public static void Map(WebApplication app)
    {
        app.MapPost("/partners/{id}/poll", Poll).RequireAuthorization(Policies.Operator);
        app.MapPost("/partners/{id}/check", async (string id, Hub hub, HttpContext context) =>
            hub.Partners.Find(id) is not { } partner ? NoSuch(id)
            : HubPages.Show<PartnerPage>(new { Id = id, Check = await PartnerCheck.Run(hub, partner, context.RequestAborted) })).RequireAuthorization(Policies.Operator);
        app.MapPost("/partners/{id}/tell", Tell).RequireAuthorization(Policies.Operator);
        app.MapPost("/partners/{id}/{action:regex(^(pause|resume)$)}", Stop).RequireAuthorization(Policies.Operator);
    }

    /// <summary>Also when polling waits for a person, who asks for it with this.</summary>
    static async Task<IResult> Poll(string id, HttpContext context, Hub hub, IBackgroundJobClient jobs)
    {
        if (hub.Partners.Find(id) is not { } partner)
            return NoSuch(id);
        if (hub.WhyNotRun(id) is { } why)
            return Refused(id, PartnerRefusals.Mistakes(why));
        if (partner.State != PartnerState.Live)
            return Refused(id, $"Nothing was done. {PartnerRefusals.NotLive(partner, "polled")}");
        await hub.Audit.Add(context.User.Actor(), "poll", $"partner {id}", null, context.RequestAborted);
        jobs.Enqueue<HubJobs>(job => job.PollNow(id, CancellationToken.None));
        return Results.Redirect($"/partners/{id}?said=poll");
    }

    /// <summary>A trial message by every channel that alerts of the partner take.</summary>
    static async Task<IResult> Tell(string id, HttpContext context, Hub hub)
    {
        if (hub.Partners.Find(id) is null)
            return NoSuch(id);
        var trials = await hub.Alerts.Test(id, context.RequestAborted);
        if (trials.Count == 0)
            return Refused(id, "Nobody is told of alerts: neither Hub:Alerts:Webhook nor Hub:Alerts:Mail is set.");
        await hub.Audit.Add(context.User.Actor(), "alert test", $"partner {id}", null, context.RequestAborted);
        var failed = trials.Any(trial => trial.Failure is not null);
        return HubPages.Show<PartnerPage>(new { Id = id, Said = new Said(failed ? "bad" : "ok", $"Trial of alerts: {string.Join("; ", trials.Select(trial => $"{trial.Channel} {trial.Failure ?? "sent"}"))}.") });
    }

    static async Task<IResult> Stop(string id, string action, HttpContext context, Hub hub)
    {
        var cancellation = context.RequestAborted;
        if (!hub.Partners.Knows(id))
            return NoSuch(id);
        var reason = ((string?)(await context.Request.ReadFormAsync(cancellation))["reason"])?.Trim() ?? "";
        if (reason.Length is 0 or > Decide.ReasonMax)
            return HubPages.Show<PartnerPage>(new { Id = id, Wrong = $"Nothing was done yet: say why, in at most {Decide.ReasonMax} characters.", Reason = reason }, StatusCodes.Status422UnprocessableEntity);
        var done = action == "pause" ? await hub.Pauses.Pause(id, context.User.Actor(), reason, cancellation) : await hub.Pauses.Resume(id, context.User.Actor(), reason, cancellation);
        return done ? Results.Redirect($"/partners/{id}?said={action}")
            : Refused(id, $"Nothing was done. {(action == "resume" ? PartnerRefusals.NotResumed(id, hub.Partners.Find(id)?.State) : PartnerRefusals.NotPaused(id, await hub.Pauses.Of(id, cancellation)))}", StatusCodes.Status409Conflict);
    }

    static IResult Refused(string id, string sentence, int status = StatusCodes.Status422UnprocessableEntity) =>
        HubPages.Show<PartnerPage>(new { Id = id, Said = new Said("warn", sentence) }, status);

    static IResult NoSuch(string id) => HubPages.NotFound($"There is no partner {id}.");
}
