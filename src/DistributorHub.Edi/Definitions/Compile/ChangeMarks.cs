namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>The signs with which directories mark what changed since the release before: <c>+</c> added, <c>X</c> to be deleted, and so on.</summary>
static class ChangeMarks
{
    const int SignsMax = 3;

    /// <summary>The text without leading blanks and marks.</summary>
    public static string Strip(string text) => Strip(text, out _);

    /// <param name="text">A line or title.</param>
    /// <param name="deleted">
    /// True for a minus: what it marks is printed, but no longer part of the release. An X marks what a later release will delete.
    /// </param>
    public static string Strip(string text, out bool deleted)
    {
        text = text.TrimStart();
        var at = 0;
        deleted = false;
        // Three dashes draw a group.
        for (var signs = 0; signs < SignsMax && at < text.Length && !text.AsSpan(at).StartsWith("---") && IsMark(text, at); signs++)
        {
            deleted |= text[at] == '-';
            for (at++; at < text.Length && text[at] == ' ';)
                at++;
        }
        return text[at..];
    }

    /// <summary>Marks may stand right before what they mark; an X only apart from it.</summary>
    static bool IsMark(string text, int at) => text[at] is '+' or '*' or '#' or '|' or '-' || (text[at] == 'X' && at + 1 < text.Length && text[at + 1] is ' ' or '|' or '#' or '*');
}
