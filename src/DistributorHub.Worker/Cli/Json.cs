using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistributorHub.Edi;

namespace DistributorHub.Worker.Cli;

/// <summary>JSON for scripts, on the standard output.</summary>
static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Prints what <paramref name="write"/> writes, and ends the line.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = Writer(output))
            write(json);
        output.Write("\n"u8);
    }

    public static Utf8JsonWriter Writer(Stream output) => new(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Findings as every verb shows them, with line, column and segment from the file.</summary>
    public static void WriteFindings(this Utf8JsonWriter json, IReadOnlyList<Finding> findings, Excerpts excerpts)
    {
        json.WriteStartArray("findings");
        foreach (var (finding, excerpt) in findings.Zip(excerpts.Of(findings)))
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            json.WriteNumber("offset", finding.At.Offset);
            json.WriteNumber("line", excerpt.Line);
            json.WriteNumber("column", excerpt.Column);
            json.WriteNumber("interchange", finding.At.Interchange);
            json.WriteNumber("groupOrdinal", finding.At.Group);
            json.WriteNumber("messageOrdinal", finding.At.Message);
            json.WriteNumber("segment", finding.At.Segment);
            json.WriteNumber("element", finding.At.Element);
            json.WriteNumber("component", finding.At.Component);
            json.WriteNumber("repetition", finding.At.Repetition);
            json.WriteString("tag", finding.Tag);
            json.WriteString("path", finding.Path);
            json.WriteString("text", excerpt.Segment);
            json.WriteString("found", finding.Found);
            json.WriteString("expected", finding.Expected);
            json.WriteString("message", finding.Message);
            json.WriteString("advice", finding.Advice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
