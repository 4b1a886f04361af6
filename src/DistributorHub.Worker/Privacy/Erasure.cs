using System.Text;
using Dapper;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Privacy;

/// <summary>What is erased: a person's data in all files that have a text of theirs, or all that belongs to one document.</summary>
/// <param name="Person">A text as it stands in the files, such as a name or an address; null to go by <paramref name="Number"/>.</param>
/// <param name="Number">Number of a document; null to go by <paramref name="Person"/>.</param>
/// <param name="Partner">Only this partner's, or null.</param>
readonly record struct ErasureRequest(string? Person, string? Number, string? Partner)
{
    /// <summary>Shorter texts are in nearly every file.</summary>
    public const int PersonCharsMin = 4;
}

/// <summary>What an erasure did, or would.</summary>
/// <param name="Exchanges">Exchanges whose bytes and quoted texts are gone.</param>
/// <param name="Rows">Rows of the seller's tables by table.</param>
/// <param name="Left">What was left as it is, and why: for a person to look at.</param>
sealed record ErasureReport(IReadOnlyList<long> Exchanges, IReadOnlyDictionary<string, long> Rows, IReadOnlyList<string> Left);

/// <summary>
/// Erases a person's data: the archived bytes and the files sent for them, texts that findings quote, and the values of columns marked pii. Hashes,
/// numbers of documents and control numbers stay, so that nothing is taken twice. The audit names the exchanges, never the person.
/// </summary>
sealed class Erasure(Database database, Database seller, Archive archive, IReadOnlyList<TargetDefinition> targets, Func<string, bool> isOnLegalHold, TimeProvider clock)
{
    const int FilesPerPage = 200;
    const string Erased = "Erased.";

    const string Columns = "id, partner, sha256, state, ended_at, legal_hold, exists (select 1 from outbox o where o.exchange_id = e.id and o.done_at is null) as waits, exists (select 1 from document d where d.exchange_id = e.id and d.state = 'Held') as held";

    static readonly string[] QuotedTexts =
    [
        "update finding set found = null, expected = null, advice = null, message = @Erased where exchange_id = @Id",
        "update document set cause = @Erased where exchange_id = @Id and cause is not null",
        "update attempt set error = @Erased where exchange_id = @Id and error is not null",
        "update hold set reason = @Erased where exchange_id = @Id",
        "update exchange set cause = @Erased where id = @Id and cause is not null",
    ];

    /// <summary>Erases, or with <paramref name="dry"/> only says what would be.</summary>
    public async Task<ErasureReport> Run(ErasureRequest request, string actor, string reason, bool dry, CancellationToken cancellation)
    {
        var (exchanges, left) = (new List<long>(), new List<string>());
        await foreach (var exchange in Find(request, cancellation))
        {
            if (Obstacle(exchange) is { } obstacle)
                left.Add($"#{exchange.Id}: {obstacle}");
            else
            {
                if (!dry)
                    await Erase(exchange, actor, reason, cancellation);
                exchanges.Add(exchange.Id);
            }
        }
        var rows = await EraseRows(request, dry, left, cancellation);
        if (!dry && rows.Count > 0)
            await RecordRows(rows, actor, reason, cancellation);
        return new(exchanges, rows, left);
    }

    string? Obstacle(Row exchange) =>
        exchange.LegalHold is not null || isOnLegalHold(exchange.Partner) ? $"is under legal hold{(exchange.LegalHold is null ? "" : $" ({exchange.LegalHold})")}."
        : exchange.Held ? "waits for a decision: hub hold list."
        : exchange.EndedAt is null ? $"is {exchange.State}, and needs its bytes."
        : exchange.Waits ? "has something to deliver: hub partner check." : null;

    async Task Erase(Row exchange, string actor, string reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Retention.RemovePayload(connection, transaction, [new() { Id = exchange.Id, Sha256 = exchange.Sha256 }], "a person's data was erased", now, cancellation);
        foreach (var update in QuotedTexts)
            await connection.ExecuteAsync(new CommandDefinition(update, new { exchange.Id, Erased }, transaction, cancellationToken: cancellation));
        await Decisions.Record(connection, transaction, now, actor, "erase", exchange.Id, reason, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    async IAsyncEnumerable<Row> Find(ErasureRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            List<Row> page;
            await using (var connection = await database.Open(cancellation))
                page = (await connection.QueryAsync<Row>(new CommandDefinition(
                    $"""
                    select {Columns} from exchange e
                    where e.id > @After and (@Partner is null or e.partner = @Partner) and exists (select 1 from raw_file r where r.sha256 = e.sha256 and r.removed_at is null)
                        and (@Number is null or exists (select 1 from document d where d.exchange_id = e.id and (lower(d.number) = lower(@Number) or lower(d.stated_number) = lower(@Number))))
                    order by e.id limit @Most
                    """,
                    new { After = after, request.Partner, request.Number, Most = FilesPerPage }, cancellationToken: cancellation))).AsList();
            if (page.Count == 0)
                yield break;
            foreach (var exchange in page)
                if (request.Person is null || await Has(exchange.Sha256, request.Person, cancellation))
                    yield return exchange;
            after = page[^1].Id;
        }
    }

    /// <summary>True when a file has the text, as EDIFACT, XML and plain files write it. A twin that was erased meanwhile has it no more, but its findings may.</summary>
    async Task<bool> Has(string sha256, string person, CancellationToken cancellation)
    {
        if (await archive.Removed(sha256, cancellation) is not null)
            return true;
        var patterns = Spellings(person).ToArray();
        var overlap = patterns.Max(pattern => pattern.Length) - 1;
        await using var content = await archive.Open(sha256, cancellation);
        var buffer = new byte[Archive.ChunkBytes + overlap];
        for (var kept = 0; ;)
        {
            var read = content.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var text = buffer.AsSpan(0, kept + read);
            foreach (var pattern in patterns)
                if (text.IndexOf(pattern) >= 0)
                    return true;
            if (kept + read < buffer.Length)
                return false;
            kept = overlap;
            text[^kept..].CopyTo(buffer);
        }
    }

    static IEnumerable<byte[]> Spellings(string person)
    {
        var released = string.Concat(person.Select(character => character is '?' or '+' or ':' or '\'' ? $"?{character}" : character.ToString()));
        var escaped = System.Security.SecurityElement.Escape(person);
        foreach (var text in new[] { person, released, escaped }.Distinct(StringComparer.Ordinal))
            foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
                yield return encoding.GetBytes(text);
    }

    /// <summary>Empties columns marked pii: where they hold the person's text, or in the rows that the document made.</summary>
    async Task<Dictionary<string, long>> EraseRows(ErasureRequest request, bool dry, List<string> left, CancellationToken cancellation)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!targets.Any(target => target.Tables.Any(table => table.Columns.Any(column => column.Personal))))
        {
            left.Add("No column of a target is marked pii: the seller's rows are as they were.");
            return rows;
        }
        await using var connection = await seller.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var eraser = new SellerRows(connection, transaction, SellerDialect.Of(seller.Engine), cancellation);
        foreach (var target in targets)
            foreach (var (table, count) in request.Person is { } person ? await eraser.ErasePerson(target, person) : await eraser.EraseDocument(target, request.Number!, request.Partner, left))
                rows[table] = rows.GetValueOrDefault(table) + count;
        if (!dry)
            await transaction.CommitAsync(cancellation);
        return rows;
    }

    async Task RecordRows(Dictionary<string, long> rows, string actor, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Decisions.Record(connection, transaction, clock.GetUtcNow(), actor, "erase", string.Join(", ", rows.Select(table => FormattableString.Invariant($"{table.Key} {table.Value}"))), reason, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    sealed record Row
    {
        public long Id { get; init; }
        public string Partner { get; init; } = "";
        public string Sha256 { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset? EndedAt { get; init; }
        public string? LegalHold { get; init; }
        public bool Waits { get; init; }
        public bool Held { get; init; }
    }
}
