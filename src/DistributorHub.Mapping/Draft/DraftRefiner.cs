using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Targets;
using RunCodes = DistributorHub.Mapping.Run.MapCodes;

namespace DistributorHub.Mapping.Draft;

/// <summary>
/// Makes a draft fit: it is compiled and run over the samples again and again, and each time what does not resolve, is absent, ambiguous, unknown or too
/// long is changed where that can be done without inventing a value. What cannot stays as it is, so that the map says it, and is a decision to take.
/// </summary>
sealed class DraftRefiner(DraftMap map, DraftTrial trial)
{
    // A rule is changed a few times at most, and every round changes one at least.
    const int RoundsMax = 400;

    readonly List<string> notes = [];
    readonly HashSet<(DraftRule, string)> tried = [];

    /// <summary>What was changed that a person should look at.</summary>
    public IReadOnlyList<string> Notes => notes;

    public DraftOutcome Refine()
    {
        for (var round = 0; ; round++)
        {
            var outcome = trial.Try(map);
            var changed = outcome.Mistakes.Count > 0 ? Mend(outcome) : Fit(outcome) || Use(outcome);
            if (!changed || round == RoundsMax)
                return outcome;
        }
    }

    /// <summary>Changes what does not compile; false when nothing of it can be changed.</summary>
    bool Mend(DraftOutcome outcome)
    {
        var changed = false;
        var touched = new HashSet<object>();
        foreach (var mistake in outcome.Mistakes)
        {
            if (mistake.File != map.File || !outcome.Written.Lines.TryGetValue(mistake.Line, out var at) || !touched.Add((object?)at.Rule ?? at.Block))
                continue;
            if (mistake.Code == Language.MapCodes.NoCodeList && at.Rule is { } coded && ListIn(coded.Text) is { } list && trial.Codes.TryAdd(list, new(StringComparer.Ordinal)))
                changed = true;
            else if (at.Rule is { LeftOut: null } adaptable && Adapt(adaptable, mistake, mistake.Column - at.Column))
                changed = true;
            else if (at.Rule is null || at.Block.Where == at.Rule)
                changed |= MendBlock(at.Block, at.Rule, mistake);
            else
                changed |= Replace(at.Rule, mistake.Message);
        }
        return changed;
    }

    /// <summary>Does what the hint of a mistake says: the element stands elsewhere in this release, or is a text there that has to become a number.</summary>
    bool Adapt(DraftRule rule, Diagnostic mistake, int at)
    {
        const string elsewhere = "it exists at ";
        if (rule.Quoted || mistake.Hint is not { } hint || at < 0 || at >= rule.Text.Length)
            return false;
        // What stands beside a number of our own is what has to become one.
        if (rule.Text[at] == '$' && rule.Text.LastIndexOf(" ?? ", at, StringComparison.Ordinal) is > 0 and var left)
            at = left - 1;
        int start = at, end = at;
        while (start > 0 && rule.Text[start - 1] is not (' ' or '(' or ','))
            start--;
        while (end < rule.Text.Length && rule.Text[end] is not (' ' or ')' or ',' or '?'))
            end++;
        var conversion = hint.Contains("use dec(", StringComparison.Ordinal) ? "dec" : hint.Contains("use int(", StringComparison.Ordinal) ? "int" : null;
        var text = hint.StartsWith(elsewhere, StringComparison.Ordinal) && !hint.Contains(',', StringComparison.Ordinal) ? string.Concat(rule.Text.AsSpan(0, start), hint.AsSpan(elsewhere.Length), rule.Text.AsSpan(end))
            : conversion is not null && mistake.Code == Language.MapCodes.ColumnType ? $"{conversion}({rule.Text})"
            : conversion is not null && mistake.Code == Language.MapCodes.OperandType ? string.Concat(rule.Text.AsSpan(0, start), $"{conversion}({rule.Text[start..end]})", rule.Text.AsSpan(end))
            : null;
        if (text is null || !tried.Add((rule, text)))
            return false;
        rule.Text = text;
        return true;
    }

    bool MendBlock(DraftBlock block, DraftRule? where, Diagnostic mistake)
    {
        if (block.LeftOut is not null)
            return false;
        // Rows without which there is no document: the map stays with the mistake, which says what is missing.
        if (map.Blocks.Count > 0 && block == map.Blocks[0] && where is null)
            return false;
        block.LeftOut = mistake.Message;
        return true;
    }

    /// <summary>Takes another rule for a column, or leaves the column out; what has to be there and has no rule is left to the check of the map.</summary>
    static bool Replace(DraftRule rule, string why)
    {
        if (rule.LeftOut is not null)
            return false;
        if (rule.Others.TryDequeue(out var other))
        {
            (rule.Text, rule.Quoted, rule.Note) = (other, false, null);
            return true;
        }
        if (rule.Likeliest is { } likeliest)
        {
            (rule.Likeliest, rule.Text, rule.Note) = (null, likeliest, null);
            return true;
        }
        rule.LeftOut = why;
        return true;
    }

    /// <summary>Changes what the samples show not to fit.</summary>
    bool Fit(DraftOutcome outcome)
    {
        var changed = false;
        var touched = new HashSet<DraftRule>();
        foreach (var (_, finding) in outcome.Findings)
        {
            if (Faults.RuleOf(finding) is not { } place || !outcome.Written.Lines.TryGetValue(place.Line, out var at) || at.Rule is not { LeftOut: null } rule || touched.Contains(rule))
                continue;
            // Codes are added all in one round: they do not change the rule.
            if (finding.Code == RunCodes.UnknownCode)
            {
                changed |= AddCode(at.Block, rule, place.Text, finding);
                continue;
            }
            var before = (rule.Text, rule.Note);
            // Where some of the numbers are right, the others are mistakes of the partner.
            if (finding.Code == RunCodes.CheckDigit && outcome.Coverages.SelectMany(coverage => coverage.Rules).Where(count => count.Place.Line == place.Line).Sum(count => count.Fired)
                > outcome.Findings.Count(other => other.Finding.Code == RunCodes.CheckDigit && Faults.RuleOf(other.Finding)?.Line == place.Line))
                continue;
            if (!Fit(at.Block, rule, finding.Code, place.Text, place.Column - at.Column) || (!tried.Add((rule, rule.Text)) && rule.Likeliest is not null))
            {
                (rule.Text, rule.Note) = before;
                continue;
            }
            touched.Add(rule);
            changed = true;
        }
        return changed;
    }

    bool Fit(DraftBlock block, DraftRule rule, string code, string part, int at)
    {
        if (block.Table?.Find(rule.Name) is not { } column || rule.Quoted || at < 0 || at + part.Length > rule.Text.Length || rule.Text.Substring(at, part.Length) != part)
            return false;
        var isKey = block.Table.Key.Contains(column.Name);
        switch (code)
        {
            case RunCodes.RequiredAbsent when column.Nullable && IsPath(part) && !part.EndsWith('?'):
                rule.Text = rule.Text.Insert(at + part.Length, "?");
                return true;
            case RunCodes.RequiredAbsent when column.Nullable && part.EndsWith(')') && part.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && IsPath(part[(open + 1)..^1]) && !part.EndsWith("?)", StringComparison.Ordinal):
                rule.Text = rule.Text.Insert(at + part.Length - 1, "?");
                return true;
            case RunCodes.RequiredAbsent when !column.Nullable && rule.Others.TryDequeue(out var other):
                (rule.Likeliest, rule.Text) = (rule.Likeliest ?? rule.Text, other);
                rule.Note = rule.FromBase ? $"instead of {rule.Likeliest}, which the samples do not have" : null;
                return true;
            case RunCodes.RequiredAbsent when !column.Nullable && rule.Likeliest is { } likeliest:
                (rule.Likeliest, rule.Text, rule.Note) = (null, likeliest, null);
                return true;
            case RunCodes.Ambiguous when !isKey && IsPath(part.TrimEnd('?')):
                rule.Text = string.Concat(rule.Text.AsSpan(0, at), $"first({part})", rule.Text.AsSpan(at + part.Length));
                return Say(block, rule, "several values stand there, and the first is taken");
            case RunCodes.CheckDigit when !isKey && Unwrapped(rule.Text) is { } plain:
                rule.Text = plain;
                return Say(block, rule, "the samples have numbers without a right check digit, so it is not tested");
            case RunCodes.TooLong when !isKey && column is { Kind: ColumnKind.Text, Length: { } length } && IsProse(column.Name):
                rule.Text = string.Create(CultureInfo.InvariantCulture, $"left({rule.Text}, {length})");
                return Say(block, rule, "the samples have longer texts, which are cut");
            case RunCodes.TooPrecise when !isKey && column.Kind == ColumnKind.Numeric:
                rule.Text = string.Create(CultureInfo.InvariantCulture, $"round({rule.Text}, {column.Scale})");
                return Say(block, rule, "the samples have more decimals, which are rounded");
            default:
                return false;
        }
    }

    /// <summary>True for what people write and read: a part of it says something, where a part of a number says something else.</summary>
    static bool IsProse(string column) => Words.Of(column).Exists(word => word is "description" or "name" or "note" or "street" or "city");

    bool Say(DraftBlock block, DraftRule rule, string note)
    {
        rule.Note = rule.Note is null ? note : $"{rule.Note}; {note}";
        notes.Add($"{block.Name}.{rule.Name}: {note}.");
        return true;
    }

    /// <summary>A code that no list has is taken as it is, into the partner's own list: what it means to us is for a person to say.</summary>
    bool AddCode(DraftBlock block, DraftRule rule, string part, Finding finding)
    {
        if (ListIn(part) is not { } list || finding.Found is not { Length: > 0 } code || code.Any(char.IsControl) || code.EndsWith('…')
            || block.Table?.Find(rule.Name) is { Kind: ColumnKind.Text, Length: { } length } && code.Length > length)
            return false;
        if (!trial.Codes.TryGetValue(list, out var codes))
            trial.Codes.Add(list, codes = new(StringComparer.Ordinal));
        if (!codes.TryAdd(code, code))
            return false;
        notes.Add($"{block.Name}.{rule.Name}: code {code} is in no list; it stands in {trial.CodeFile(list)} as it was sent.");
        return true;
    }

    /// <summary>Takes other rules for columns that were never filled, where the dictionary proposed some.</summary>
    static bool Use(DraftOutcome outcome)
    {
        var changed = false;
        foreach (var rule in outcome.Coverages.SelectMany(coverage => coverage.Rules).GroupBy(rule => rule.Place.Line).Where(rules => rules.All(rule => rule.Fired == 0) && rules.Any(rule => rule.Rows > 0)))
        {
            if (!outcome.Written.Lines.TryGetValue(rule.Key, out var at) || at.Rule is not { FromBase: false, LeftOut: null } unused || at.Block.Table?.Find(unused.Name) is not { } column)
                continue;
            if (unused.Others.TryDequeue(out var other))
                (unused.Likeliest, unused.Text, changed) = (unused.Likeliest ?? unused.Text, other, true);
            else if (column.Nullable)
                (unused.Text, unused.LeftOut, changed) = (unused.Likeliest ?? unused.Text, "never in the samples", true);
        }
        return changed;
    }

    /// <summary>True for a path alone, with or without a question mark.</summary>
    static bool IsPath(string text) => ExprParser.ParsePath(new("", text, new(text, Quoted: false, 1, 1)), []) is not null;

    /// <summary>The list of a <c>code(…, list)</c> in a rule, or null.</summary>
    public static string? ListIn(string text)
    {
        var at = text.IndexOf("code(", StringComparison.Ordinal);
        if (at < 0 || ExprParser.Parse(new("", text, new(text, Quoted: false, 1, 1)), []) is not { } expr)
            return null;
        return Calls(expr).FirstOrDefault(call => call.Name == "code")?.Arguments is [_, Expr.Bare list, ..] ? list.Value : null;
    }

    static IEnumerable<Expr.Call> Calls(Expr expr) => expr switch
    {
        Expr.Call call => call.Arguments.SelectMany(Calls).Prepend(call),
        Expr.Binary binary => Calls(binary.Left).Concat(Calls(binary.Right)),
        _ => [],
    };

    /// <summary>The argument of <c>gtin(…)</c> or <c>gln(…)</c> that is a whole rule, or null.</summary>
    static string? Unwrapped(string text) =>
        (text.StartsWith("gtin(", StringComparison.Ordinal) || text.StartsWith("gln(", StringComparison.Ordinal)) && text.EndsWith(')')
            ? text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1] : null;
}
