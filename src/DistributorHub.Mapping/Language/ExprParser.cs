using System.Globalization;

namespace DistributorHub.Mapping.Language;

/// <summary>
/// Reads one expression. Recursive descent straight over the text: paths contain <c>. / [ ] # * ?</c> without blanks, operators stand between blanks,
/// so a token's meaning depends on where it stands.
/// </summary>
sealed class ExprParser
{
    const int DepthMax = 64;

    readonly ExprSource source;
    readonly string text;
    readonly ICollection<Diagnostic> diagnostics;
    int at;
    int depth;
    bool failed;

    ExprParser(ExprSource source, ICollection<Diagnostic> diagnostics)
    {
        this.source = source;
        text = source.Text;
        this.diagnostics = diagnostics;
    }

    /// <summary>The expression, or null after a diagnostic MAP1010.</summary>
    public static Expr? Parse(ExprSource source, ICollection<Diagnostic> diagnostics)
    {
        var parser = new ExprParser(source, diagnostics);
        var expr = parser.Or();
        if (expr is null)
            return null;
        parser.Blanks();
        return parser.at == parser.text.Length ? expr : parser.Trailing();
    }

    /// <summary>The path that is the whole text, or null; null with a diagnostic only when <paramref name="diagnostics"/> is not.</summary>
    public static Expr.Path? ParsePath(ExprSource source, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        if (Parse(source, found) is Expr.Path path)
            return path;
        if (found.Count > 0)
            foreach (var diagnostic in found)
                diagnostics.Add(diagnostic);
        else
            diagnostics.Add(At(source, 0, "Only a path can stand here."));
        return null;
    }

    /// <summary>Elements as they stand below a segment of a map that writes, as the end of a path that starts with its tag; null after a diagnostic.</summary>
    public static Expr.Path? ParseElement(ExprSource source, PathStep segment, ICollection<Diagnostic> diagnostics)
    {
        var parser = new ExprParser(source, diagnostics);
        if (PathParser.ReadElement(source, ref parser.at, parser.Failure) is not { } parts)
            return null;
        if (parser.at < parser.text.Length)
        {
            parser.Fail(parser.at, $"'{Shorten(parser.text[parser.at..])}' cannot follow an element.", "C186.6060, C212[SA], 04, ID[VN]");
            return null;
        }
        return new(false, [segment], parts, false, source, 0, parser.text.Length);
    }

    Expr? Trailing()
    {
        var rest = text[at..];
        string? hint = rest[0] switch
        {
            '+' or '-' or '*' or '/' => "blanks are required on both sides of an operator",
            '?' => "one ? is enough; ?? needs a default after it",
            ')' => "there is one ) too many",
            '=' when rest.StartsWith("==", StringComparison.Ordinal) => "equality is written =",
            '&' or '|' => "write and / or",
            _ => null,
        };
        return Fail(at, $"'{Shorten(rest)}' cannot follow '{Shorten(text[..at].TrimEnd(), fromEnd: true)}'.", hint);
    }

    Expr? Or() => Chain(And, "or", BinaryOperator.Or);

    Expr? And() => Chain(Not, "and", BinaryOperator.And);

    Expr? Chain(Func<Expr?> operand, string word, BinaryOperator op)
    {
        var left = operand();
        while (left is not null && Word(word))
        {
            if (operand() is not { } right)
                return null;
            left = new Expr.Binary(op, left, right, source, left.At, right.End);
        }
        return left;
    }

    Expr? Not()
    {
        Blanks();
        var start = at;
        if (!Word("not"))
            return Comparison();
        return Comparison() is { } operand ? new Expr.Not(operand, source, start, operand.End) : null;
    }

    Expr? Comparison()
    {
        if (Coalesce() is not { } left)
            return null;
        var before = at;
        var negated = Word("not");
        if (Word("in"))
            return In(left, negated);
        if (negated)
        {
            at = before;
            return left;
        }
        if (ComparisonOperator() is not { } op)
            return left;
        return Coalesce() is { } right ? new Expr.Binary(op, left, right, source, left.At, right.End) : null;
    }

    BinaryOperator? ComparisonOperator()
    {
        Blanks();
        (string Sign, BinaryOperator Op)[] signs =
        [
            ("!=", BinaryOperator.NotEqual), ("<=", BinaryOperator.LessOrEqual), (">=", BinaryOperator.GreaterOrEqual),
            ("=", BinaryOperator.Equal), ("<", BinaryOperator.Less), (">", BinaryOperator.Greater),
        ];
        foreach (var (sign, op) in signs)
        {
            if (!Looking(sign) || Looking("=="))
                continue;
            at += sign.Length;
            return op;
        }
        return null;
    }

    Expr? In(Expr left, bool negated)
    {
        Blanks();
        if (!Take('('))
            return Fail(at, "'in' needs a list in parentheses.", "write x in ('A', 'B')");
        var items = List();
        return items is null ? null : new Expr.In(left, items, negated, source, left.At, at);
    }

    Expr? Coalesce()
    {
        if (Sum() is not { } left)
            return null;
        Blanks();
        if (!Looking("??"))
            return left;
        at += 2;
        // To the right: a ?? b ?? c is a ?? (b ?? c).
        if (++depth > DepthMax)
            return TooDeep();
        var right = Coalesce();
        depth--;
        return right is null ? null : new Expr.Binary(BinaryOperator.Coalesce, left, right, source, left.At, right.End);
    }

    Expr? Sum() => Operators(Product, ('+', BinaryOperator.Add), ('-', BinaryOperator.Subtract));

    Expr? Product() => Operators(Primary, ('*', BinaryOperator.Multiply), ('/', BinaryOperator.Divide));

    Expr? Operators(Func<Expr?> operand, params ReadOnlySpan<(char Sign, BinaryOperator Op)> signs)
    {
        var left = operand();
        while (left is not null && OperatorAhead(signs) is { } op)
        {
            if (operand() is not { } right)
                return null;
            left = new Expr.Binary(op, left, right, source, left.At, right.End);
        }
        return left;
    }

    // An arithmetic operator has blanks on both sides: without them - is a sign, * means all repeats and / descends.
    BinaryOperator? OperatorAhead(ReadOnlySpan<(char Sign, BinaryOperator Op)> signs)
    {
        var ahead = at;
        while (ahead < text.Length && char.IsWhiteSpace(text[ahead]))
            ahead++;
        if (ahead == at || ahead + 1 >= text.Length || !char.IsWhiteSpace(text[ahead + 1]))
            return null;
        foreach (var (sign, op) in signs)
        {
            if (text[ahead] != sign)
                continue;
            at = ahead + 1;
            return op;
        }
        return null;
    }

    Expr? Primary()
    {
        Blanks();
        if (at >= text.Length)
            return Fail(at, text.Length == 0 ? "An expression is missing here." : $"'{Shorten(text, fromEnd: true)}' is not finished.");
        var c = text[at];
        if (char.IsAsciiDigit(c) || (c == '-' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number();
        if (char.IsAsciiLetterLower(c))
            return Named();
        if (char.IsAsciiLetterUpper(c) || c == '/')
            return PathParser.Read(source, ref at, Failure);
        return c switch
        {
            '\'' => Quoted(),
            '$' => Variable(),
            '(' => Parenthesis(),
            '"' => Fail(at, "A text inside an expression is written in single quotes.", "write 'text'"),
            _ => Fail(at, $"'{c}' cannot start a value.", c is '!' ? "write not" : null),
        };
    }

    Expr? Parenthesis()
    {
        var open = at++;
        if (++depth > DepthMax)
            return TooDeep();
        var inner = Or();
        depth--;
        if (inner is null)
            return null;
        Blanks();
        return Take(')') ? inner with { At = open, End = at } : Fail(at, "A ) is missing.", $"the ( at column {source.PlaceOf(open).Column} is open");
    }

    Expr? Number()
    {
        var start = at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
            at++;
        var digits = text[start..at];
        return decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new Expr.Number(value, source, start, at)
            : Fail(start, $"'{digits}' is not a number.");
    }

    Expr? Quoted()
    {
        var start = at++;
        while (at < text.Length)
        {
            if (text[at] != '\'')
            {
                at++;
                continue;
            }
            if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                at += 2;
                continue;
            }
            at++;
            return new Expr.Quoted(text[(start + 1)..(at - 1)].Replace("''", "'", StringComparison.Ordinal), source, start, at);
        }
        return Fail(start, "The closing ' of this text is missing.", "in a plain YAML value ' #' starts a comment; write the expression under >- if it holds one");
    }

    Expr? Variable()
    {
        var start = at++;
        var name = LowerName();
        if (name.Length == 0)
            return Fail(start, "A name is missing after $.", "$partner.id, $env.date, $msg.reference, $file.name, $n or $table.column");
        string? member = null;
        if (Take('.'))
        {
            member = LowerName();
            if (member.Length == 0)
                return Fail(at, $"A name is missing after ${name}.");
        }
        return new Expr.Variable(name, member, Optional(), source, start, at);
    }

    Expr? Named()
    {
        var start = at;
        var name = LowerName();
        if (name is "true" or "false")
            return new Expr.Truth(name == "true", source, start, at);
        if (name == "null")
            return new Expr.Null(source, start, at);
        if (Take('('))
        {
            if (++depth > DepthMax)
                return TooDeep();
            var arguments = List();
            depth--;
            return arguments is null ? null : new Expr.Call(name, arguments, source, start, at);
        }
        string? member = null;
        if (Looking(".") && at + 1 < text.Length && char.IsAsciiLetterLower(text[at + 1]))
        {
            at++;
            member = LowerName();
        }
        var optional = Optional();
        return member is null ? new Expr.Bare(name, optional, source, start, at) : new Expr.Field(name, member, optional, source, start, at);
    }

    // The items up to and with the closing parenthesis.
    List<Expr>? List()
    {
        var open = at - 1;
        var items = new List<Expr>();
        Blanks();
        if (Take(')'))
            return items;
        while (true)
        {
            if (Or() is not { } item)
                return null;
            items.Add(item);
            Blanks();
            if (Take(')'))
                return items;
            if (Take(','))
                continue;
            if (at < text.Length)
                Trailing();
            else
                Fail(at, "A ) is missing.", $"the ( at column {source.PlaceOf(open).Column} is open");
            return null;
        }
    }

    string LowerName()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterLower(text[at]) || text[at] == '_' || (at > start && char.IsAsciiDigit(text[at]))))
            at++;
        return text[start..at];
    }

    // '??' after a value is the operator, never two question marks.
    bool Optional() => !Looking("??") && Take('?');

    bool Word(string word)
    {
        Blanks();
        if (!Looking(word) || (at + word.Length < text.Length && (char.IsAsciiLetterOrDigit(text[at + word.Length]) || text[at + word.Length] == '_')))
            return false;
        at += word.Length;
        return true;
    }

    void Blanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }

    bool Looking(string sign) => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0;

    bool Take(char c)
    {
        if (at >= text.Length || text[at] != c)
            return false;
        at++;
        return true;
    }

    Expr? TooDeep() => Fail(at, $"The expression is nested more than {DepthMax} deep.");

    Expr? Fail(int where, string message, string? hint = null)
    {
        Failure(where, message, hint);
        return null;
    }

    // One syntax error per expression: what follows it would be guesswork.
    void Failure(int where, string message, string? hint)
    {
        if (!failed)
            diagnostics.Add(At(source, where, message, hint));
        failed = true;
    }

    static Diagnostic At(ExprSource source, int where, string message, string? hint = null)
    {
        var place = source.PlaceOf(where);
        return new(place.File, place.Line, place.Column, MapCodes.Syntax, message, hint);
    }

    internal static string Shorten(string text, bool fromEnd = false) =>
        text.Length <= 24 ? text : fromEnd ? "…" + text[^24..] : text[..24] + "…";
}
