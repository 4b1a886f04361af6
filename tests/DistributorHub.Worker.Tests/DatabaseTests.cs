using Microsoft.Extensions.Configuration;

namespace DistributorHub.Worker.Tests;

public sealed class DatabaseTests
{
    [Fact]
    public void A_folder_whose_name_holds_host_is_still_sqlite()
    {
        const string Text = "Data Source=/srv/host=ing/hub.db";
        Assert.Equal(Engine.Sqlite, Database.EngineOf(Text));
        Assert.Equal(Text, Hub.InOwnSchema(Text));
    }

    [Theory]
    [InlineData("Password=geheim")]
    [InlineData("geheim")]
    public void A_connection_string_without_an_engine_is_refused_and_not_repeated(string text)
    {
        var refusal = Assert.Throws<SettingsException>(() => Database.EngineOf(text));
        Assert.DoesNotContain("geheim", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_may_hold_a_semicolon()
    {
        var folder = Directory.CreateTempSubdirectory("hub;host").FullName;
        try
        {
            var settings = HubSettings.Read(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Hub:Data"] = folder, ["Hub:Mappings"] = folder }).Build());
            using var database = Hub.OpenLedger(settings);
            Assert.Equal(Engine.Sqlite, database.Engine);
            Assert.Contains(folder, settings.HubConnection, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void Text_from_outside_neither_steers_the_terminal_nor_makes_a_line_of_its_own() =>
        Assert.Equal($"a\\x1B[2Jb{Environment.NewLine}    #1 loaded", Harmless.Text("a\u001b[2Jb\n#1 loaded"));
}
