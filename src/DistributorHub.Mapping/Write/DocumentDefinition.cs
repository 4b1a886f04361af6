using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Write;

/// <summary>
/// A kind of document that the seller sends, as one <c>docs/*.yaml</c> describes it: its fields, and the views of the seller's database behind them. One read of
/// the first view by <see cref="Key"/> finds the documents that are new, and one read of each other view by the same key finds their rows. Names are
/// identifiers to be quoted; values are parameters.
/// </summary>
public sealed record DocumentDefinition
{
    /// <summary>The file's name without its ending, such as <c>order_response</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the connection in the hub's settings; never a secret.</summary>
    public string Connection { get; init; } = "seller";

    /// <summary>The document itself: one row of its view is one document.</summary>
    public required DocumentList Root { get; init; }

    /// <summary>The field that says which partner the document is for: an id of a partner's folder. Null = whoever it is sent to by its agreement.</summary>
    public ColumnDefinition? Partner { get; init; }

    /// <summary>The field that people know the document by; null = the key.</summary>
    public ColumnDefinition? Number { get; init; }

    /// <summary>All lists, the document itself first, those around others before them; index = <see cref="DocumentList.Index"/>.</summary>
    public required IReadOnlyList<DocumentList> Lists { get; init; }

    /// <summary>The fields that tell documents apart.</summary>
    public IReadOnlyList<ColumnDefinition> Key => Root.Key;
}

/// <summary>The document's own fields, or the rows of one of its lists.</summary>
public sealed record DocumentList
{
    /// <summary>Index in <see cref="DocumentDefinition.Lists"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Index of the list around this one; -1 for the document itself.</summary>
    public required int Outer { get; init; }

    /// <summary>Name in maps; empty for the document itself. No two lists of a document have the same.</summary>
    public required string Name { get; init; }

    /// <summary>Physical schema of the view; null when the file names none.</summary>
    public string? Schema { get; init; }

    /// <summary>Physical view or table.</summary>
    public required string View { get; init; }

    /// <summary>The fields that tell its rows apart under the row around them; none where nothing is below them.</summary>
    public required IReadOnlyList<ColumnDefinition> Key { get; init; }

    /// <summary>Physical columns of the view that hold the keys of the rows around: those of the document first, then those of each list inwards.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>The fields its rows are sorted by.</summary>
    public required IReadOnlyList<ColumnDefinition> Order { get; init; }

    /// <summary>What a row holds.</summary>
    public required IReadOnlyList<ColumnDefinition> Fields { get; init; }

    /// <summary>Indexes of the lists in it, in order.</summary>
    public required IReadOnlyList<int> Lists { get; init; }

    /// <summary>A field as maps write it: <c>lines.sku</c>, <c>order_no</c>.</summary>
    internal string NameOf(ColumnDefinition field) => Name.Length == 0 ? field.Name : $"{Name}.{field.Name}";

    internal int IndexOf(string field)
    {
        for (var i = 0; i < Fields.Count; i++)
            if (Fields[i].Name == field)
                return i;
        return -1;
    }
}

/// <summary>A document, or a row of one of its lists.</summary>
public sealed class DocumentData
{
    /// <param name="definition">The document it is of.</param>
    /// <param name="list">The list it is a row of.</param>
    public DocumentData(DocumentDefinition definition, DocumentList list)
    {
        List = list;
        Values = new object?[list.Fields.Count];
        Rows = [.. list.Lists.Select(inner => (definition.Lists[inner], new List<DocumentData>()))];
    }

    /// <summary>What it is a row of.</summary>
    public DocumentList List { get; }

    /// <summary>
    /// By the list's fields: string, long, decimal, <see cref="DateOnly"/>, <see cref="TimeOnly"/>, <see cref="DateTime"/> or bool, as the field's kind says; or null.
    /// </summary>
    public object?[] Values { get; }

    /// <summary>The rows of each list in it, in order.</summary>
    public IReadOnlyList<(DocumentList List, List<DocumentData> Rows)> Rows { get; }
}
