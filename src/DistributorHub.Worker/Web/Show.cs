using System.Globalization;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web;

/// <summary>A state as the pages show it: a word, and the class that gives it shape and colour.</summary>
public readonly record struct Badge(string Word, string Class);

/// <summary>How numbers, times and states are written on the pages.</summary>
static class Show
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count that was not taken beyond a limit.</summary>
    public static string Count(long number, long most) => number > most ? $"more than {Count(most)}" : Count(number);

    /// <summary>A count with its noun.</summary>
    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{(bytes / 1e3).ToString("0.#", CultureInfo.InvariantCulture)} kB",
        < 1_000_000_000 => $"{(bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture)} MB",
        _ => $"{(bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture)} GB",
    };

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{Math.Max(0, (int)span.TotalMilliseconds)} ms",
        { TotalSeconds: < 60 } => $"{span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 24 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>Whole seconds, or a larger unit: for ages that are read again and again.</summary>
    public static string Age(TimeSpan span) => span.TotalSeconds < 60 ? $"{Math.Max(0, (int)span.TotalSeconds)} s" : Span(span);

    public static Badge Badge(ExchangeState state, bool retrying = false) => state switch
    {
        ExchangeState.Received when retrying => new("Retrying", "retry"),
        ExchangeState.Received => new("Waiting", "wait"),
        ExchangeState.Processing => new("Running", "run"),
        ExchangeState.Completed => new("Completed", "ok"),
        ExchangeState.PartiallyCompleted => new("Partly loaded", "bad"),
        ExchangeState.Failed => new("Failed", "bad"),
        ExchangeState.Held => new("Held", "hold"),
        ExchangeState.Quarantined => new("Quarantined", "bad"),
        _ => new(state.ToString(), ""),
    };

    /// <summary>A change in percent, with its sign.</summary>
    public static string Percent(decimal percent) => $"{(percent < 0 ? "−" : percent > 0 ? "+" : "")}{Math.Abs(percent).ToString("#,0.#", CultureInfo.InvariantCulture)} %";

    /// <summary>A share from 0 to 1 in percent.</summary>
    public static string Share(decimal share) => $"{(share * 100).ToString("0.#", CultureInfo.InvariantCulture)} %";

    public static Badge Badge(CatalogueRow list) => list switch
    {
        { State: DocumentState.Held } => new("Held", "hold"),
        { IsLive: true } => new("Live", "ok"),
        { RolledBackAt: not null } => new("Rolled back", ""),
        { LoadedAt: not null, IsFull: true } => new("Replaced", ""),
        { LoadedAt: not null } => new("Loaded", "ok"),
        { State: DocumentState.Cancelled } => new("Not loaded", ""),
        _ => Badge(list.State),
    };

    public static Badge Badge(ExchangeRow exchange) => Badge(exchange.State, exchange.TransientTries > 0);

    public static Badge Badge(DocumentState state) => state switch
    {
        DocumentState.Loaded => new("Loaded", "ok"),
        DocumentState.Failed => new("Failed", "bad"),
        DocumentState.Held => new("Held", "hold"),
        DocumentState.Parsed or DocumentState.Mapped => new("Running", "run"),
        _ => new(state.ToString(), ""),
    };

    public static string Severity(string severity) => severity switch
    {
        nameof(Edi.Severity.Error) or nameof(Edi.Severity.Fatal) => "bad",
        nameof(Edi.Severity.Warning) => "warn",
        _ => "",
    };
}
