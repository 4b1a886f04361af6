using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Benchmarks;

/// <summary>Every event with its segment and marks, as the later stages get them; counts what it got.</summary>
static class Tokenise
{
    public static string Run(byte[] file)
    {
        var findings = new Findings();
        long segments = 0, marks = 0, text = 0;
        using var reader = new EdiReader(new MemoryStream(file, writable: false), findings);
        while (reader.Read())
        {
            var segment = reader.Segment;
            segments++;
            marks += segment.Marks.Length;
            text += segment.Text.Length;
        }
        return FormattableString.Invariant($"{segments} events, {marks} marks, {text} bytes of text, {findings.Count} findings");
    }
}
