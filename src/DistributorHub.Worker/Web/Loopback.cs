using System.Net;

namespace DistributorHub.Worker.Web;

/// <summary>
/// Who may use dashboard and pages without sign-in: someone at this machine. A request that a proxy passes on also comes from this
/// machine, which its headers or its host name give away.
/// </summary>
static class Loopback
{
    /// <summary>True for a request straight from this machine, as it was before what a proxy says of it took its place.</summary>
    public static bool IsDirect(HttpContext context) => context.Features.Get<Origin>()?.IsDirect ?? Looks(context);

    static bool Looks(HttpContext context)
    {
        var request = context.Request;
        return context.Connection.RemoteIpAddress is { } remote
            && IPAddress.IsLoopback(remote)
            && IsLoopbackHost(request.Host.Host)
            && !request.Headers.Keys.Any(IsForwarding);
    }

    static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    static bool IsForwarding(string header) =>
        string.Equals(header, "Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);
}
