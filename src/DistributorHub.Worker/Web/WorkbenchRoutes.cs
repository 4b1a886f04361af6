using System.Text;
using DistributorHub.Edi;
using DistributorHub.Worker.Web.Pages;
using DistributorHub.Worker.Workbench;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DistributorHub.Worker.Web;

/// <summary>What a form of the workbench holds.</summary>
/// <param name="Text">The text.</param>
/// <param name="On">The file it is tried on.</param>
/// <param name="Seen">Hash of the text that was there when its author began.</param>
/// <param name="Onto">Hash of the live text that a draft is to begin from again; empty = as it was.</param>
/// <param name="Reason">Why a draft is put live.</param>
readonly record struct BenchForm(string? Text, string? On, string Seen, string Onto, string Reason)
{
    public static async Task<BenchForm> Read(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return new(form.TryGetValue("text", out var text) ? MapFile.Plain(text.ToString()) : null, form["on"], form["seen"].ToString(), form["onto"].ToString(), form["reason"].ToString());
    }
}

/// <summary>The workbench of a map: its text is tried on a file as it is changed, kept as a draft, tested, and put live.</summary>
static class WorkbenchRoutes
{
    const string Of = "/mappings/{owner}/{map}";

    public static void Map(WebApplication app)
    {
        app.MapGet("/mappings", () => new RazorComponentResult<MappingsPage>()).RequireAuthorization(Policies.Engineer);
        app.MapGet(Of, Look).RequireAuthorization(Policies.Engineer);
        app.MapPost(Of, Try).RequireAuthorization(Policies.Engineer);
        app.MapGet(Of + "/draft", Download).RequireAuthorization(Policies.Engineer);
        app.MapPost(Of + "/draft", Save).RequireAuthorization(Policies.Engineer);
        app.MapPost(Of + "/test", Test).RequireAuthorization(Policies.Engineer);
        app.MapPost(Of + "/discard", Discard).RequireAuthorization(Policies.Engineer);
        app.MapPost(Of + "/live", PutLive).RequireAuthorization(Policies.Engineer);
    }

    static async Task<IResult> Look(string owner, string map, HttpContext context, Hub hub, BenchViews views)
    {
        var query = context.Request.Query;
        return MapFile.Find(hub.Settings, owner, map) is not { } file ? NoMap(owner, map)
            : Page(await views.Make(file, null, query["on"], query["partner"], whole: true, context.RequestAborted) with { Said = Said.Of(query["said"]) });
    }

    static async Task<IResult> Try(string owner, string map, HttpContext context, Hub hub, BenchViews views)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var form = await BenchForm.Read(context);
        var part = context.Request.Headers.ContainsKey("HX-Request");
        var view = await views.Make(file, form.Text, form.On, null, whole: !part, context.RequestAborted);
        return part ? new RazorComponentResult<WorkbenchResult>(new { View = view }) : Page(view);
    }

    static async Task<IResult> Download(string owner, string map, HttpContext context, Hub hub, MapDrafts drafts)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var text = (await drafts.Of(file.Name, context.RequestAborted))?.Text ?? file.Read();
        return Results.File(Encoding.UTF8.GetBytes(text), "text/yaml; charset=utf-8", Path.GetFileName(file.Name));
    }

    /// <summary>Keeps the text as the draft, unless somebody has changed what it was begun from.</summary>
    static async Task<IResult> Save(string owner, string map, HttpContext context, Hub hub, BenchViews views, MapDrafts drafts)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var (form, cancellation) = (await BenchForm.Read(context), context.RequestAborted);
        if (form.Text is not { Length: > 0 } text)
            return await Refused("Nothing was kept: there is no text. To go back to the live one, discard the draft.");
        if (Bench.TooLong(text) is { } tooLong)
            return await Refused($"Nothing was kept: {tooLong}.");
        var live = file.Read();
        var saved = form.Onto.Length > 0 && form.Onto != MapFile.Hash(live) ? Saving.Changed
            : await drafts.Save(file.Name, text, form.Seen, MapFile.Hash(live), again: form.Onto.Length > 0, context.User.Actor(), cancellation);
        return saved switch
        {
            Saving.Full => await Refused($"Nothing was kept: there are drafts of {Limits.MapDraftsMax} maps, and more are not kept. Put some live, or discard them."),
            Saving.Changed => await Refused(await Newer(file, live, drafts, cancellation), await Meanwhile(file, live, form.Seen, drafts, cancellation)),
            _ => Results.Redirect($"{file.Page}?said=draft{(string.IsNullOrEmpty(form.On) ? "" : $"&on={Uri.EscapeDataString(form.On)}")}"),
        };

        async Task<IResult> Refused(string sentence, LineDiff? meanwhile = null) =>
            Page(await views.Make(file, form.Text, form.On, null, whole: true, cancellation) with { Refused = sentence, Meanwhile = meanwhile },
                meanwhile is null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict);
    }

    static async Task<string> Newer(MapFile map, string live, MapDrafts drafts, CancellationToken cancellation) => await drafts.Of(map.Name, cancellation) switch
    {
        null => "Nothing was kept: the draft is gone, or the live text was changed, since you opened it. What changed stands below. Save again, and your text becomes the draft.",
        { } now when !now.BeganFrom(live) => $"Nothing was kept: {now.SavedBy} has saved another text at {Show.Time(now.SavedAt)} UTC, or the live one was changed, since you opened it. What changed stands below. Save again, and yours takes its place.",
        { } now => $"Nothing was kept: {now.SavedBy} has saved another text at {Show.Time(now.SavedAt)} UTC, since you opened it. What changed stands below. Save again, and yours takes its place.",
    };

    /// <summary>From the text that somebody began with to the one that is there now.</summary>
    static async Task<LineDiff> Meanwhile(MapFile map, string live, string seen, MapDrafts drafts, CancellationToken cancellation)
    {
        var now = (await drafts.Of(map.Name, cancellation))?.Text ?? live;
        // What was begun with may no longer be kept: then all that is not live is told.
        return LineDiff.Of(await drafts.Earlier(map.Name, seen, cancellation) ?? live, now);
    }

    static async Task<IResult> Test(string owner, string map, HttpContext context, Hub hub, BenchViews views, Bench bench)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var form = await BenchForm.Read(context);
        var view = await views.Make(file, form.Text, form.On, null, whole: true, context.RequestAborted);
        return Page(view with { Tests = await bench.Test(file, view.Text, context.RequestAborted) });
    }

    static async Task<IResult> Discard(string owner, string map, HttpContext context, Hub hub, BenchViews views, MapDrafts drafts)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var (form, cancellation) = (await BenchForm.Read(context), context.RequestAborted);
        return await drafts.Of(file.Name, cancellation) is { } draft && draft.Sha256 == form.Seen && await drafts.Discard(file.Id, draft, context.User.Actor(), cancellation)
            ? Results.Redirect($"{file.Page}?said=discard")
            : Page(await views.Make(file, null, form.On, null, whole: true, cancellation) with { Said = new("warn", "Nothing was discarded: the draft is gone, or somebody has saved another since you looked at it. This is how it is now.") }, StatusCodes.Status409Conflict);
    }

    /// <summary>Puts the draft live: when its tests pass, the live text is still the one it began from, and its place can be written.</summary>
    static async Task<IResult> PutLive(string owner, string map, HttpContext context, Hub hub, BenchViews views, Bench bench, MapDrafts drafts)
    {
        if (MapFile.Find(hub.Settings, owner, map) is not { } file)
            return NoMap(owner, map);
        var (form, cancellation) = (await BenchForm.Read(context), context.RequestAborted);
        if (form.Reason.Trim() is not { Length: > 0 and <= Decide.ReasonMax } reason)
            return Page(await View() with { Wrong = $"Nothing was put live: say why, in at most {Decide.ReasonMax} characters.", Reason = form.Reason }, StatusCodes.Status422UnprocessableEntity);
        if (await drafts.Of(file.Name, cancellation) is not { } draft || draft.Sha256 != form.Seen)
            return await Not("the draft is gone, or somebody has saved another since you looked at it. This is how it is now.", StatusCodes.Status409Conflict);
        var live = file.Read();
        if (!draft.BeganFrom(live))
            return await Not("the live text has changed since the draft was begun. See what differs, and save the draft onto the live text of now.", StatusCodes.Status409Conflict);
        if (draft.Says(live))
            return await Not("the draft is the live text.", StatusCodes.Status409Conflict);
        var tests = await bench.Test(file, draft.Text, cancellation);
        if (tests.Against is { } against)
            return await Not($"{against}.", StatusCodes.Status422UnprocessableEntity, tests);
        return await drafts.PutLive(file.Id, draft, context.User.Actor(), reason, () => file.Replace(draft.Text, draft.BaseSha256), cancellation) is { } refused
            ? await Not(refused, StatusCodes.Status409Conflict, tests) : Results.Redirect($"{file.Page}?said=live");

        // Tries the text on a file, which nobody waits for who is led to another page.
        Task<BenchView> View() => views.Make(file, null, form.On, null, whole: true, cancellation);

        async Task<IResult> Not(string why, int status, BenchTests? tests = null) => Page(await View() with { Said = new("bad", $"Nothing was put live: {why}"), Reason = reason, Tests = tests }, status);
    }

    static RazorComponentResult<WorkbenchPage> Page(BenchView view, int status = StatusCodes.Status200OK) => new(new { View = view }) { StatusCode = status };

    static IResult NoMap(string owner, string map) => HubPages.NotFound($"There is no map {owner}/{map}.");
}
