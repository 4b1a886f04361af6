using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Schema;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>The schemas that stand in the repository, and what they say of the files there.</summary>
public sealed class ShippedFileTests
{
    static readonly string mappings = Repository.PathTo("mappings");

    static readonly Validation shipped = new(Directory.GetFiles(Path.Combine(mappings, SchemaFolder.Name)).ToDictionary(path => path, File.ReadAllText));

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(mappings, "*.yaml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(mappings, path))];

    [Fact]
    public void The_schemas_in_the_repository_are_those_that_the_program_writes() =>
        Assert.Empty(SchemaFolder.Stale(mappings, SchemaFolder.Of(MapFolder.Open(mappings, DefinitionLibrary.Embedded), DefinitionLibrary.Embedded)));

    [Fact]
    public void Editors_that_open_the_repository_or_the_folder_of_mappings_are_led_to_the_schemas()
    {
        Assert.True(SchemaFolder.IsWired(mappings));
        Assert.Contains($"./mappings/{SchemaFolder.Name}/{SchemaSet.RootFile}", File.ReadAllText(Repository.PathTo(".vscode", "settings.json")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_file_is_taken_by_the_schemas(string path) => Assert.Empty(shipped.Judge(File.ReadAllText(Path.Combine(mappings, path))));

    [Theory]
    [InlineData("base/orders-edifact.yaml", "hub: map/1", "hub: map/9")]
    [InlineData("base/orders-edifact.yaml", "- table: orders", "- tabel: orders")]
    [InlineData("base/orders-edifact.yaml", "- table: orders", "- table: order")]
    [InlineData("base/orders-edifact.yaml", "    order_no:", "    order_number:")]
    [InlineData("base/orders-edifact.yaml", "    role:", "    order_no:")]
    [InlineData("base/orders-edifact.yaml", "id: base/orders-edifact", "name: base/orders-edifact")]
    [InlineData("base/orders-edifact.yaml", "standard: EDIFACT", "standard: EDIFAKT")]
    [InlineData("base/pricat-x12.yaml", "stream: required", "stream: always")]
    [InlineData("targets/shop.target.yaml", "policy: version", "policy: versions")]
    [InlineData("targets/shop.target.yaml", "text(35) not null", "text(35) notnull")]
    [InlineData("targets/shop.target.yaml", "max_missing: 20%", "max_missing: twenty")]
    [InlineData("codes/uom.yaml", "map:", "maps:")]
    [InlineData("guides/nordlicht-orders.yaml", "required: yes", "required: maybe")]
    [InlineData("guides/nordlicht-orders.yaml", "other: warn", "other: warning")]
    [InlineData("partners/prairie/partner.yaml", "settle: 1s", "settle: 1 second")]
    [InlineData("partners/prairie/partner.yaml", "kind: folder", "kind: ftp")]
    [InlineData("partners/prairie/partner.yaml", "currency: USD", "currency: dollars")]
    [InlineData("partners/prairie/partner.yaml", "  folder: out", "  folders: out")]
    [InlineData("partners/prairie/tests/01-order.expect.yaml", "- message: ", "- massage: ")]
    public void A_file_with_a_mistake_is_refused(string path, string right, string wrong)
    {
        var text = File.ReadAllText(Path.Combine(mappings, path));
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.NotEmpty(shipped.Judge(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void With_several_targets_a_map_is_completed_with_the_tables_of_its_own()
    {
        var files = new Dictionary<string, string>(Examples.Files, StringComparer.Ordinal)
        {
            ["targets/erp.target.yaml"] = "hub: target/1\nid: erp\ntables:\n  bookings: { key: [no], policy: skip, columns: { no: text not null } }\n  orders: { key: [no], policy: skip, columns: { no: text not null } }\n",
        };
        var validation = new Validation(SchemaFolder.Of(new([.. files.Keys], path => files.GetValueOrDefault(path), DefinitionLibrary.Embedded), DefinitionLibrary.Embedded));
        Assert.Empty(validation.Judge(Map("erp", "bookings", "no")));
        Assert.Empty(validation.Judge(Map("erp", "orders", "no")));
        Assert.Empty(validation.Judge(Map("shop", "orders", "order_no")));
        Assert.NotEmpty(validation.Judge(Map("shop", "bookings", "no")));
        Assert.NotEmpty(validation.Judge(Map("shop", "orders", "no")));
        Assert.NotEmpty(validation.Judge(Map("erp", "orders", "order_no")));

        static string Map(string to, string table, string column) => $"hub: map/1\nid: base/x\nto: {to}\nrows:\n- table: {table}\n  set:\n    {column}: BGM.1004\n";
    }
}
