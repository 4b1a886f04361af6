using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>The verbs of <c>hub target</c>.</summary>
public abstract partial class SellerContract
{
    [Fact]
    public async Task Tables_that_were_created_fit_their_target_and_creating_them_again_changes_nothing()
    {
        await TargetTables.Apply(Database, Shop, Cancellation);
        Assert.Empty(await TargetCheck.Compare(Database, Shop, Cancellation));
    }

    [Fact]
    public async Task What_drifted_is_said_in_sentences()
    {
        await Execute(OwnTables);
        await Execute("drop table hub_inbox");
        var problems = string.Join('\n', await TargetCheck.Compare(Database, ReadTarget(OwnTarget + "\n  gone: { key: [a], policy: skip, columns: { a: int not null } }"), Cancellation));
        Assert.Contains("Table \"gone\" does not exist.", problems);
        Assert.Contains("hub_inbox does not exist", problems);
        Assert.Contains("\"Rang\" is smallint, the target says int: larger values will be refused.", problems);
        Assert.Contains("\"AuftragPos\".\"Menge\" is double precision, the target says numeric(15,3): a binary fraction does not hold money exactly.", problems);
        Assert.Contains("\"AuftragPos\".\"Artikel\" is", problems);
        Assert.Contains("Table \"Gesehen\" has no unique index on (Kode, Ort)", problems);
        Assert.DoesNotContain("\"Einmal\"", problems);
    }

    [Fact]
    public async Task A_target_drafted_from_existing_tables_can_be_used()
    {
        await Execute(OwnTables);
        var text = await TargetPull.Draft(Database, "mine", ["Auftrag", "AuftragPos", "Einmal"], Cancellation);
        var target = ReadTarget(text);
        Assert.Equal(["auftrag", "auftrag_pos", "einmal"], target.Tables.Select(t => t.Name).Order());
        var lines = target.Find("auftrag_pos")!;
        Assert.Equal(("auftrag", "AuftragNr", TablePolicy.Children), (lines.Parent, lines.ParentColumn, lines.Policy));
        Assert.Equal(["AuftragNr", "pos"], lines.Key);
        Assert.Equal(["beleg_nr"], target.Find("auftrag")!.Key);
        Assert.Equal(("Beleg Nr", 12), (target.Find("auftrag")!.Find("beleg_nr")!.Physical, target.Find("auftrag")!.Find("beleg_nr")!.Length));
        var feed = new RowFeed(target).Add("einmal", 1, 0, ("kode", "a"), ("wert", 5));
        Assert.IsType<LoadOutcome.Loaded>(await feed.LoadInto(Seller, Document("d1"), new(), "einmal"));
        Assert.Equal(["a|5"], await Query("select \"Kode\", \"Wert\" from \"Einmal\""));
    }
}
