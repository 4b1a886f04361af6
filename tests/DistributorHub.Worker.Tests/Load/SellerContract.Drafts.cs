using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>A draft of whatever a seller's database holds fits that database, and what it leaves out it says.</summary>
public abstract partial class SellerContract
{
    /// <summary>Tables and columns of every kind the engine has, all of which a draft can deal with.</summary>
    protected abstract string StrangeTables { get; }

    [Fact]
    public async Task A_draft_fits_the_database_it_was_drafted_from()
    {
        await Execute(StrangeTables);
        var text = await TargetPull.Draft(Database, "mine", [], Cancellation);
        var target = ReadTarget(text);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));

        var kinds = target.Find("kinds")!;
        Assert.Equal(["nr", "kurz"], kinds.Key);
        Assert.Equal("id", kinds.Id);
        Assert.Equal(["nr", "wert", "anteil", "kurz", "lang", "frei", "betrag", "gross", "seit", "um", "flag"], kinds.Columns.Select(c => c.Name));
        Assert.Equal((28, 10), (kinds.Find("gross")!.Precision, kinds.Find("gross")!.Scale));
        foreach (var left in new[] { "kennung", "daten", "bild", "winzig" })
            Assert.Matches($"(?m)^      # {left}: .*the hub cannot load it", text);
        Assert.Matches("(?m)^      # doppelt: .*the database computes it", text);
        Assert.Matches("(?m)^      # stand: .*the database has a default for it", text);

        // A number that the database does not give is a key like any other.
        Assert.Equal((null, "nr"), (target.Find("plain_number")!.Id, Assert.Single(target.Find("plain_number")!.Key)));
        // A row that extends another one is known by it.
        Assert.Equal(("kinds", "kind", null), (target.Find("extension")!.Parent, target.Find("extension")!.ParentColumn, target.Find("extension")!.Id));
        // Lines of an order are often without a key of their own.
        Assert.Equal(("kinds", "kind_id"), (target.Find("kind_lines")!.Parent, target.Find("kind_lines")!.ParentColumn));
        Assert.Equal(["kind_id", "line_no"], target.Find("kind_lines")!.Key);
        Assert.Contains("no unique index", Assert.Single(await TargetCheck.Remarks(Database, target, Cancellation), r => r.Contains("\"kind_lines\"", StringComparison.Ordinal)));
        Assert.Null(target.Find("circle_a")!.Parent);
        Assert.Equal("Größe: x", target.Find("lager__a__1")!.Find("gr__e__x")!.Physical);
        Assert.Contains("# no_key:", text);
        Assert.Contains("# only_id:", text);
        Assert.Contains("# strange_key:", text);
        Assert.DoesNotContain(target.Tables, t => t.Physical.Contains("view", StringComparison.Ordinal) || t.Physical.Contains("part_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_says_that_no_row_can_be_added_to_a_table_with_a_mandatory_column_of_a_strange_type()
    {
        await Execute("create table tricky (code varchar(10) not null primary key, shape uuid not null)");
        var text = await TargetPull.Draft(Database, "mine", ["tricky"], Cancellation);
        Assert.Matches("(?m)^      # shape: .*the hub cannot load it, and it must have a value: no row can be added before it may be empty or has a default", text);
        Assert.Contains("\"shape\" must have a value", Assert.Single(await TargetCheck.Compare(Database, ReadTarget(text), Cancellation)));
    }
}
