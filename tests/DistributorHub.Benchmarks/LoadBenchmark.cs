using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Tests;
using DistributorHub.Worker;
using DistributorHub.Worker.Load;
using DistributorHub.Worker.Tests.Fixtures;
using Npgsql;

namespace DistributorHub.Benchmarks;

/// <summary>
/// Loads a full price list, all of whose keys exist and all of whose prices changed, into a durable PostgreSQL, and compares it with
/// the plain way: the same rows by COPY into the same temporary tables, then an upsert of each into the same tables and indexes.
/// </summary>
sealed class LoadBenchmark(int items, TextWriter output)
{
    const int Passes = 3;

    const string Upsert = """
        insert into pim.supplier_item (list_id, partner_id, supplier_sku, gtin, action, product_group, description, valid_from, valid_to)
        select @list, c0, c1, c2, c3, c4, c5, c6, c7 from hub_stage_1
        on conflict (partner_id, supplier_sku) do update set list_id = excluded.list_id, gtin = excluded.gtin, action = excluded.action,
          product_group = excluded.product_group, description = excluded.description, valid_from = excluded.valid_from, valid_to = excluded.valid_to;
        insert into pim.supplier_price (item_id, price_type, min_qty, max_qty, uom, price, per, currency, valid_from, valid_to)
        select i.item_id, s.c0, s.c1, s.c2, s.c3, s.c4, s.c5, s.c6, s.c7, s.c8
        from hub_stage_2 s join hub_stage_1 p on p._row = s._parent_row join pim.supplier_item i on i.partner_id = p.c0 and i.supplier_sku = p.c1
        on conflict (item_id, price_type, min_qty, valid_from) do update set max_qty = excluded.max_qty, uom = excluded.uom, price = excluded.price,
          per = excluded.per, currency = excluded.currency, valid_to = excluded.valid_to
        """;

    readonly TargetDefinition shop = ReadShop();

    public async Task Run(CancellationToken cancellation)
    {
        var programs = PostgresServer.FindPrograms() ?? throw new FileNotFoundException("PostgreSQL's server programs are not installed.");
        await using var server = await PostgresServer.Start(programs, durable: true);
        using var database = new Database(await server.NewDatabase(cancellation));
        await TargetTables.Apply(database, shop, cancellation);
        var seller = new PostgresSeller(database, TimeProvider.System);
        var first = await Merge(seller, list: 1, cancellation);
        var plain = new double[Passes];
        var merged = new double[Passes];
        for (var pass = 0; pass < Passes; pass++)
        {
            await Settle(database, cancellation);
            plain[pass] = await Plain(database, list: 2 + 2 * pass, cancellation);
            await Settle(database, cancellation);
            merged[pass] = await Merge(seller, list: 3 + 2 * pass, cancellation);
        }
        Array.Sort(plain);
        Array.Sort(merged);
        var (copy, merge) = (plain[Passes / 2], merged[Passes / 2]);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"load: {items:N0} items and as many prices; empty tables {first:0.0} s; every key existing {merge:0.0} s; COPY + upsert {copy:0.0} s; ratio {merge / copy:0.00}"));
    }

    static async Task Settle(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("vacuum analyze pim.supplier_item", commandTimeout: 0, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition("vacuum analyze pim.supplier_price", commandTimeout: 0, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition("checkpoint;", commandTimeout: 0, cancellationToken: cancellation));
    }

    async Task<double> Merge(PostgresSeller seller, int list, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var load = await seller.Begin(shop, [.. Tables], cancellation);
        foreach (var batch in Batches(list))
            load.Write(batch);
        var findings = new Findings();
        var outcome = await load.Commit(new($"l{list}", "acme", "PRICAT", "L", $"hash {list}"), findings, cancellation);
        if (outcome is not LoadOutcome.Loaded)
            throw new InvalidOperationException($"The list was not loaded: {outcome} {string.Join(' ', findings.Kept.Select(f => f.Message))}");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    async Task<double> Plain(Database database, int list, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = (NpgsqlConnection)await database.Open(cancellation);
        var staging = new PostgresStaging(connection, [.. Tables]);
        await staging.Create(connection, cancellation);
        foreach (var batch in Batches(list))
            staging.Write(batch);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var newest = await connection.ExecuteScalarAsync<long>("select max(list_id) from pim.price_list", transaction: transaction);
        await connection.ExecuteAsync(new CommandDefinition(Upsert, new { list = newest }, transaction, 0, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    IEnumerable<TableDefinition> Tables => new[] { "price_catalogue", "price_items", "price_tiers" }.Select(t => shop.Find(t)!);

    IEnumerable<RowBatch> Batches(int list)
    {
        var header = new RowBatch(shop.Find("price_catalogue")!);
        Fill(header, 1, 0, ["acme", "L", "original", new DateOnly(2026, 1, 1).AddDays(list), new DateOnly(2026, 1, 1), null, "EUR", (long)items]);
        yield return header;
        var (products, prices) = (new RowBatch(shop.Find("price_items")!), new RowBatch(shop.Find("price_tiers")!));
        for (var i = 1; i <= items; i++)
        {
            Fill(products, i, 1, ["acme", $"SKU-{i:0000000}", $"{4000000000000 + i}", "change", "tools", $"Cordless drill, model {i}, with two batteries and a case", new DateOnly(2026, 1, 1), null]);
            Fill(prices, i, i, ["net", 1m, null, "PCE", 10m + i % 1000 / 100m + list, 1m, "EUR", new DateOnly(2026, 1, 1), null]);
            if (products.Count < Limits.BatchRowsMax && i < items)
                continue;
            yield return products;
            yield return prices;
            products.Clear();
            prices.Clear();
        }
    }

    static void Fill(RowBatch batch, int row, int parent, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            switch (values[i])
            {
                case string text:
                    batch.Columns[i].AddText(Encoding.UTF8.GetBytes(text));
                    break;
                case decimal number:
                    batch.Columns[i].AddNumeric(number);
                    break;
                case long number:
                    batch.Columns[i].AddInt(number);
                    break;
                case DateOnly date:
                    batch.Columns[i].AddDate(date);
                    break;
                default:
                    batch.Columns[i].AddNull();
                    break;
            }
        }
        batch.EndRow(row, parent, row + 1, row * 100L);
    }

    static TargetDefinition ReadShop()
    {
        var diagnostics = new List<Diagnostic>();
        return TargetReader.Read("shop.target.yaml", File.ReadAllText(Repository.PathTo("mappings", "targets", "shop.target.yaml")), diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }
}
