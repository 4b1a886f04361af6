using System.Text.Encodings.Web;
using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DistributorHub.Worker.Web;

/// <summary>
/// Someone at this machine is its administrator as long as no other way to sign in is set up: no account, no issuer, no proxy. The name is that of the
/// account the hub runs as, which is also the one that the command line would be used with.
/// </summary>
sealed class LocalMachineHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Hub hub)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (hub.Settings.Access is not { Loopback: true, OpenIdConnect: null, ProxyHeader: null }
            || !Origin.Of(Context).IsDirect
            || await hub.Accounts.Any(Context.RequestAborted))
            return AuthenticateResult.NoResult();
        return AuthenticateResult.Success(new(Person.Of(Scheme.Name, Environment.UserName, new(Role.Admin, Approver: true)), Scheme.Name));
    }
}
