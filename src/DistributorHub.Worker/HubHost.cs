using System.Net.Sockets;
using System.Reflection;
using DistributorHub.Worker.Alerts;
using DistributorHub.Worker.Jobs;
using DistributorHub.Worker.Observe;
using DistributorHub.Worker.Web;
using Hangfire;
using Microsoft.Extensions.Logging.Console;

namespace DistributorHub.Worker;

/// <summary>The hub as a service: jobs, sweeper, dashboard; a plain process, a systemd service or a Windows service.</summary>
static class HubHost
{
    /// <summary>Settings as the command line reads them: appsettings.json beside the program, then the environment.</summary>
    public static IConfiguration Configuration() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>Log lines as the service writes them.</summary>
    public static ILoggerFactory Logs(IConfiguration configuration) => LoggerFactory.Create(logging => Configure(logging, configuration));

    /// <summary>Runs until it is stopped.</summary>
    /// <exception cref="OperationCanceledException">It was stopped before its parts were there.</exception>
    public static async Task Run(HubSettings settings, CancellationToken cancellation)
    {
        // The working folder of a service is '/', and a host that watches that for changes takes half a minute to start.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder.Logging, builder.Configuration);
        builder.Services.AddSystemd().AddWindowsService(options => options.ServiceName = "DistributorHub");
        using var logs = Logs(builder.Configuration);
        await using var hub = await Hub.Open(settings, TimeProvider.System, logs, cancellation);
        await using var app = await Build(builder, hub, cancellation);
        var log = app.Services.GetRequiredService<ILogger<Hub>>();
        log.Started(Version, hub.Partners.Live.Count(), settings.Mappings);
        app.Lifetime.ApplicationStarted.Register(() => log.PagesAt(settings.Address.ToString()));
        if (await Start(app, settings.Address, cancellation))
            await app.WaitForShutdownAsync(cancellation);
    }

    /// <summary>False when it was stopped meanwhile.</summary>
    static async Task<bool> Start(WebApplication app, Uri address, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // What has started already puts down its work as in a stop later on.
            await app.StopAsync(CancellationToken.None);
            return false;
        }
        catch (Exception e) when (e is SocketException || e.GetBaseException() is SocketException)
        {
            throw new IOException($"Hub:Address is '{address}', and the hub cannot listen there: {e.GetBaseException().Message}. "
                + "Stop the program that does, or set another address.", e);
        }
    }

    /// <summary>Polls, processes and delivers once, and prints what was done; false when something failed.</summary>
    public static async Task<bool> Once(HubSettings settings, string? partner, CancellationToken cancellation)
    {
        using var logs = Logs(Configuration());
        await using var hub = await Hub.Open(settings, TimeProvider.System, logs, cancellation);
        var summary = await new OneRun(hub).Run(partner, cancellation);
        await hub.Alerts.Round(cancellation);
        logs.CreateLogger<Hub>().RunEnded(summary);
        return summary.IsFine;
    }

    /// <summary>The web application around a hub, not started yet.</summary>
    public static async Task<WebApplication> Build(WebApplicationBuilder builder, Hub hub, CancellationToken cancellation)
    {
        var storage = await HangfireSetup.OpenStorage(hub, cancellation);
        builder.WebHost.UseUrls(hub.Settings.Address.ToString());
        builder.Services.AddSingleton(hub);
        builder.Services.AddSingleton<HubJobs>();
        builder.Services.AddSingleton<ReplayJobs>();
        builder.Services.AddSingleton<FailedExchanges>();
        builder.Services.AddSingleton<Housekeeping>();
        WebSetup.Add(builder.Services, hub);
        HubPages.Add(builder.Services);
        builder.Services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseStorage(storage));
        // Polls are put into the queue before the first worker starts, so that the samples are loaded at once.
        builder.Services.AddSingleton<Schedule>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Schedule>());
        builder.Services.AddHangfireServer((_, options) => HangfireSetup.Configure(options, hub), storage);
        builder.Services.AddHostedService<Sweeper>();
        builder.Services.AddHostedService<AlertService>();
        Endpoints.Add(builder.Services);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        var app = builder.Build();
        WebSetup.Map(app, hub);
        return app;
    }

    static string Version => typeof(HubHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        // It would tell a start that failed as a stack trace; the program ends with a sentence instead.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
        logging.AddConsole(console => console.FormatterName = PlainConsole.Format);
    }
}
