namespace DistributorHub.Mapping.Yaml;

/// <summary>
/// Looks through a file, line by line, for what YAML itself would report at a wrong place or in words about anchors and tags: tabs, values that start
/// with a sign of YAML, text after a closing quote, <c>: </c> inside a plain value. All of them at once.
/// </summary>
sealed class YamlScan
{
    readonly string file;
    readonly string[] lines;
    readonly ICollection<Diagnostic> diagnostics;
    int line;
    int blockIndent = -1;
    int flowDepth;
    char openQuote;
    (int Line, int Column) quoteStart, flowStart;

    YamlScan(string file, string text, ICollection<Diagnostic> diagnostics)
    {
        this.file = file;
        this.diagnostics = diagnostics;
        lines = text.Split('\n');
    }

    /// <summary>True when nothing was found.</summary>
    public static bool IsClean(string file, string text, ICollection<Diagnostic> diagnostics)
    {
        var before = diagnostics.Count;
        new YamlScan(file, text, diagnostics).Scan();
        return diagnostics.Count == before;
    }

    void Scan()
    {
        for (line = 0; line < lines.Length; line++)
            Line(lines[line].TrimEnd('\r'));
        if (openQuote != '\0')
            diagnostics.Add(new(file, quoteStart.Line, quoteStart.Column, "YML0007", $"The closing {openQuote} of this text is missing."));
        else if (flowDepth > 0)
            diagnostics.Add(new(file, flowStart.Line, flowStart.Column, "YML0013", "What this bracket opens is not closed."));
    }

    void Line(string text)
    {
        var indent = 0;
        while (indent < text.Length && text[indent] is ' ' or '\t')
            indent++;
        if (openQuote != '\0')
        {
            Quoted(text, 0);
            return;
        }
        if (indent == text.Length)
            return;
        if (blockIndent >= 0 && indent > blockIndent)
            return;
        blockIndent = -1;
        var tab = text.AsSpan(0, indent).IndexOf('\t');
        if (tab >= 0)
            Report(tab, "YML0005", "A tab stands in the indentation.", "YAML is indented with blanks only");
        if (text[indent] == '#' || tab >= 0)
            return;
        if (flowDepth > 0)
            Flow(text, indent);
        else
            Entry(text, indent);
    }

    // '- key: value', 'key: value' or '- value'; any other line continues a plain value.
    void Entry(string text, int at)
    {
        var (item, dash) = (false, at);
        while (at < text.Length && text[at] == '-' && (at + 1 == text.Length || text[at + 1] == ' '))
        {
            item = true;
            at++;
            while (at < text.Length && text[at] == ' ')
                at++;
        }
        if (at == text.Length)
            return;
        var colon = EndOfKey(text, at);
        if (colon < 0)
        {
            if (item)
                Value(text, at, dash);
            return;
        }
        var value = colon + 1;
        while (value < text.Length && text[value] is ' ' or '\t')
            value++;
        if (value < text.Length && text[value] != '#')
            Value(text, value, at);
    }

    static int EndOfKey(string text, int at)
    {
        var start = at;
        if (text[at] is '\'' or '"')
        {
            var close = text.IndexOf(text[at], at + 1);
            return close >= 0 && close + 1 < text.Length && text[close + 1] == ':' ? close + 1 : -1;
        }
        if (text[at] is '[' or '{')
            return -1;
        for (; at < text.Length; at++)
        {
            if (text[at] == ':' && (at + 1 == text.Length || text[at + 1] is ' ' or '\t'))
                return at;
            if (text[at] == '#' && at > start && text[at - 1] == ' ')
                return -1;
        }
        return -1;
    }

    void Value(string text, int at, int parentIndent)
    {
        switch (text[at])
        {
            case '|' or '>':
                blockIndent = parentIndent;
                break;
            case '\'' or '"':
                openQuote = text[at];
                quoteStart = (line + 1, at + 1);
                Quoted(text, at + 1);
                break;
            case '[' or '{':
                Flow(text, at);
                break;
            case '&' or '*' or '!' or '@' or '`' or '%':
                Report(at, "YML0006", $"A value cannot start with {text[at]}, a sign of YAML itself.",
                    text[at] == '!' ? "write not …, or quote the value if a text is meant" : "quote the value if a text is meant");
                break;
            default:
                Plain(text, at);
                break;
        }
    }

    void Plain(string text, int start)
    {
        var quotes = 0;
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '\'')
                quotes++;
            else if (text[at] == '#' && text[at - 1] == ' ')
            {
                if (quotes % 2 == 1)
                    Report(at, "YML0011", "' #' starts a comment, which cuts this expression off inside a text.", "write the expression on the next line, under >-");
                return;
            }
            else if (text[at] == ':' && (at + 1 == text.Length || text[at + 1] == ' '))
            {
                Report(at, "YML0010", "': ' stands inside a value, where YAML takes it for a key.", "write the expression on the next line, under >-");
                return;
            }
        }
    }

    void Quoted(string text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (openQuote == '"' && text[at] == '\\')
                at++;
            else if (text[at] == openQuote)
            {
                if (openQuote == '\'' && at + 1 < text.Length && text[at + 1] == '\'')
                {
                    at++;
                    continue;
                }
                openQuote = '\0';
                if (flowDepth > 0)
                    Flow(text, at + 1);
                else
                    After(text, at + 1, "YML0008", "Text follows the closing quote.", "an expression that starts with a text stands in parentheses, or on the next line under >-");
                return;
            }
        }
    }

    // Brackets may run over several lines; quotes count only where a value can start.
    void Flow(string text, int at)
    {
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '#' when at > 0 && text[at - 1] == ' ':
                    return;
                case '\'' or '"' when StartsValue(text, at):
                    openQuote = text[at];
                    quoteStart = (line + 1, at + 1);
                    Quoted(text, at + 1);
                    return;
                case '[' or '{':
                    if (flowDepth++ == 0)
                        flowStart = (line + 1, at + 1);
                    break;
                case ']' or '}' when --flowDepth <= 0:
                    flowDepth = 0;
                    After(text, at + 1, "YML0009", $"Text follows the closing {text[at]}.", "quote the value if a text is meant");
                    return;
            }
        }
    }

    static bool StartsValue(string text, int at)
    {
        while (at > 0 && text[at - 1] == ' ')
            at--;
        return at == 0 || text[at - 1] is '[' or '{' or ',' or ':';
    }

    void After(string text, int at, string code, string message, string hint)
    {
        var start = at;
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        if (at < text.Length && !(text[at] == '#' && at > start))
            Report(at, code, message, hint);
    }

    void Report(int column, string code, string message, string hint) => diagnostics.Add(new(file, line + 1, column + 1, code, message, hint));
}
