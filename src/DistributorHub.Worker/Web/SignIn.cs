using System.Globalization;
using System.Threading.RateLimiting;
using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.RateLimiting;

namespace DistributorHub.Worker.Web;

/// <summary>
/// The ways to sign in. A request is looked at in this order: the token it shows, what a trusted proxy says of it, the session of its cookie, and, as long as nothing
/// else is set up, that it comes straight from this machine.
/// </summary>
static class SignIn
{
    const string Any = "hub";
    public const string Session = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string Path = "/login";
    public const string CompanyPath = "/login/company";
    public const string LocalMachine = "local";
    public const string Token = "token";
    const string Proxy = "proxy";

    /// <summary>Limits tries by address; accounts are locked besides (<see cref="Accounts.Lockout"/>).</summary>
    public const string Limit = "sign-in";
    const int TriesPerMinute = 30;
    const string SinceItem = "since";
    const string SessionItem = "session";

    public static void Add(IServiceCollection services, Hub hub)
    {
        var authentication = services.AddAuthentication(Any)
            .AddPolicyScheme(Any, null, options =>
            {
                options.ForwardDefaultSelector = context => Way(context, hub.Settings.Access);
                options.ForwardChallenge = options.ForwardForbid = options.ForwardSignIn = options.ForwardSignOut = Session;
            })
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, null)
            .AddScheme<AuthenticationSchemeOptions, ProxyHandler>(Proxy, null)
            .AddScheme<AuthenticationSchemeOptions, LocalMachineHandler>(LocalMachine, null)
            .AddCookie(Session, options => Configure(options, hub));
        Company.Add(authentication, hub);
    }

    /// <summary>Most tries of one address in a minute, whatever the accounts.</summary>
    public static void AddLimit(RateLimiterOptions options)
    {
        options.AddPolicy(Limit, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(From(context), _ => new() { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter(""));
        options.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "60";
            return new(Refusals.Tell(context.HttpContext, StatusCodes.Status429TooManyRequests, "Too many tries", "Wait a minute, then try again."));
        };
    }

    /// <summary>Begins the session of an account.</summary>
    public static Task Begin(HttpContext context, Account account) =>
        context.SignInAsync(Session, Person.Of(Session, account.Name, account.Rights, account.Stamp));

    /// <summary>Ends the session of a browser: a copy of its cookie is worth nothing any more.</summary>
    public static async Task End(HttpContext context, Hub hub)
    {
        if (await CurrentSession(context) is { } id)
            await hub.Sessions.SignOut(id, context.RequestAborted);
        await context.SignOutAsync(Session);
    }

    /// <summary>The id of the session that a request belongs to; null when it does to none.</summary>
    public static async Task<string?> CurrentSession(HttpContext context) =>
        context.Request.Cookies.ContainsKey(CookieName) && await context.AuthenticateAsync(Session) is { Succeeded: true, Properties.Items: var items } ? items[SessionItem] : null;

    /// <summary>The address a request came from.</summary>
    public static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "nowhere";

    static string Way(HttpContext context, AccessSettings access) =>
        TokenHandler.Shows(context) ? Token
        : ProxyHandler.Names(context, access) ? Proxy
        : context.Request.Cookies.ContainsKey(CookieName) ? Session
        : LocalMachine;

    const string CookieName = "distributorhub";

    static void Configure(CookieAuthenticationOptions options, Hub hub)
    {
        options.TimeProvider = hub.Clock;
        options.LoginPath = Path;
        options.ReturnUrlParameter = "to";
        options.ExpireTimeSpan = Sessions.Idle;
        options.SlidingExpiration = true;
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        // Links from mails lead to pages, and nothing but posts changes anything.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnSigningIn = async context =>
        {
            var person = context.Principal!;
            // Whoever signs in again has one session, not two.
            if (await CurrentSession(context.HttpContext) is { } before)
                await hub.Sessions.SignOut(before, context.HttpContext.RequestAborted);
            context.Properties.Items[SinceItem] = hub.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            context.Properties.Items[SessionItem] = await hub.Sessions.Begin(
                person.Actor(), From(context.HttpContext), company: !person.HasClaim(claim => claim.Type == Person.StampClaim), context.HttpContext.RequestAborted);
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            if (await IsOver(context, hub))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(Session);
            }
        };
    }

    // Asked at each request: an account that was disabled, or whose password or role was changed, has no sessions any more.
    static async Task<bool> IsOver(CookieValidatePrincipalContext context, Hub hub)
    {
        var person = context.Principal!;
        if (!context.Properties.Items.TryGetValue(SinceItem, out var since)
            || hub.Clock.GetUtcNow() - DateTimeOffset.Parse(since!, CultureInfo.InvariantCulture) >= Sessions.Longest
            || !context.Properties.Items.TryGetValue(SessionItem, out var id) || !await hub.Sessions.Lives(id!, context.HttpContext.RequestAborted))
            return true;
        var account = await hub.Accounts.Find(person.Actor(), context.HttpContext.RequestAborted);
        // Somebody of the company needs no account here, but may have one that is disabled.
        return person.FindFirst(Person.StampClaim)?.Value is { } stamp ? account is not { Disabled: false } || account.Stamp != stamp : account is { Disabled: true };
    }
}
