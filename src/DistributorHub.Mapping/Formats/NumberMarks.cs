namespace DistributorHub.Mapping.Formats;

/// <summary>Marks between the thousands of numbers.</summary>
static class NumberMarks
{
    /// <summary>A number without them: <c>1.234,50</c> → <c>1234,50</c>; where they do not stand before three digits each, the text as it is.</summary>
    public static ReadOnlySpan<char> WithoutThousands(ReadOnlySpan<char> text, char thousands, char mark)
    {
        if (!text.Contains(thousands))
            return text;
        var end = text.IndexOf(mark);
        var whole = end < 0 ? text : text[..end];
        var first = whole.IndexOf(thousands);
        // One behind the decimal mark is none between thousands.
        if (first < 1 || (end >= 0 && text[end..].Contains(thousands)))
            return text;
        for (var at = first; at < whole.Length; at += 4)
            if (whole[at] != thousands || at + 4 > whole.Length || whole.Slice(at + 1, 3).ContainsAnyExceptInRange('0', '9'))
                return text;
        return text.ToString().Replace(thousands.ToString(), "", StringComparison.Ordinal);
    }
}
