using DistributorHub.Worker.Tests.Cli;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary><c>hub schema</c>, with the real program.</summary>
public sealed class SchemaVerbTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task Writes_the_schemas_of_the_folder_once_and_says_when_they_are_out_of_date()
    {
        Directory.Delete(Path.Combine(hub.Mappings, ".schemas"), recursive: true);
        Directory.Delete(Path.Combine(hub.Mappings, ".vscode"), recursive: true);
        Assert.Equal(1, (await hub.Run("schema", "--check")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(hub.Mappings, ".schemas")));

        var first = await hub.Run("schema");
        Assert.Equal(0, first.ExitCode);
        Assert.Contains(".schemas/map.schema.json is written.", first.Output, StringComparison.Ordinal);
        Assert.Contains(".vscode/settings.json is written.", first.Output, StringComparison.Ordinal);
        Assert.Equal("The schemas are up to date.\n", (await hub.Run("schema")).Output);
        Assert.Equal(0, (await hub.Run("schema", "--check")).ExitCode);

        var target = Path.Combine(hub.Mappings, "targets", "shop.target.yaml");
        File.WriteAllText(target, File.ReadAllText(target).Replace("      order_no:", "      channel:      text(10)\n      order_no:", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(hub.Mappings, ".schemas", "old.schema.json"), "{}");
        var stale = await hub.Run("schema", "--check");
        Assert.Equal(1, stale.ExitCode);
        Assert.Contains(".schemas/map.schema.json is not as 'hub schema' writes it.", stale.Output, StringComparison.Ordinal);
        Assert.Contains(".schemas/old.schema.json is removed.", (await hub.Run("schema")).Output, StringComparison.Ordinal);
        Assert.Contains("\"channel\"", File.ReadAllText(Path.Combine(hub.Mappings, ".schemas", "map.schema.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_an_editor_that_are_there_are_left_as_they_are()
    {
        var settings = Path.Combine(hub.Mappings, ".vscode", "settings.json");
        File.WriteAllText(settings, "{ \"editor.tabSize\": 2 }\n");
        Assert.Contains("add \"yaml.schemas\"", (await hub.Run("schema")).Output, StringComparison.Ordinal);
        Assert.Equal("{ \"editor.tabSize\": 2 }\n", File.ReadAllText(settings));
    }

    public void Dispose() => hub.Dispose();
}
