using System.Globalization;
using DistributorHub.Worker.Ledger;
using Microsoft.AspNetCore.WebUtilities;

namespace DistributorHub.Worker.Web.Queries;

/// <summary>Which exchanges a page shows: what stands in its address, and nothing else.</summary>
public sealed record ExchangeFilters
{
    /// <summary>Longest text that is searched for.</summary>
    public const int TextMax = 200;

    /// <summary>Words of the address for how far back to look, and how long that is.</summary>
    public static readonly IReadOnlyList<(string Word, string Name, TimeSpan Span)> Spans =
    [
        ("1h", "1 hour", TimeSpan.FromHours(1)),
        ("24h", "24 hours", TimeSpan.FromDays(1)),
        ("7d", "7 days", TimeSpan.FromDays(7)),
        ("30d", "30 days", TimeSpan.FromDays(30)),
    ];

    public string? Text { get; init; }
    public string? Partner { get; init; }

    /// <summary>Word of a group of states, see <see cref="ExchangeStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Word of <see cref="Spans"/>; it stays relative when the page is loaded again.</summary>
    public string? Since { get; init; }

    /// <summary>Only those that go out, or only those that came in.</summary>
    public bool? Outgoing { get; init; }

    /// <summary>The cause of the failure, as it stands in the ledger.</summary>
    public string? Cause { get; init; }

    /// <summary>Number of the last exchange of the page before this one.</summary>
    public long? Before { get; init; }

    public IReadOnlyList<ExchangeState> States => State is null ? [] : ExchangeStates.Of(State) ?? [];

    public TimeSpan? Span => Spans.FirstOrDefault(span => span.Word == Since) is { Word: not null } found ? found.Span : null;

    /// <summary>True when it chooses at all.</summary>
    public bool Chooses => this with { Before = null } != new ExchangeFilters();

    /// <summary>Reads an address or a form; words that are none choose nothing.</summary>
    public static ExchangeFilters Of(Func<string, string?> value)
    {
        var text = Word("q");
        return new()
        {
            Text = text is { Length: > TextMax } ? text[..TextMax] : text,
            Partner = Word("partner"),
            State = Word("state")?.ToLowerInvariant() is { } state && ExchangeStates.Of(state) is not null ? state : null,
            Since = Word("since") is { } since && Spans.Any(span => span.Word == since) ? since : null,
            Outgoing = Word("direction") switch { "out" => true, "in" => false, _ => null },
            Cause = Word("cause"),
            Before = long.TryParse(Word("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null,
        };

        string? Word(string name) => value(name)?.Trim() is { Length: > 0 } word ? word : null;
    }

    public static ExchangeFilters Of(IQueryCollection query) => Of(name => query[name]);

    /// <summary>The filters as names and values of an address or a form.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Words() => new KeyValuePair<string, string?>[]
    {
        new("q", Text),
        new("partner", Partner),
        new("state", State),
        new("since", Since),
        new("direction", Outgoing switch { true => "out", false => "in", null => null }),
        new("cause", Cause),
        new("before", Before?.ToString(CultureInfo.InvariantCulture)),
    }.Where(word => word.Value is not null);

    /// <summary>The address of the list with these filters.</summary>
    public string Url() => QueryHelpers.AddQueryString("/exchanges", Words());
}
