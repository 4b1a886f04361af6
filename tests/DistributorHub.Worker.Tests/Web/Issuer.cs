using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DistributorHub.Worker.Tests.Web;

/// <summary>A small OpenID Connect issuer: discovery, keys, the code flow with PKCE. Everybody who comes is the person it was told of.</summary>
sealed class Issuer : IAsyncDisposable
{
    public const string Client = "hub";
    public const string Secret = "the client's secret";
    readonly WebApplication app;
    readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "k1" };
    readonly ConcurrentDictionary<string, (string Challenge, string Nonce)> codes = new();

    Issuer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Claims of whoever signs in.</summary>
    public Dictionary<string, object> Person { get; } = [];

    /// <summary>True to sign with a key that nobody knows.</summary>
    public bool Forges { get; set; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Issuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new Issuer(builder.Build());
        issuer.Map();
        await issuer.app.StartAsync(Cancellation);
        issuer.Address = new(issuer.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return issuer;
    }

    string Name => Address.ToString().TrimEnd('/');

    void Map()
    {
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Name,
            ["authorization_endpoint"] = $"{Name}/authorize",
            ["token_endpoint"] = $"{Name}/token",
            ["jwks_uri"] = $"{Name}/keys",
            ["response_types_supported"] = new[] { "code" },
            ["subject_types_supported"] = new[] { "public" },
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        });
        app.MapGet("/keys", () =>
        {
            var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } } };
        });
        app.MapGet("/authorize", (HttpContext context) =>
        {
            var query = context.Request.Query;
            Assert.Equal((Client, "S256"), (query["client_id"].ToString(), query["code_challenge_method"].ToString()));
            var code = Guid.NewGuid().ToString("N");
            codes[code] = (query["code_challenge"].ToString(), query["nonce"].ToString());
            return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
        });
        app.MapPost("/token", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            if (form["client_id"] != Client || form["client_secret"] != Secret || !codes.TryRemove(form["code"].ToString(), out var code)
                || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != code.Challenge)
                return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
            return Results.Json(new { access_token = "none", token_type = "Bearer", expires_in = 300, id_token = Token(code.Nonce) });
        });
    }

    string Token(string nonce)
    {
        using var forged = RSA.Create(2048);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Client,
            Claims = new Dictionary<string, object>(Person) { ["sub"] = "1234", ["nonce"] = nonce },
            IssuedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            SigningCredentials = new(Forges ? new RsaSecurityKey(forged) { KeyId = key.KeyId } : key, SecurityAlgorithms.RsaSha256)
            {
                // The library would keep the key beyond its life.
                CryptoProviderFactory = new() { CacheSignatureProviders = false },
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Rsa.Dispose();
    }
}
