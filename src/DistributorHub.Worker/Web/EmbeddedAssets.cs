using System.Security.Cryptography;

namespace DistributorHub.Worker.Web;

/// <summary>Stylesheet and scripts, carried in the program: no file beside it, no request to another host.</summary>
static class EmbeddedAssets
{
    const string Prefix = "ui/";

    static readonly Dictionary<string, Asset> All = typeof(EmbeddedAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    sealed record Asset(byte[] Bytes, string Type, string Hash);

    /// <summary>Address of a file; it changes with the content, so that browsers may keep it.</summary>
    public static string Url(string name) => $"/ui/{name}?v={All[name].Hash}";

    public static IResult Serve(string name, HttpContext context)
    {
        if (!All.TryGetValue(name, out var asset))
            return Results.NotFound();
        // The sign-in asks without a version.
        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Bytes, asset.Type);
    }

    static Asset Read(string name)
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var bytes = copy.ToArray();
        var type = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        return new(bytes, type, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
    }
}
