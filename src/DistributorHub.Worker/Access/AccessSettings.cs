using System.Net;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Access;

/// <summary>Sign-in with an account of the company: <c>Hub:Access:OpenIdConnect</c>.</summary>
/// <param name="Authority">Address of the issuer.</param>
/// <param name="ClientId">Name of the hub at the issuer.</param>
/// <param name="ClientSecret">Reference to its secret; null for a public client.</param>
/// <param name="NameClaim">Claim that names the person.</param>
/// <param name="RoleClaim">Claim that says what the person may do.</param>
sealed record OpenIdConnectSettings(Uri Authority, string ClientId, string? ClientSecret, string NameClaim, string RoleClaim);

/// <summary>Who may use the hub's pages, and how they sign in: <c>Hub:Access:*</c>.</summary>
sealed record AccessSettings
{
    /// <summary>Name of the extra right in <see cref="RoleNames"/>, beside the roles.</summary>
    public const string Approver = nameof(Approver);

    static readonly string[] Keys = [nameof(Loopback), nameof(OpenIdConnect), nameof(ProxyHeader), nameof(ProxyRoles), nameof(Proxies), "Roles", nameof(KeyCertificate)];
    static readonly string[] OpenIdConnectKeys =
        [nameof(OpenIdConnectSettings.Authority), nameof(OpenIdConnectSettings.ClientId), nameof(OpenIdConnectSettings.ClientSecret), nameof(OpenIdConnectSettings.NameClaim), nameof(OpenIdConnectSettings.RoleClaim)];
    static readonly string[] AllRights = [.. Enum.GetNames<Role>(), Approver];

    /// <summary>True lets someone at this machine in as an administrator as long as no other way to sign in is set up.</summary>
    public bool Loopback { get; init; } = true;

    public OpenIdConnectSettings? OpenIdConnect { get; init; }

    /// <summary>Header in which a trusted proxy names the person; null = none is believed.</summary>
    public string? ProxyHeader { get; init; }

    /// <summary>Header in which it names the person's groups, with commas between them; null = the role is that of the hub's account of that name.</summary>
    public string? ProxyRoles { get; init; }

    /// <summary>Addresses whose headers are believed: <see cref="ProxyHeader"/>, and where a request came from.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>What the issuer or the proxy calls the roles and the right to approve: ours, and the name there.</summary>
    public IReadOnlyList<(string Right, string Name)> RoleNames { get; init; } = [.. AllRights.Select(right => (right, right))];

    /// <summary>Reference to a PEM file with certificate and key that the stored keys are encrypted with; null = they are stored as they are.</summary>
    public string? KeyCertificate { get; init; }

    public static AccessSettings Read(IConfigurationSection section)
    {
        Refuse(section, Keys);
        var proxies = List(section[nameof(Proxies)]).Select(text => IPAddress.TryParse(text, out var address) ? address
            : throw new SettingsException($"{section.Path}:{nameof(Proxies)} has '{text}'; expected addresses such as 10.0.0.5, with commas between them.")).ToList();
        var settings = new AccessSettings
        {
            Loopback = Switch(section, nameof(Loopback), true),
            OpenIdConnect = ReadOpenIdConnect(section.GetSection(nameof(OpenIdConnect))),
            ProxyHeader = Text(section, nameof(ProxyHeader)),
            ProxyRoles = Text(section, nameof(ProxyRoles)),
            Proxies = proxies,
            RoleNames = ReadRoles(section.GetSection("Roles")),
            KeyCertificate = Reference(section, nameof(KeyCertificate)),
        };
        if (settings.ProxyHeader is not null && proxies.Count == 0)
            throw new SettingsException($"{section.Path}:{nameof(ProxyHeader)} is set, and {section.Path}:{nameof(Proxies)} is not: say which addresses may send that header.");
        if (settings.ProxyRoles is not null && settings.ProxyHeader is null)
            throw new SettingsException($"{section.Path}:{nameof(ProxyRoles)} goes with {section.Path}:{nameof(ProxyHeader)}.");
        return settings;
    }

    /// <summary>What someone may do of whom an issuer or a proxy says these; null when nothing.</summary>
    public Rights? RightsOf(IEnumerable<string> names)
    {
        var theirs = names.ToHashSet(StringComparer.Ordinal);
        var ours = RoleNames.Where(pair => theirs.Contains(pair.Name)).Select(pair => pair.Right).ToHashSet(StringComparer.Ordinal);
        return Enum.GetValues<Role>().Where(role => ours.Contains(role.ToString())).Select(role => (Role?)role).Max() is { } most
            ? new(most, ours.Contains(Approver))
            : null;
    }

    static IReadOnlyList<(string Right, string Name)> ReadRoles(IConfigurationSection section)
    {
        Refuse(section, AllRights);
        return section.Exists() ? [.. AllRights.SelectMany(right => List(section[right]).Select(name => (right, name)))] : new AccessSettings().RoleNames;
    }

    static OpenIdConnectSettings? ReadOpenIdConnect(IConfigurationSection section)
    {
        Refuse(section, OpenIdConnectKeys);
        if (!section.Exists())
            return null;
        var authority = Needed(nameof(OpenIdConnectSettings.Authority));
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Scheme == "http" && !uri.IsLoopback)
            throw new SettingsException($"{section.Path}:{nameof(OpenIdConnectSettings.Authority)} is '{authority}'; expected the https address of the issuer.");
        return new(
            uri, Needed(nameof(OpenIdConnectSettings.ClientId)), Reference(section, nameof(OpenIdConnectSettings.ClientSecret)),
            Text(section, nameof(OpenIdConnectSettings.NameClaim)) ?? "preferred_username", Text(section, nameof(OpenIdConnectSettings.RoleClaim)) ?? "roles");

        string Needed(string key) => Text(section, key) ?? throw new SettingsException($"{section.Path}:{key} is missing.");
    }

    static string? Reference(IConfigurationSection section, string key) => Text(section, key) is not { } text ? null
        : Secrets.IsReference(text) ? text
        : throw new SettingsException($"{section.Path}:{key} is not a reference. Write {Secrets.Form}.");

    static string? Text(IConfigurationSection section, string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();

    static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static bool Switch(IConfigurationSection section, string key, bool standard) => Text(section, key)?.ToLowerInvariant() switch
    {
        null => standard,
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw new SettingsException($"{section.Path}:{key} is '{section[key]}'; expected on or off."),
    };

    static void Refuse(IConfigurationSection section, string[] known)
    {
        foreach (var key in section.GetChildren().Select(child => child.Key))
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw new SettingsException($"'{section.Path}:{key}' is not a setting. There are: {string.Join(", ", known.Select(name => $"{section.Path}:{name}"))}.");
    }
}
