using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Worker.Golden;

/// <summary>Runs a golden test of a map that writes: a document, and the message it must become, or the findings it must be refused for.</summary>
sealed class DocumentTest(HubSettings settings, GoldenTest test, GoldenLibrary library, List<Diagnostic> problems)
{
    /// <summary>The message that came out; null when none did.</summary>
    public byte[]? Run()
    {
        var mistakes = problems.Count;
        var map = test.Map is null ? null : library.WriteMap(test.Map, test.Partner, problems);
        if (test.Map is null)
            Problem(ExpectCodes.NoMap, "A document is written by a map, and stands beside it.", "put it into the folder X.tests beside the map X.yaml");
        problems.RemoveAll(problem => problem.Warning);
        if (map is null || problems.Count > mistakes)
            return null;
        var findings = new Findings();
        var partner = test.Partner is null ? null : library.Partners.Find(test.Partner);
        var name = Path.GetRelativePath(settings.Mappings, test.Input!.FullName).Replace('\\', '/');
        var written = DocumentTrial.Write(map, name, File.ReadAllText(test.Input.FullName), partner, problems, findings);
        if (problems.Count == mistakes)
            Compare(map, written, findings);
        return written;
    }

    void Compare(CompiledWriteMap map, byte[]? written, Findings findings)
    {
        var path = Path.Combine(settings.Mappings, test.ExpectName);
        if (test.Message is null && File.Exists(path))
            Refused(path, written, findings);
        else if (written is null)
            foreach (var finding in findings.Kept)
                Problem(ExpectCodes.Differs, $"It is not written: {finding.Code} {finding.Message}", finding.Advice ?? "correct the document or the map");
        else if (test.Message is null)
            Problem(ExpectCodes.NoExpectation, $"There is no message expected of {test.Input!.Name} yet.", $"write it by hand from the document, as {Path.GetFileName(test.Name)}.expect.edi or .x12; --accept writes what comes out");
        else
            Differences(map, File.ReadAllBytes(path), written);
    }

    // What must be refused says so as any golden test does.
    void Refused(string path, byte[]? written, Findings findings)
    {
        if (ExpectReader.Read(test.ExpectName, File.ReadAllText(path), problems) is not { } expected)
            return;
        if (written is not null || expected.Messages.Count > 0)
            Problem(ExpectCodes.Differs, written is not null ? "A message is written, and none is expected." : "A document that is refused becomes no message.", "messages: [], or a file *.expect.edi with the message");
        var found = findings.Kept.Where(finding => finding.Severity >= Severity.Warning).ToList();
        foreach (var want in expected.Findings.Where(want => found.RemoveAll(finding => finding.Code == want.Code) == 0))
            problems.Add(new(test.ExpectName, want.At.Line, want.At.Column, ExpectCodes.Differs, $"{want.Code} is expected, and not found."));
        foreach (var other in found)
            Problem(ExpectCodes.Differs, $"{other.Code} is found, and not expected: {other.Message}", "add it to findings: if it is right");
    }

    // By segment: a line of the file that is expected is one.
    void Differences(CompiledWriteMap map, byte[] expected, byte[] written)
    {
        if (expected.AsSpan().SequenceEqual(written))
            return;
        var encoding = map.Message.Standard == Edi.Parse.Standard.X12 ? Encoding.UTF8 : Encoding.Latin1;
        var (wanted, came) = (Lines(encoding.GetString(expected)), Lines(encoding.GetString(written)));
        var (start, end) = (0, 0);
        while (start < wanted.Length && start < came.Length && wanted[start] == came[start])
            start++;
        while (end < wanted.Length - start && end < came.Length - start && wanted[^(end + 1)] == came[^(end + 1)])
            end++;
        for (var line = start; line < Math.Max(wanted.Length, came.Length) - end; line++)
        {
            var (want, have) = (line < wanted.Length - end ? wanted[line] : null, line < came.Length - end ? came[line] : null);
            if (want != have)
                problems.Add(new(test.ExpectName, Math.Min(line, wanted.Length - 1) + 1, 1, ExpectCodes.Differs, (want, have) switch
                {
                    (null, _) => $"{have} is written, and not expected.",
                    (_, null) => $"{want} is expected, and not written.",
                    _ => $"{want} is expected, and {have} is written.",
                }));
        }
        if (start >= Math.Max(wanted.Length, came.Length) - end)
            Problem(ExpectCodes.Differs, "The line breaks differ.", "each segment ends with one LF");
    }

    static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    void Problem(string code, string message, string hint) => problems.Add(new(test.ExpectName, 1, 1, code, message, hint));
}
