using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests;

/// <summary>The engine as a package, made as anybody would make it.</summary>
public sealed class PackageTests
{
#if DEBUG
    const string Configuration = "Debug";
#else
    const string Configuration = "Release";
#endif

    [Fact]
    public async Task The_package_holds_the_engine_its_documentation_and_no_dependency()
    {
        var folder = Directory.CreateTempSubdirectory("hub-package");
        try
        {
            using var pack = Process.Start(new ProcessStartInfo("dotnet", ["pack", "--no-build", "-c", Configuration, "-o", folder.FullName])
            {
                WorkingDirectory = Repository.PathTo("src", "DistributorHub.Edi"),
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            var output = await pack.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await pack.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(pack.ExitCode == 0, output);

            using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder.FullName)));
            var names = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains("lib/net10.0/DistributorHub.Edi.dll", names);
            Assert.Contains("lib/net10.0/DistributorHub.Edi.xml", names);
            await using var nuspec = await package.GetEntry("DistributorHub.Edi.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
            var about = XDocument.Load(nuspec).Descendants().ToList();
            Assert.Equal("README.md", about.Single(element => element.Name.LocalName == "readme").Value);
            Assert.DoesNotContain(about, element => element.Name.LocalName == "dependency");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
