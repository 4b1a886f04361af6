using System.Globalization;
using System.Text.Json;
using DistributorHub.Mapping.Explain;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Worker.Cli;

/// <summary>How the values of one message came about, for people and for scripts.</summary>
static class ExplainPage
{
    public static void Write(TextWriter output, MapTrace trace)
    {
        var values = trace.Values;
        foreach (var value in values)
            Write(output, value);
        if (trace.Count > values.Count)
            output.WriteLine($"These are the first {values.Count} of {trace.Count} values; --row and --column choose.");
    }

    /// <summary>The rows that their values are explained of, and that are not loaded.</summary>
    public static void Write(TextWriter output, IReadOnlyList<RowLeftOut> leftOut)
    {
        foreach (var row in leftOut)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Table}{(row.Row == 0 ? "" : $"[{row.Row}]")}: left out for its faults (segment {row.At.Segment}), see the findings below"));
    }

    static void Write(TextWriter output, ExplainedValue value)
    {
        var rule = value.Rule;
        output.WriteLine(value.Row == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Table}: no row for segment {value.At.Segment}, {value.Column} is {Shown(rule)}  {rule.Place}  {rule.Text}")
            : string.Create(CultureInfo.InvariantCulture, $"{value.Table}[{value.Row}].{value.Column} = {Shown(rule)}  {rule.Place}  {rule.Text}"));
        foreach (var step in rule.Steps)
            Write(output, step, "  ", isWhole: step.Text == rule.Text);
    }

    // A step that is the whole rule need not say again what it is.
    static void Write(TextWriter output, ExplainedStep step, string indent, bool isWhole)
    {
        var parts = new List<string>();
        if (!isWhole)
            parts.Add($"{step.Text} = {Shown(step)}");
        if (step.Note is { } note)
            parts.Add(isWhole ? note : $"({note})");
        var (source, more) = step.Sources is [var only] ? (Text(only), (IReadOnlyList<ValueSource>)[]) : (null, step.Sources);
        if (source is not null)
            parts.Add(source);
        if (parts.Count > 0)
            output.WriteLine(Harmless.Text(indent + string.Join("  ", parts)));
        if (!isWhole || parts.Count > 0)
            indent += "  ";
        foreach (var one in more)
            output.WriteLine(Harmless.Text(indent + Text(one)));
        if (step.MoreSources > 0)
            output.WriteLine($"{indent}<- and {step.MoreSources} more");
        foreach (var inner in step.Steps)
            Write(output, inner, indent, isWhole: false);
    }

    static string Text(ValueSource source) => string.Create(CultureInfo.InvariantCulture,
        $"<- {source.Path}, segment {source.At.Segment}, {Bytes(source)}: {source.Segment}");

    static string Bytes(ValueSource source) => source.End - source.Start == 1
        ? string.Create(CultureInfo.InvariantCulture, $"byte {source.Start}")
        : string.Create(CultureInfo.InvariantCulture, $"bytes {source.Start}-{source.End - 1}");

    static string Shown(ExplainedStep step) => step.Failed ? "none, see the finding below" : Harmless.Text(step.Value ?? "null");

    public static void Write(Utf8JsonWriter json, MapTrace trace)
    {
        json.WriteNumber("count", trace.Count);
        json.WriteStartArray("values");
        foreach (var value in trace.Values)
        {
            json.WriteStartObject();
            json.WriteString("table", value.Table);
            if (value.Row == 0)
                json.WriteNull("row");
            else
                json.WriteNumber("row", value.Row);
            json.WriteString("column", value.Column);
            json.WriteNumber("segment", value.At.Segment);
            json.WriteNumber("offset", value.At.Offset);
            WriteStep(json, value.Rule);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteStep(Utf8JsonWriter json, ExplainedStep step)
    {
        json.WriteString("rule", step.Text);
        json.WriteString("place", step.Place);
        json.WriteString("value", step.Value);
        json.WriteBoolean("failed", step.Failed);
        json.WriteString("note", step.Note);
        json.WriteStartArray("sources");
        foreach (var source in step.Sources)
        {
            json.WriteStartObject();
            json.WriteString("path", source.Path);
            json.WriteNumber("segment", source.At.Segment);
            json.WriteNumber("element", source.At.Element);
            json.WriteNumber("component", source.At.Component);
            json.WriteNumber("repetition", source.At.Repetition);
            json.WriteNumber("start", source.Start);
            json.WriteNumber("end", source.End);
            json.WriteString("found", source.Text);
            json.WriteString("text", source.Segment);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("moreSources", step.MoreSources);
        json.WriteStartArray("steps");
        foreach (var inner in step.Steps)
        {
            json.WriteStartObject();
            WriteStep(json, inner);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
