using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DistributorHub.Worker.Web;

/// <summary>A program that sends a token with each request: <c>Authorization: Bearer hub_…</c>.</summary>
sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Hub hub)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    const string Prefix = "Bearer ";

    /// <summary>True when a request shows a token, right or wrong: then nothing else counts.</summary>
    public static bool Shows(HttpContext context) => context.Request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var text = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        return await hub.Tokens.Find(text, Context.RequestAborted) is { } token
            ? AuthenticateResult.Success(new(Person.Of(Scheme.Name, token.Actor, token.Rights), Scheme.Name))
            : AuthenticateResult.Fail("The token is unknown, expired or revoked.");
    }
}
