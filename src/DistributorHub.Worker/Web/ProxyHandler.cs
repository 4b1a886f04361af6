using System.Text.Encodings.Web;
using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DistributorHub.Worker.Web;

/// <summary>Somebody whom a trusted proxy has signed in, and names in a header. Of any other sender that header is nothing.</summary>
sealed class ProxyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Hub hub)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    const int NameMost = 128;

    /// <summary>True when a trusted proxy says who it is.</summary>
    public static bool Names(HttpContext context, AccessSettings access) =>
        access.ProxyHeader is { } header && Origin.Of(context).IsProxy(access) && context.Request.Headers.ContainsKey(header);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var access = hub.Settings.Access;
        // Two of them: the proxy added its own and let the sender's pass.
        if (Request.Headers[access.ProxyHeader!] is not [{ Length: > 0 and <= NameMost } name] || name.Any(character => char.IsControl(character) || character == ','))
            return AuthenticateResult.Fail($"'{access.ProxyHeader}' does not name one person.");
        return AuthenticateResult.Success(new(Person.Of(Scheme.Name, name, await RightsOf(name, access)), Scheme.Name));
    }

    async Task<Rights?> RightsOf(string name, AccessSettings access)
    {
        var account = await hub.Accounts.Find(name, Context.RequestAborted);
        if (account is { Disabled: true })
            return null;
        return access.ProxyRoles is { } header ? access.RightsOf(Request.Headers.GetCommaSeparatedValues(header)) : account?.Rights;
    }
}
