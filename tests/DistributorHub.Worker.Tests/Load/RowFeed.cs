using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>Rows of one document by hand, in the order they are to reach the loader.</summary>
sealed class RowFeed(TargetDefinition target)
{
    readonly List<RowBatch> batches = [];
    int segment;

    /// <summary>Adds a row; every row comes from the next segment, 100 bytes after the one before.</summary>
    public RowFeed Add(string table, long row, long parent, params (string Column, object? Value)[] values)
    {
        if (batches.Count == 0 || batches[^1].Table.Name != table)
            batches.Add(new(target.Find(table)!));
        var batch = batches[^1];
        Assert.All(values, v => Assert.NotNull(batch.Table.Find(v.Column)));
        foreach (var column in batch.Columns)
            AddValue(column, values.FirstOrDefault(v => v.Column == column.Definition.Name).Value);
        segment++;
        batch.EndRow(row, parent, segment, segment * 100);
        return this;
    }

    public async Task<LoadOutcome> LoadInto(ISeller seller, DocumentIdentity document, Findings findings, params string[] tables)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var load = await seller.Begin(target, [.. tables.Select(t => target.Find(t)!)], cancellation);
        return await LoadInto(load, document, findings);
    }

    public Task<LoadOutcome> LoadInto(ILoad load, DocumentIdentity document, Findings findings)
    {
        foreach (var batch in batches)
            load.Write(batch);
        return load.Commit(document, findings, TestContext.Current.CancellationToken);
    }

    static void AddValue(ColumnBuffer column, object? value)
    {
        switch (value)
        {
            case null:
                column.AddNull();
                break;
            case string text:
                column.AddText(Encoding.UTF8.GetBytes(text));
                break;
            case decimal number:
                column.AddNumeric(number);
                break;
            case int number:
                column.AddInt(number);
                break;
            case long number:
                column.AddInt(number);
                break;
            case bool flag:
                column.AddBool(flag);
                break;
            case DateOnly date:
                column.AddDate(date);
                break;
            case TimeOnly time:
                column.AddTime(time);
                break;
            case DateTime moment:
                column.AddTimestamp(moment);
                break;
            default:
                throw new ArgumentException($"No column takes a {value.GetType().Name}.", nameof(value));
        }
    }
}
