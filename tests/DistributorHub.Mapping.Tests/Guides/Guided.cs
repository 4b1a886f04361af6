using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Guides;

/// <summary>Guides written in tests, and sample files checked with them.</summary>
static class Guided
{
    public const string Orders = "edifact/D.96A/ORDERS";

    /// <summary>A guide of some lines, on top of a definition or another guide.</summary>
    public static string Text(string id, string extends, string rules) => $"hub: guide/1\nid: {id}\nextends: [{extends}]\n{rules.ReplaceLineEndings("\n")}\n";

    /// <summary>Loads the last of some guides; each is given as its id and text.</summary>
    public static (Guide? Guide, IReadOnlyList<string> Mistakes) Load(params (string Id, string Text)[] guides)
    {
        string? Read(string path) => Array.Find(guides, g => $"{g.Id}.yaml" == path).Text;
        var library = new MapLibrary([.. guides.Select(g => $"{g.Id}.yaml")], Read, DefinitionLibrary.Embedded);
        var diagnostics = new List<Diagnostic>();
        return (library.Guide(guides[^1].Id, diagnostics), [.. diagnostics.Select(d => d.ToString())]);
    }

    /// <summary>A guide of ORDERS D.96A that has no mistake; its first rule stands in line 4.</summary>
    public static Guide Right(string rules, string extends = Orders)
    {
        var (guide, mistakes) = Load(("guides/test", Text("guides/test", extends, rules)));
        Assert.Empty(mistakes);
        return guide!;
    }

    /// <summary>A sample file of the checkout with each text replaced that must occur in it; only the first occurrence is.</summary>
    public static string Sample(string partner, string file, params (string Old, string New)[] edits)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Repository.PathTo("sample-files", partner, "in", file)));
        foreach (var (old, replacement) in edits)
        {
            var at = text.IndexOf(old, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{old}' is not in {file}.");
            text = string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length));
        }
        return text;
    }

    /// <summary>The file of two orders that the samples have, all right as it is.</summary>
    public static string OrdersFile(params (string Old, string New)[] edits) => Sample("nordlicht", "orders-4500017201.edi", edits);

    /// <summary>Reads, checks and acknowledges a file with a guide for the messages it is of.</summary>
    public static (IReadOnlyList<Finding> Findings, string Answer) Check(string text, Guide? guide)
    {
        var acknowledging = new AcknowledgementBuilder(new() { Functional = Answering.Always });
        var findings = new Findings { Added = acknowledging.Add };
        using var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes(text)), findings);
        MessageValidator? validator = null;
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.MessageStart)
            {
                var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!);
                validator = MessageValidator.Next(validator, definition, findings, guide);
                validator!.Start(reader);
            }
            else if (reader.Event == EdiEvent.Segment)
                validator!.Accept(reader);
            else if (reader.Event == EdiEvent.MessageEnd)
                validator!.End(reader);
            if (reader.Event != EdiEvent.Segment)
                acknowledging.Accept(reader);
        }
        return (findings.Kept, Encoding.Latin1.GetString(acknowledging.End()[0].Write("1", DateTimeOffset.UnixEpoch)));
    }

    /// <summary>
    /// What a file's findings are, as <c>code severity segment[/element[/component]] path</c>; without that of UNT, whose count edits make wrong.
    /// </summary>
    public static IReadOnlyList<string> Faults(string text, Guide? guide) => [.. Check(text, guide).Findings.Where(f => f.Code != Edi.Codes.MessageCount).Select(Short)];

    public static string Short(Finding finding) =>
        $"{finding.Code} {finding.Severity} {finding.At.Segment}{(finding.At.Element > 0 ? $"/{finding.At.Element}" : "")}{(finding.At.Component > 0 ? $"/{finding.At.Component}" : "")} {finding.Path}";
}
