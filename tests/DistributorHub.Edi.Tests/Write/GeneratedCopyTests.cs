using System.Diagnostics;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>Files of the generator beside the checkout are canonical: each comes back byte for byte, and with nothing to say about it.</summary>
public sealed class GeneratedCopyTests
{
    [Theory]
    [InlineData("orders", 20, 15, "3", "none")]
    [InlineData("orders", 20, 15, "4", "lf")]
    [InlineData("orders", 20, 15, "3", "crlf")]
    [InlineData("pricat", 3, 2000, "3", "none")]
    [InlineData("pricat", 3, 2000, "4", "crlf")]
    [InlineData("850", 20, 15, "auto", "none")]
    [InlineData("850", 20, 15, "auto", "crlf")]
    [InlineData("832", 3, 2000, "auto", "lf")]
    public void A_generated_file_comes_back_byte_for_byte(string kind, int messages, int lines, string syntax, string newline)
    {
        if (Repository.Shared is not { } shared)
            return;
        var path = Path.GetTempFileName();
        try
        {
            using (var process = Process.Start(new ProcessStartInfo("python3")
            {
                ArgumentList =
                {
                    Path.Combine(shared, "bench", "gen_edi.py"), "--kind", kind, "--messages", $"{messages}", "--lines", $"{lines}",
                    "--seed", "11", "--syntax", syntax, "--newline", newline, "--out", path,
                },
                RedirectStandardError = true,
                UseShellExecute = false,
            })!)
            {
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                Assert.Equal(0, process.ExitCode);
            }
            var file = File.ReadAllBytes(path);
            var findings = new Findings();
            using var copy = new MemoryStream();
            using (var reader = new EdiReader(new MemoryStream(file), findings))
            using (var writer = new EdiWriter(copy, findings))
                writer.CopyAll(reader);
            Assert.Empty(findings.Kept);
            Assert.True(copy.ToArray().AsSpan().SequenceEqual(file));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
