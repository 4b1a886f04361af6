using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Run;
using DistributorHub.Tests;
using DistributorHub.Worker;

namespace DistributorHub.Benchmarks;

/// <summary>Parse, structure and map, into a sink that hashes every value of every row. The map is the base map of the message type.</summary>
static class MapToSink
{
    static readonly Dictionary<string, CompiledMap> Maps = [];

    static readonly Dictionary<string, string> Partner = new() { ["id"] = Installation.Partner, ["currency"] = "EUR" }, File = new() { ["name"] = "benchmark" };

    public static string Run(string path)
    {
        var sink = new HashSink();
        var findings = Run(path, sink);
        return FormattableString.Invariant($"{sink.Rows} rows, {findings.Count} findings, {string.Join(", ", sink.Tables)}");
    }

    /// <summary>Maps the file into a sink.</summary>
    public static Findings Run(string path, IRowSink sink)
    {
        var findings = new Findings();
        MessageValidator? validator = null;
        MessageMapper? mapper = null;
        using var reader = new EdiReader(Stage.Open(path), findings);
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator = Validation.For(validator, reader, findings);
                    validator.Start(reader);
                    mapper = new(MapOf(reader.Message!.Type), Context(reader), sink, findings);
                    break;
                case EdiEvent.Segment when validator!.Accept(reader) is >= 0 and var node:
                    mapper!.Accept(reader, node);
                    break;
                case EdiEvent.MessageEnd:
                    validator!.End(reader);
                    mapper!.End();
                    break;
            }
        }
        return findings;
    }

    static MapContext Context(EdiReader reader) => new()
    {
        Partner = Partner,
        Interchange = reader.Interchange!,
        Group = reader.Group,
        Message = reader.Message!,
        File = File,
    };

    /// <summary>The base map of a message type.</summary>
    public static CompiledMap MapOf(string message)
    {
        if (Maps.TryGetValue(message, out var known))
            return known;
        var id = message switch
        {
            "ORDERS" => "base/orders-edifact",
            "PRICAT" => "base/pricat-edifact",
            "850" => "base/orders-x12",
            "832" => "base/pricat-x12",
            _ => throw new InvalidOperationException($"There is no base map for {message}."),
        };
        var diagnostics = new List<Diagnostic>();
        var library = MapFolder.Open(Repository.PathTo("mappings"), Edi.Definitions.DefinitionLibrary.Embedded);
        var map = library.Compile(id, null, diagnostics) ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
        Maps.Add(message, map);
        return map;
    }
}
