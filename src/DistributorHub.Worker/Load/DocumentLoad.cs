using System.Data.Common;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Load;

/// <summary>One document on its way: staged rows, then one transaction that merges them and writes the hub_inbox row.</summary>
sealed class DocumentLoad(DbConnection connection, Staging staging, TargetDefinition target, LiveSchema schema, TimeProvider clock) : ILoad
{
    public void Write(RowBatch batch) => staging.Write(batch);

    public void Miss(TableDefinition table, long parentRow) => staging.Miss(table, parentRow);

    public async Task<LoadOutcome> Commit(DocumentIdentity document, Findings findings, CancellationToken cancellation)
    {
        staging.Finish();
        try
        {
            return await Merge(document, findings, cancellation);
        }
        catch (DbException e) when (schema.Dialect.Blame(e) is { } blame)
        {
            schema.Forget();
            findings.Add(new()
            {
                Code = LoadCodes.Constraint,
                Severity = Severity.Error,
                At = default,
                Found = blame.Length > Limits.QuotedCharsMax ? blame[..Limits.QuotedCharsMax] : blame,
                Message = $"The seller's database refused the rows: {blame}",
                Advice = "Compare the message with the rule the database names; 'hub target check' shows rules that the target does not know.",
            });
            return new LoadOutcome.Refused();
        }
        catch
        {
            schema.Forget();
            throw;
        }
    }

    // Where rows were left out it is not the whole content that is loaded: when it is sent again and more of its rows are right, those are wanted.
    DocumentIdentity AsStaged(DocumentIdentity document) => staging.Tables.All(table => table.Missed.Count == 0) ? document
        : document with { BodyHash = $"{document.BodyHash} with {string.Join(", ", staging.Tables.Select(table => FormattableString.Invariant($"{table.Table.Name} {table.Rows}")))}" };

    /// <summary>Another document of the same number that is loaded, and what is to be done about it; null when this one is loaded.</summary>
    async Task<LoadOutcome?> FindTwin(Inbox inbox, Inbox.Known known, DocumentIdentity document, DocumentIdentity content, CancellationToken cancellation)
    {
        var isCopy = document.Purpose == DocumentPurpose.Duplicate;
        if ((document.SameContent != OnSuspected.Process || isCopy) && (known.SameContent
            ?? (content == document ? null : await inbox.FindSameContent(content, cancellation))) is { } original)
            return document.SameContent != OnSuspected.Hold || isCopy ? new LoadOutcome.Duplicate(original)
                : document.Approved ? null : new LoadOutcome.Suspected(original, SameContent: true);
        // Lists of prices come under one number again and again, and have guards of their own.
        // Where the partner has a hold rule for it, that one speaks.
        if (document.Number is null || document.Approved || document.Holds.Any(rule => rule.Kind == HoldKind.Duplicate) || !(isCopy || document is { Purpose: DocumentPurpose.Original, SameNumber: OnDocument.Hold })
            || staging.Tables.Any(table => table.Table.Policy == TablePolicy.Catalogue))
            return null;
        return known.SameNumber is { } other ? new LoadOutcome.Suspected(other, SameContent: false) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (connection.State == System.Data.ConnectionState.Open)
            staging.Release();
        await connection.DisposeAsync();
    }

    async Task<LoadOutcome> Merge(DocumentIdentity document, Findings findings, CancellationToken cancellation)
    {
        // Documents of one partner for the same root table are merged one after the other: this makes "exactly one of two workers loads it",
        // the search for equal content, and the numbering of versions true. Dying here, the database rolls back and frees the lock.
        var subject = $"{document.Partner}/{staging.Tables[0].Sql}";
        var (transaction, session) = await schema.Dialect.Begin(connection, subject, cancellation);
        await using var ending = transaction;
        var inbox = new Inbox(transaction, clock);
        var known = await inbox.Find(document, cancellation);
        var last = known.Last;
        var sql = new MergeSession(transaction, session, cancellation);
        if (last is { } loaded && (!document.Replay || document.Replaces > 0 && loaded.Revision > document.Replaces))
        {
            if (staging.Tables.Any(table => table is { Table.Catalogue: not null, Rows: > 0 }))
                await staging.Fill(sql, cancellation);
            return new LoadOutcome.AlreadyLoaded(loaded.Revision) { Review = await new CatalogueLook(sql, staging.Tables).Loaded() };
        }
        var content = AsStaged(document);
        if (last is null && await FindTwin(inbox, known, document, content, cancellation) is { } twin)
            return twin;
        await schema.Compare(staging.Tables, connection, transaction, cancellation);
        if (staging.Fault is { } fault)
        {
            findings.Add(fault);
            return new LoadOutcome.Refused();
        }

        foreach (var table in staging.Tables)
            table.Reinstates = document.Reinstates;
        await staging.Fill(sql, cancellation);
        if (!await new StagingChecks(sql, findings).Pass(staging.Tables))
            return new LoadOutcome.Refused();
        var holds = new HoldCheck(sql, target, document, findings, waived: document.Approved || last is not null);
        await holds.Look(staging.Tables, schema, connection, transaction, cancellation);
        // Parents are before their children already; rows may also refer to each other by natural keys.
        var tables = LiveTable.ReferredFirst(staging.Tables, (table, other) => table.Parent == other || table.Live.RefersTo(other.Live)).ToList();
        var merge = new Merge(sql, target, tables, findings, clock, last?.Versions, document with { Replay = last is not null }, holds);
        if (await merge.Run() is { } stopped)
            return stopped;
        // Known to fit the tables: what is approved later loads, unless they have changed by then.
        var review = await merge.Review();
        if (holds.Outcome is { } held)
            return held with { Review = review };
        // Left without a commit, the transaction takes back what it did.
        if (document.Differences is { IsTrial: true })
            return new LoadOutcome.Compared();
        if (document.Differences is { Departs: true } differences)
            return new LoadOutcome.Departed(differences.Departures());

        var revision = (last?.Revision ?? 0) + 1;
        if (sql.Kept.Count > 0 && schema.Dialect.Remember(sql.Kept) is { } remember)
            sql.Queue(remember);
        await sql.Flush();
        await inbox.Add(content, revision, merge.Versions, cancellation);
        await using var kept = document.Keep is { } keep ? await keep(cancellation) : null;
        await transaction.CommitAsync(cancellation);
        return new LoadOutcome.Loaded(revision, merge.Rows) { Review = review };
    }
}
