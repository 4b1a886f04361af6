using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Merges staged tables into the seller's, parents first, each by its policy.</summary>
sealed class Merge(
    MergeSession sql, TargetDefinition target, IReadOnlyList<StagedTable> tables, Findings findings, TimeProvider clock,
    IReadOnlyDictionary<string, string[]>? replayed, DocumentIdentity document, HoldCheck holds)
{
    readonly bool replay = document.Replay;

    readonly Dictionary<string, long> rows = new(StringComparer.Ordinal);
    readonly Dictionary<string, string[]> versions = new(StringComparer.Ordinal);

    /// <summary>Rows merged by table.</summary>
    public IReadOnlyDictionary<string, long> Rows => rows;

    /// <summary>Ids of the versioned rows by table, so that a replay finds its own versions again.</summary>
    public IReadOnlyDictionary<string, string[]> Versions => versions;

    readonly CatalogueLook catalogue = new(sql, tables);

    /// <summary>What a list of prices does; null for other documents. After <see cref="Run"/>.</summary>
    public Task<CatalogueReview?> Review() => catalogue.End();

    /// <summary>Null when all is merged; else why not, and the caller rolls back.</summary>
    public async Task<LoadOutcome?> Run()
    {
        foreach (var staged in tables)
        {
            if (await MergeTable(staged) is { } stopped)
                return stopped;
        }
        // After the writes: what stood in the match before them is still what happened.
        foreach (var table in (await sql.Query<Outcome>(string.Join(" union all ", tables.Select(MergeSql.CountMatched)))).GroupBy(outcome => outcome.Place))
        {
            var name = tables[table.Key].Table.Name;
            rows[name] = table.Single(outcome => outcome.Id is null).Matched ?? 0;
            if (tables[table.Key] is { Table.Policy: TablePolicy.Version, Rows: > 0 })
                versions[name] = [.. table.Select(outcome => outcome.Id).OfType<string>()];
        }
        return null;
    }

    async Task<LoadOutcome?> MergeTable(StagedTable staged)
    {
        var text = new MergeSql(staged, replay);
        var removal = new Removal(sql, staged.Dialect, target, document.Differences);
        var before = new
        {
            replayed = JsonSerializer.Serialize(replayed?.GetValueOrDefault(staged.Table.Name) ?? []),
            full = staged.Table.Catalogue?.FullWhen?.Value,
        };
        staged.MatchesOnce = text.MatchesOnce;
        if (staged.Dialect.KeptMatch(staged.Match, staged.IdType, staged.ParentType) is { } create)
            sql.Keep(staged.Match, create);
        await Run(text.FillMatch());
        if (staged.Dialect.Settle(staged.Match, null, staged.Rows) is { } settle)
            sql.Queue(settle);
        if (staged.Rows > 0 && await FindFaults(staged, text))
            return new LoadOutcome.Refused();
        if (staged.Rows > 0 && OlderList.Of(staged) is { } older)
            await older.Report(sql, findings);
        if (document.Differences is { } differences)
            await differences.Take(sql, staged, text, before);
        if (staged.Rows > 0)
        {
            await holds.Compare(staged);
            await catalogue.Look(staged);
        }
        if (staged.Table.Catalogue is not null)
            await EndMissing(staged, removal);
        if (staged.Table.Policy == TablePolicy.Children)
            await removal.Remove(staged.Table, $"{staged.Parent!.MatchRows} p", text.Gone);
        if (text.EndOrphans is { } endOrphans)
            await Run(endOrphans);
        if (staged.Rows > 0)
            await Write(staged, text, removal);
        return null;

        // What needs no parameters need not go to the server on its own.
        Task Run(string statement)
        {
            if (statement.Contains('@'))
                return sql.Execute(statement, before);
            sql.Queue(statement);
            return Task.CompletedTask;
        }
    }

    async Task Write(StagedTable staged, MergeSql text, Removal removal)
    {
        if (staged.Table.Catalogue?.ActionColumn is not null)
            await Drop(staged, removal);
        foreach (var statement in new[] { text.EndCurrent, text.Update(), text.Insert() }.OfType<string>())
            sql.Queue(statement);
    }

    static Task Drop(StagedTable staged, Removal removal)
    {
        if (staged.Table.Id is { } id)
            return removal.Remove(staged.Table, $"{staged.MatchRows} r", $"t.{SellerDialect.Quote(id)} = r._id and r._drop and not r._new");
        var dropped = $"(select s.*, r._parent from {staged.Stage} s join {staged.Match} r on r._row = s._row where r._drop and not r._new) s";
        return removal.Remove(staged.Table, dropped, staged.SameKey("t", "s._parent"));
    }

    async Task EndMissing(StagedTable staged, Removal removal)
    {
        var list = new FullList(sql, staged, removal, clock);
        if (!list.IsPossible)
            return;
        var end = await list.EndMissing(document.Approved, document.Differences);
        catalogue.Lose(staged, end);
        if (end.Kept > 0)
            findings.Add((await OlderList.First(sql, staged.Parent!)).ToFinding(LoadCodes.NothingEnded, Severity.Warning, staged.Table.Name,
                FormattableString.Invariant($"Rows of the full list were left out for their faults, so the {end.Kept:N0} rows of '{staged.Table.Name}' that it does not mention stay as they are: one of those left out may be among them."),
                "The next full list without faults ends them; ask the partner for one."));
        if (end.Guard is not { } guard)
            return;
        // A warning: the message is as it should be, and acknowledged so. A person decides what becomes of it.
        var at = await OlderList.First(sql, staged.Parent!);
        findings.Add(at.ToFinding(LoadCodes.Held, Severity.Warning, guard.Table, guard.Message,
            "Compare it with the list before, or ask the partner. If it is whole, 'hub exchange approve' loads it as it is; if not, 'hub exchange reject' ends it.")
            with
        { Found = guard.Found, Expected = guard.Expected });
        holds.Add(new("missing_rows", guard.Message));
    }

    async Task<bool> FindFaults(StagedTable staged, MergeSql text)
    {
        var before = findings.Errors;
        var table = staged.Table;
        if (text.Ambiguous is { } ambiguous)
        {
            foreach (var fault in await sql.Query<Fault>(ambiguous))
            {
                Report(staged, LoadCodes.Ambiguous, Severity.Error, fault, $"Several rows of {staged.Sql} have this key, so it is not clear which of them is meant.",
                    $"Make the key ({string.Join(", ", table.Key)}) unique in the seller's table; 'hub target check' names the index.");
            }
        }
        if (table.Policy == TablePolicy.Insert && !replay)
        {
            foreach (var fault in await sql.Query<Fault>(text.Existing))
            {
                Report(staged, LoadCodes.Exists, Severity.Error, fault, $"{staged.Sql} has a row with this key already, and its policy is insert.",
                    "Ask the partner whether this document was meant to replace the earlier one; if so, use the policy update or version.");
            }
        }
        if (table.Version?.NewerBy is { } newer && table.Policy is TablePolicy.Update or TablePolicy.Version)
        {
            foreach (var fault in await sql.Query<Fault>(text.Older))
            {
                Report(staged, LoadCodes.Older, Severity.Warning, fault, $"What {staged.Sql} holds is newer, going by '{newer}', so this row "
                    + (table.Policy == TablePolicy.Version ? "was added as a version that is not current." : "was ignored."), null);
            }
        }
        return findings.Errors > before;
    }

    sealed class Outcome
    {
        public int Place { get; set; }

        public long? Matched { get; set; }

        public string? Id { get; set; }
    }

    void Report(StagedTable staged, string code, Severity severity, Fault fault, string message, string? advice) =>
        findings.Add(fault.ToFinding(code, severity, $"{staged.Table.Name}.{string.Join('+', staged.Table.Key)}", message, advice));
}
