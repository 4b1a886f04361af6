using System.Security.Cryptography;
using System.Text;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Web;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DistributorHub.Worker.Observe;

/// <summary>What monitoring asks of the service over HTTP, and what it sends by itself.</summary>
static class Endpoints
{
    public const string Live = "/health/live", Ready = "/health/ready", Metrics = "/metrics";

    // The exporters' own variable: without it nothing is sent, and no span is made.
    const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Health>();
        services.AddHostedService<Sampling>();
        services.AddHostedService<Watchdog>();
        var sends = Environment.GetEnvironmentVariable(Collector) is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(Telemetry.Name, "System.Runtime", "Npgsql").AddPrometheusExporter();
            if (sends)
                metrics.AddOtlpExporter();
        });
        if (sends)
            telemetry.WithTracing(traces => traces
                .AddSource(Telemetry.Name)
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsMonitoring(context.Request.Path))
                .AddNpgsql()
                .AddOtlpExporter());
    }

    public static void Map(WebApplication app, Hub hub)
    {
        // Not through the sign-in, which asks the database that may be what is wrong.
        app.MapGet(Live, () => "live").AllowAnonymous().ShortCircuit();
        app.MapGet(Ready, (Health health, IHostApplicationLifetime life, HttpContext context) => Answer(health, life, context)).AllowAnonymous().ShortCircuit();
        app.MapPrometheusScrapingEndpoint(Metrics, null, branch => branch.Use(next => context => MayRead(context, hub.Settings) ? next(context) : Refuse(context)), null)
            .AllowAnonymous().ShortCircuit();
    }

    static bool IsMonitoring(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments(Metrics);

    static async Task<IResult> Answer(Health health, IHostApplicationLifetime life, HttpContext context)
    {
        if (life.ApplicationStopping.IsCancellationRequested)
            return Results.Text("The service is stopping.", statusCode: StatusCodes.Status503ServiceUnavailable);
        var troubles = await health.Troubles(context.RequestAborted);
        if (troubles.Count == 0)
            return Results.Text("ready");
        // Names of hosts and folders are for who is at this machine.
        var words = troubles.Select(trouble => Loopback.IsDirect(context) ? trouble.ToString() : trouble.Words);
        return Results.Text(string.Join('\n', words), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    static bool MayRead(HttpContext context, HubSettings settings) =>
        settings.MetricsPublic || Loopback.IsDirect(context) || settings.MetricsToken is { } token && Carries(context, token);

    static bool Carries(HttpContext context, string reference)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..]), Encoding.UTF8.GetBytes(Secrets.Resolve(reference)));
    }

    static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync("Measures are for this machine. From elsewhere: a token (Hub:Metrics:Token), or Hub:Metrics:Public.", context.RequestAborted);
    }
}
