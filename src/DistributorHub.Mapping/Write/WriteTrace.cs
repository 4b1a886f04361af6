using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Write;

/// <summary>A value of one of the seller's views that a rule read.</summary>
/// <param name="View">The view, with its schema where the document names one.</param>
/// <param name="Column">Its column.</param>
/// <param name="Row">Which row of which list, such as <c>lines 2</c>; empty for the document itself, and for all rows.</param>
/// <param name="Value">The value; null when it is null, or when all rows were read.</param>
/// <param name="IsFold">True when all rows of the list were read.</param>
public sealed record FieldSource(string View, string Column, string Row, string? Value, bool IsFold);

/// <summary>An element of a message, and how it came about.</summary>
public sealed record WrittenElement
{
    /// <summary>Number of its segment in the message, where the header is 1; 0 when the segment was left out.</summary>
    public int Segment { get; internal set; }

    /// <summary>As the map calls it: <c>QTY[113].C186.6060</c>.</summary>
    public required string Element { get; init; }

    /// <summary>What stands in the element; null when nothing does.</summary>
    public required string? Value { get; init; }

    /// <summary>True when it could not be written, as a finding says.</summary>
    public required bool Failed { get; init; }

    /// <summary>The rule as the map writes it.</summary>
    public required string Rule { get; init; }

    /// <summary>Where the rule stands: <c>file:line:column</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The list whose row was being written; empty for the document itself.</summary>
    public required string List { get; init; }

    /// <summary>Number of that row among those that are written.</summary>
    public required int Row { get; init; }

    /// <summary>What the rule read, whether it came to it or not.</summary>
    public required IReadOnlyList<FieldSource> Sources { get; init; }
}

/// <summary>Takes down how the elements of a message come about.</summary>
public sealed class WriteTrace
{
    readonly List<WrittenElement> elements = [];
    int pending;
    int segments = 1;

    /// <summary>In the order of the message; those of segments that were left out stand where these would.</summary>
    public IReadOnlyList<WrittenElement> Elements => elements;

    internal void Add(WrittenValue written, DocumentDefinition definition, DocumentCursor document, in Value value)
    {
        var (list, row) = document.Innermost;
        elements.Add(new()
        {
            Element = written.Name,
            Value = value.IsNull || value.IsFailed ? null : TextOf(value),
            Failed = value.IsFailed,
            Rule = written.Value.Text,
            Place = written.Value.Place.ToString(),
            List = definition.Lists[list].Name,
            Row = row,
            Sources = [.. Fields(written.Value).Distinct().Select(field => SourceOf(field, definition, document))],
        });
    }

    /// <summary>The segment of the elements that were added last was written, or left out.</summary>
    internal void End(bool isWritten)
    {
        if (isWritten)
            segments++;
        for (; pending < elements.Count; pending++)
            elements[pending].Segment = isWritten ? segments : 0;
    }

    static string TextOf(in Value value) => value.Kind is ValueKind.Decimal or ValueKind.Int && value.TryNumber(out var number)
        ? number.ToString("0.############################", CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(value.Text);

    static FieldSource SourceOf((int List, int Column, bool IsFold) field, DocumentDefinition definition, DocumentCursor document)
    {
        var list = definition.Lists[field.List];
        var view = list.Schema is null ? list.View : $"{list.Schema}.{list.View}";
        return new(view, field.Column < 0 ? "" : list.Fields[field.Column].Physical, field.IsFold ? "" : document.RowOf(field.List),
            field.IsFold ? null : Convert.ToString(document.ValueOf(field.List, field.Column), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null, field.IsFold);
    }

    static IEnumerable<(int List, int Column, bool IsFold)> Fields(BoundExpr expression) => expression switch
    {
        BoundExpr.Field field => [(field.List, field.Column, false)],
        BoundExpr.FieldExists field => [(field.List, field.Column, false)],
        BoundExpr.ListFold fold => [(fold.List, fold.Column, true)],
        BoundExpr.Period period => Fields(period.From).Concat(Fields(period.To)),
        BoundExpr.Join join => join.Items.SelectMany(item => item.Value is { } value ? Fields(value) : []),
        _ => Streams.Operands(expression).SelectMany(Fields),
    };
}
