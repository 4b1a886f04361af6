using DistributorHub.Mapping.Explain;
using DistributorHub.Worker.Cli;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Web;

/// <summary>A value of a row.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Value">What it is; null when it is empty.</param>
/// <param name="Failed">True when a fault of the data stands in its place.</param>
/// <param name="Places">Bytes of the file that it was read from.</param>
/// <param name="Rule">The rule as written.</param>
/// <param name="WrittenAt">Where that stands, <c>file:line:column</c>.</param>
public sealed record CellView(string Column, string? Value, bool Failed, IReadOnlyList<long> Places, string? Rule, string? WrittenAt);

/// <summary>A row as one message makes it.</summary>
public sealed record RowView(string Table, long Row, long Offset, IReadOnlyList<CellView> Cells);

/// <summary>The rows of one message, made again from the archived bytes with the maps as they are now.</summary>
public sealed record RowsView
{
    public IReadOnlyList<RowView> Rows { get; init; } = [];
    public long Count { get; init; }
    public IReadOnlyList<string> Problems { get; init; } = [];
    public string? Map { get; init; }

    /// <summary>Set when the map has changed since the message was mapped.</summary>
    public string? Note { get; init; }

    /// <summary>The value that was asked about, and how it came about.</summary>
    public ExplainedValue? Explained { get; init; }
}

/// <summary>Maps one message for its page. Nothing of it is kept: it is done again for each look.</summary>
sealed class RowsQueries(Hub hub)
{
    /// <summary>Largest file of which rows are made for a page, in bytes; <c>hub exchange explain</c> does it of any.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    public const int RowsMax = 60;

    /// <param name="exchange">The file.</param>
    /// <param name="document">Its message.</param>
    /// <param name="explain">The value to explain, as <c>table:row:column</c>; null = none.</param>
    /// <param name="cancellation">Stops the reading of the archive.</param>
    public Task<RowsView> Read(ExchangeRow exchange, DocumentRow document, string? explain, CancellationToken cancellation) =>
        hub.WhyNotRun(exchange.Partner) is { } why ? Task.FromResult(new RowsView { Problems = [why] })
        : exchange.Bytes > BytesMax ? Task.FromResult(new RowsView { Problems = [$"The file is too large to make its rows for a page: 'hub exchange explain {exchange.Id}' does it."] })
        : Task.Run(() => Make(exchange, document, explain, cancellation), cancellation);

    RowsView Make(ExchangeRow exchange, DocumentRow document, string? explain, CancellationToken cancellation)
    {
        var trial = new MapTrial(hub.Settings, exchange.Partner, mapId: null, _ => new MapTrace(new(), valuesMax: RowsMax * 40), _ => document.Map)
        {
            Only = document.Ordinal,
        };
        trial.Run(exchange.File, () => hub.Archive.Open(exchange.Sha256, cancellation).GetAwaiter().GetResult());
        if (trial.Messages.FirstOrDefault(message => message.Message.Ordinal == document.Ordinal) is not { } tried)
            return new() { Problems = [.. trial.Problems] };
        return Of(tried, explain) with
        {
            Problems = [.. trial.Problems],
            Note = document.MapVersion is { } version && version != tried.Map.Version ? $"{tried.Map.Id} has changed since this message was mapped; these are the rows it makes now." : null,
        };
    }

    /// <summary>The rows of a message that was tried.</summary>
    public static RowsView Of(MapTrial.TriedMessage tried, string? explain = null)
    {
        var values = ((MapTrace)tried.Watch!).Values;
        var traced = values.ToLookup(value => (value.Table, value.Row));
        var explained = explain?.Split(':') is [var table, var row, var column]
            ? values.FirstOrDefault(value => value.Table == table && value.Row.ToString() == row && value.Column == column) : null;
        var left = tried.LeftOut.Select(lost => (lost.Table, lost.Row)).ToHashSet();
        var rows = tried.Rows.Rows.GroupBy(made => made.Table.Name).SelectMany(made => made.OrderBy(one => one.Row).Take(RowsMax))
            .Select(made => new RowView(made.Table.Name, made.Row, made.Offset, [.. made.Table.Columns.Select((definition, i) => Cell(definition.Name, made.Values[i], traced[(made.Table.Name, made.Row)]))]))
            .Concat(tried.LeftOut.Where(lost => lost.Row > 0).Take(RowsMax).Select(lost => new RowView(lost.Table, lost.Row, lost.At.Offset, [.. traced[(lost.Table, lost.Row)].Select(value => Cell(value.Column, value.Rule.Value, [value]))])))
            .ToList();
        return new()
        {
            Rows = rows,
            Count = tried.Rows.Count + left.Count,
            Map = tried.Map.Id,
            Explained = explained,
        };
    }

    static CellView Cell(string column, string? value, IEnumerable<ExplainedValue> traced)
    {
        var rule = traced.FirstOrDefault(one => one.Column == column)?.Rule;
        return new(column, value, rule?.Failed == true, rule is null ? [] : [.. Sources(rule).Select(source => source.Start).Distinct()], rule?.Text, rule?.Place);
    }

    /// <summary>What a rule has read, with what the expressions inside it have.</summary>
    public static IEnumerable<ValueSource> Sources(ExplainedStep step) => step.Sources.Concat(step.Steps.SelectMany(Sources));
}
