using DistributorHub.Mapping.Targets;

namespace DistributorHub.Worker.Load;

/// <summary>Deletes rows of a table together with the rows of the target's tables below it.</summary>
sealed class Removal(MergeSession sql, SellerDialect dialect, TargetDefinition target, RowDifferences? differences = null)
{
    /// <param name="table">Where rows <c>t</c> are deleted.</param>
    /// <param name="others">A table with its alias that <paramref name="where"/> uses.</param>
    /// <param name="where">Condition on the rows.</param>
    public async Task Remove(TableDefinition table, string others, string where)
    {
        var name = dialect.Name(table);
        var children = target.Tables.Where(t => t.Parent == table.Name).ToList();
        if (children.Count == 0)
        {
            sql.Queue(dialect.Delete(name, others, where));
            return;
        }
        const string Gone = "hub_gone";
        var id = SellerDialect.Quote(table.Id!);
        await sql.Execute(dialect.CreateFrom(Gone, "_id", $"select t.{id} as _id from {name} t, {others} where {where}"));
        foreach (var child in children)
            await RemoveBelow(child, $"select _id from {Gone}");
        sql.Queue(dialect.Delete(name, null, $"t.{id} in (select _id from {Gone})"));
        sql.Queue($"drop table {Gone}");
    }

    async Task RemoveBelow(TableDefinition table, string parents)
    {
        var parent = SellerDialect.Quote(table.ParentColumn!);
        foreach (var child in target.Tables.Where(t => t.Parent == table.Name))
            await RemoveBelow(child, $"select c.{SellerDialect.Quote(table.Id!)} from {dialect.Name(table)} c where c.{parent} in ({parents})");
        var delete = dialect.Delete(dialect.Name(table), null, $"t.{parent} in ({parents})");
        if (differences is null)
            sql.Queue(delete);
        else
            differences.CountBelow(table.Name, await sql.Count(delete));
    }
}
