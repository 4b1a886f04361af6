using DistributorHub.Tests;
using DistributorHub.Worker.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistributorHub.Pages.Tests;

/// <summary>A hub that runs with its own files, databases and maps, and the address of its pages.</summary>
sealed class HubSite : IAsyncDisposable
{
    readonly string place;
    readonly WebApplication web;

    HubSite(string folder, Worker.Hub hub, WebApplication app)
    {
        (place, Hub, web) = (folder, hub, app);
        Address = new(web.Urls.Single());
    }

    public Worker.Hub Hub { get; }

    public Uri Address { get; }

    public IServiceProvider Services => web.Services;

    /// <summary>Folder that a partner puts files into.</summary>
    public string Inbox(string partner) => Path.Combine(Hub.Settings.Files, partner, "in");

    /// <param name="samples">With the sample partners and their files, or with no partner at all.</param>
    /// <param name="hub">Connection string of the hub's database; null for a file of its own.</param>
    /// <param name="seller">Connection string of the seller's database; null for a file of its own.</param>
    public static async Task<HubSite> Start(bool samples, string? hub = null, string? seller = null)
    {
        var folder = Directory.CreateTempSubdirectory("hub-pages-").FullName;
        var mappings = Path.Combine(folder, "mappings");
        Copy(Repository.PathTo("mappings"), mappings);
        if (!samples)
            Directory.Delete(Path.Combine(mappings, "partners"), recursive: true);
        var data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data);
        var settings = new Worker.HubSettings
        {
            Home = Repository.Root,
            Mappings = mappings,
            Definitions = Path.Combine(mappings, "definitions"),
            Data = data,
            Files = Path.Combine(data, "files"),
            Address = new("http://127.0.0.1:0"),
            HubConnection = hub ?? $"Data Source={Path.Combine(data, "hub.db")}",
            SellerConnection = seller ?? $"Data Source={Path.Combine(data, "seller.db")}",
            Embedded = samples,
        };
        var opened = await Worker.Hub.Open(settings, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Hangfire keeps the last host's for the whole process, also when that host is gone.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        var app = await Worker.HubHost.Build(builder, opened, CancellationToken.None);
        await app.StartAsync();
        return new(folder, opened, app);
    }

    /// <summary>Waits until the sample files are read.</summary>
    public Task Read() =>
        Browsing.Until(async () => (await Hub.Queries.List(new(), CancellationToken.None)).Count(line => Transitions.IsEnded(line.Exchange.State)) >= 5, "the samples are read");

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync();
        await web.DisposeAsync();
        await Hub.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(place, recursive: true);
    }

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
