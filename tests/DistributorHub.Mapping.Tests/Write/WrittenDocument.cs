using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Tests.Language;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Tests.Write;

/// <summary>A small document and a map that writes it, made in memory.</summary>
sealed class WrittenDocument
{
    const string Definition = """
        hub: document/1
        id: note
        view: v.note
        key: [id]
        number: no
        fields:
          id: int not null
          no: text(20) not null
          remark: text
          on: date
          at: timestamp
          amount: numeric(12,3)
        lists:
          lines:
            view: v.line
            by: [note_id]
            key: [pos]
            fields:
              pos: int not null
              sku: text(35)
              qty: numeric(12,3)
            lists:
              lots:
                view: v.lot
                by: [note_id, pos]
                fields:
                  lot: text(10)
        """;

    readonly Maps maps = new();
    readonly string to;

    /// <param name="to">What the map says of its message: <c>standard: EDIFACT, message: ORDRSP, release: D.96A</c>.</param>
    /// <param name="write">The rules, indented as a file has them; functions may stand before them.</param>
    public WrittenDocument(string to, string write)
    {
        this.to = to;
        maps["docs/note.yaml"] = Definition;
        maps["base/small.yaml"] = $"hub: map/1\nid: base/small\nfrom: {{ document: note }}\nto: {{ {to} }}\n{write}\n";
    }

    public Findings Findings { get; } = new();

    public IEnumerable<string> Codes => Findings.Kept.Select(f => f.Code);

    /// <summary>The mistakes of the map.</summary>
    public string Mistakes() => string.Join('\n', maps.CompileWrite("base/small").Diagnostics.Select(Maps.Short));

    /// <summary>The segments between the headers and trailers, without separators at their ends; none when it cannot be written.</summary>
    public IReadOnlyList<string> Segments(string json, params ReadOnlySpan<(string Name, string Value)> partner)
    {
        var (map, diagnostics) = maps.CompileWrite("base/small");
        Assert.DoesNotContain(diagnostics, d => !d.Warning);
        var document = DocumentReader.Read("note.json", json, map!.Document, diagnostics);
        Assert.Empty(diagnostics);
        var isX12 = to.Contains("X12", StringComparison.Ordinal);
        var written = OutboundInterchange.Write(map, [document!], new()
        {
            Options = new() { Standard = isX12 ? Standard.X12 : Standard.Edifact },
            Interchange = new() { Sender = new("ME", "ZZ"), Recipient = new("YOU", "ZZ"), Reference = "7", Prepared = new(2026, 3, 5, 9, 30, 0) },
            MessageReferences = ["0001"],
            Partner = partner.ToArray().ToDictionary(p => p.Name, p => p.Value),
        }, Findings);
        var text = written is null ? "" : Encoding.Latin1.GetString(written);
        return [.. text.Split(isX12 ? '~' : '\'', StringSplitOptions.RemoveEmptyEntries).Where(s => s[..Math.Min(3, s.Length)] is not ("UNB" or "UNH" or "UNT" or "UNZ" or "ISA" or "GS*" or "ST*" or "SE*" or "GE*" or "IEA"))];
    }
}
