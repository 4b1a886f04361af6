using System.Text.Json;
using System.Text.Json.Serialization;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Alerts;

enum DigestState
{
    Open,
    Over,
}

/// <summary>One change in a message: an alert that began, or that is over.</summary>
/// <param name="Alert">Number of the alert: the same when it begins and when it is over.</param>
/// <param name="State">Whether it began or is over.</param>
/// <param name="Level">How urgent.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Exchange">Number of the exchange, or null.</param>
/// <param name="Code">Code of its first error, or the class of the failure; null when there is none.</param>
/// <param name="Text">Plain words.</param>
/// <param name="Since">When it began.</param>
/// <param name="Link">Page of the exchange, or null.</param>
sealed record DigestLine(
    long Alert, DigestState State, AlertLevel Level, AlertKind Kind, long? Exchange, string? Code, string Text, DateTimeOffset Since, Uri? Link);

/// <summary>
/// A message about a partner's alerts, as it is posted to a webhook; mails are made from the same. Nothing out of a document is in it, nor the name of a
/// file: who wants to know more signs in.
/// </summary>
/// <param name="Id">The same message, sent again, has the same id.</param>
/// <param name="At">When it was made.</param>
/// <param name="Installation">Address of the hub's pages.</param>
/// <param name="Partner">Whose alerts; null = the installation's.</param>
/// <param name="Level">The most urgent of them.</param>
/// <param name="Test">True when a person tries the channels and nothing is wrong.</param>
/// <param name="Alerts">The changes, the most urgent first.</param>
/// <param name="More">Changes that found no room.</param>
sealed record Digest(
    string Id, DateTimeOffset At, Uri Installation, string? Partner, AlertLevel Level, bool Test, IReadOnlyList<DigestLine> Alerts, int More)
{
    /// <summary>Most changes that are named in a message.</summary>
    public const int LinesMax = 50;

    static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The message about changes of a partner's alerts.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="at">The present moment.</param>
    /// <param name="installation">Address of the hub's pages.</param>
    /// <param name="partner">Whose; empty = the installation's.</param>
    /// <param name="rows">The alerts.</param>
    public static Digest Of(string id, DateTimeOffset at, Uri installation, string partner, IReadOnlyList<AlertRow> rows)
    {
        // What is over is no reason to wake anybody.
        var open = rows.Where(row => row.Open).ToList();
        return new(
            id, at, installation, partner.Length == 0 ? null : partner, open.Exists(row => row.Level == AlertLevel.Page) ? AlertLevel.Page : AlertLevel.Warn, Test: false,
            [.. rows.OrderBy(row => !row.Open).ThenByDescending(row => row.Level).ThenBy(row => row.Id).Take(LinesMax).Select(row => Line(row, installation))],
            Math.Max(0, rows.Count - LinesMax));
    }

    /// <summary>A message by which a person tries the channels.</summary>
    public static Digest OfTest(string id, DateTimeOffset at, Uri installation, string? partner) =>
        new(id, at, installation, partner, AlertLevel.Warn, Test: true, [], 0);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, options);

    public static Digest FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Digest>(json, options)!;

    static DigestLine Line(AlertRow row, Uri installation) => new(
        row.Id, row.Open ? DigestState.Open : DigestState.Over, row.Level, row.Kind, row.ExchangeId, row.Code, AlertText.Of(row), row.OpenedAt,
        row.ExchangeId is { } exchange ? new(installation, FormattableString.Invariant($"exchanges/{exchange}")) : null);
}
