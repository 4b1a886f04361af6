using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web.Pages;
using DistributorHub.Worker.Web.Queries;
using Hangfire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>What a page tells of an action.</summary>
/// <param name="Tone">ok, warn or bad.</param>
/// <param name="Text">The sentence.</param>
public sealed record Said(string Tone, string Text)
{
    static readonly Dictionary<string, string> Done = new(StringComparer.Ordinal)
    {
        ["retry"] = "It is being read again from the archive.",
        ["replay"] = "It is being read again from the archive, with the maps as they are now.",
        ["force"] = "It is being read although the same came before.",
        ["cancel"] = "It is being cancelled: nothing more of it is loaded.",
        ["ignore"] = "Nothing more is done for what failed of it.",
        ["approve"] = "The approval is counted; with the last one that is needed, the documents are loaded.",
        ["reject"] = "What was held is ended, and was not loaded.",
        ["resend"] = "The file is being sent again.",
        ["regenerate"] = "The document is being written anew.",
        ["rollback"] = "This list is being read again, and counts from then on.",
        ["delegate"] = "They decide in your place on those days.",
        ["revoke"] = "They decide in that place no more.",
        ["pause"] = "The partner is paused: it is not polled, nothing is sent to it, and what came from it waits.",
        ["resume"] = "The partner goes on.",
        ["draft"] = "The draft is kept. Nothing of it is live.",
        ["discard"] = "The draft is gone; this is the live text.",
        ["live"] = "The draft is live: what is read from now on is mapped by it.",
        ["poll"] = "The partner is being polled.",
        ["session"] = "The session has ended.",
    };

    /// <summary>The sentence for an action that an address names, or null.</summary>
    public static Said? Of(string? action) => action is not null && Done.TryGetValue(action, out var text) ? new("ok", text) : null;
}

/// <summary>What people decide about exchanges on the pages: through the same services as the command line, and in the same record.</summary>
static class Decide
{
    public const int ReasonMax = 500;

    public static Said NoReason => new("bad", $"Nothing was done: say why, in at most {ReasonMax} characters.");

    /// <summary>The reason that was typed; null when there is none, or it is too long.</summary>
    public static string? Reason(IFormCollection form) => ((string?)form["reason"])?.Trim() is { Length: > 0 and <= ReasonMax } reason ? reason : null;

    /// <summary>True for what failed, was taken off the list after that, or was cancelled.</summary>
    public static bool CanRetry(ExchangeRow exchange) => Transitions.IsFailed(exchange.State) || exchange.State is ExchangeState.Ignored or ExchangeState.Cancelled;

    /// <summary>Does what was asked, and shows the exchange; one that has changed since it was shown is left alone.</summary>
    public static async Task<IResult> Post(long id, string action, HttpContext context, Hub hub, ExchangeDetailQueries queries, IBackgroundJobClient jobs, HubJobs hubJobs)
    {
        var cancellation = context.RequestAborted;
        var form = await context.Request.ReadFormAsync(cancellation);
        if (await queries.Read(id, cancellation) is not { } detail)
            return HubPages.NotFound($"There is no exchange {id}.");
        if (Reason(form) is not { } reason)
            return Page(detail, NoReason, StatusCodes.Status422UnprocessableEntity);
        if (form["seen"] != detail.Seen)
            return Page(detail, Changed(detail), StatusCodes.Status409Conflict);
        if (action is not ("reject" or "ignore" or "cancel") && hub.WhyNotRun(detail.Exchange.Partner) is { } why)
            return Page(detail, new("bad", $"{why} Nothing was tried: mend that first."), StatusCodes.Status422UnprocessableEntity);
        if (await Do(hub, action, id, context.User.Actor(), reason, cancellation) is { } refusal)
            return Page((await queries.Read(id, cancellation))!, refusal, StatusCodes.Status409Conflict);
        if (action == "resend")
            jobs.Enqueue<HubJobs>(job => job.Deliver(detail.Exchange.Partner, CancellationToken.None));
        else if (action is not ("reject" or "ignore"))
            hubJobs.Enqueue(detail.Exchange.Partner, [(id, detail.Exchange.Bytes)]);
        return Results.Redirect($"/exchanges/{id}?said={action}");
    }

    /// <summary>Does it; why not, when it was not done.</summary>
    public static async Task<Said?> Do(Hub hub, string action, long id, string actor, string reason, CancellationToken cancellation)
    {
        var intervention = action switch
        {
            "retry" => await hub.Interventions.Retry(id, actor, reason, cancellation),
            "replay" => await hub.Interventions.Replay(id, MapChoice.Current, actor, reason, cancellation),
            "force" => await hub.Interventions.Force(id, actor, reason, cancellation),
            "cancel" => await hub.Interventions.Cancel(id, actor, reason, cancellation),
            "ignore" => await hub.Interventions.Ignore(id, actor, reason, cancellation),
            _ => null,
        };
        if (intervention is not null)
            return intervention.Done ? null : new("warn", $"Nothing was done. {intervention.Sentence}");
        if (action is "approve" or "reject")
        {
            var answer = action == "approve" ? await hub.Holds.Approve(id, actor, reason, null, cancellation) : await hub.Holds.Reject(id, actor, reason, null, cancellation);
            return answer.IsTaken ? null : new("warn", $"Nothing was done. {answer.Sentence}");
        }
        var done = action switch
        {
            "resend" => await hub.Outgoing.Resend(id, actor, reason, cancellation),
            "regenerate" => await hub.Outgoing.Regenerate(id, actor, reason, cancellation),
            _ => false,
        };
        return done ? null : new("warn", "Nothing was done: the exchange has changed a moment ago. This is how it is now.");
    }

    public static Said Changed(ExchangeDetail now)
    {
        var by = now.Decisions.Count > 0 ? $" The last decision: {now.Decisions[0].Action}, by {now.Decisions[0].Actor} at {Show.Time(now.Decisions[0].At)} UTC." : "";
        return new("warn", $"Nothing was done: the exchange has changed since you looked at it. It is {Show.Badge(now.Exchange).Word.ToLowerInvariant()} now, after {Show.Count(now.Attempts.Count, "attempt", "attempts")}.{by}");
    }

    static RazorComponentResult<ExchangeView> Page(ExchangeDetail detail, Said said, int status) =>
        new(new { Detail = detail, Said = said }) { StatusCode = status };
}
