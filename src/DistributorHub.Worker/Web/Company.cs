using DistributorHub.Worker.Access;
using DistributorHub.Worker.Partners;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DistributorHub.Worker.Web;

/// <summary>Sign-in with an account of the company: OpenID Connect, code flow with PKCE.</summary>
static class Company
{
    public const string Scheme = "company";

    /// <summary>Where the issuer sends people back to; it has to know the address.</summary>
    public const string ReturnPath = "/login/company/return";

    public static void Add(AuthenticationBuilder authentication, Hub hub)
    {
        if (hub.Settings.Access.OpenIdConnect is not { } issuer)
            return;
        var secret = issuer.ClientSecret is { } reference ? Secret(reference) : null;
        authentication.AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = issuer.Authority.ToString();
            options.ClientId = issuer.ClientId;
            options.ClientSecret = secret;
            options.RequireHttpsMetadata = issuer.Authority.Scheme == Uri.UriSchemeHttps;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // A post from the issuer would not bring along cookies of the same site.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.SignInScheme = SignIn.Session;
            options.CallbackPath = ReturnPath;
            options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Events.OnTokenValidated = context => SignedIn(context, hub, issuer);
            options.Events.OnRemoteFailure = async context =>
            {
                context.HandleResponse();
                await hub.Audit.Add("unknown", "sign in refused", "company account", $"from {SignIn.From(context.HttpContext)}", context.HttpContext.RequestAborted);
                await Refusals.Tell(context.HttpContext, StatusCodes.Status401Unauthorized, "The sign-in did not succeed",
                    "The issuer of the company accounts refused it, or it took too long. Go to the sign-in and try again.");
            };
        });
    }

    static string Secret(string reference)
    {
        try
        {
            return Secrets.Resolve(reference);
        }
        catch (SecretException e)
        {
            throw new SettingsException($"Hub:Access:{nameof(AccessSettings.OpenIdConnect)}:{nameof(OpenIdConnectSettings.ClientSecret)}: {e.Message}");
        }
    }

    static async Task SignedIn(TokenValidatedContext context, Hub hub, OpenIdConnectSettings issuer)
    {
        var claims = context.Principal!;
        var name = claims.FindFirst(issuer.NameClaim)?.Value ?? claims.FindFirst("sub")?.Value;
        if (string.IsNullOrWhiteSpace(name))
        {
            context.Fail($"The issuer's token has no claim '{issuer.NameClaim}'.");
            return;
        }
        var rights = hub.Settings.Access.RightsOf(claims.FindAll(issuer.RoleClaim).Select(claim => claim.Value));
        context.Principal = Person.Of(Scheme, name, rights);
        await hub.Audit.Add(name, "sign in", $"company account {name}", $"{rights?.ToString() ?? "no role"}; from {SignIn.From(context.HttpContext)}", context.HttpContext.RequestAborted);
    }
}
