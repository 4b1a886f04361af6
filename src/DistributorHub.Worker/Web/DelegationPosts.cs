using System.Globalization;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web.Pages;

namespace DistributorHub.Worker.Web;

/// <summary>What was typed to let another person decide.</summary>
/// <param name="To">Who decides.</param>
/// <param name="From">The first day; empty for today.</param>
/// <param name="Until">The last day.</param>
/// <param name="Reason">Why.</param>
public sealed record DelegationForm(string To = "", string From = "", string Until = "", string Reason = "");

/// <summary>Approvers let others decide in their place for some days, on the page of approvals: by the same service as <c>hub hold delegate</c>.</summary>
static class DelegationPosts
{
    const int NameMax = 100;

    public static void Map(WebApplication app)
    {
        app.MapPost("/approvals/delegate", Delegate).RequireAuthorization(Policies.Approver);
        app.MapPost("/approvals/delegations/{id:long}/revoke", Revoke).RequireAuthorization(Policies.Approver);
    }

    static async Task<IResult> Delegate(HttpContext context, Hub hub)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var typed = new DelegationForm(Text("to"), Text("from"), Text("until"), Text("reason"));
        if (typed.To.Length is 0 or > NameMax)
            return Wrong("Nothing was done yet: say who decides in your place.");
        if (Day(typed.Until) is not { } last)
            return Wrong("Nothing was done yet: say until which day.");
        if (typed.From.Length > 0 && Day(typed.From) is null)
            return Wrong($"Nothing was done yet: '{typed.From}' is no day.");
        if (typed.Reason.Length is 0 or > Decide.ReasonMax)
            return Wrong($"Nothing was done yet: say why, in at most {Decide.ReasonMax} characters.");
        return await hub.Delegations.Add(context.User.Actor(), typed.To, Day(typed.From), last, typed.Reason, context.RequestAborted) is { } refused
            ? Wrong($"Nothing was done yet: {refused}") : Results.Redirect("/approvals?said=delegate");

        string Text(string name) => ((string?)form[name])?.Trim() ?? "";

        IResult Wrong(string sentence) => HubPages.Show<ApprovalsPage>(new { Typed = typed, Wrong = sentence }, StatusCodes.Status422UnprocessableEntity);
    }

    static async Task<IResult> Revoke(long id, HttpContext context, Hub hub)
    {
        if (Decide.Reason(await context.Request.ReadFormAsync(context.RequestAborted)) is not { } reason)
            return HubPages.Show<ApprovalsPage>(new { Said = Decide.NoReason }, StatusCodes.Status422UnprocessableEntity);
        return await hub.Delegations.Revoke(id, context.User.Actor(), reason, context.RequestAborted) ? Results.Redirect("/approvals?said=revoke")
            : HubPages.Show<ApprovalsPage>(new { Said = new Said("warn", "Nothing was done: that delegation has ended meanwhile. These hold now.") }, StatusCodes.Status409Conflict);
    }

    static DateOnly? Day(string text) => DateOnly.TryParseExact(text, Delegations.DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
