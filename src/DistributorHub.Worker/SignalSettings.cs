using System.Globalization;
using System.Net.Mail;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker;

/// <summary>How the connection to the mail server is kept from being read.</summary>
enum MailSecurity
{
    /// <summary>Begins in the clear and turns to TLS before anything is said (port 587); refused when the server cannot.</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>In the clear: for a server on this machine. No password is sent over it.</summary>
    None,
}

/// <summary><c>Hub:Alerts:Mail</c>: the server that takes our messages.</summary>
sealed record MailSettings
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public MailSecurity Security { get; init; }
    public string? User { get; init; }

    /// <summary>Reference to the password, or null.</summary>
    public string? Password { get; init; }

    public required string From { get; init; }

    /// <summary>Who is told of every alert.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>SHA-256 of the server's certificate in hexadecimal digits, for a server whose certificate no authority has signed; null = the usual checks.</summary>
    public string? Fingerprint { get; init; }
}

/// <summary><c>Hub:Alerts:Webhook</c>.</summary>
/// <param name="Url">Where messages are posted.</param>
/// <param name="Secret">Reference to the key that they are signed with, or null for none.</param>
sealed record WebhookSettings(Uri Url, string? Secret);

/// <summary><c>Hub:Alerts</c>: who is told of what goes wrong, and how often. Without a channel alerts are kept, and told to nobody.</summary>
sealed record AlertSettings
{
    static readonly string[] Known = ["Window", "StuckAfter", "Webhook", "Mail"];
    static readonly string[] KnownMail = ["Host", "Port", "Security", "User", "Password", "From", "To", "Fingerprint"];

    /// <summary>Least time between two messages about one partner.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>An exchange or an effect that is not done after this time is stuck.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromHours(1);

    public WebhookSettings? Webhook { get; init; }

    public MailSettings? Mail { get; init; }

    public static AlertSettings Read(IConfigurationSection section)
    {
        SignalSettings.CheckKeys(section, Known);
        var defaults = new AlertSettings();
        return new()
        {
            Window = SignalSettings.Duration(section, nameof(Window), defaults.Window, TimeSpan.Zero),
            StuckAfter = SignalSettings.Duration(section, nameof(StuckAfter), defaults.StuckAfter, TimeSpan.FromMinutes(1)),
            Webhook = ReadWebhook(section.GetSection(nameof(Webhook))),
            Mail = ReadMail(section.GetSection(nameof(Mail))),
        };
    }

    static WebhookSettings? ReadWebhook(IConfigurationSection section)
    {
        SignalSettings.CheckKeys(section, ["Url", "Secret"]);
        if (section["Url"] is not { Length: > 0 } url)
            return null;
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new(uri, SignalSettings.Secret(section, "Secret"))
            : throw new SettingsException($"{section.Path}:Url is no address such as https://alerts.example/hub.");
    }

    static MailSettings? ReadMail(IConfigurationSection section)
    {
        SignalSettings.CheckKeys(section, KnownMail);
        if (section["Host"] is not { Length: > 0 } host)
            return null;
        var security = SignalSettings.Choice(section, "Security", MailSecurity.StartTls);
        var mail = new MailSettings
        {
            Host = host,
            Security = security,
            Port = SignalSettings.Number(section, "Port", security switch { MailSecurity.StartTls => 587, MailSecurity.Tls => 465, _ => 25 }, 1, 65_535),
            User = section["User"],
            Password = SignalSettings.Secret(section, "Password"),
            From = section["From"] is { Length: > 0 } from ? Address(section, "From", from) : throw new SettingsException($"{section.Path}:From is missing: the address that alerts come from."),
            To = [.. (section["To"] ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(to => Address(section, "To", to))],
            Fingerprint = section["Fingerprint"]?.Replace(":", "", StringComparison.Ordinal),
        };
        if (mail.Fingerprint is { } print && (print.Length != 64 || !print.All(char.IsAsciiHexDigit)))
            throw new SettingsException($"{section.Path}:Fingerprint is not the SHA-256 of a certificate: 64 hexadecimal digits.");
        if (security == MailSecurity.None && mail.Password is not null)
            throw new SettingsException($"{section.Path}:Security is None, and a password would be sent in the clear. Set StartTls or Tls.");
        if ((mail.User is null) != (mail.Password is null))
            throw new SettingsException($"Only one of {section.Path}:User and {section.Path}:Password is set. Set both, or none for a server that asks for no sign-in.");
        return mail;
    }

    static string Address(IConfigurationSection section, string key, string text) =>
        MailAddress.TryCreate(text, out _) ? text : throw new SettingsException($"{section.Path}:{key} has '{text}', which is no e-mail address.");
}

/// <summary>Values of nested settings; a wrong one is told with its full name.</summary>
static class SignalSettings
{
    public static void CheckKeys(IConfigurationSection section, IReadOnlyCollection<string> known)
    {
        foreach (var key in section.GetChildren().Select(child => child.Key))
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw new SettingsException($"'{section.Path}:{key}' is not a setting. There are: {string.Join(", ", known.Select(k => $"{section.Path}:{k}"))}.");
    }

    public static TimeSpan Duration(IConfigurationSection section, string key, TimeSpan standard, TimeSpan least) => section[key] is not { Length: > 0 } text ? standard
        : Measures.ParseDuration(text) is { } time && time >= least ? time
        : throw new SettingsException($"{section.Path}:{key} is '{text}'; expected {Measures.DurationForm}, at least {least:c}.");

    public static long Size(IConfigurationSection section, string key, long standard) => section[key] is not { Length: > 0 } text ? standard
        : Measures.ParseSize(text) ?? throw new SettingsException($"{section.Path}:{key} is '{text}'; expected {Measures.SizeForm}.");

    public static int Number(IConfigurationSection section, string key, int standard, int least, int most) => section[key] is not { Length: > 0 } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new SettingsException($"{section.Path}:{key} is '{text}'; expected a whole number from {least} to {most}.");

    public static bool Flag(IConfigurationSection section, string key) => section[key]?.ToLowerInvariant() switch
    {
        null or "" or "no" or "false" => false,
        "yes" or "true" => true,
        var text => throw new SettingsException($"{section.Path}:{key} is '{text}'; expected yes or no."),
    };

    public static T Choice<T>(IConfigurationSection section, string key, T standard)
        where T : struct, Enum => section[key] is not { Length: > 0 } text ? standard
        : Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true)
        : throw new SettingsException($"{section.Path}:{key} is '{text}'; it can be {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>A reference to a secret, or null; one in plain text is refused and not repeated.</summary>
    public static string? Secret(IConfigurationSection section, string key) => section[key] is not { Length: > 0 } text ? null
        : Secrets.IsReference(text) ? text
        : throw new SettingsException($"{section.Path}:{key} is no reference to a secret: write {Secrets.Form}.");
}
