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
        Assert.Contains("\"AuftragPos\".\"Artikel\" is", problems);
        Assert.Contains("Table \"Gesehen\" has no unique index on (Kode, Ort)", problems);
        Assert.DoesNotContain("\"Einmal\"", problems);
        Assert.DoesNotContain("smallint", problems);
        var remarks = string.Join('\n', await TargetCheck.Remarks(Database, ReadTarget(OwnTarget), Cancellation));
        Assert.Contains("\"Rang\" is smallint, the target says int: a larger value becomes a finding.", remarks);
        Assert.Contains("\"AuftragPos\".\"Menge\" is double precision, the target says numeric(15,3): a binary fraction does not hold money exactly.", remarks);
    }

    [Fact]
    public async Task A_draft_of_small_numbers_and_binary_fractions_differs_in_nothing()
    {
        await Execute("create table messwert (kode varchar(10) not null primary key, rang smallint not null, wert real not null, anteil double precision)");
        var draft = ReadTarget(await TargetPull.Draft(Database, "mine", ["messwert"], Cancellation));
        Assert.Equal(["kode", "rang", "wert", "anteil"], Assert.Single(draft.Tables).Columns.Select(c => c.Name));
        Assert.Empty(await TargetCheck.Compare(Database, draft, Cancellation));
        Assert.Equal(3, (await TargetCheck.Remarks(Database, draft, Cancellation)).Count);
    }

    [Fact]
    public async Task Only_what_is_missing_is_made_and_the_tables_of_a_seller_stay_as_they_are()
    {
        await Execute(OwnTables);
        await Execute("drop table hub_inbox");
        var target = ReadTarget(OwnTarget);
        var statements = await TargetTables.Missing(Database, target, Cancellation);
        // "Gesehen" has no unique index, the other three have; the parent column of "AuftragPos" leads its primary key.
        Assert.Equal(4, statements.Count);
        Assert.StartsWith("create unique index if not exists \"Gesehen_key\" on \"Gesehen\" (\"Kode\", \"Ort\")", statements[0]);
        Assert.All(statements.Skip(1), s => Assert.Contains("hub_inbox", s));
        await TargetTables.Apply(Database, target, Cancellation);
        Assert.Empty(await TargetTables.Missing(Database, target, Cancellation));
    }

    [Fact]
    public async Task What_the_database_fills_or_the_hub_cannot_load_stays_a_comment_in_a_draft()
    {
        await Execute(AwkwardTable);
        var text = await TargetPull.Draft(Database, "mine", ["Posten"], Cancellation);
        Assert.Contains("# stand: timestamp not null = Stand   # the database has a default for it", text);
        Assert.Contains("# betrag: ", text);
        Assert.Contains("the database computes it", text);
        var table = Assert.Single(ReadTarget(text).Tables);
        Assert.Equal(["kennung", "menge", "wann"], table.Columns.Select(c => c.Name));
        Assert.Equal((ColumnKind.Text, 20, ColumnKind.Timestamp), (table.Columns[0].Kind, table.Columns[0].Length, table.Columns[2].Kind));
        Assert.Equal(["Table hub_inbox"], (await Check(text)).Select(p => p[..15]));
        Assert.Contains("computed by the database", string.Join('\n', await Check(text.Replace("# betrag", "betrag"))));

        async Task<IReadOnlyList<string>> Check(string target)
        {
            await Execute("drop table if exists hub_inbox");
            return await TargetCheck.Compare(Database, ReadTarget(target), Cancellation);
        }
    }

    /// <summary>A table with columns that no map can fill, and in SQLite with the words of other databases for types.</summary>
    protected abstract string AwkwardTable { get; }

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
