using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Run;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>A file sent through reader, validator and mapper, with what came of it.</summary>
sealed class MappedFile
{
    static readonly string[] Files = [.. Directory.EnumerateFiles(Repository.PathTo("mappings"), "*.yaml", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Repository.PathTo("mappings"), f).Replace('\\', '/'))];

    readonly CollectSink sink = new();
    readonly Findings findings = new();

    /// <summary>Findings of the reader and the validator.</summary>
    public List<Finding> FileFaults { get; } = [];

    public IReadOnlyList<Finding> Faults => findings.Kept;

    public List<string?> DocumentNumbers { get; } = [];

    /// <summary>Rows that were left out, of all messages.</summary>
    public List<RowLeftOut> LeftOut { get; } = [];

    /// <summary>Compiles a map of the checkout with files of the test before it.</summary>
    public static CompiledMap Compile(string id, string? partner = null, params (string Path, string Text)[] files)
    {
        var diagnostics = new List<Diagnostic>();
        string? Read(string path) =>
            Array.Find(files, f => f.Path == path).Text ?? (Files.Contains(path) ? File.ReadAllText(Repository.PathTo("mappings", path)) : null);
        var library = new MapLibrary([.. Files.Union(files.Select(f => f.Path))], Read, DefinitionLibrary.Embedded);
        var map = library.Compile(id, partner, diagnostics);
        Assert.True(map is not null, string.Join('\n', diagnostics));
        return map;
    }

    /// <summary>A map of the test alone.</summary>
    public static CompiledMap CompileText(string text, string target) =>
        Compile("base/test", null, ("base/test.yaml", text), ("targets/test.target.yaml", target));

    public static MappedFile Map(CompiledMap map, string text) => Map(map, Encoding.Latin1.GetBytes(text.ReplaceLineEndings("")));

    public static MappedFile Map(CompiledMap map, byte[] bytes, Func<MapWatch>? watch = null)
    {
        var file = new MappedFile();
        Run(map, new MemoryStream(bytes), file.sink, file.findings, new Findings { Added = file.FileFaults.Add }, file.DocumentNumbers, watch, file.LeftOut);
        return file;
    }

    /// <summary>All findings in one list, as the service keeps them.</summary>
    public static IReadOnlyList<Finding> OneList(CompiledMap map, string text)
    {
        var all = new Findings();
        Run(map, new MemoryStream(Encoding.Latin1.GetBytes(text)), new CollectSink(), all, all, []);
        return all.Kept;
    }

    public static void Run(CompiledMap map, Stream input, IRowSink sink, Findings findings, List<Finding> fileFaults, List<string?> numbers) =>
        Run(map, input, sink, findings, new Findings { Added = fileFaults.Add }, numbers);

    static void Run(CompiledMap map, Stream input, IRowSink sink, Findings findings, Findings faults, List<string?> numbers, Func<MapWatch>? watch = null, List<RowLeftOut>? leftOut = null)
    {
        using var reader = new EdiReader(input, faults);
        var validator = new MessageValidator(map.Message, faults);
        MessageMapper? mapper = null;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator.Start(reader);
                    mapper = new(map, Context(reader), sink, findings, watch?.Invoke());
                    break;
                case EdiEvent.Segment when validator.Accept(reader) is >= 0 and var node:
                    mapper!.Accept(reader, node);
                    break;
                case EdiEvent.MessageEnd:
                    validator.End(reader);
                    mapper!.End();
                    numbers.Add(mapper.DocumentNumber);
                    leftOut?.AddRange(mapper.LeftOut);
                    break;
            }
        }
    }

    static MapContext Context(EdiReader reader) => new()
    {
        Partner = new Dictionary<string, string> { ["id"] = "acme", ["currency"] = "CHF" },
        Interchange = reader.Interchange!,
        Group = reader.Group,
        Message = reader.Message!,
        File = new Dictionary<string, string> { ["name"] = "test.edi" },
    };

    /// <summary>Rows of a table as <c>column=value</c> for every column that is not null.</summary>
    public List<string> Rows(string table) => [.. sink.Of(table).Select(Describe)];

    /// <summary>The parent's row number of every row.</summary>
    public List<long> Parents(string table) => [.. sink.Of(table).Select(r => r.ParentRow)];

    public List<int> Segments(string table) => [.. sink.Of(table).Select(r => r.Segment)];

    public IReadOnlyList<CollectedRow> All => sink.Rows;

    public long RowCount => sink.Count;

    /// <summary>No finding of any stage.</summary>
    public void IsClean()
    {
        Assert.Equal([], FileFaults.ConvertAll(f => $"{f.Code} {f.At} {f.Message}"));
        Assert.Equal([], Faults.Select(f => $"{f.Code} {f.At} {f.Message}"));
    }

    public Finding OnlyFault()
    {
        Assert.Equal(1, findings.Count);
        return findings.Kept[0];
    }

    static string Describe(CollectedRow row) => string.Join(" | ",
        row.Table.Columns.Select((c, i) => (c.Name, Value: row.Values[i])).Where(v => v.Value is not null).Select(v => $"{v.Name}={v.Value}"));
}
