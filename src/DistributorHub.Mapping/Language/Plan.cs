using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Language;

/// <summary>
/// A map with every name resolved: what the runner executes. Immutable. Paths have become node ids, columns indexes, macros their bodies;
/// every conversion is an explicit <see cref="BoundExpr.Convert"/>.
/// </summary>
sealed class MapPlan
{
    public required MessageDefinition Message { get; init; }

    public required TargetDefinition Target { get; init; }

    /// <summary>
    /// Node id of the group whose instances are evaluated one at a time, as soon as they close: the message's detail loop.
    /// 0 = the whole message is held and evaluated at its end (<c>stream: buffer</c>, or a message without a detail loop).
    /// </summary>
    public required int Unit { get; init; }

    /// <summary>Most segments held when <see cref="Unit"/> is 0 by <c>stream: buffer</c>; null when the map does not say so.</summary>
    public int? MaxSegments { get; init; }

    /// <summary>Most bytes of segments held for one instance of <see cref="Unit"/>.</summary>
    public required int UnitBytesMax { get; init; }

    /// <summary>Most bytes of segments held for the message outside its units, and for each group around them.</summary>
    public required int FrameBytesMax { get; init; }

    /// <summary>
    /// Most rows of a message that are left out for faults of theirs, with the rows below them; 0 = a fault rejects the message.
    /// Which blocks have such rows says <see cref="Run.RowErrors"/>.
    /// </summary>
    public int RowsLeftOutMax { get; init; }

    /// <summary>All row blocks in the order of the file, parents before nested ones; index = <see cref="RowBlock.Id"/>.</summary>
    public required IReadOnlyList<RowBlock> Blocks { get; init; }

    /// <summary>Blocks that are not nested in another block.</summary>
    public IEnumerable<RowBlock> Roots => Blocks.Where(b => b.Outer < 0);

    /// <summary>
    /// Aggregates over the unit that rows outside the unit read; index = <see cref="BoundExpr.Aggregate.Fold"/>.
    /// Each is one accumulator per open instance of its <see cref="BoundPath.Scope"/>, fed when a unit closes.
    /// </summary>
    public required IReadOnlyList<BoundExpr.Aggregate> Folds { get; init; }

    /// <summary>How files without an envelope are read; null for EDI.</summary>
    public Formats.FileFormat? Format { get; init; }

    /// <summary>What no rule reads on purpose; running the map does not look at it.</summary>
    public IReadOnlyList<BoundPath> Ignored { get; init; } = [];
}

/// <summary>
/// Rows of one table: one per instance of <see cref="Group"/> that passes <see cref="Where"/>.
/// A row is evaluated when the instance closes (inside the unit: when the unit closes).
/// </summary>
sealed class RowBlock
{
    public required int Id { get; init; }

    /// <summary>Id of the block this one is nested in, or -1.</summary>
    public required int Outer { get; init; }

    /// <summary>The table; null when the block is a scope only (its nested blocks and <see cref="Where"/> still count).</summary>
    public required TableDefinition? Table { get; init; }

    /// <summary>
    /// Node id of the group whose instances are rows. 0 = the message: one row.
    /// Equal to the outer block's group when the block has no <c>for:</c>: one row per instance of the outer block.
    /// Otherwise a group inside the outer block's group, and rows are made for its instances inside the open outer instance.
    /// It may also be a repeating segment that starts no group (832 SAC): then each segment is an instance, and holds only itself.
    /// </summary>
    public required int Group { get; init; }

    /// <summary>
    /// What <c>for:</c> asks of the instances, outermost group first; the last step is <see cref="Group"/> itself (also when it is a segment).
    /// Empty when the block has no <c>for:</c>. An instance that fails a step's predicates makes no row.
    /// </summary>
    public IReadOnlyList<GroupStep> For { get; init; } = [];

    /// <summary>
    /// Set when each pair of the segment <see cref="Group"/> makes a row (<c>for: SDQ.LOC</c>): every pair of which a part is present.
    /// </summary>
    public PairDefinition? Pair { get; init; }

    /// <summary>Codes of which a pair's first part must be one; empty = every pair.</summary>
    public IReadOnlyList<string> PairCodes { get; init; } = [];

    /// <summary>
    /// True when the first step of <see cref="For"/> is the outer block's own group, one of levels (HL, CPS): rows are then made of the levels
    /// anywhere below the outer block's, each under the nearest one that has a row.
    /// </summary>
    public bool Below { get; init; }

    /// <summary>
    /// Id of the block whose current row is the parent of this block's rows (<see cref="TableDefinition.Parent"/>), or -1. It is an outer block, or a
    /// block of the same scope beside an outer block or beside this one. When <c>where:</c> skipped that row, this block makes no rows either.
    /// </summary>
    public int ParentBlock { get; init; } = -1;

    /// <summary>Boolean; false or null skips the row and everything nested in it. Null = every instance.</summary>
    public BoundExpr? Where { get; init; }

    /// <summary>
    /// True when <see cref="Where"/> must be decided before rows of other blocks are made (nested ones, or those with this as
    /// <see cref="ParentBlock"/>): it then reads only what stands before them, or lies in the same unit.
    /// </summary>
    public bool WhereNeededByOthers { get; init; }

    /// <summary>The columns the map sets, in the order of <see cref="TableDefinition.Columns"/>. Columns without a rule stay null.</summary>
    public IReadOnlyList<PlannedColumn> Columns { get; init; } = [];

    /// <summary>Booleans; one that is false rejects the message (null passes). Evaluated with the row.</summary>
    public IReadOnlyList<PlannedCheck> Checks { get; init; } = [];

    /// <summary>Ids of the nested blocks, in order.</summary>
    public IReadOnlyList<int> Nested { get; init; } = [];

    public required Place Place { get; init; }
}

/// <summary>One column of a row.</summary>
/// <param name="Definition">The target's column; its length, precision, scale and not-null are checked on every value at run time.</param>
/// <param name="Index">Index in <see cref="TableDefinition.Columns"/>.</param>
/// <param name="Value">Has the type of the column (<see cref="ValueTypes.Of"/>); conversions are part of the expression.</param>
/// <param name="NeededByOthers">
/// True when a <see cref="BoundExpr.ColumnRef"/> reads it while its own row may still be open: evaluate it once, when first asked for.
/// The compiler has proved that all it reads is known by then.
/// </param>
sealed record PlannedColumn(ColumnDefinition Definition, int Index, BoundExpr Value, bool NeededByOthers)
{
    /// <summary>True when its value is known only when the row's instance closes (totals after the lines, folds).</summary>
    public bool Late => Value.Stream is StreamClass.Fold or StreamClass.Late;
}

/// <summary>A named promise of the message.</summary>
sealed record PlannedCheck(string Name, BoundExpr Condition);

/// <summary>Where something stands in a file, from 1.</summary>
readonly record struct Place(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>When a value is known; see the table of four classes in the language's documentation.</summary>
enum StreamClass
{
    /// <summary>Constant, of the interchange, or in the row's own scope.</summary>
    Local,

    /// <summary>In an open enclosing frame, before the branch that leads to the row.</summary>
    Fixed,

    /// <summary>Accumulated over the units below the row.</summary>
    Fold,

    /// <summary>After the units below the row.</summary>
    Late,
}

/// <summary>The types of the language.</summary>
enum ValueType
{
    Text,
    Decimal,
    Int,
    Date,

    /// <summary>A DTM: point or period, with the precision its 2379 says.</summary>
    Moment,
    Time,
    Bool,
}

/// <summary>One group to descend into, and what is asked of its instance.</summary>
/// <param name="Groups">Node ids of the groups this step may be (usually one).</param>
/// <param name="Predicates">All must hold. Element predicates look at the group's trigger segment.</param>
sealed record GroupStep(IReadOnlyList<int> Groups, IReadOnlyList<Predicate> Predicates);

/// <summary>A condition on a segment or group instance. Codes are compared byte by byte; an absent element matches nothing.</summary>
abstract record Predicate
{
    Predicate() { }

    /// <summary>True when any of the slots holds any of the codes: <c>DTM[137]</c>, <c>N1[03=UL]</c>, <c>NAD[C082.3055=9]</c>.</summary>
    public sealed record Element(IReadOnlyList<ValueSlot> Slots, IReadOnlyList<string> Codes) : Predicate;

    /// <summary>True when the group instance has (or, with <paramref name="Lacks"/>, has not) a segment or group of one of the node ids as a child.</summary>
    public sealed record Child(IReadOnlyList<int> Nodes, bool Lacks) : Predicate;
}

/// <summary>One place of a segment where a value may stand.</summary>
/// <param name="Value">The value. Component 0 = the element itself.</param>
/// <param name="Qualifier">With <see cref="BoundPath.Qualifiers"/>: where this slot's qualifier stands (pairs, qualified composites); otherwise null.</param>
/// <param name="Format">For moments: where the format code (2379) stands; otherwise null.</param>
/// <param name="Repetition">Which repetition (by the repetition separator) is read, from 1; 0 = all of them, value and qualifier in step.</param>
readonly record struct ValueSlot(ElementAddress Value, ElementAddress? Qualifier = null, ElementAddress? Format = null, int Repetition = 1);

/// <summary>
/// Which values of the open message a path means: zero or more, in the order of the message.
/// Taken are the segments whose node id is in <see cref="Segments"/>, that lie in the open instance of <see cref="Scope"/>, under group instances that
/// pass <see cref="Groups"/>, and that pass <see cref="Predicates"/>; of each, every slot that is present (an empty element is absent)
/// and, with <see cref="Qualifiers"/>, whose qualifier is one of them.
/// </summary>
sealed record BoundPath
{
    /// <summary>
    /// The group whose open instance is read: the row's group, or one that encloses it, or 0 for the message.
    /// When the row's <see cref="RowBlock.Group"/> is a segment, that segment's node id: the path reads just that segment.
    /// </summary>
    public required int Scope { get; init; }

    /// <summary>
    /// The groups between <see cref="Scope"/> (excluded) and the segment, outermost first. When the segment is a group's trigger, that group is
    /// among them only if something is asked of its children; what is asked of its elements stands in <see cref="Predicates"/>.
    /// </summary>
    public required IReadOnlyList<GroupStep> Groups { get; init; }

    /// <summary>Conditions on the open instance of <see cref="Scope"/> itself or of groups around it (<c>/PGI[11]/LIN</c>): when one fails the path has no value.</summary>
    public IReadOnlyList<GroupStep> OpenGroups { get; init; } = [];

    /// <summary>
    /// Set when the path reads another level (<c>/HL[O]/PRF01</c>): of the row's own level and those around it, the nearest that passes is read.
    /// <see cref="Scope"/> is then the group of levels.
    /// </summary>
    public GroupStep? Level { get; init; }

    /// <summary>True when no group step has a predicate: the node id of the segment alone decides.</summary>
    public bool Flat => Groups.All(g => g.Predicates.Count == 0);

    /// <summary>Node ids the segment may have (a tag may stand at several places of one group).</summary>
    public required IReadOnlyList<int> Segments { get; init; }

    /// <summary>All must hold for the segment.</summary>
    public required IReadOnlyList<Predicate> Predicates { get; init; }

    /// <summary>Where values stand. Empty = the segment itself is meant (<c>count(LIN)</c>, <c>exists(PRI)</c>): each segment is one match.</summary>
    public required IReadOnlyList<ValueSlot> Slots { get; init; }

    /// <summary>True when the slot is that of a segment's first pair, and the one of the row's own pair is meant.</summary>
    public bool OfPair { get; init; }

    /// <summary>Codes of which a slot's qualifier must be one; empty when the slots have no qualifier.</summary>
    public IReadOnlyList<string> Qualifiers { get; init; } = [];

    public required ValueType Type { get; init; }

    /// <summary>Set when the text is a whole number with that many decimals implied (X12 N2); <see cref="Type"/> is then Decimal.</summary>
    public int? ImpliedDecimals { get; init; }

    /// <summary>How a date is written (see <see cref="Run.DatePattern"/>); null = as the standard says.</summary>
    public string? Pattern { get; init; }

    public required Place Place { get; init; }

    /// <summary>The path as written, without <c>?</c>.</summary>
    public required string Text { get; init; }
}
