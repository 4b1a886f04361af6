using System.Globalization;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Cli;

/// <summary>Which row and column of the seller's views gave which element of a document that goes out.</summary>
static class SentPage
{
    public static async Task<int> Explain(Hub hub, ExchangeDetails details, (string Table, long Row)? row, string? column, bool json, CancellationToken cancellation)
    {
        var exchange = details.Exchange;
        if (hub.Partners.Find(exchange.Partner) is not { } partner)
            return Commands.Refuse($"Partner {exchange.Partner} is not configured.");
        var explained = await hub.Flow.Explain(exchange.Id, partner, cancellation);
        if (explained.Trace is not { } trace)
        {
            await Console.Error.WriteLineAsync(Harmless.Text(explained.Trouble!));
            return ExitCode.Findings;
        }
        var chosen = trace.Elements.Where(element => Takes(element, row, column)).ToList();
        if (chosen.Count == 0)
            return Commands.Refuse($"No element of this document is of {(row is var (list, number) ? $"row {list}:{number}" : "any row")}{(column is null ? "" : $" and '{column}'")}.");
        var note = await Since(hub, details, explained, cancellation);
        if (json)
            Json.Print(writer => Write(writer, chosen, note));
        else
            Print(chosen, note);
        using var excerpts = new Excerpts(() => new MemoryStream(explained.Bytes));
        FindingText.Write(Console.Error, explained.Findings.Kept, excerpts);
        return explained.Bytes.Length == 0 ? ExitCode.Findings : ExitCode.Fine;
    }

    static bool Takes(WrittenElement element, (string Table, long Row)? row, string? column) =>
        (row is not var (list, number) || element.List == list && (number == 0 || element.Row == number))
        && (column is null || element.Element == column || element.Element.StartsWith(column + ".", StringComparison.Ordinal) || element.Sources.Any(source => source.Column == column));

    /// <summary>What is no longer as it was when the document was written, or null.</summary>
    static async Task<string?> Since(Hub hub, ExchangeDetails details, ExplainedDocument now, CancellationToken cancellation)
    {
        var sent = details.Documents.LastOrDefault(document => document.State == DocumentState.Mapped);
        if (sent is null)
            return "It has not been sent; this is how it is written now.";
        if (sent.MapVersion != now.MapVersion)
            return $"{sent.Map} has changed since this was sent (the map, its code lists or its document). This is how it is written now.";
        if (await hub.Archive.Removed(details.Exchange.Sha256, cancellation) is { } removed)
            return $"{removed} This is how it is written now.";
        await using var archived = await hub.Archive.Open(details.Exchange.Sha256, cancellation);
        return Segments(archived).SequenceEqual(Segments(new MemoryStream(now.Bytes))) ? null
            : "The seller's views have changed since this was sent. This is how it is written now.";
    }

    /// <summary>The segments of the message: what stands around them differs with every number and time.</summary>
    static List<string> Segments(Stream content)
    {
        var segments = new List<string>();
        using var reader = new EdiReader(content, new());
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                segments.Add(System.Text.Encoding.UTF8.GetString(reader.Segment.Text));
        return segments;
    }

    static void Print(List<WrittenElement> elements, string? note)
    {
        if (note is not null)
            Console.WriteLine(note);
        foreach (var element in elements)
        {
            var value = element.Failed ? "none, see the finding below" : element.Value ?? "null";
            var place = element.Segment > 0 ? string.Create(CultureInfo.InvariantCulture, $"segment {element.Segment}") : "its segment is left out";
            Console.WriteLine(Harmless.Text($"{element.Element} = {value}  {place}  {element.Place}  {element.Rule}"));
            foreach (var source in element.Sources)
                Console.WriteLine(Harmless.Text($"  <- {Text(source)}"));
        }
    }

    static string Text(FieldSource source) => source.IsFold ? $"{source.View}{(source.Column.Length == 0 ? "" : $".{source.Column}")}, all rows"
        : $"{source.View}.{source.Column} = {source.Value ?? "null"}{(source.Row.Length == 0 ? "" : $"  ({source.Row})")}";

    static void Write(Utf8JsonWriter json, List<WrittenElement> elements, string? note)
    {
        json.WriteStartObject();
        json.WriteString("note", note);
        json.WritePropertyName("elements");
        JsonSerializer.Serialize(json, elements, Json.Options);
        json.WriteEndObject();
    }
}
