using System.Globalization;

namespace DistributorHub.Worker.Partners;

/// <summary>The sections <c>hold</c> and <c>approvals</c> of a partner file.</summary>
static class HoldReader
{
    /// <summary>The words of <c>when</c>.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<HoldKind>().Select(HoldRule.NameOf)];

    /// <summary>Longest time a document may wait.</summary>
    static readonly TimeSpan ExpiresMax = TimeSpan.FromDays(366);

    /// <param name="file">The partner's file.</param>
    /// <param name="currency">The partner's currency, in which limits are; null = none is said.</param>
    public static List<HoldRule> Rules(Section file, string? currency)
    {
        var rules = new List<HoldRule>();
        if (!file.Has("hold"))
            return rules;
        foreach (var entry in file.Sections("hold", "when a document waits for people"))
            if (Rule(entry, currency) is { } rule)
            {
                if (rules.Exists(other => (other.Kind, other.Table, other.Column, other.Against) == (rule.Kind, rule.Table, rule.Column, rule.Against)))
                    entry.Report(entry.Map, "PTN1008", $"The rule '{rule.Name}' stands here twice.", "remove one of them");
                rules.Add(rule);
            }
        return rules;
    }

    static HoldRule? Rule(Section entry, string? currency)
    {
        var before = entry.Mistakes;
        var kind = Kind(entry);
        var of = entry.Text("of")?.Split('.') ?? [];
        if (of.Length > 2 || of.Any(part => part.Length == 0))
            entry.Report(entry.Scalar("of")!, "PTN1004", $"'of' is '{entry.Text("of")}'.", "write a table, or a table and its column: orders.total_amount");
        var says = entry.Scalar("currency");
        var saying = says?.Text.Split('.') ?? ["", ""];
        if (says is not null && (saying.Length != 2 || saying.Any(part => part.Length == 0)))
            entry.Report(says, "PTN1004", $"'currency' is '{says.Text}'.", "write the table and its column: orders.currency");
        else if (says is not null && currency is null)
            entry.Report(says, "PTN1001", "Nothing says in what currency 'over' is.", "write the partner's 'currency', such as EUR, at the top of the file");
        var rule = new HoldRule(kind ?? HoldKind.Test, of.Length > 0 ? of[0] : "", of.Length > 1 ? of[1] : null)
        {
            Over = Over(entry, kind),
            Times = entry.Text("times"),
            Per = entry.Text("per"),
            Currency = (saying[0], saying[^1]),
            OverCurrency = currency,
            Against = entry.Text("against"),
            Key = entry.Texts("key")?.Select(column => column.Text).ToArray() ?? [],
        };
        entry.Finish();
        if (kind is { } known)
            Check(entry, rule, known);
        return entry.Mistakes == before ? rule : null;
    }

    static HoldKind? Kind(Section entry)
    {
        entry.Required("when", $"one of {string.Join(", ", Words)}");
        return entry.Value<HoldKind>("when", $"one of {string.Join(", ", Words)}",
            text => Words.ToList().IndexOf(text.ToLowerInvariant()) is >= 0 and var place ? (HoldKind)place : null);
    }

    static decimal Over(Section entry, HoldKind? kind)
    {
        var share = kind == HoldKind.PriceChange;
        return entry.Value<decimal>("over", share ? "a percentage such as 10%" : "a number without %", text =>
        {
            if (kind is not null && text.EndsWith('%') != share)
                return null;
            return decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? text.EndsWith('%') ? number / 100 : number : null;
        }) ?? 0;
    }

    /// <summary>What each kind of rule needs, and what it has no use for.</summary>
    static void Check(Section entry, HoldRule rule, HoldKind kind)
    {
        var isPrice = kind is HoldKind.Amount or HoldKind.PriceChange;
        if (isPrice || kind == HoldKind.NewItem)
            entry.Required("of", isPrice ? "the column that is looked at, such as orders.total_amount" : "the table whose rows are looked at");
        if (isPrice && rule.Table.Length > 0 && rule.Column is null)
            entry.Report(entry.Map, "PTN1004", $"'of' is '{rule.Table}', which is a table.", $"write table and column: {rule.Table}.…");
        if (isPrice)
            entry.Required("over", kind == HoldKind.Amount ? "the largest amount that passes" : "the largest change that passes, such as 10%");
        Refuse("of", isPrice || kind == HoldKind.NewItem);
        Refuse("over", isPrice || kind == HoldKind.NewItem);
        Refuse("times", kind == HoldKind.Amount);
        Refuse("per", kind == HoldKind.Amount);
        Refuse("currency", kind == HoldKind.Amount);
        Refuse("against", kind is HoldKind.PriceChange or HoldKind.NewItem);
        Refuse("key", kind is HoldKind.PriceChange or HoldKind.NewItem);
        if (rule.Against is not null && rule.Key.Count == 0)
            entry.Report(entry.Map, "PTN1001", $"'against' names the xref '{rule.Against}', and there is no 'key'.", "write the columns whose values it is asked with: key: [gtin]");

        void Refuse(string setting, bool fits)
        {
            if (!fits && entry.Has(setting))
                entry.Report(entry.Node(setting)!, "PTN1002", $"The rule '{rule.Name}' has no '{setting}'.", "remove it");
        }
    }

    public static ApprovalPolicy Approvals(Section section, IReadOnlyList<HoldRule> rules)
    {
        var defaults = new ApprovalPolicy();
        var policy = new ApprovalPolicy
        {
            Needed = section.Number("needed", defaults.Needed, 1, 20),
            Expires = section.Has("expires") ? section.Duration("expires", ExpiresMax, TimeSpan.FromMinutes(1), ExpiresMax) : null,
            Expired = section.Choice("expired", defaults.Expired),
            Approvers = section.Has("approvers") ? Approvers(section) : [],
        };
        section.Finish();
        if (policy.Approvers.Count > 0 && policy.Needed > policy.Approvers.Count)
            section.Report(section.Map, "PTN1004", $"'needed' is {policy.Needed}, and there are {policy.Approvers.Count} approvers: nothing could ever be approved.", "name more approvers, or need fewer");
        if (policy.Approvers.Any(approver => approver.UpTo is not null) && !rules.Any(rule => rule.Kind == HoldKind.Amount))
            section.Report(section.Map, "PTN1004", "An approver has 'up_to', and no rule says what the amount of a document is.", "add a rule to 'hold': { when: amount, of: orders.total_amount, over: … }");
        return policy;
    }

    static List<Approver> Approvers(Section section)
    {
        var approvers = new List<Approver>();
        foreach (var entry in section.Sections("approvers", "who may approve"))
        {
            var approver = new Approver(entry.Required("user", "the name they sign in with").Trim(), entry.Value<decimal>("up_to", "an amount, such as 50000",
                text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null));
            if (approvers.Exists(other => other.User == approver.User))
                entry.Report(entry.Map, "PTN1008", $"'{approver.User}' stands here twice.", "remove one of them");
            entry.Finish();
            approvers.Add(approver);
        }
        return approvers;
    }
}
