namespace DistributorHub.Mapping.Language;

/// <content>What only maps that write have: the fields of their document.</content>
abstract partial record BoundExpr
{
    /// <summary>
    /// A field of the document, or of the row of a list that is being written. When it is null: null when <see cref="Nullable"/>, otherwise the finding MAP2501.
    /// </summary>
    /// <param name="List">Index of the list; 0 for the document itself.</param>
    /// <param name="Column">Index of the field.</param>
    public sealed record Field(int List, int Column) : BoundExpr;

    /// <summary><c>period(from, to)</c>: both days or both times, the end belongs to it. Null when one of them is.</summary>
    public sealed record Period(BoundExpr From, BoundExpr To) : BoundExpr;

    /// <summary>True when a value is, or may be, a period.</summary>
    public static bool IsPeriod(BoundExpr value) => value switch
    {
        Period => true,
        Coalesce pair => IsPeriod(pair.Left) || IsPeriod(pair.Right),
        If choice => IsPeriod(choice.Then) || IsPeriod(choice.Else),
        _ => false,
    };

    /// <summary><c>exists(field)</c>: true when it is not null. Never null.</summary>
    public sealed record FieldExists(int List, int Column) : BoundExpr;

    /// <summary>
    /// <c>count sum min max first last nth</c> over the rows of a list below the rows that are open; of a field, over its values that are not null. Count and Sum
    /// are never null. The others without a value: null when <see cref="Nullable"/>, otherwise the finding MAP2501.
    /// </summary>
    /// <param name="Kind">Which.</param>
    /// <param name="List">Index of the list.</param>
    /// <param name="Column">Index of the field; -1 with Count of rows.</param>
    /// <param name="N">From 1, with Nth; otherwise 0.</param>
    public sealed record ListFold(AggregateKind Kind, int List, int Column, int N) : BoundExpr;
}
