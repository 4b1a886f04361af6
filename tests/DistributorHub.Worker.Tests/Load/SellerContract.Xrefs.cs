using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>Values that maps look up in the seller's own tables.</summary>
public abstract partial class SellerContract
{
    const string XrefTarget = """
        hub: target/1
        id: desk
        tables:
          orders:
            is: DeskOrder
            id: order_id
            key: [customer_no, order_no]
            policy: update
            columns: { customer_no: bigint not null, order_no: text(20) not null, note: text }
          lines:
            is: DeskLine
            parent: orders.order_id
            key: [order_id, line_no]
            policy: children
            columns: { line_no: int not null, article: text(12), pack: 'numeric(9,2)' }
        xrefs:
          customer:
            is: Kunde
            key: { gln: text(13) = GLN }
            value: bigint = Nr
          article:
            is: Zuordnung
            key: { partner: text(20) = Partner, sku: text(40) = Sku }
            value: text(12) = Artikel
            miss: null
          pack:
            is: Gebinde
            key: { line: int = Stufe }
            value: int = Menge
            miss: null
        """;

    const string XrefMap = """
        hub: map/1
        id: base/desk
        from: { standard: EDIFACT, message: ORDERS, release: D.96A }
        to: desk
        functions: { article_of(x): "xref(article, $partner.id, x)" }
        rows:
        - table: orders
          set:
            customer_no: xref(customer, NAD[BY].C082.3039)
            order_no: BGM.1004
        - table: lines
          for: LIN
          set:
            line_no: LIN.1082
            article: article_of(PIA.C212[SA]?)
            pack: xref(pack, LIN.1082)
        """;

    // Plain SQL of both engines. The GLN is padded with blanks by PostgreSQL's char.
    const string XrefTables = """
        create table "Kunde" ("GLN" char(15), "Nr" integer);
        insert into "Kunde" values ('4000001000005', 10001), ('4098765000003', 10002);
        create table "Zuordnung" ("Partner" varchar(20), "Sku" varchar(60), "Artikel" varchar(40));
        insert into "Zuordnung" values ('acme', 'A-1', 'ART-1'), ('acme', 'A-2', 'ART-2'), ('acme', 'A-2', 'ART-2'), ('other', 'A-3', 'ART-9');
        create table "Gebinde" ("Stufe" smallint, "Menge" smallint);
        insert into "Gebinde" values (1, 12);
        """;

    [Fact]
    public async Task Values_are_looked_up_in_the_sellers_tables_while_loading()
    {
        await MakeXrefTables();
        var findings = new Findings();
        var outcome = await LoadMapped("d1", "A1", "4000001000005", findings, "A-1", "A-2", "A-3", null);
        Assert.Empty(findings.Kept);
        Assert.Equal([("orders", 1L), ("lines", 4L)], Assert.IsType<LoadOutcome.Loaded>(outcome).Rows.Select(r => (r.Key, r.Value)));
        Assert.Equal(["10001|A1"], await Query("select customer_no, order_no from \"DeskOrder\""));
        // A-2 stands there twice with one value; A-3 belongs to another partner; the last line has no number. Only level 1 has a pack.
        Assert.Equal(["1|ART-1|12.00", "2|ART-2|", "3||", "4||"], await Query("select line_no, article, cast(pack as text) from \"DeskLine\" order by 1"));
    }

    [Fact]
    public async Task A_looked_up_value_may_be_part_of_a_key()
    {
        await MakeXrefTables();
        await LoadMapped("d1", "A1", "4000001000005", new(), "A-1", "A-2");
        await LoadMapped("d2", "A1", "4098765000003", new(), "A-1");
        await LoadMapped("d3", "A1", "4000001000005", new(), "A-2");
        Assert.Equal(["10001|ART-2", "10002|ART-1"],
            await Query("select customer_no, article from \"DeskOrder\" o join \"DeskLine\" l on l.order_id = o.order_id order by 1, 2"));
    }

    [Fact]
    public async Task A_key_that_is_not_found_refuses_the_message_and_names_the_segment()
    {
        await MakeXrefTables();
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadMapped("d1", "A1", "4012345000009", findings, "A-1"));
        var finding = Assert.Single(findings.Kept);
        // The header row comes from the message's second segment, BGM.
        Assert.Equal((LoadCodes.NotFound, 2, "4012345000009", "orders.customer_no"), (finding.Code, finding.At.Segment, finding.Found, finding.Path));
        Assert.Contains("has no value for the key '4012345000009'", finding.Message);
        Assert.Empty(await Query("select order_no from \"DeskOrder\""));

        await Execute("insert into \"Kunde\" values ('4012345000009', 10003)");
        Assert.IsType<LoadOutcome.Loaded>(await LoadMapped("d1", "A1", "4012345000009", new(), "A-1"));
    }

    [Fact]
    public async Task A_key_with_several_different_values_refuses_the_message()
    {
        await MakeXrefTables();
        await Execute("insert into \"Zuordnung\" values ('acme', 'A-1', 'ART-7')");
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadMapped("d1", "A1", "4000001000005", findings, "A-2", "A-1"));
        var finding = Assert.Single(findings.Kept);
        // BGM 2, DTM 3, NAD 4, LIN 5, PIA 6, LIN 7.
        Assert.Equal((LoadCodes.FoundSeveral, 7, "acme/A-1", "lines.article"), (finding.Code, finding.At.Segment, finding.Found, finding.Path));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_its_column_refuses_the_message()
    {
        await MakeXrefTables();
        await Execute("insert into \"Zuordnung\" values ('acme', 'A-8', 'ART-8-AND-MORE')");
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await LoadMapped("d1", "A1", "4000001000005", findings, "A-8"));
        Assert.Equal((LoadCodes.TooWide, 5, "ART-8-AND-MORE"), (findings.Kept[0].Code, findings.Kept[0].At.Segment, findings.Kept[0].Found));
    }

    [Fact]
    public async Task The_tables_of_xrefs_are_checked_and_not_made()
    {
        var target = ReadTarget(XrefTarget);
        await TargetTables.Apply(Database, target, Cancellation);
        Assert.Equal(["Table \"Kunde\" of xref 'customer' does not exist.", "Table \"Zuordnung\" of xref 'article' does not exist.",
            "Table \"Gebinde\" of xref 'pack' does not exist."], await TargetCheck.Compare(Database, target, Cancellation));
        await Execute(XrefTables);
        Assert.Empty(await TargetCheck.Compare(Database, target, Cancellation));
        Assert.Contains("grant select on \"Kunde\" to \"loader\"", TargetTables.Grants(target, "loader"));
        var other = ReadTarget(XrefTarget.Replace("= Nr", "= Nummer", StringComparison.Ordinal).Replace("int = Menge", "date = Menge", StringComparison.Ordinal));
        Assert.Equal(["Column \"Kunde\".\"Nummer\" of xref 'customer' does not exist.",
            "Column \"Gebinde\".\"Menge\" of xref 'pack' is smallint, the target says date: it is no date."], await TargetCheck.Compare(Database, other, Cancellation));
    }

    async Task MakeXrefTables()
    {
        await TargetTables.Apply(Database, ReadTarget(XrefTarget), Cancellation);
        await Execute(XrefTables);
    }

    /// <summary>Maps an order of one buyer with a line for each article, and loads it.</summary>
    async Task<LoadOutcome> LoadMapped(string id, string number, string buyer, Findings findings, params string?[] articles)
    {
        var files = new Dictionary<string, string> { ["base/desk.yaml"] = XrefMap, ["targets/desk.target.yaml"] = XrefTarget };
        var diagnostics = new List<Diagnostic>();
        var map = new MapLibrary([.. files.Keys], files.GetValueOrDefault, DefinitionLibrary.Embedded).Compile("base/desk", null, diagnostics);
        Assert.True(map is not null, string.Join('\n', diagnostics));
        var lines = string.Concat(articles.Select((a, i) => $"LIN+{i + 1}'" + (a is null ? "" : $"PIA+1+{a}:SA'")));
        var text = $"UNB+UNOC:3+S:14+R:14+260301:1200+I1'UNH+1+ORDERS:D:96A:UN'BGM+220+{number}+9'DTM+137:20260301:102'NAD+BY+{buyer}::9'{lines}UNS+S'"
            + $"UNT+{6 + articles.Length + articles.Count(a => a is not null)}+1'UNZ+1+I1'";
        await using var load = await Seller.Begin(map.Target, map.Tables, Cancellation);
        using var reader = new EdiReader(new MemoryStream(Encoding.ASCII.GetBytes(text)), findings);
        var validator = new MessageValidator(map.Message, findings);
        MessageMapper? mapper = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator.Start(reader);
                    mapper = new(map, new()
                    {
                        Partner = new Dictionary<string, string> { ["id"] = "acme" },
                        Interchange = reader.Interchange!,
                        Group = reader.Group,
                        Message = reader.Message!,
                        File = new Dictionary<string, string>(),
                    }, load, findings);
                    break;
                case EdiEvent.Segment when validator.Accept(reader) is >= 0 and var node:
                    mapper!.Accept(reader, node);
                    break;
                case EdiEvent.MessageEnd:
                    mapper!.End();
                    break;
            }
        }
        return await load.Commit(Document(id), findings, Cancellation);
    }
}
