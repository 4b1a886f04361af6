using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Functions;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>
/// A typed expression. Evaluation gives a value of <see cref="Type"/> or null; null only when <see cref="Nullable"/>.
/// Faults of the data (a required value absent, an unreadable number, an unknown code, several different matches) become findings at <see cref="Place"/>
/// and spoil the row. Unless a node says otherwise, an operand that is null makes the result null.
/// </summary>
abstract partial record BoundExpr
{
    BoundExpr() { }

    public required ValueType Type { get; init; }

    public required bool Nullable { get; init; }

    public required StreamClass Stream { get; init; }

    /// <summary>Where the expression starts in its map; inside a macro, in the macro's body.</summary>
    public required Place Place { get; init; }

    /// <summary>The expression as written.</summary>
    public required string Text { get; init; }

    /// <summary>The call, when the expression is the body of a macro.</summary>
    public MacroCall? Macro { get; init; }

    /// <summary>A constant.</summary>
    /// <param name="Value">string, decimal, long or bool by <see cref="BoundExpr.Type"/>; null for the literal null.</param>
    public sealed record Literal(object? Value) : BoundExpr;

    /// <summary>
    /// The one value of a path. No match: null when <see cref="BoundExpr.Nullable"/>, otherwise the finding MAP2101 (required value absent).
    /// Several matches: equal values are one; different ones are the finding MAP2103.
    /// </summary>
    public sealed record Read(BoundPath Path) : BoundExpr;

    /// <summary>
    /// A value of the surroundings. When it is absent: null when <see cref="BoundExpr.Nullable"/>, otherwise the finding MAP2101.
    /// The names are those of <see cref="Variables"/>; Partner and File names are keys of the context's dictionaries.
    /// </summary>
    public sealed record Variable(VariableSource Source, string Name) : BoundExpr;

    /// <summary>A column, as converted for its table, of the current row of another block: an enclosing one, or one of the same scope beside an enclosing one.</summary>
    /// <param name="Block">Index in <see cref="MapPlan.Blocks"/>.</param>
    /// <param name="Column">Index in that table's columns. It is null there when the map sets it null.</param>
    public sealed record ColumnRef(int Block, int Column) : BoundExpr;

    /// <summary>A function over values. Arguments the signature wants constant are <see cref="Literal"/>s and were checked (regular expressions, formats, counts).</summary>
    public sealed record Call(Function Function, IReadOnlyList<BoundExpr> Arguments) : BoundExpr;

    /// <summary>A call of an installation's own function; the arguments are of its parameters' types. Null gives null where a parameter takes none.</summary>
    public sealed record Own(MapFunction Function, IReadOnlyList<BoundExpr> Arguments) : BoundExpr;

    /// <summary><c>if(c, a, b)</c>: only the chosen branch is evaluated; a null condition chooses <paramref name="Else"/>.</summary>
    public sealed record If(BoundExpr Condition, BoundExpr Then, BoundExpr Else) : BoundExpr;

    /// <summary><c>a ?? b</c>: b is evaluated only when a is null. Chains lean to the right.</summary>
    public sealed record Coalesce(BoundExpr Left, BoundExpr Right) : BoundExpr;

    /// <summary>Arithmetic. Both sides and the result have the same type, Int or Decimal; Divide is always Decimal. Overflow and division by zero are findings.</summary>
    public sealed record Arithmetic(ArithmeticOperator Operator, BoundExpr Left, BoundExpr Right) : BoundExpr;

    /// <summary>Comparison of two values of the same type; texts by code point, exactly.</summary>
    public sealed record Compare(CompareOperator Operator, BoundExpr Left, BoundExpr Right) : BoundExpr;

    /// <summary><c>and</c> / <c>or</c>, from left to right, stopping as soon as the left side decides; null is "unknown" as in SQL.</summary>
    public sealed record Logical(bool IsAnd, BoundExpr Left, BoundExpr Right) : BoundExpr;

    public sealed record Not(BoundExpr Operand) : BoundExpr;

    /// <summary><c>x in (a, b)</c>, all of one type. A null item matches nothing; a null x gives null. <paramref name="Negated"/> = <c>not in</c>.</summary>
    public sealed record In(BoundExpr Operand, IReadOnlyList<BoundExpr> Items, bool Negated) : BoundExpr;

    /// <summary>
    /// Conversion that loses nothing, to <see cref="BoundExpr.Type"/>: Int→Decimal, Date→Moment (midnight), Decimal→Int (a finding unless whole),
    /// Moment→Date (a finding for a period, or a moment without a day).
    /// </summary>
    public sealed record Convert(BoundExpr Operand) : BoundExpr;

    /// <summary><c>code(x, list)</c> with the partner's list before the shared one. An unknown code does as <paramref name="Miss"/> says; Error is a finding.</summary>
    /// <param name="Operand">Text; null gives null.</param>
    /// <param name="List">The list.</param>
    /// <param name="Miss">The expression's own choice, or the list's.</param>
    /// <param name="MissText">The text given on a miss, with <see cref="Miss.Literal"/>.</param>
    public sealed record CodeLookup(BoundExpr Operand, CodeList List, Miss Miss, string? MissText) : BoundExpr;

    /// <summary>
    /// <c>xref(name, key…)</c>: looked up when rows are loaded, so it is the whole rule of its column and no node is made of it.
    /// A null key gives null.
    /// </summary>
    /// <param name="Table">Where.</param>
    /// <param name="Keys">One for each of the table's key columns, in their types.</param>
    public sealed record Xref(XrefDefinition Table, IReadOnlyList<BoundExpr> Keys) : BoundExpr;

    /// <summary>
    /// <c>count sum min max first last nth</c> over all matches of a path (no ambiguity here). Count and Sum are never null (0 without a match).
    /// The others without a match (Nth: fewer matches): null when <see cref="BoundExpr.Nullable"/>, otherwise the finding MAP2101.
    /// </summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Path">Values; with Count perhaps segments (no slots).</param>
    /// <param name="N">From 1, with Nth; otherwise 0.</param>
    /// <param name="Fold">Index in <see cref="MapPlan.Folds"/> when <see cref="BoundExpr.Stream"/> is Fold; otherwise -1.</param>
    public sealed record Aggregate(AggregateKind Kind, BoundPath Path, int N, int Fold) : BoundExpr;

    /// <summary><c>join(sep, x…)</c>: the present texts of all items in order, with the separator between them; null when there is none.</summary>
    public sealed record Join(string Separator, IReadOnlyList<JoinItem> Items) : BoundExpr;

    /// <summary><c>exists(p)</c>: true when the path has a match. Never null.</summary>
    public sealed record Exists(BoundPath Path) : BoundExpr;
}

/// <summary>A macro's call as written, and where it starts.</summary>
sealed record MacroCall(Place Place, string Text);

/// <summary>An item of a join: a path (all its matches; without one the finding MAP2101 when required), or one text.</summary>
sealed record JoinItem(BoundPath? Path, bool Required, BoundExpr? Value);

enum VariableSource
{
    Partner,
    Env,
    Msg,
    File,

    /// <summary>
    /// <c>$n</c>, Int: 1 + the rows this block has already made in the open instance of the outer block (or the message).
    /// Skipped instances do not count.
    /// </summary>
    Ordinal,
}

enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

enum CompareOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

enum AggregateKind
{
    Count,
    Sum,
    Min,
    Max,
    First,
    Last,
    Nth,
}

/// <summary>
/// The functions that are calls. (code, join, exists, if, first, last, nth, count, sum, min and max are nodes of their own; xref is looked up when rows are loaded.)
/// All pure; null in, null out; a value they cannot take is a finding, never null. An empty result is absent: null when the call is nullable,
/// otherwise the finding MAP2101.
/// </summary>
enum Function
{
    /// <summary>trim(text): text. Without leading and trailing blanks.</summary>
    Trim,

    /// <summary>upper(text): text.</summary>
    Upper,

    /// <summary>lower(text): text.</summary>
    Lower,

    /// <summary>left(text, n constant): the first n characters, or all.</summary>
    Left,

    /// <summary>right(text, n constant): the last n characters, or all.</summary>
    Right,

    /// <summary>sub(text, from constant, n constant): n characters from position from (1 = first); what lies outside is missing.</summary>
    Sub,

    /// <summary>replace(text, regular expression constant, replacement constant): non-backtracking, culture-free.</summary>
    Replace,

    /// <summary>pad(text, n constant, one character constant): filled on the left up to n characters.</summary>
    Pad,

    /// <summary>digits(text): only 0-9.</summary>
    Digits,

    /// <summary>split(text, separator constant, n constant): the n-th part from 1; without one the result is empty.</summary>
    Split,

    /// <summary>text(any): Decimal without exponent and trailing zeros as written, Date yyyy-MM-dd, Moment as ISO 8601, Time HH:mm:ss, Bool true/false.</summary>
    Text,

    /// <summary>int(text or Decimal or Int): whole number.</summary>
    Int,

    /// <summary>dec(text or Int or Decimal[, mark constant]): decimal; the mark is '.' unless given.</summary>
    Dec,

    /// <summary>date(Moment or Date): its day. date(text[, format constant]): by the format, ISO or yyyyMMdd without one.</summary>
    Date,

    /// <summary>time(text, format constant).</summary>
    Time,

    /// <summary>bool(text, yes constant, no constant): any other text is a finding.</summary>
    Bool,

    /// <summary>implied(text or Int, n constant): a whole number with n decimals implied.</summary>
    Implied,

    /// <summary>gtin(text): 8, 12, 13 or 14 digits with a right check digit.</summary>
    Gtin,

    /// <summary>gln(text): 13 digits with a right check digit.</summary>
    Gln,

    /// <summary>period_start(Moment): Moment, the start of a period; of a point, the point.</summary>
    PeriodStart,

    /// <summary>period_end(Moment): Moment, the end of a period; of a point, the point.</summary>
    PeriodEnd,

    /// <summary>round(Decimal, n constant[, 'half_even' constant]): half away from zero unless half_even.</summary>
    Round,
}

/// <summary>Names of <c>$env</c> and <c>$msg</c> with their types.</summary>
static class Variables
{
    /// <summary>Of the partner's file. A currency and the GLNs, theirs and our own, may be absent.</summary>
    public static IReadOnlyDictionary<string, ValueType> Partner { get; } = new Dictionary<string, ValueType>(StringComparer.Ordinal)
    {
        ["id"] = ValueType.Text,
        ["name"] = ValueType.Text,
        ["currency"] = ValueType.Text,
        ["gln"] = ValueType.Text,
        ["own_gln"] = ValueType.Text,
    };

    /// <summary>Of the file as the partner named it.</summary>
    public static IReadOnlyDictionary<string, ValueType> File { get; } = new Dictionary<string, ValueType>(StringComparer.Ordinal) { ["name"] = ValueType.Text };

    /// <summary>Of UNB/ISA and UNG/GS. Date, time and everything of the group may be absent; an empty text is absent.</summary>
    public static IReadOnlyDictionary<string, ValueType> Env { get; } = new Dictionary<string, ValueType>(StringComparer.Ordinal)
    {
        ["sender"] = ValueType.Text,
        ["sender_qualifier"] = ValueType.Text,
        ["recipient"] = ValueType.Text,
        ["recipient_qualifier"] = ValueType.Text,
        ["date"] = ValueType.Date,
        ["time"] = ValueType.Time,
        ["reference"] = ValueType.Text,
        ["application_reference"] = ValueType.Text,
        ["test"] = ValueType.Bool,
        ["syntax"] = ValueType.Text,
        ["syntax_version"] = ValueType.Text,
        ["group_code"] = ValueType.Text,
        ["group_sender"] = ValueType.Text,
        ["group_recipient"] = ValueType.Text,
        ["group_date"] = ValueType.Date,
        ["group_reference"] = ValueType.Text,
        ["group_version"] = ValueType.Text,
    };

    /// <summary>Of UNH/ST. An empty text is absent.</summary>
    public static IReadOnlyDictionary<string, ValueType> Msg { get; } = new Dictionary<string, ValueType>(StringComparer.Ordinal)
    {
        ["type"] = ValueType.Text,
        ["version"] = ValueType.Text,
        ["release"] = ValueType.Text,
        ["agency"] = ValueType.Text,
        ["association"] = ValueType.Text,
        ["reference"] = ValueType.Text,
        ["ordinal"] = ValueType.Int,
    };
}

/// <summary>Which type of the language a column takes.</summary>
static class ValueTypes
{
    public static ValueType Of(Targets.ColumnKind kind) => kind switch
    {
        Targets.ColumnKind.Text => ValueType.Text,
        Targets.ColumnKind.Int => ValueType.Int,
        Targets.ColumnKind.Numeric => ValueType.Decimal,
        Targets.ColumnKind.Date => ValueType.Date,
        Targets.ColumnKind.Time => ValueType.Time,
        Targets.ColumnKind.Timestamp => ValueType.Moment,
        Targets.ColumnKind.Bool => ValueType.Bool,
        _ => throw new System.Diagnostics.UnreachableException($"No type for {kind}."),
    };
}
