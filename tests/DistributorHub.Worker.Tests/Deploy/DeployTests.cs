using System.Globalization;
using System.Text.RegularExpressions;
using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace DistributorHub.Worker.Tests.Deploy;

/// <summary>The files an IT team installs with.</summary>
public sealed partial class DeployTests : IDisposable
{
    /// <summary>Of 10; systemd calls what is below 2 "OK".</summary>
    const double ExposureMost = 2.0;

    readonly string folder = Directory.CreateTempSubdirectory("hub-deploy-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string Deploy(string file) => Repository.PathTo("deploy", file);

    /// <summary>The unit with a program that exists, which the verification insists on.</summary>
    string UnitFile()
    {
        Machine.Needs(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed (Debian: systemd).");
        var unit = File.ReadAllText(Deploy("distributorhub.service"));
        var path = Path.Combine(folder, "distributorhub.service");
        File.WriteAllText(path, unit.Replace("ExecStart=/opt/distributorhub/hub run", "ExecStart=/bin/sh"));
        Assert.NotEqual(unit, File.ReadAllText(path));
        return path;
    }

    [Fact]
    public async Task The_unit_file_is_understood_by_systemd_without_a_remark()
    {
        var (_, output, errors) = await Machine.Run("systemd-analyze", ["verify", UnitFile()], Cancellation);
        Assert.Equal("", errors + output);
    }

    [Fact]
    public async Task A_mistake_in_the_unit_file_would_be_noticed()
    {
        var path = UnitFile();
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Cancellation)).Replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"), Cancellation);
        Assert.Contains("NoNewPrivilege", (await Machine.Run("systemd-analyze", ["verify", path], Cancellation)).Errors);
    }

    [Fact]
    public async Task The_service_is_well_fenced_in()
    {
        var (_, output, _) = await Machine.Run("systemd-analyze", ["security", "--offline=true", "--no-pager", UnitFile()], Cancellation);
        var exposure = Exposure().Match(output);
        Assert.True(exposure.Success, output);
        Assert.InRange(double.Parse(exposure.Groups["level"].Value, CultureInfo.InvariantCulture), 0, ExposureMost);
    }

    [Fact]
    public void The_example_of_settings_is_accepted_by_the_hub()
    {
        var lines = File.ReadAllLines(Deploy("hub.env.example")).Where(line => line.Length > 0 && !line.StartsWith('#'));
        var values = lines.Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0].Replace("__", ":"), pair => (string?)pair[1].Trim('"'));
        values["Hub:Mappings"] = Repository.PathTo("mappings");
        var settings = HubSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        Assert.False(settings.Embedded);
        Assert.Equal(new Uri("http://127.0.0.1:5080"), settings.Address);
        using var hub = new Database(settings.HubConnection);
        Assert.Equal(Engine.PostgreSql, hub.Engine);
    }

    [Theory]
    [InlineData("publish.sh")]
    [InlineData("hub-as-service.sh")]
    [InlineData("../tests/run.sh")]
    [InlineData("../.ci/run")]
    public async Task Every_script_can_be_read_by_the_shell_and_run(string script)
    {
        Assert.Equal((0, "", ""), await Machine.Run("bash", ["-n", Deploy(script)], Cancellation));
        Assert.Equal((0, "", ""), await Machine.Run("test", ["-x", Deploy(script)], Cancellation));
    }

    [Fact]
    public async Task What_is_published_runs_and_has_its_mappings()
    {
        var target = Path.Combine(folder, "published");
        var (code, output, errors) = await Machine.Run("bash", [Deploy("publish.sh"), "-f", target], Cancellation);
        Assert.True(code == 0, errors);
        Assert.Equal(target, output.Trim());
        string[] parts = ["hub", "hub.dll", "mappings/base/orders-edifact.yaml", "mappings/targets/shop.target.yaml", "deploy/distributorhub.service"];
        Assert.All(parts, part => Assert.True(File.Exists(Path.Combine(target, part)), part));
        var help = await Machine.Run(Path.Combine(target, "hub"), ["--help"], Cancellation);
        Assert.Equal((0, ""), (help.Code, help.Errors));
    }

    [Fact]
    public async Task Publishing_never_overwrites_a_folder_that_holds_something_else()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "precious"), "", Cancellation);
        Assert.Equal(2, (await Machine.Run("bash", [Deploy("publish.sh"), folder], Cancellation)).Code);
        Assert.True(File.Exists(Path.Combine(folder, "precious")));
    }

    [GeneratedRegex("Overall exposure level for .*: (?<level>[0-9.]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Exposure();
}
