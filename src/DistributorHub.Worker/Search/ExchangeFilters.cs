using System.Globalization;
using System.Text.RegularExpressions;
using DistributorHub.Worker.Ledger;
using Microsoft.AspNetCore.WebUtilities;

namespace DistributorHub.Worker.Search;

/// <summary>
/// Which exchanges are meant: on a page what stands in its address and nothing else, on the command line and in the HTTP interface the same words in a text
/// (<see cref="Parse"/>).
/// </summary>
public sealed partial record ExchangeFilters
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

    /// <summary>Code of a finding of the last run.</summary>
    public string? Code { get; init; }

    /// <summary>Type of a document, such as ORDERS or 850.</summary>
    public string? Type { get; init; }

    /// <summary>Received on this day (UTC) or later.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Received on this day (UTC) or before.</summary>
    public DateOnly? Until { get; init; }

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
            Code = Word("code")?.ToUpperInvariant(),
            Type = Word("type")?.ToUpperInvariant(),
            From = Day("from"),
            Until = Day("until"),
            Before = long.TryParse(Word("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null,
        };

        DateOnly? Day(string name) => DateOnly.TryParseExact(Word(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

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
        new("code", Code),
        new("type", Type),
        new("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("until", Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("before", Before?.ToString(CultureInfo.InvariantCulture)),
    }.Where(word => word.Value is not null);

    /// <summary>
    /// Reads <c>partner=acme state=failed code=MAP2105 cause="…"</c>; null after a sentence that says what is wrong with it. It has to choose: all there is is too much
    /// to be done anything to at once.
    /// </summary>
    public static ExchangeFilters? Parse(string text, out string? mistake)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = Term().Replace(text, term =>
        {
            words[term.Groups["name"].Value.ToLowerInvariant()] = term.Groups["value"].Value.Trim('"');
            return "";
        });
        var filters = Of(words.GetValueOrDefault);
        var taken = filters.Words().Select(word => word.Key).ToHashSet(StringComparer.Ordinal);
        mistake = rest.Trim() is { Length: > 0 } unread ? $"'{unread}' is no term of a filter. {Terms}"
            : words.Keys.FirstOrDefault(word => !taken.Contains(word)) is { } wrong ? $"'{wrong}={words[wrong]}' is no term of a filter. {Terms}"
            : filters.Chooses ? null : $"A filter needs a term: all there is is too much. {Terms}";
        return mistake is null ? filters with { Before = null } : null;
    }

    const string Terms = "Terms are partner=, state= (failed, held, completed, …), type=, code= (of a finding), from= and until= (2026-11-01), since= (1h, 24h, 7d, 30d), direction= (in, out), cause=, q= (as in the search of the pages), with blanks between; a value with blanks stands in \".";

    /// <summary>The filters as <see cref="Parse"/> reads them.</summary>
    public string ToText() => string.Join(' ', Words().Select(word => $"{word.Key}={(word.Value!.Contains(' ', StringComparison.Ordinal) ? $"\"{word.Value}\"" : word.Value)}"));

    [GeneratedRegex("""(?<!\S)(?<name>[A-Za-z]+)=(?<value>"[^"]*"|[^\s"]+)(?!\S)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Term();

    /// <summary>The address of the list with these filters.</summary>
    public string Url() => QueryHelpers.AddQueryString("/exchanges", Words());
}
