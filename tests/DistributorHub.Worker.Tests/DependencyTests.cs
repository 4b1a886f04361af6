using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests;

public sealed class DependencyTests
{
    static readonly string Source = Repository.PathTo("src", "DistributorHub.Worker");

    [Fact]
    public void The_service_stands_on_mapping_and_nothing_stands_on_the_service()
    {
        Assert.Contains("DistributorHub.Mapping", References(typeof(Database).Assembly));
        Assert.DoesNotContain("hub", References(typeof(Mapping.Diagnostic).Assembly));
        Assert.DoesNotContain("hub", References(typeof(Edi.Finding).Assembly));
        Assert.DoesNotContain("DistributorHub.Mapping", References(typeof(Edi.Finding).Assembly));
    }

    [Theory]
    [InlineData("Renci.SshNet", "Receive")]
    [InlineData("Hangfire", "Jobs", "Web", "Observe", "HubHost.cs")]
    [InlineData("OpenTelemetry", "Observe")]
    [InlineData("System.CommandLine", "Cli")]
    [InlineData("Polly", "Receive", "Alerts")]
    [InlineData("MailKit", "Alerts")]
    public void A_library_is_known_in_one_place(string library, params string[] places)
    {
        var users = FilesWith($"using {library}");
        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.True(places.Any(place => user == place || user.StartsWith(place + "/", StringComparison.Ordinal)), user));
    }

    [Fact]
    public void Only_the_source_and_its_connection_speak_to_the_ssh_library() =>
        Assert.Equal(["Receive/SftpConnection.cs", "Receive/SftpSource.cs"], FilesWith("using Renci.SshNet;").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Receive", "Load", "Ledger", "Send", "Jobs", "Web", "Cli")]
    [InlineData("Load", "Receive", "Ledger", "Send", "Jobs", "Web", "Cli")]
    [InlineData("Ledger", "Load", "Send", "Jobs", "Web", "Cli")]
    [InlineData("Partners", "Receive", "Load", "Ledger", "Send", "Jobs", "Web", "Cli")]
    public void A_stage_does_not_know_the_others(string stage, params string[] others)
    {
        foreach (var other in others)
            Assert.DoesNotContain(FilesWith($"using DistributorHub.Worker.{other};"), file => file.StartsWith(stage + "/", StringComparison.Ordinal));
    }

    static List<string> References(System.Reflection.Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];

    static List<string> FilesWith(string text) =>
    [
        .. Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).TakeWhile(line => !line.StartsWith("namespace", StringComparison.Ordinal)).Any(line => line.Contains(text, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(Source, file).Replace('\\', '/')),
    ];
}
