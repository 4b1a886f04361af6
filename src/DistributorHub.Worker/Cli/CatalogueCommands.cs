using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub catalogue list | show | rollback</c>: what price lists changed, and the way back to the one before.</summary>
static class CatalogueCommands
{
    public static Command Create() => new("catalogue", "Price lists: what each changed, which one counts, and back to the one before.") { List(), Show(), Rollback() };

    static Command List()
    {
        var partner = Inputs.Text("--partner", "Only this partner's.");
        var limit = Inputs.Count("--limit", "How many.", 50);
        var json = Inputs.Json();
        var command = new Command("list", "Lists price lists: those that are held first, then the newest.") { partner, limit, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var lists = await hub.Catalogues.List(parsed.GetValue(partner), parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json))
                Json.Print(writer => JsonSerializer.Serialize(writer, lists.Select(Shown), Json.Options));
            else if (lists.Count == 0)
                Console.WriteLine("No price lists.");
            else
                TextTable.Write(Console.Out, ["exchange", "list", "partner", "state", "kind", "items", "new", "changed", "removed", "read (UTC)"], lists.Select(list =>
                {
                    var review = list.Review();
                    return new[]
                    {
                        Text(list.ExchangeId), list.Name, list.Partner, State(list), list.IsFull ? "full" : "changes", Text(review.Items), Text(review.New), Text(review.Changed), Text(review.Removed),
                        (list.LoadedAt ?? list.MadeAt).UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    };
                }));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Show()
    {
        var id = Inputs.Exchange();
        var document = new Option<int?>("--document") { Description = "The list at this place in the file; default the first." };
        var json = Inputs.Json();
        var command = new Command("show", "Shows what a price list changed, or would change.") { id, document, json };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (await hub.Catalogues.Find(parsed.GetValue(id), parsed.GetValue(document), cancellation) is not { } list)
                return Commands.Refuse($"Exchange #{parsed.GetValue(id)} has no such price list that was loaded or held. 'hub catalogue list' shows them.");
            if (parsed.GetValue(json))
                Json.Print(writer => JsonSerializer.Serialize(writer, Shown(list), Json.Options));
            else
                Print(list, (await hub.Catalogues.Line(list, cancellation)).Previous);
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }

    static Command Rollback()
    {
        var (id, reason) = DecisionCommands.Arguments();
        var to = new Option<long?>("--to") { Description = "Exchange of the list that is to count again. Default the one loaded before." };
        var command = new Command("rollback", "Takes back the price list that counts: the one before is read again, in its place. Exit code 1 when nothing was done, or it fails.") { id, reason, to };
        command.SetAction((parsed, cancellation) => DecisionCommands.Decide(parsed.GetValue(id), async (hub, _) =>
        {
            var asked = await hub.Catalogues.Rollback(parsed.GetValue(id), parsed.GetValue(to), Environment.UserName, parsed.GetValue(reason)!, cancellation);
            (asked.Done ? Console.Out : Console.Error).WriteLine(Harmless.Text(asked.Sentence));
            return asked.Done ? await ExchangeCommands.RunAgain(hub, (await hub.Queries.Show(asked.Exchange, cancellation))!.Exchange, cancellation) : ExitCode.Findings;
        }, cancellation));
        return command;
    }

    static void Print(CatalogueRow list, CatalogueRow? previous)
    {
        var review = list.Review();
        Console.WriteLine(Harmless.Text($"{list.Type} {list.Name} of {list.Partner}, {(list.IsFull ? "full list" : "changes only")}, {State(list)}: #{list.ExchangeId} ({list.File})"));
        if (review.Before is { } before)
            Console.WriteLine($"  items before      {Text(before)}");
        Console.WriteLine($"  items             {Text(review.Items)}");
        if (review.IsCompared)
            Console.WriteLine($"  new               {Text(review.New)}\n  changed           {Text(review.Changed)}\n  removed           {Text(review.Removed)}");
        Console.WriteLine(FormattableString.Invariant($"  prices changed    {review.PriceChanges}{(review.Median is { } median ? $", median {median:0.#} %" : "")}"));
        for (var i = 0; i < review.Histogram.Count; i++)
            if (review.Histogram[i] > 0)
                Console.WriteLine(FormattableString.Invariant($"    {Bar(i),-12}    {review.Histogram[i]}"));
        Console.WriteLine($"  terms changed     {Text(review.Terms)}");
        foreach (var price in review.Samples.Prices.Take(10))
            Console.WriteLine(Harmless.Text(FormattableString.Invariant($"    {price.Item}: {price.Was} -> {price.Becomes} ({price.Percent:+0.#;-0.#} %)")));
        if (list.IsLive && previous is not null)
            Console.WriteLine(Harmless.Text($"'hub catalogue rollback {list.ExchangeId} --reason …' makes {previous.Name} (#{previous.ExchangeId}) count again."));
    }

    static string Bar(int bar)
    {
        var bounds = CatalogueReview.Bars;
        return bar == 0 ? $"< {bounds[0]} %" : bar == bounds.Count ? $"> {bounds[^1]} %" : $"{bounds[bar - 1]} to {bounds[bar]} %";
    }

    static string State(CatalogueRow list) =>
        list.IsLive ? "live" : list.RolledBackAt is not null ? "rolled back" : list is { LoadedAt: not null, IsFull: true } ? "replaced" : list.State.ToString().ToLowerInvariant();

    static object Shown(CatalogueRow list)
    {
        var review = list.Review();
        return new
        {
            Exchange = list.ExchangeId,
            Document = list.Ordinal,
            list.Partner,
            list.Type,
            Number = list.Name,
            State = State(list),
            list.IsFull,
            Read = list.MadeAt,
            Loaded = list.LoadedAt,
            RolledBack = list.RolledBackAt,
            review.Before,
            review.Items,
            review.New,
            review.Changed,
            review.Removed,
            review.Older,
            review.PriceChanges,
            review.Median,
            review.Terms,
            Bars = CatalogueReview.Bars,
            review.Histogram,
            review.Samples,
        };
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
