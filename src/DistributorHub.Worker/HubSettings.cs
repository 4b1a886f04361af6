using System.Globalization;

namespace DistributorHub.Worker;

/// <summary>A setting that cannot be used; the message says which one, what it is and what it should be.</summary>
sealed class SettingsException(string message) : Exception(message);

/// <summary>
/// What an installation decides: <c>Hub:*</c> and <c>ConnectionStrings:*</c> of appsettings.json or the environment.
/// Nothing needs to be set: then both databases are SQLite files in the data folder (the embedded mode).
/// </summary>
sealed record HubSettings
{
    static readonly string[] Known =
        [nameof(Mappings), nameof(Definitions), nameof(Functions), nameof(Data), nameof(Files), nameof(Address), nameof(Workers), nameof(BatchFiles), nameof(BatchBytes), nameof(Access),
        nameof(PublicAddress), nameof(Alerts), "Metrics", "Health"];

    /// <summary>Folder of maps, targets, code lists and partners.</summary>
    public required string Mappings { get; init; }

    /// <summary>Folder of imported message definitions; it need not exist.</summary>
    public required string Definitions { get; init; }

    /// <summary>Folder of the installation's own assemblies with functions for maps; null = there are none.</summary>
    public string? Functions { get; init; }

    /// <summary>Folder of what the hub keeps on disk: the SQLite files and the spool.</summary>
    public required string Data { get; init; }

    /// <summary>Folder that relative folder sources start from.</summary>
    public required string Files { get; init; }

    /// <summary>Where dashboard and health answers are served.</summary>
    public Uri Address { get; init; } = new("http://127.0.0.1:5080");

    /// <summary>Where people reach the pages, for links in alerts; null = <see cref="Address"/>.</summary>
    public Uri? PublicAddress { get; init; }

    public AlertSettings Alerts { get; init; } = new();

    /// <summary>True when exchanges are found by the items (GTIN) in their documents; that costs a row for each different one.</summary>
    public bool IndexItems { get; init; } = true;

    /// <summary>True lets everyone who reaches the service read its measures.</summary>
    public bool MetricsPublic { get; init; }

    /// <summary>Reference to the token that lets read them from elsewhere than this machine, or null.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>Bytes that the spool's disk must have free for the hub to be ready.</summary>
    public long SpaceLeast { get; init; } = 256L * 1024 * 1024;

    /// <summary>Jobs that run at the same time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>
    /// Most exchanges of one job: a Hangfire job costs about 8 ms, so small files share one. All that a poll brings, so that a partner's jobs do not wait for each
    /// other's commits: its documents are loaded one after the other.
    /// </summary>
    public int BatchFiles { get; init; } = 200;

    /// <summary>Most bytes of one job's exchanges together; a larger file has a job of its own.</summary>
    public long BatchBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>Who may use pages, dashboard and HTTP interface.</summary>
    public Access.AccessSettings Access { get; init; } = new();

    public required string HubConnection { get; init; }

    /// <summary>Name of the hub database's file in <see cref="Data"/>, in the embedded mode.</summary>
    public const string LedgerFile = "hub.db";

    public required string SellerConnection { get; init; }

    /// <summary>True when no connection string is set: both databases are files of ours, and the sample partners run.</summary>
    public required bool Embedded { get; init; }

    /// <summary>The checkout's or installation's folder, with <c>mappings/</c> and <c>sample-files/</c> in it.</summary>
    public required string Home { get; init; }

    /// <summary>Where downloads stand until they are archived.</summary>
    public string Spool => Path.Combine(Data, "spool");

    public static HubSettings Read(IConfiguration configuration)
    {
        var hub = configuration.GetSection("Hub");
        foreach (var key in hub.GetChildren().Select(child => child.Key))
            if (!Known.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw new SettingsException($"'Hub:{key}' is not a setting. There are: {string.Join(", ", Known.Select(k => $"Hub:{k}"))}.");
        var checkout = Checkout();
        var home = checkout ?? AppContext.BaseDirectory;
        var mappings = Folder(hub["Mappings"]) ?? Path.Combine(home, "mappings");
        var data = Folder(hub["Data"]) ?? (checkout is null ? PlatformData() : Path.Combine(checkout, ".hub"));
        var hubConnection = Connection(configuration, "Hub");
        var sellerConnection = Connection(configuration, "Seller");
        if (hubConnection is null != sellerConnection is null)
            throw new SettingsException("Only one of ConnectionStrings:Hub and ConnectionStrings:Seller is set. Set both, or none for the embedded databases.");
        var embedded = hubConnection is null;
        var (metrics, health) = (hub.GetSection("Metrics"), hub.GetSection("Health"));
        SignalSettings.CheckKeys(metrics, ["Public", "Token"]);
        SignalSettings.CheckKeys(health, [nameof(SpaceLeast)]);
        var settings = new HubSettings
        {
            Home = home,
            Mappings = mappings,
            Definitions = Folder(hub["Definitions"]) ?? Path.Combine(mappings, "definitions"),
            Functions = Folder(hub[nameof(Functions)]),
            Data = data,
            Files = Folder(hub["Files"]) ?? Path.Combine(data, "files"),
            Address = ReadAddress(hub["Address"]) ?? new("http://127.0.0.1:5080"),
            PublicAddress = ReadAddress(hub[nameof(PublicAddress)], nameof(PublicAddress)),
            Alerts = AlertSettings.Read(hub.GetSection(nameof(Alerts))),
            IndexItems = hub[nameof(IndexItems)] is null || SignalSettings.Flag(hub, nameof(IndexItems)),
            MetricsPublic = SignalSettings.Flag(metrics, "Public"),
            MetricsToken = SignalSettings.Secret(metrics, "Token"),
            SpaceLeast = SignalSettings.Size(health, nameof(SpaceLeast), 256L * 1024 * 1024),
            Workers = (int)Number(hub, nameof(Workers), 4, 1, 64),
            BatchFiles = (int)Number(hub, nameof(BatchFiles), 200, 1, 1_000),
            BatchBytes = Number(hub, nameof(BatchBytes), 4 * 1024 * 1024, 1, Edi.Limits.FileBytesMax),
            Access = Worker.Access.AccessSettings.Read(hub.GetSection(nameof(Access))),
            Embedded = embedded,
            HubConnection = hubConnection ?? SqliteFile(data, LedgerFile),
            SellerConnection = sellerConnection ?? SqliteFile(data, "seller.db"),
        };
        if (!Directory.Exists(settings.Mappings))
            throw new SettingsException($"Hub:Mappings is '{settings.Mappings}', and there is no such folder.");
        return settings;
    }

    /// <summary>
    /// Makes the data folder, and tries to write in it: SQLite and the spool would only say later, in words that name no folder, that it cannot be done.
    /// </summary>
    public void MakeData()
    {
        try
        {
            Directory.CreateDirectory(Data);
            new FileStream(Path.Combine(Data, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Hub:Data is '{Data}'; the hub needs a folder there in which its account ({Environment.UserName}) may write. {e.Message}", e);
        }
    }

    static string? Connection(IConfiguration configuration, string name)
    {
        if (configuration.GetConnectionString(name) is not { } text || string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            Database.Check(text);
            return text;
        }
        catch (SettingsException e)
        {
            throw new SettingsException($"ConnectionStrings:{name} cannot be read. {e.Message}");
        }
    }

    // Built, not written: a folder's name may hold a semicolon or a quote.
    static string SqliteFile(string folder, string name) =>
        new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, name) }.ConnectionString;

    static Uri? ReadAddress(string? text, string setting = nameof(Address))
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/"
            ? uri
            : throw new SettingsException($"Hub:{setting} is '{text}'; expected something like http://127.0.0.1:5080.");
    }

    static long Number(IConfigurationSection section, string key, long standard, long least, long most)
    {
        var text = section[key];
        if (string.IsNullOrWhiteSpace(text))
            return standard;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new SettingsException($"Hub:{key} is '{text}'; expected a whole number from {least} to {most}.");
    }

    static string? Folder(string? text) => string.IsNullOrWhiteSpace(text) ? null : Path.GetFullPath(text);

    /// <summary>The checkout the program was built in, or null when it is installed.</summary>
    static string? Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DistributorHub.sln")))
                return folder.FullName;
        return null;
    }

    static string PlatformData()
    {
        // systemd names the folder of StateDirectory= in this variable.
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } state)
            return state.Split(':')[0];
        var root = OperatingSystem.IsWindows() ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData;
        return Path.Combine(Environment.GetFolderPath(root, Environment.SpecialFolderOption.Create), "DistributorHub");
    }
}
