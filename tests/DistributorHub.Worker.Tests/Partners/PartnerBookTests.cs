using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Partners;

public sealed class PartnerBookTests : IDisposable
{
    readonly string mappings = Directory.CreateTempSubdirectory("hub-mappings-").FullName;

    public void Dispose() => Directory.Delete(mappings, recursive: true);

    void Write(string id, string identities, string more = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(mappings, "partners", id)).FullName;
        File.WriteAllText(Path.Combine(folder, "partner.yaml"), $$"""
            hub: partner/1
            name: {{id}}
            {{more}}
            identities: [{{identities}}]
            source: { kind: folder, path: {{id}} }
            messages: [{ standard: x12, message: '850', map: base/orders-x12 }]
            """);
    }

    PartnerBook Load(bool samples = true) => PartnerBook.Load(mappings, samples);

    static string Found(PartnerMatch match) => Assert.IsType<PartnerMatch.Found>(match).Partner.Id;

    [Fact]
    public void A_sender_is_found_by_standard_id_and_qualifier()
    {
        Write("north", "{ standard: x12, id: '123', qualifier: '01' }");
        Write("south", "{ standard: x12, id: '123', qualifier: ZZ }, { standard: edifact, id: '123' }");
        var book = Load();
        Assert.Empty(book.Diagnostics);
        Assert.Equal("north", Found(book.Match(Standard.X12, "123", "01")));
        Assert.Equal("north", Found(book.Match(Standard.X12, "123            ", "1")));
        Assert.Equal("south", Found(book.Match(Standard.X12, "123", "ZZ")));
        Assert.Equal("south", Found(book.Match(Standard.Edifact, "123", "14")));
        Assert.Equal("south", Found(book.Match(Standard.Edifact, "123", "")));
    }

    [Fact]
    public void A_qualifier_of_zeros_is_still_a_qualifier()
    {
        Write("north", "{ standard: x12, id: '123', qualifier: '00' }");
        Assert.Equal("north", Found(Load().Match(Standard.X12, "123", "0")));
        Assert.IsType<PartnerMatch.Unknown>(Load().Match(Standard.X12, "123", ""));
    }

    [Fact]
    public void An_unknown_sender_is_told_what_to_add()
    {
        Write("north", "{ standard: x12, id: '123', qualifier: '01' }");
        var unknown = Assert.IsType<PartnerMatch.Unknown>(Load().Match(Standard.X12, "123", "ZZ"));
        Assert.Contains("another qualifier", unknown.Reason);
        Assert.Contains("identities", unknown.Reason);
        Assert.IsType<PartnerMatch.Unknown>(Load().Match(Standard.Edifact, "123", "01"));
    }

    [Fact]
    public void An_id_of_two_partners_is_reported_and_belongs_to_neither()
    {
        Write("north", "{ standard: x12, id: '123' }, { standard: x12, id: NORTH }");
        Write("south", "{ standard: x12, id: SOUTH }, { standard: x12, id: '123', qualifier: '01' }");
        var book = Load();
        var mistake = Assert.Single(book.Diagnostics);
        Assert.Equal("PTN1008", mistake.Code);
        Assert.Equal((4, 44), (mistake.Line, mistake.Column));
        Assert.EndsWith(Path.Combine("south", "partner.yaml"), mistake.File);
        Assert.Equal(["north", "south"], Assert.IsType<PartnerMatch.Ambiguous>(book.Match(Standard.X12, "123", "01")).Partners);
        Assert.Equal("north", Found(book.Match(Standard.X12, "123", "ZZ")));
        Assert.Equal("south", Found(book.Match(Standard.X12, "SOUTH", "01")));
    }

    [Fact]
    public void A_partner_with_a_mistake_is_left_out_and_the_others_run()
    {
        Write("north", "{ standard: x12, id: NORTH }", "state: alive");
        Write("south", "{ standard: x12, id: SOUTH }");
        var book = Load();
        Assert.Equal(["north"], book.Broken);
        Assert.Equal(["south"], book.Partners.Select(partner => partner.Id));
        Assert.Single(book.Diagnostics);
    }

    [Fact]
    public void A_retired_partner_gives_its_ids_up()
    {
        Write("north", "{ standard: x12, id: '123' }", "state: retired");
        var unknown = Assert.IsType<PartnerMatch.Unknown>(Load().Match(Standard.X12, "123", "01"));
        Assert.Contains("retired", unknown.Reason);
        Write("south", "{ standard: x12, id: '123' }");
        Assert.Empty(Load().Diagnostics);
        Assert.Equal("south", Found(Load().Match(Standard.X12, "123", "01")));
    }

    [Fact]
    public void Sample_partners_can_be_left_out()
    {
        Write("north", "{ standard: x12, id: '123' }", "sample: yes");
        Assert.Single(Load(samples: true).Partners);
        Assert.Empty(Load(samples: false).Partners);
    }

    [Fact]
    public void No_folder_is_no_partner() => Assert.Empty(PartnerBook.Load(Path.Combine(mappings, "nothing"), samples: true).Partners);

    [Fact]
    public void A_known_hosts_file_stands_beside_the_partner_file()
    {
        Write("north", "{ standard: x12, id: '123' }");
        var file = Path.Combine(mappings, "partners", "north", "partner.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace(
            "source: { kind: folder, path: north }",
            "source: { kind: sftp, path: out, host: h, user: u, password: env:P, known_hosts: known_hosts }"));
        Assert.Equal(Path.Combine(mappings, "partners", "north", "known_hosts"), Assert.Single(Load().Partners).Source.KnownHosts);
    }
}
