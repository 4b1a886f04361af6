using DistributorHub.Mapping.Explain;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web;

namespace DistributorHub.Worker.Workbench;

/// <summary>What the workbench shows: a map, a text of it, and what that makes of a file.</summary>
public sealed record BenchView
{
    internal BenchView(MapFile map, string text, string live, MapDraft? draft, BenchFile? file, BenchResult result) =>
        (Map, Text, Live, Draft, File, Result) = (map, text, live, draft, file, result);

    internal MapFile Map { get; }

    /// <summary>The text that is shown and tried.</summary>
    public string Text { get; }

    public string Live { get; }

    internal MapDraft? Draft { get; }

    internal BenchFile? File { get; }

    internal BenchResult Result { get; }

    /// <summary>The part of the file around the message; null without a file.</summary>
    public FileWindow? Window { get; init; }

    public RowsView? Rows { get; init; }

    /// <summary>Files it can be tried on.</summary>
    public IReadOnlyList<BenchChoice> Choices { get; init; } = [];

    internal BenchTests? Tests { get; init; }

    public Said? Said { get; init; }

    /// <summary>Why the text was not kept, beside it.</summary>
    public string? Refused { get; init; }

    /// <summary>What others have changed since the text was begun.</summary>
    public LineDiff? Meanwhile { get; init; }

    /// <summary>What is wrong with the reason that was typed to put the draft live, and that.</summary>
    public string? Wrong { get; init; }

    public string? Reason { get; init; }

    /// <summary>Hash of the text a saving replaces: the draft's, or without one the live one's.</summary>
    public string Seen => Draft?.Sha256 ?? MapFile.Hash(Live);

    /// <summary>True when the live text is no longer that which the draft began from.</summary>
    public bool IsOvertaken => Draft?.BeganFrom(Live) == false;

    /// <summary>True when there is a draft that says something else than the live text.</summary>
    public bool IsDraft => Draft?.Says(Live) == false;

    /// <summary>True when the text is not kept anywhere.</summary>
    public bool IsUnsaved => MapFile.Hash(Text) != Seen;
}

/// <summary>Makes what the workbench shows.</summary>
sealed class BenchViews(Hub hub, Bench bench, BenchFiles files, MapDrafts drafts, FileView reader)
{
    /// <param name="map">The map.</param>
    /// <param name="text">The text to try; null = the draft, or the live text without one.</param>
    /// <param name="on">The file to try it on, as an address names it; null = the newest that the map took, or a sample.</param>
    /// <param name="partner">Whose newest file that is; null = anybody's.</param>
    /// <param name="whole">False when only what a text makes is shown, and not what else there is to choose.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<BenchView> Make(MapFile map, string? text, string? on, string? partner, bool whole, CancellationToken cancellation)
    {
        var (live, draft) = (map.Read(), await drafts.Of(map.Name, cancellation));
        var choices = whole ? await files.Choices(map, partner, cancellation) : [];
        if (string.IsNullOrEmpty(on))
            on = choices.Count > 0 ? choices[0].On : null;
        var file = on is null ? null : await files.Find(on, cancellation) ?? new(on, on, null) { Refusal = $"There is no file {on} to try it on: no document that came in has this number, and no golden test this name." };
        var tried = text ?? draft?.Text ?? live;
        var result = await bench.Try(map, tried, file, cancellation);
        return new(map, tried, live, draft, file, result)
        {
            Choices = choices,
            Window = file?.Open is { } open ? Window(file, open, result, cancellation) : null,
            Rows = result.Message is { } message ? RowsQueries.Of(message) : null,
        };
    }

    FileWindow Window(BenchFile file, Func<Stream> open, BenchResult result, CancellationToken cancellation)
    {
        var partner = hub.Partners.Find(file.Partner ?? "");
        var isEdi = result.Trial?.IsEdi ?? (partner is null || PartnerMaps.Route(partner, file.Name) is null);
        return reader.Read(open(), partner, isEdi, file.At, [.. (result.Trial?.Findings ?? []).Select(FindingRow.Of)], result.Trace is { } trace ? Values(trace) : [], cancellation);
    }

    /// <summary>The values that rules read, and those that none does.</summary>
    static IReadOnlyList<(long Start, long End, bool Unread)> Values(MapTrace trace) =>
        [.. trace.Values.SelectMany(value => RowsQueries.Sources(value.Rule)).Select(source => (source.Start, source.End, false)), .. trace.UnreadPlaces.Select(place => (place.Start, place.End, true))];
}
