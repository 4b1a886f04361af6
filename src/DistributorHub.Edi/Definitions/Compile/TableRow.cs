using System.Globalization;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>
/// One row of a message's segment table, in any of the layouts the directories have had:
/// <code>
///   RFF  Reference                            M      1                ||       D.93A
/// 0160   RFF Reference                                 M   1          ||       D.95A
/// 0150 * ───── Segment group 3  ────────────────── C   99─────────┐│           D.96A to D.01B
/// 00280   LOC Place/location identification            C   9----------------+  later
/// </code>
/// </summary>
/// <param name="Head">Tag and name, or the dashes and name of a group.</param>
/// <param name="Bars">Groups that go on after this row.</param>
/// <param name="Corners">On a group's row 1, its beginning; on a segment's row, the groups that end with it.</param>
/// <param name="Deleted">True for a row that is printed to show that it is no longer there.</param>
readonly record struct TableRow(string Head, bool Mandatory, int Max, int Bars, int Corners, bool Deleted)
{
    public bool IsGroup => Head[0] is '-' or '\u00C4';

    /// <summary>The number in "Segment group 25".</summary>
    public string GroupNumber => Head.Trim('-', '\u00C4', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];

    public string Tag => Head[..3];

    /// <summary>The row, or null when the line is none (a blank line, a heading, text).</summary>
    public static TableRow? TryRead(string line)
    {
        int at = line.Length, bars = 0, corners = 0;
        for (; at > 0 && line[at - 1] is ' ' or '-' or '+' or '|' or '\u00C4' or '\u00B3' or '\u00B4' or '\u00BF' or '\u00C1' or '\u00D9'; at--)
        {
            if (line[at - 1] is '|' or '\u00B3')
                bars++;
            else if (line[at - 1] is not (' ' or '-' or '\u00C4'))
                corners++;
        }
        var end = at;
        while (at > 0 && char.IsAsciiDigit(line[at - 1]))
            at--;
        if (at == end || !int.TryParse(line.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var max))
            return null;
        while (at > 0 && line[at - 1] == ' ')
            at--;
        if (at < 2 || line[at - 1] is not ('M' or 'C') || line[at - 2] is not (' ' or '-' or '\u00C4'))
            return null;
        var head = HeadOf(line[..(at - 1)], out var deleted);
        return head is null ? null : new TableRow(head, line[at - 1] == 'M', max, bars, corners, deleted);
    }

    /// <summary>Without the position and the marks of change; null when neither a tag nor a group's dashes are left.</summary>
    public static string? HeadOf(string text, out bool deleted)
    {
        text = text.Trim();
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        if (digits is 4 or 5)
            text = text[digits..].TrimStart();
        text = ChangeMarks.Strip(text, out deleted);
        if (text.Contains("egment ", StringComparison.Ordinal) && text[0] is '-' or '\u00C4' && text.Contains("roup", StringComparison.Ordinal))
            return text;
        return text.Length >= 3 && IsTag(text.AsSpan(0, 3)) && (text.Length == 3 || text[3] == ' ') ? text : null;
    }

    static bool IsTag(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('A', 'Z');
}
