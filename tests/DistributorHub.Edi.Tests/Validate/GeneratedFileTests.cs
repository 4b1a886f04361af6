using System.Diagnostics;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Validate;

/// <summary>Valid files of the generator beside the checkout: whatever is found in them is wrong.</summary>
public sealed class GeneratedFileTests
{
    [Theory]
    [InlineData("orders", 20, 15, "3")]
    [InlineData("orders", 5, 15, "4")]
    [InlineData("pricat", 3, 200, "3")]
    [InlineData("850", 20, 15, "auto")]
    [InlineData("832", 3, 200, "auto")]
    public void A_valid_file_has_no_findings_and_is_accepted(string kind, int messages, int lines, string syntax)
    {
        if (Repository.Shared is not { } shared)
            return;
        var file = Path.GetTempFileName();
        try
        {
            Generate(shared, kind, messages, lines, syntax, file);
            using var stream = File.OpenRead(file);
            var reading = new Reading(stream);

            Assert.Empty(reading.Findings.Kept.Select(f => $"{f.Code} {f.At} {f.Message}"));
            Assert.Equal(messages, reading.Messages.Count(m => m.Defined));
            var acknowledgement = Assert.Single(reading.Acknowledgements);
            Assert.Equal((messages, 0), (acknowledgement.Accepted, acknowledgement.Rejected));
        }
        finally
        {
            File.Delete(file);
        }
    }

    static void Generate(string shared, string kind, int messages, int lines, string syntax, string file)
    {
        using var process = Process.Start(new ProcessStartInfo("python3")
        {
            ArgumentList =
            {
                Path.Combine(shared, "bench", "gen_edi.py"), "--kind", kind, "--messages", $"{messages}", "--lines", $"{lines}",
                "--seed", "7", "--syntax", syntax, "--out", file,
            },
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
