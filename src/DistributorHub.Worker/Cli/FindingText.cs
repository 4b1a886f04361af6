using System.Globalization;
using DistributorHub.Edi;

namespace DistributorHub.Worker.Cli;

/// <summary>Findings for people: what, where, the segment it is about, and what to do.</summary>
static class FindingText
{
    public static void Write(TextWriter output, IReadOnlyList<Finding> findings, Excerpts excerpts)
    {
        foreach (var (finding, excerpt) in findings.Zip(excerpts.Of(findings)))
            Write(output, finding, excerpt);
    }

    static void Write(TextWriter output, Finding finding, Excerpt excerpt)
    {
        var at = finding.At;
        var path = finding.Path is null ? "" : $", {finding.Path}";
        var segment = at.Segment > 0 ? string.Create(CultureInfo.InvariantCulture, $"{(at.Message > 0 ? $"message {at.Message}, " : "")}segment {at.Segment}, ") : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {finding.Severity.ToString().ToLowerInvariant()} {finding.Code} at line {excerpt.Line}, column {excerpt.Column} ({segment}byte {at.Offset}){path}: {Harmless.Text(finding.Message)}"));
        if (excerpt.Segment is { } text)
            output.WriteLine($"      {Harmless.Text(text)}");
        if (finding.Advice is not null)
            output.WriteLine($"      {finding.Advice}");
    }
}
