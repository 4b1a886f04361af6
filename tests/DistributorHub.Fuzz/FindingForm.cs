using DistributorHub.Edi;

namespace DistributorHub.Fuzz;

/// <summary>What holds of every finding: it can be shown, stored and sent, whatever stood in the file.</summary>
static class FindingForm
{
    // The longest of the engine's own words, with several quotes in them.
    const int WordsMax = 1_000;

    public static string? Trouble(Finding finding, long fileLength)
    {
        if (finding.At.Offset < 0 || finding.At.Offset > fileLength)
            return $"{finding.Code} stands at {finding.At.Offset} in a file of {fileLength} bytes";
        if (finding.Message.Length is 0 or > WordsMax || finding.Expected?.Length > WordsMax || finding.Advice?.Length > WordsMax || finding.Path?.Length > WordsMax)
            return $"{finding.Code} has {finding.Message.Length} characters of message, {finding.Expected?.Length} of what is expected";
        if (finding.Found?.Length > Limits.QuotedCharsMax || finding.Tag?.Length > Limits.QuotedCharsMax)
            return $"{finding.Code} quotes {finding.Found?.Length} characters, its tag has {finding.Tag?.Length}";
        foreach (var text in (ReadOnlySpan<string?>)[finding.Message, finding.Found, finding.Expected, finding.Tag, finding.Path, finding.Advice])
            if (text is not null && !IsWellFormed(text))
                return $"{finding.Code} cuts a character in two: {text}";
        return null;
    }

    static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                return false;
            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }
        return true;
    }
}
