using System.Security.Cryptography;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>Decides whether a server is the one the partner file means, by pinned fingerprints or a known_hosts file.</summary>
sealed class HostTrust
{
    const string Prefix = "SHA256:";

    readonly SourceDefinition source;
    readonly HashSet<string> pins;
    readonly IReadOnlyList<KnownHosts.Entry> known;

    public HostTrust(SourceDefinition source)
    {
        this.source = source;
        pins = [.. source.HostKeys.Select(pin => pin.TrimEnd('='))];
        known = source.KnownHosts is { } path ? Read(path, source) : [];
    }

    /// <summary>The fingerprint as ssh-keygen prints it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> key) => Prefix + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <summary>The kind of key an algorithm signs with: rsa-sha2-256, rsa-sha2-512 and ssh-rsa are the same key.</summary>
    public static string Kind(string algorithm) =>
        algorithm.Contains("rsa") ? "rsa" : algorithm.Contains("ecdsa") ? "ecdsa" : algorithm.Contains("ed25519") ? "ed25519" : algorithm;

    public bool Trusts(byte[] key)
    {
        if (known.Any(entry => entry.Revoked && entry.Key.AsSpan().SequenceEqual(key)))
            return false;
        return source.InsecureAcceptAnyHostKey
            || pins.Contains(Fingerprint(key))
            || known.Any(entry => entry.Key.AsSpan().SequenceEqual(key));
    }

    /// <summary>What the operator reads: what was shown, what was expected, what to do.</summary>
    public string Explain(IEnumerable<string> shown)
    {
        var expected = pins.Concat(known.Where(entry => !entry.Revoked).Select(entry => Fingerprint(entry.Key))).Distinct().ToArray();
        return $"The server {source.Host}:{source.Port} showed host key {string.Join(" and ", shown)}; "
            + (expected.Length == 0 ? $"'{source.KnownHosts}' has none for it. " : $"expected {string.Join(" or ", expected)}. ")
            + "Ask the partner whether their key has changed, by telephone, before the new one is written into partner.yaml.";
    }

    static IReadOnlyList<KnownHosts.Entry> Read(string path, SourceDefinition source)
    {
        try
        {
            return KnownHosts.Read(File.ReadLines(path), source.Host, source.Port);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.HostKeyMismatch, $"The known_hosts file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
