namespace DistributorHub.Worker.Workbench;

/// <summary>A line of a difference.</summary>
/// <param name="Kind">+ for one that came, - for one that went, a blank for one that stayed, @ for a gap.</param>
/// <param name="Number">Its number in the later text, or in the earlier one when it went.</param>
/// <param name="Text">The line.</param>
public readonly record struct DiffLine(char Kind, int Number, string Text);

/// <summary>What differs between two texts, by line.</summary>
public sealed class LineDiff
{
    /// <summary>Lines of a part that are compared with each other; of larger parts all of the one goes and all of the other comes.</summary>
    const int CellsMax = 1_000_000;

    const int Around = 3;

    readonly List<DiffLine> lines = [];

    LineDiff(string[] before, string[] after)
    {
        var (start, end) = (0, 0);
        while (start < before.Length && start < after.Length && before[start] == after[start])
            start++;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
            end++;
        for (var i = 0; i < start; i++)
            lines.Add(new(' ', i + 1, after[i]));
        Middle(before[start..^end], after[start..^end], start);
        for (var i = end; i > 0; i--)
            lines.Add(new(' ', after.Length - i + 1, after[^i]));
        Added = lines.Count(line => line.Kind == '+');
        Removed = lines.Count(line => line.Kind == '-');
    }

    public int Added { get; }

    public int Removed { get; }

    public bool IsNone => Added + Removed == 0;

    public static LineDiff Of(string before, string after) => new(before.Split('\n'), after.Split('\n'));

    /// <summary>The changed lines with some around them; a gap stands where others are left out.</summary>
    public IReadOnlyList<DiffLine> Hunks()
    {
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].Kind != ' ')
                near.AsSpan(Math.Max(0, i - Around)..Math.Min(lines.Count, i + Around + 1)).Fill(true);
        var shown = new List<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
            if (near[i])
            {
                if (i > 0 && !near[i - 1])
                    shown.Add(new('@', lines[i].Number, ""));
                shown.Add(lines[i]);
            }
        return shown;
    }

    // The longest run of common lines, by the table of all pairs: maps are short.
    void Middle(string[] before, string[] after, int start)
    {
        var common = (long)before.Length * after.Length <= CellsMax ? Common(before, after) : null;
        for (int old = 0, now = 0; old < before.Length || now < after.Length;)
            if (common is not null && old < before.Length && now < after.Length && before[old] == after[now])
            {
                lines.Add(new(' ', start + now + 1, after[now++]));
                old++;
            }
            else if (old < before.Length && (now == after.Length || common is null || common[old + 1, now] >= common[old, now + 1]))
                lines.Add(new('-', start + old + 1, before[old++]));
            else
                lines.Add(new('+', start + now + 1, after[now++]));
    }

    static ushort[,] Common(string[] before, string[] after)
    {
        var common = new ushort[before.Length + 1, after.Length + 1];
        for (var old = before.Length - 1; old >= 0; old--)
            for (var now = after.Length - 1; now >= 0; now--)
                common[old, now] = before[old] == after[now] ? (ushort)(common[old + 1, now + 1] + 1) : Math.Max(common[old + 1, now], common[old, now + 1]);
        return common;
    }
}
