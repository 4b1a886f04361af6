using System.Globalization;
using System.Text;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>Turns the text of one message (<c>ORDERS_D.96A</c>) into a definition's compact text.</summary>
static class MessageTable
{
    /// <summary>
    /// The compact text without its first line, or null with the reason in <paramref name="problem"/>. The table draws every group
    /// twice, by corners where it ends and by bars beside its rows; a table whose two drawings differ is not taken. The first segment of a
    /// group is M 1 by definition; where a table prints something else, that is told as a problem and the message is taken.
    /// </summary>
    public static string? Compile(IReadOnlyList<string> lines, out string? problem)
    {
        var table = new Writer();
        problem = null;
        var begun = false;
        for (var i = Start(lines); i < lines.Count; i++)
        {
            if (Row(lines, ref i) is not { } row)
                continue;
            if (!begun && (row.IsGroup || row.Tag != "UNH"))
                continue;
            begun = true;
            if (!row.IsGroup && row.Tag == "UNH")
                continue;
            var ends = !row.IsGroup && row.Tag == "UNT";
            if ((ends ? table.End() : row.IsGroup ? table.Group(row) : table.Segment(row)) is { } fault)
                return Fail($"Line {i + 1}: {fault}", out problem);
            if (!ends)
                continue;
            problem = table.Remark;
            return table.Text.ToString();
        }
        return Fail(begun ? "The segment table has no UNT." : "There is no segment table that begins with UNH.", out problem);
    }

    /// <summary>Writes rows and follows the groups; each step gives what is wrong, or null.</summary>
    sealed class Writer
    {
        /// <summary>The open groups: whether each is deleted.</summary>
        readonly Stack<bool> open = new();
        TableRow? group;

        public StringBuilder Text { get; } = new();

        /// <summary>Something that is printed oddly and was taken all the same.</summary>
        public string? Remark { get; private set; }

        public string? Group(TableRow row)
        {
            if (row.Corners != 1 || row.Bars != open.Count || group is not null)
                return $"segment group {row.GroupNumber} is not drawn as begun.";
            group = row;
            return null;
        }

        public string? Segment(TableRow row)
        {
            var depth = open.Count(deleted => !deleted);
            if (group is { } opened)
            {
                var deleted = opened.Deleted || open.Contains(true);
                if (!deleted)
                    Write(depth, "+", row.Tag, opened.Mandatory, opened.Max, $"SG{opened.GroupNumber}");
                open.Push(deleted);
                if (row.Max != 1 || !row.Mandatory)
                    Remark = $"{row.Tag} begins segment group {opened.GroupNumber} but is printed as {(row.Mandatory ? 'M' : 'C')} {row.Max}; it is taken as M 1.";
            }
            else if (!row.Deleted && !open.Contains(true))
                Write(depth, "", row.Tag, row.Mandatory, row.Max, label: null);
            if (row.Bars + row.Corners != open.Count)
                return $"{row.Tag} is drawn inside {row.Bars + row.Corners} group(s), but {open.Count} are open.";
            for (var i = 0; i < row.Corners; i++)
                open.Pop();
            group = null;
            return null;
        }

        public string? End() => open.Count > 0 || group is not null ? $"{open.Count} group(s) are still open at UNT." : null;

        void Write(int depth, string sign, string tag, bool mandatory, int max, string? label)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{new string(' ', depth * 2)}{sign}{tag} {(mandatory ? 'M' : 'C')}{max}");
            Text.Append(label is null ? line : $"{line,-23} {label}").Append('\n');
        }
    }

    /// <summary>Name of the message as its title page has it; empty when the page is built otherwise.</summary>
    public static string Name(IReadOnlyList<string> lines)
    {
        var at = 0;
        while (at < lines.Count && !lines[at].Contains("DRAFT RECOMMENDATION", StringComparison.Ordinal) && !lines[at].Contains("(UNSM)", StringComparison.Ordinal))
            at++;
        for (at++; at < lines.Count && string.IsNullOrWhiteSpace(lines[at]);)
            at++;
        var name = new List<string>();
        for (; at < lines.Count && name.Count < 20 && !string.IsNullOrWhiteSpace(lines[at]); at++)
            name.AddRange(lines[at].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var whole = string.Join(' ', name);
        return whole.Length is 0 or > 100 || !whole.EndsWith("essage", StringComparison.OrdinalIgnoreCase) ? "" : char.ToUpperInvariant(whole[0]) + whole[1..].ToLowerInvariant();
    }

    /// <summary>The last heading of a segment table; the ones before it are in the table of contents.</summary>
    static int Start(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
            if (lines[i].Contains("segment table", StringComparison.OrdinalIgnoreCase) && lines[i].TrimStart() is ['4', '.', ..])
                return i + 1;
        return 0;
    }

    /// <summary>The row at a line; a long name is broken over two lines, with the numbers on the second.</summary>
    static TableRow? Row(IReadOnlyList<string> lines, ref int at)
    {
        if (TableRow.TryRead(lines[at]) is { } row)
            return row;
        if (at + 1 >= lines.Count || TableRow.HeadOf(lines[at], out _) is not { } head || head[0] is '-' or '\u00C4')
            return null;
        if (TableRow.TryRead($"{lines[at].TrimEnd()} {lines[at + 1].TrimStart()}") is not { } joined || TableRow.TryRead(lines[at + 1]) is not null)
            return null;
        at++;
        return joined;
    }

    static string? Fail(string reason, out string? problem)
    {
        problem = reason;
        return null;
    }
}
