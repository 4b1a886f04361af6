using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping.Formats;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Tests.Run;

namespace DistributorHub.Mapping.Tests.Formats;

/// <summary>A file without an envelope sent through reader and mapper, with what came of it.</summary>
sealed class RecordFile
{
    readonly Findings findings = new();
    readonly List<CollectSink> documents = [];

    public IReadOnlyList<Finding> Faults => findings.Kept;

    public List<string?> Numbers { get; } = [];

    /// <summary>Documents that were read to their end.</summary>
    public int Ended { get; private set; }

    /// <summary>Byte offsets of the segments, as "record@byte".</summary>
    public List<string> Places { get; } = [];

    public static RecordFile Map(CompiledMap map, string text) => Map(map, Encoding.UTF8.GetBytes(text));

    public static RecordFile Map(CompiledMap map, byte[] bytes)
    {
        var file = new RecordFile();
        using var reader = map.Open(() => new MemoryStream(bytes), "acme", file.findings);
        MessageMapper? mapper = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case RecordEvent.DocumentStart:
                    file.documents.Add(new());
                    mapper = new(map, Context(reader), file.documents[^1], file.findings);
                    break;
                case RecordEvent.Segment:
                    file.Places.Add($"{reader.Position.Segment}@{reader.Position.Offset}");
                    mapper!.Accept(reader);
                    break;
                case RecordEvent.DocumentEnd:
                    mapper!.End();
                    file.Numbers.Add(mapper.DocumentNumber);
                    file.Ended++;
                    break;
            }
        }
        return file;
    }

    static MapContext Context(RecordReader reader) => new()
    {
        Partner = new Dictionary<string, string> { ["id"] = "acme", ["currency"] = "CHF" },
        Interchange = reader.Envelope,
        Message = reader.Document!,
        File = new Dictionary<string, string> { ["name"] = "test.csv" },
    };

    /// <summary>Rows of a table, of all documents, as their values joined with a bar.</summary>
    public List<string> Rows(string table) =>
        [.. documents.SelectMany(document => document.Of(table)).Select(row => string.Join('|', row.Values.Select(value => value ?? "")))];

    /// <summary>Faults as code, record and column.</summary>
    public List<string> Told() => [.. Faults.Select(fault => $"{fault.Code} {fault.At.Segment}.{fault.At.Element}@{fault.At.Offset}")];
}

/// <summary>A small map of records: a list of articles, or orders when it has a key.</summary>
static class RecordMaps
{
    public const string Target =
        """
        hub: target/1
        id: test
        connection: seller
        tables:
          lists:
            is: lists
            id: list_id
            key: [no]
            policy: update
            columns:
              no: text(20) not null
              day: date
              items: int not null
          items:
            is: items
            parent: lists.list_id
            key: [list_id, line]
            policy: children
            columns:
              line: int not null
              sku: text(20) not null
              price: numeric(12,4)
              until: date
        """;

    /// <param name="from">Settings of <c>from:</c> beside those of this map, each on a line.</param>
    /// <param name="message">What a document is.</param>
    public static CompiledMap Compile(string from = "", string message = "LIST") => MappedFile.CompileText(
        $$"""
        hub: map/1
        id: base/test
        from:
          format: csv
          message: {{message}}
          header: [no, day]
          columns:
            no: No
            day: { header: Day, is: date, format: dd.MM.yyyy, optional: yes }
            sku: { header: [Article, Artikel] }
            price: { header: Price, is: decimal, optional: yes }
            until: { header: Until, is: date, format: dd.MM.yyyy, optional: yes }
          {{from}}
        to: test
        rows:
        - table: lists
          set: { no: no, day: 'day?', items: count(record) }
        - table: items
          for: record
          set: { line: $n, sku: sku, price: 'price?', until: 'until?' }
        """.Replace("'day?'", "day?", StringComparison.Ordinal).Replace("'price?'", "price?", StringComparison.Ordinal).Replace("'until?'", "until?", StringComparison.Ordinal), Target);
}
