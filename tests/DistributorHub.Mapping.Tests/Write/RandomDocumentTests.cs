using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Tests.Language;
using DistributorHub.Mapping.Write;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Write;

/// <summary>Whatever a view gives, a document is written or refused with findings.</summary>
public sealed class RandomDocumentTests
{
    static readonly string[] Texts = ["", " ", "A", "SC-4711", "4012345678901", "accepted", "changed", "original", "add", "change", "EA", "KG", "a*b~c", "x+y:z?'", "€", "äöü", "\0", "\ud800", new('x', 400)];

    public static TheoryData<string> Maps => [.. Directory.GetFiles(Repository.PathTo("mappings", "base"), "*.yaml").Where(file => File.ReadAllText(file).Contains("\nwrite:\n", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Maps))]
    public void A_document_is_written_or_refused(string id)
    {
        var (map, diagnostics) = new Maps().CompileWrite($"base/{id}");
        Assert.Empty(diagnostics);
        var random = new Random(5);
        var written = 0;
        for (var run = 0; run < 300; run++)
        {
            var findings = new Findings();
            var bytes = OutboundInterchange.Write(map!, [Row(map!.Document, map.Document.Root, random)], new()
            {
                Options = new() { Standard = map.Message.Standard },
                Interchange = new() { Sender = new("ME", "ZZ"), Recipient = new("YOU", "ZZ"), Reference = "7", Prepared = new(2026, 3, 5) },
                Partner = new Dictionary<string, string> { ["id"] = "p", ["currency"] = "EUR", ["own_gln"] = "4012345000009", ["gln"] = "4012345000016" },
            }, findings);
            Assert.Equal(bytes is null, findings.Errors > 0);
            written += bytes is null ? 0 : 1;
        }
        Assert.InRange(written, 1, 299);
    }

    static DocumentData Row(DocumentDefinition document, DocumentList list, Random random)
    {
        var row = new DocumentData(document, list);
        // Most rows are good ones: a single fault refuses the whole.
        var isWild = random.Next(6) == 0;
        for (var i = 0; i < row.Values.Length; i++)
            row.Values[i] = random.Next(isWild ? 3 : 9) == 0 && (isWild || list.Fields[i].Nullable) ? null : Value(list.Fields[i], isWild, random);
        foreach (var (inner, rows) in row.Rows)
            for (var count = random.Next(3); count > 0; count--)
                rows.Add(Row(document, inner, random));
        return row;
    }

    static object Value(ColumnDefinition field, bool isWild, Random random) => field.Kind switch
    {
        ColumnKind.Text when isWild => Texts[random.Next(Texts.Length)],
        ColumnKind.Text => field.Name switch
        {
            "status" => "accepted",
            "function" => "change",
            "action" => "change",
            "uom" => "EA",
            "currency" => "EUR",
            _ => "A7" + random.Next(9).ToString(CultureInfo.InvariantCulture),
        },
        ColumnKind.Int => isWild ? (long)random.Next(int.MinValue, int.MaxValue) : random.Next(1, 99),
        ColumnKind.Numeric => isWild ? random.NextInt64() / 1000m : random.Next(1, 99999) / 100m,
        ColumnKind.Date => DateOnly.MinValue.AddDays(random.Next(isWild ? 3_000_000 : 800_000)),
        ColumnKind.Time => TimeOnly.MinValue.Add(TimeSpan.FromSeconds(random.Next(86_400))),
        ColumnKind.Timestamp => DateTime.MinValue.AddSeconds(random.NextInt64(200_000_000_000)),
        _ => random.Next(2) == 0,
    };
}
