using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Write;

/// <summary>The rows of a document that are being written: the document itself, and one of each open list.</summary>
sealed class DocumentCursor(DocumentDefinition definition, DocumentData document)
{
    readonly (DocumentData? Row, int Ordinal)[] open = new (DocumentData?, int)[definition.Lists.Count];
    readonly Stack<int> order = new();

    /// <summary>Number of the innermost open row in its list, from 1; 1 for the document itself.</summary>
    public int Ordinal => order.Count == 0 ? 1 : open[order.Peek()].Ordinal;

    /// <summary>The innermost open row as people call it: <c>lines 2</c>.</summary>
    public string Row => order.Count == 0 ? $"the document {Number}" : string.Join(" of ", order.Select(list => string.Create(CultureInfo.InvariantCulture, $"{definition.Lists[list].Name} {open[list].Ordinal}")));

    /// <summary>The list of the innermost open row, 0 for the document itself, and the row's number.</summary>
    public (int List, int Row) Innermost => order.Count == 0 ? (0, 1) : (order.Peek(), Ordinal);

    /// <summary>The open row of a list as people call it: <c>lines 2</c>; empty for the document itself.</summary>
    public string RowOf(int list) => list == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{definition.Lists[list].Name} {open[list].Ordinal}");

    /// <summary>A field of an open row as the seller has it.</summary>
    public object? ValueOf(int list, int column) => (list == 0 ? document : open[list].Row!).Values[column];

    /// <summary>The same as findings keep it apart from others.</summary>
    public string Path => $"{definition.Id}{string.Concat(order.Reverse().Select(list => string.Create(CultureInfo.InvariantCulture, $"/{definition.Lists[list].Name}[{open[list].Ordinal}]")))}";

    string Number => (definition.Number ?? definition.Key[0]) is var named && document.Values[definition.Root.IndexOf(named.Name)] is { } value
        ? Convert.ToString(value, CultureInfo.InvariantCulture)! : definition.Id;

    /// <summary>The rows of a list in the row around it that is open.</summary>
    public IReadOnlyList<DocumentData> RowsOf(DocumentList list) => Rows(open[list.Outer].Row ?? document, list);

    public void Open(DocumentList list, DocumentData row, int ordinal)
    {
        open[list.Index] = (row, ordinal);
        order.Push(list.Index);
    }

    public void Close(DocumentList list)
    {
        open[list.Index] = default;
        order.Pop();
    }

    /// <summary>All rows of a list below the rows that are open.</summary>
    public IEnumerable<DocumentData> RowsBelow(int list)
    {
        var outer = definition.Lists[definition.Lists[list].Outer];
        if (outer.Index == 0)
            return Rows(document, definition.Lists[list]);
        return open[outer.Index].Row is { } row ? Rows(row, definition.Lists[list]) : RowsBelow(outer.Index).SelectMany(inner => Rows(inner, definition.Lists[list]));
    }

    static List<DocumentData> Rows(DocumentData row, DocumentList list) => row.Rows.First(inner => inner.List == list).Rows;

    /// <summary>A field of an open row.</summary>
    public void Get(int list, int column, ref Value value) => Set(ref value, ValueOf(list, column));

    /// <summary>A field's value as expressions have it. An empty text is absent, as in a segment.</summary>
    public static void Set(ref Value value, object? field)
    {
        switch (field)
        {
            case null or "" or DBNull:
                value.SetNull();
                break;
            case string text:
                value.SetText(Encoding.UTF8.GetBytes(text));
                break;
            case long whole:
                value.SetInt(whole);
                break;
            case decimal number:
                value.SetDecimal(number);
                break;
            case DateOnly date:
                value.SetDate(date.DayNumber);
                break;
            case TimeOnly time:
                value.SetTime(time.Ticks);
                break;
            case DateTime moment:
                value.SetMoment(new(moment.Ticks, moment.Ticks, MomentPrecision.Time));
                break;
            case bool truth:
                value.SetBool(truth);
                break;
            default:
                throw new ArgumentException($"A document has no values of {field.GetType().Name}.", nameof(field));
        }
        value.Source = Source.None;
    }
}
