using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Benchmarks;

/// <summary>Every segment read and written again, value by value where that is needed; what is written is counted and compared with the file's length.</summary>
static class Copy
{
    public static string Run(string path)
    {
        var findings = new Findings();
        using var reader = new EdiReader(Stage.Open(path), findings);
        using var writer = new EdiWriter(Stream.Null, findings);
        writer.CopyAll(reader);
        var same = writer.BytesWritten == new FileInfo(path).Length ? "as many as the file has" : "not as many as the file has";
        return FormattableString.Invariant($"{writer.BytesWritten} bytes, {same}; {findings.Count} findings");
    }
}
