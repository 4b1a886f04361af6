namespace DistributorHub.Worker;

/// <summary>
/// Text from outside (names of files, values of elements) for a terminal or a log: it can neither steer the terminal nor pass for a
/// line of ours.
/// </summary>
static class Harmless
{
    /// <summary>Control characters as <c>\xHH</c>; a line after the first is indented.</summary>
    public static string Text(string text) => text.Any(char.IsControl)
        ? string.Concat(text.ReplaceLineEndings("\n").Select(Shown))
        : text;

    static string Shown(char character) => character switch
    {
        '\n' => Environment.NewLine + "    ",
        _ when char.IsControl(character) => $"\\x{(int)character:X2}",
        _ => character.ToString(),
    };
}
