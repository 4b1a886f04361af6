using System.Globalization;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Partners;

/// <summary>The <c>source</c> section of a partner file.</summary>
static class SourceReader
{
    const string FingerprintPrefix = "SHA256:";
    const int FingerprintBytes = 32;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static SourceDefinition Read(Section section)
    {
        if (!section.Has("kind"))
            section.Report(section.Map, "PTN1001", "'source' has no 'kind'.", "write kind: sftp or kind: folder");
        var kind = section.Choice("kind", SourceKind.Folder);
        var defaults = new SourceDefinition { Kind = kind, Path = "" };
        var source = defaults with
        {
            Path = RequiredPath(section),
            Pattern = section.Text("pattern") ?? defaults.Pattern,
            Ignore = section.Texts("ignore")?.Select(pattern => pattern.Text).ToArray() ?? defaults.Ignore,
            Settle = section.Duration("settle", defaults.Settle, TimeSpan.Zero, Hour),
            RequireTrailer = section.Flag("require_trailer", defaults.RequireTrailer),
            IncompleteGrace = section.Duration("incomplete_grace", defaults.IncompleteGrace, TimeSpan.Zero, Week),
            FileBytesMax = section.Size("file_size_max", defaults.FileBytesMax, Edi.Limits.FileBytesMax),
            FilesPerPollMax = section.Number("files_per_poll", defaults.FilesPerPollMax, 1, 100_000),
            AfterRead = section.Choice("after_read", defaults.AfterRead),
            MoveTo = SafePath(section, "move_to") ?? defaults.MoveTo,
            OperationTimeout = section.Duration("operation_timeout", defaults.OperationTimeout, Second, Hour),
            AlertAfterFailures = section.Number("alert_after_failures", defaults.AlertAfterFailures, 1, 1_000),
            ValidUntil = section.Value<DateOnly>("valid_until", "a day such as 2027-03-31",
                text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null),
            ParallelDownloads = section.Number("parallel_downloads", defaults.ParallelDownloads, 1, 64),
        };
        source = Server(section, source);
        section.Finish();
        return source;
    }

    /// <summary>A path without a step upwards: what a partner file says never reaches beyond what the administrator can see in it.</summary>
    public static string? SafePath(Section section, string key)
    {
        if (section.Scalar(key) is not { } scalar)
            return null;
        var path = scalar.Text.Replace('\\', '/');
        if (!path.Contains('\0') && !path.Split('/').Contains(".."))
            return path.Length > 1 ? path.TrimEnd('/') : path;
        section.Report(scalar, "PTN1011", $"'{key}' is '{scalar.Text}', which leads out of its folder.", "write the folder itself, without '..'");
        return null;
    }

    static string RequiredPath(Section section)
    {
        if (!section.Has("path"))
            section.Report(section.Map, "PTN1001", "'source' has no 'path': the folder the partner's files lie in.");
        return SafePath(section, "path") ?? "";
    }

    static SourceDefinition Server(Section section, SourceDefinition source)
    {
        string[] settings =
        [
            "host", "port", "user", "password", "private_key", "passphrase", "host_keys", "known_hosts",
            "insecure_accept_any_host_key", "connect_timeout",
        ];
        if (source.Kind == SourceKind.Folder)
        {
            foreach (var setting in settings)
                if (section.Node(setting) is { } node)
                    section.Report(node, "PTN1007", $"'{setting}' belongs to a source of kind sftp.", "this one is of kind folder");
            return source;
        }
        var server = source with
        {
            Host = section.Required("host", "the server's name or address"),
            Port = section.Number("port", source.Port, 1, 65_535),
            User = section.Required("user", "the name to sign in with"),
            Password = section.Secret("password"),
            PrivateKey = section.Secret("private_key"),
            Passphrase = section.Secret("passphrase"),
            HostKeys = HostKeys(section),
            KnownHosts = section.FileBeside("known_hosts"),
            InsecureAcceptAnyHostKey = section.Flag("insecure_accept_any_host_key", source.InsecureAcceptAnyHostKey),
            ConnectTimeout = section.Duration("connect_timeout", source.ConnectTimeout, Second, TimeSpan.FromMinutes(5)),
        };
        if (!section.Has("password") && !section.Has("private_key"))
            section.Report(section.Map, "PTN1010", "There is no way to sign in.", $"add private_key or password, written as {Secrets.Form}");
        if (section.Has("passphrase") && !section.Has("private_key"))
            section.Report(section.Map.Find("passphrase")!, "PTN1007", "'passphrase' belongs to a 'private_key'.");
        if (!section.Has("host_keys") && !section.Has("known_hosts") && !server.InsecureAcceptAnyHostKey)
            section.Report(section.Map, "PTN1006", "Nothing says how the server is recognised.",
                $"add host_keys, as printed by: ssh-keyscan -p {server.Port} {server.Host} | ssh-keygen -lf - (and compare with the partner)");
        return server;
    }

    static string[] HostKeys(Section section)
    {
        if (section.Texts("host_keys") is not { } keys)
            return [];
        foreach (var key in keys)
            if (!IsFingerprint(key))
                section.Report(key, "PTN1004", $"'{key.Text}' is no fingerprint of a host key.", "write SHA256: and its 43 characters");
        return [.. keys.Select(key => key.Text)];
    }

    static bool IsFingerprint(YamlScalar key)
    {
        if (!key.Text.StartsWith(FingerprintPrefix, StringComparison.Ordinal))
            return false;
        // ssh-keygen leaves the padding out.
        var digest = key.Text[FingerprintPrefix.Length..].TrimEnd('=') + "=";
        Span<byte> bytes = stackalloc byte[FingerprintBytes + 3];
        return Convert.TryFromBase64String(digest, bytes, out var written) && written == FingerprintBytes;
    }
}
