using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Explain;

/// <summary>Takes down how the values of one message come about.</summary>
/// <param name="filter">Which values are wanted.</param>
/// <param name="valuesMax">Most values kept; what comes after is counted only.</param>
public sealed class MapTrace(ExplainFilter filter, int valuesMax = 10_000) : MapWatch
{
    /// <summary>Shifts are kept for at most as many segments before those of closed units are dropped.</summary>
    const int ShiftsMax = 20_000;

    readonly List<ExplainedValue> values = [];

    /// <summary>Steps of the expressions that are being evaluated, the innermost on top; empty while nothing is recorded.</summary>
    readonly Stack<List<ExplainedStep>> open = new();

    /// <summary>Last evaluation of columns that other rows read.</summary>
    readonly Dictionary<(int Block, int Column), ExplainedValue> referred = [];

    /// <summary>Values of rows that have no number yet.</summary>
    readonly List<ExplainedValue> unnumbered = [];

    /// <summary>
    /// For segments with release characters, line wraps or converted characters: the bytes of the file their text starts at and goes on at. Of a file without an
    /// envelope several may start at the same byte: what all lines of a document share, and its first line.
    /// </summary>
    readonly Dictionary<(long Offset, int Node), long[]> places = [];

    RunProgram? program;
    UnreadValues? unread;

    /// <summary>True to find what no rule reads as well, in the same pass.</summary>
    public bool SeesUnread { get; init; }

    /// <summary>What no rule reads and no <c>ignore:</c> names, in the order of the message; nothing unless it was asked for.</summary>
    public IReadOnlyList<UnreadValue> Unread => unread?.All ?? [];

    /// <summary>Bytes of the file that it stands in.</summary>
    public IReadOnlyList<(long Start, long End)> UnreadPlaces => unread?.Places ?? [];

    /// <summary>The values, in the order of the map's blocks and of their rows.</summary>
    public IReadOnlyList<ExplainedValue> Values =>
        [.. values.OrderBy(v => v.Block).ThenBy(v => v.At.Segment).ThenBy(v => v.Row).ThenBy(v => v.Order)];

    /// <summary>All values that were wanted, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Rows that were made, by table.</summary>
    public IReadOnlyDictionary<string, long> Rows => rows;

    readonly Dictionary<string, long> rows = [];

    internal ElementNames Names { get; private set; } = null!;

    /// <summary>The text an operand had, for the step around it.</summary>
    internal string? Operand { get; set; }

    internal bool Recording => open.Count > 0;

    internal override RunProgram Program(CompiledMap map)
    {
        Names = new(map.Message);
        if (SeesUnread)
            unread ??= new(map.Plan);
        return program ??= RunProgram.Watched(map, layout => new TracedNodes(layout, this));
    }

    /// <summary>Remembers how the segment's text lies in the file, unless it lies there as it is.</summary>
    internal override void See(Segment segment, Position at, int node, MapRun run, Func<int, long> offsetOf)
    {
        unread?.See(segment, node, at, offsetOf);
        var start = at.Offset;
        var offsets = new long[segment.Text.Length + 1];
        var runsApart = false;
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = offsetOf(i);
            // Not seen at the end alone: a character that grew and one that was taken out make the same length.
            runsApart |= offsets[i] != start + i;
        }
        if (!runsApart)
            return;
        if (places.Count >= ShiftsMax)
            ForgetClosed(run);
        places[(start, node)] = offsets;
    }

    /// <summary>Removes what is kept of segments that no open frame holds.</summary>
    void ForgetClosed(MapRun run)
    {
        var held = run.Frames.SelectMany(frame => Enumerable.Range(0, frame.Count).Select(i => (frame[i].At.Offset, frame[i].Node))).ToHashSet();
        foreach (var gone in places.Keys.Where(place => !held.Contains(place)).ToList())
            places.Remove(gone);
    }

    /// <summary>The bytes of the file a value stands in.</summary>
    internal (long Start, long End) BytesOf(in HeldSegment segment, int start, int end) =>
        places.TryGetValue((segment.At.Offset, segment.Node), out var offsets) ? (offsets[start], offsets[end]) : (segment.At.Offset + start, segment.At.Offset + end);

    /// <summary>Starts a step; false when nothing is recorded.</summary>
    internal bool Begin()
    {
        if (!Recording)
            return false;
        open.Push([]);
        return true;
    }

    /// <summary>Ends the step that was begun last, and gives what it consists of.</summary>
    internal List<ExplainedStep> End() => open.Pop();

    internal void Add(ExplainedStep step) => open.Peek().Add(step);

    /// <summary>True when a value may be wanted; a row without a number may yet turn out to be the one.</summary>
    internal bool Wants(string table, string column, long row) =>
        filter.Takes(table, column) && (filter.Row == 0 || row == 0 || row == filter.Row);

    internal void Made(string table, long row) => rows[table] = Math.Max(rows.GetValueOrDefault(table), row);

    internal void Refer(int block, int column, ExplainedValue value) => referred[(block, column)] = value;

    internal ExplainedValue? Referred(int block, int column) => referred.GetValueOrDefault((block, column));

    /// <summary>Starts the recording of a column or condition.</summary>
    internal void Open() => open.Push([]);

    /// <summary>Takes a column's value down, if it is wanted.</summary>
    internal void Keep(ExplainedValue value)
    {
        if (value.Row == 0)
        {
            unnumbered.Add(value);
            return;
        }
        foreach (var earlier in unnumbered.Where(u => u.Block == value.Block && u.At == value.At))
        {
            earlier.Row = value.Row;
            Store(earlier);
        }
        unnumbered.RemoveAll(u => u.Block == value.Block);
        Store(value);
    }

    /// <summary>Takes down that a row was skipped.</summary>
    internal void Skip(ExplainedValue value)
    {
        unnumbered.RemoveAll(u => u.Block == value.Block);
        if (filter.Row == 0)
            Store(value);
    }

    void Store(ExplainedValue value)
    {
        if (!Wants(value.Table, value.Column, value.Row))
            return;
        Count++;
        if (values.Count < valuesMax)
            values.Add(value);
    }
}
