using System.Text;
using Npgsql;

namespace DistributorHub.Faults;

/// <summary>What a judgement found; all zero when everything is there once.</summary>
/// <param name="Lost">Orders, lines, acknowledgements or files that are missing.</param>
/// <param name="Doubled">Those that are there more than once.</param>
/// <param name="Wrong">What else is not as it should be: rows of other content, a ledger that contradicts itself.</param>
/// <param name="Reasons">Each in words.</param>
sealed record Judgement(int Lost, int Doubled, int Wrong, IReadOnlyList<string> Reasons)
{
    public bool IsClean => Lost == 0 && Doubled == 0 && Wrong == 0;

    /// <summary>The same, with one thing more that is wrong; nothing to say is nothing wrong.</summary>
    public Judgement And(string wrong) => wrong.Length == 0 ? this : this with { Wrong = Wrong + 1, Reasons = [.. Reasons, wrong] };
}

/// <summary>Plain SQL and listings of folders against what the files of the round demand. Nothing of the hub's own code takes part.</summary>
sealed class Judge
{
    readonly List<string> reasons = [];
    int lost, doubled, wrong;

    /// <summary>Compares a batch with the seller's tables, the ledger and the partner's folders as they are now.</summary>
    public static async Task<Judgement> Look(Lane lane, Batch batch, CancellationToken cancellation)
    {
        var judge = new Judge();
        await judge.Rows(lane, batch, cancellation);
        await judge.Ledger(lane, batch, cancellation);
        judge.Files(lane, batch);
        judge.Acknowledgements(lane, batch);
        return new(judge.lost, judge.doubled, judge.wrong, judge.reasons);
    }

    /// <summary>
    /// True when the partner's folders are as they should be in the end. A listing costs next to nothing, so it is what is asked again and again while the
    /// world heals; the moving of a file comes last, and then the databases are worth a look.
    /// </summary>
    public static bool IsWorthALook(Lane lane, Batch batch)
    {
        var judge = new Judge();
        judge.Files(lane, batch);
        judge.Acknowledgements(lane, batch);
        return judge.reasons.Count == 0;
    }

    /// <summary>Control numbers of all acknowledgements of a lane: none twice with other bytes, none left out.</summary>
    public static IReadOnlyList<string> Numbers(Lane lane)
    {
        var numbers = lane.Acknowledgements().GroupBy(sent => Number(sent.Bytes)).ToList();
        var faults = numbers.Where(group => group.Select(sent => Convert.ToHexString(sent.Bytes)).Distinct().Count() > 1)
            .Select(group => $"control number {group.Key} was used for {string.Join(", ", group.Select(sent => sent.Name).Distinct())}").ToList();
        var missing = Enumerable.Range(1, numbers.Count).Select(n => n.ToString("D9", System.Globalization.CultureInfo.InvariantCulture)).Except(numbers.Select(group => group.Key)).ToList();
        if (missing.Count > 0)
            faults.Add($"control numbers are left out: {string.Join(", ", missing.Take(5))}");
        return faults;
    }

    async Task Rows(Lane lane, Batch batch, CancellationToken cancellation)
    {
        var found = await Query(lane.SellerConnection, """
            select o.po_number || '|' || coalesce(l.line_no::text || '|' || l.qty::numeric(15,0)::text || '|' || l.net_price::numeric(15,2)::text, '') from sales.purchase_order o
            left join sales.purchase_order_line l on l.po_id = o.po_id where o.po_number like @prefix
            """, batch, cancellation);
        var expected = batch.Orders.SelectMany(order => Enumerable.Range(1, order.Value).Select(line => $"{order.Key}|{line}|{line}|10.00")).ToList();
        Compare("order line", expected, found);
        Compare("hub_inbox", [.. batch.Orders.Keys], await Query(lane.SellerConnection, "select doc_number from hub_inbox where doc_number like @prefix", batch, cancellation));
    }

    async Task Ledger(Lane lane, Batch batch, CancellationToken cancellation)
    {
        // The same file may come again after a fault of the network, and is then known as a duplicate.
        Compare("exchange", [.. batch.Files.Keys],
            await Query(lane.HubConnection, "select file from hub.exchange where file like @prefix and state <> 'Duplicate'", batch, cancellation));
        Compare("document", [.. batch.Orders.Keys],
            await Query(lane.HubConnection, "select number from hub.document where number like @prefix and state = 'Loaded'", batch, cancellation));
        foreach (var (what, sql) in Contradictions)
            foreach (var found in await Query(lane.HubConnection, sql, batch, cancellation))
                Wrong($"{what}: {found}");
    }

    static readonly (string What, string Sql)[] Contradictions =
    [
        ("exchange not ended well", "select file || ' ' || state || coalesce(' ' || cause, '') from hub.exchange where file like @prefix and state not in ('Completed', 'Duplicate')"),
        ("document not loaded", "select d.identity || ' ' || d.state from hub.document d join hub.exchange e on e.id = d.exchange_id where e.file like @prefix and d.state <> 'Loaded'"),
        ("attempt still running", "select e.file from hub.attempt a join hub.exchange e on e.id = a.exchange_id where e.file like @prefix and a.state = 'Running'"),
        ("exchange without an attempt that ended it", "select file from hub.exchange e where file like @prefix and not exists (select 1 from hub.attempt a where a.exchange_id = e.id and a.state = 'Succeeded')"),
        ("effect not done", "select o.dedupe_key || coalesce(' ' || o.last_error, '') from hub.outbox o join hub.exchange e on e.id = o.exchange_id where e.file like @prefix and o.done_at is null"),
        ("remote file not finalised", "select path || ' ' || state || coalesce(' ' || note, '') from hub.remote_file where path like 'in/' || @prefix and state <> 'Finalized'"),
        ("archive not sealed", "select e.file from hub.exchange e join hub.raw_file r on r.sha256 = e.sha256 where e.file like @prefix and not r.sealed"),
    ];

    void Files(Lane lane, Batch batch)
    {
        var here = Directory.GetFiles(lane.Inbox).Concat(Directory.GetFiles(lane.Processed)).Where(path => Path.GetFileName(path).StartsWith(batch.Prefix, StringComparison.Ordinal)).ToList();
        Compare("file", [.. batch.Files.Keys], [.. here.Select(path => Path.GetFileName(path))]);
        foreach (var path in here)
        {
            if (Path.GetDirectoryName(path) != lane.Processed)
                Wrong($"file not moved: {Path.GetFileName(path)}");
            if (batch.Files.TryGetValue(Path.GetFileName(path), out var bytes) && !bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
                Wrong($"file changed: {Path.GetFileName(path)}");
        }
    }

    void Acknowledgements(Lane lane, Batch batch)
    {
        var sent = lane.Acknowledgements().Where(sent => Acknowledged(sent.Bytes).StartsWith(batch.Prefix, StringComparison.Ordinal)).ToList();
        // Put there again after a crash, it has the same number and the same bytes: that is one.
        var different = sent.Select(one => (Reference: Acknowledged(one.Bytes), Bytes: Convert.ToHexString(one.Bytes))).Distinct();
        Compare("acknowledgement", batch.References, [.. different.Select(one => one.Reference)]);
    }

    void Compare(string what, IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        var counts = found.GroupBy(one => one, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        foreach (var one in expected)
            if (!counts.Remove(one, out var count))
                (lost, _) = (lost + 1, Say($"{what} lost: {one}"));
            else if (count > 1)
                (doubled, _) = (doubled + 1, Say($"{what} doubled: {one} is there {count} times"));
        foreach (var other in counts.Keys)
            Wrong($"{what} that nobody sent: {other}");
    }

    void Wrong(string reason) => (wrong, _) = (wrong + 1, Say(reason));

    bool Say(string reason)
    {
        reasons.Add(reason);
        return true;
    }

    /// <summary>Reference of the interchange that a CONTRL acknowledges.</summary>
    static string Acknowledged(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split("UCI+") is [_, var after, ..] ? after.Split('+')[0] : "";

    /// <summary>Its own control number.</summary>
    static string Number(byte[] bytes) => Encoding.Latin1.GetString(bytes) is var text ? text[(text.LastIndexOf('+') + 1)..].TrimEnd('\'', '\r', '\n') : "";

    static async Task<List<string>> Query(string connectionString, string sql, Batch batch, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Application Name=judge");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("prefix", batch.Prefix + "%");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellation))
            values.Add(reader.GetString(0));
        return values;
    }
}
