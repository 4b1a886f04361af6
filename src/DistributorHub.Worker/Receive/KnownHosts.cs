using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// Reads OpenSSH's known_hosts format (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): names, patterns and negations, hashed names,
/// ports in brackets, revoked keys. Certificate authorities are passed over: host certificates are not asked for.
/// </summary>
static class KnownHosts
{
    const string HashedPrefix = "|1|";
    const int StandardPort = 22;

    public readonly record struct Entry(byte[] Key, bool Revoked);

    /// <summary>The keys that the file has for this host and port.</summary>
    public static IReadOnlyList<Entry> Read(IEnumerable<string> lines, string host, int port)
    {
        var name = port == StandardPort ? host.ToLowerInvariant() : $"[{host.ToLowerInvariant()}]:{port}";
        var entries = new List<Entry>();
        foreach (var line in lines)
        {
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0].StartsWith('#') || fields[0] == "@cert-authority")
                continue;
            var revoked = fields[0] == "@revoked";
            var first = revoked ? 1 : 0;
            if (fields.Length < first + 3 || !Names(fields[first], name) || DecodeKey(fields[first + 2]) is not { } key)
                continue;
            entries.Add(new(key, revoked));
        }
        return entries;
    }

    static bool Names(string field, string name) =>
        field.StartsWith(HashedPrefix, StringComparison.Ordinal) ? NamesHashed(field, name) : NamesPlain(field.Split(','), name);

    // A negated pattern that matches rules the line out, wherever it stands.
    static bool NamesPlain(string[] patterns, string name) =>
        patterns.Any(pattern => !pattern.StartsWith('!') && Matches(pattern, name))
        && !patterns.Any(pattern => pattern.StartsWith('!') && Matches(pattern[1..], name));

    static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);

    static bool NamesHashed(string field, string name)
    {
        var parts = field[HashedPrefix.Length..].Split('|');
        if (parts.Length != 2 || DecodeKey(parts[0]) is not { } salt || DecodeKey(parts[1]) is not { } expected)
            return false;
        // SHA-1 is what the format prescribes; it only hides names here and vouches for nothing.
#pragma warning disable CA5350
        return HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(expected);
#pragma warning restore CA5350
    }

    static byte[]? DecodeKey(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written) ? bytes[..written] : null;
    }
}
