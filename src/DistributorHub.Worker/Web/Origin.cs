using System.Net;
using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;

namespace DistributorHub.Worker.Web;

/// <summary>Where a request really came from, before anything that a proxy says of it is believed.</summary>
/// <param name="Address">Address of the other end of the connection.</param>
/// <param name="IsDirect">See <see cref="Loopback.IsDirect"/>.</param>
sealed record Origin(IPAddress? Address, bool IsDirect)
{
    /// <summary>True for the addresses of proxies that are believed.</summary>
    public bool IsProxy(AccessSettings access) => Address is not null && access.Proxies.Contains(Address);

    public static Origin Of(HttpContext context) => context.Features.GetRequiredFeature<Origin>();

    /// <summary>Notes the origin; then what listed proxies say of address, host and scheme takes its place.</summary>
    public static void Use(WebApplication app, AccessSettings access)
    {
        app.Use((context, next) =>
        {
            var address = context.Connection.RemoteIpAddress;
            context.Features.Set(new Origin(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address, Loopback.IsDirect(context)));
            return next(context);
        });
        if (access.Proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
        // This machine is among them unless it is said otherwise.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in access.Proxies)
            options.KnownProxies.Add(proxy);
        app.UseForwardedHeaders(options);
    }
}
