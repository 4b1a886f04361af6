using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class SourcePathsTests
{
    static readonly DateTimeOffset now = new(2026, 3, 1, 23, 30, 0, TimeSpan.FromHours(-5));

    static SourceDefinition Source(string path, string moveTo) => new() { Kind = SourceKind.Sftp, Path = path, MoveTo = moveTo };

    [Theory]
    [InlineData("out", "processed", "processed/orders.edi")]
    [InlineData("/out", "processed", "/processed/orders.edi")]
    [InlineData("/", "processed", "/processed/orders.edi")]
    [InlineData("/home/us/out", "done/{date}", "/home/us/done/2026-03-02/orders.edi")]
    [InlineData("/home/us/out", "/archive/{date}/{date}-{name}.old", "/archive/2026-03-02/2026-03-02-orders.edi.old")]
    public void A_file_is_moved_beside_the_folder_it_was_read_from(string path, string moveTo, string expected)
    {
        var source = Source(path, moveTo);
        Assert.Equal(expected, SourcePaths.MoveTarget(source, new(SourcePaths.Join(path, "orders.edi"), 1, now), now));
    }

    [Theory]
    [InlineData("orders.edi", "processed", "processed/orders.edi", "processed/orders-17.edi", "processed/orders-17-2.edi")]
    [InlineData(".edi", "processed", "processed/.edi", "processed/.edi-17", "processed/.edi-17-2")]
    [InlineData("orders", "v1.2/done", "v1.2/done/orders", "v1.2/done/orders-17", "v1.2/done/orders-17-2")]
    public void A_name_that_is_taken_gets_the_number_of_the_exchange(string name, string moveTo, params string[] expected) =>
        Assert.Equal(expected, SourcePaths.MoveTargets(Source("out", moveTo), new("out/" + name, 1, now), now, 17).Take(3));

    [Theory]
    [InlineData("..")]
    [InlineData("../contrl.edi")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void A_name_that_is_a_path_is_refused(string name)
    {
        var partner = new PartnerDefinition { Id = "p", Name = "p", Identities = [], Routes = [], Source = Source("us/out", "done") };
        Assert.Equal("us/out/contrl.edi", SourcePaths.AcknowledgeTarget(partner, "contrl.edi"));
        Assert.Equal(SourceFault.Refused, Assert.Throws<SourceException>(() => SourcePaths.AcknowledgeTarget(partner, name)).Fault);
    }
}
