using System.Diagnostics;
using Dapper;
using DistributorHub.Mapping;
using DistributorHub.Worker;
using DistributorHub.Worker.Load;
using Npgsql;

namespace DistributorHub.Benchmarks;

/// <summary>
/// The plain way to load the same rows, to compare with: COPY of ready-made binary data into two temporary tables, then one upsert of
/// each into the seller's tables, and commit. No parsing, no checks, no history: only what the database must do for these rows.
/// </summary>
sealed class PlainLoad : IDisposable
{
    const string Stage = """
        create temp table plain_item (partner_id text, supplier_sku text, gtin text, action text, product_group text, description text,
          valid_from date, valid_to date) on commit drop;
        create temp table plain_tier (partner_id text, supplier_sku text, price_type text, min_qty numeric, max_qty numeric, uom text,
          price numeric, per numeric, currency text, valid_from date, valid_to date) on commit drop
        """;

    // Every list is a version of its own, so each pass refers its items to a new one, as the hub does.
    const string List = """
        insert into pim.price_list (partner_id, list_no, function, issued_on, currency, item_count, revision, is_current)
        select partner_id, 'plain ' || @pass, function, issued_on, currency, item_count, 1, true
        from pim.price_list order by list_id desc limit 1 returning list_id
        """;

    const string Upsert = """
        insert into pim.supplier_item (list_id, partner_id, supplier_sku, gtin, action, product_group, description, valid_from, valid_to)
        select @list, partner_id, supplier_sku, gtin, action, product_group, description, valid_from, valid_to from plain_item
        on conflict (partner_id, supplier_sku) do update set list_id = excluded.list_id, gtin = excluded.gtin, action = excluded.action,
          product_group = excluded.product_group, description = excluded.description, valid_from = excluded.valid_from, valid_to = excluded.valid_to;
        insert into pim.supplier_price (item_id, price_type, min_qty, max_qty, uom, price, per, currency, valid_from, valid_to)
        select i.item_id, p.price_type, p.min_qty, p.max_qty, p.uom, p.price, p.per, p.currency, p.valid_from, p.valid_to
        from plain_tier p join pim.supplier_item i using (partner_id, supplier_sku)
        on conflict (item_id, price_type, min_qty, valid_from) do update set max_qty = excluded.max_qty, uom = excluded.uom,
          price = excluded.price, per = excluded.per, currency = excluded.currency, valid_to = excluded.valid_to
        """;

    readonly string items = Path.GetTempFileName(), tiers = Path.GetTempFileName();

    /// <summary>Maps the file and keeps its rows as the database itself writes them.</summary>
    public async Task Prepare(Database database, string file, CompiledMap map, CancellationToken cancellation)
    {
        await using var connection = (NpgsqlConnection)await database.Open(cancellation);
        var staging = new PostgresStaging(connection, [.. map.Tables]);
        await staging.Create(connection, cancellation);
        MapToSink.Run(file, staging);
        staging.Finish();
        var (item, tier) = (Table(staging, "price_items"), Table(staging, "price_tiers"));
        await Export(connection, $"select {Columns(item, "s")} from {item.Stage} s order by _row", items, cancellation);
        await Export(connection, $"""
            select i.c{item.ColumnNumber("partner_id")}, i.c{item.ColumnNumber("supplier_sku")}, {Columns(tier, "s")}
            from {tier.Stage} s join {item.Stage} i on i._row = s._parent_row order by s._row
            """, tiers, cancellation);
    }

    /// <summary>Seconds of one load, from the first byte of COPY to the commit.</summary>
    public async Task<double> Run(Database database, int pass, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = (NpgsqlConnection)await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The hub gives its merge the same.
        await connection.ExecuteAsync(new CommandDefinition($"set local work_mem to '64MB'; {Stage}", transaction: transaction, cancellationToken: cancellation));
        await Import(connection, "plain_item", items, cancellation);
        await Import(connection, "plain_tier", tiers, cancellation);
        var list = await connection.ExecuteScalarAsync<long>(new CommandDefinition(List, new { pass }, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(Upsert, new { list }, transaction, commandTimeout: 0, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        File.Delete(items);
        File.Delete(tiers);
    }

    static StagedTable Table(PostgresStaging staging, string name) => staging.Tables.Single(t => t.Table.Name == name);

    static string Columns(StagedTable table, string alias) => string.Join(", ", table.Table.Columns.Select((_, i) => $"{alias}.c{i}"));

    static async Task Export(NpgsqlConnection connection, string query, string path, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", cancellation);
        await using var file = File.Create(path);
        await copy.CopyToAsync(file, cancellation);
    }

    static async Task Import(NpgsqlConnection connection, string table, string path, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", cancellation);
        await using var file = File.OpenRead(path);
        await file.CopyToAsync(copy, 128 * 1024, cancellation);
    }
}
