using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistributorHub.Mapping.Explain;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map coverage</c>: what of some files no rule reads, and which rules they do not use.</summary>
static class CoverageCommand
{
    const int CodesShown = 12;

    public static Command Create()
    {
        var files = Inputs.Files("files", "Files as a partner sends them.");
        var map = Inputs.Map("--map", "Id of the map; none = as the partner's file says.");
        var partner = Inputs.PartnerOption("Id of the partner; none = by the sender in the envelope.", samples: true);
        var strict = Inputs.Flag("--strict", "Exit code 1 when something is unread or a rule never fired.");
        var json = Inputs.Json();
        var command = new Command("coverage", "Shows what of files no rule of their maps reads, and which rules, codes and optional marks they do not use. Writes nothing.")
        {
            files, map, partner, strict, json,
        };
        command.SetAction(parsed =>
        {
            var settings = Commands.Settings();
            if (Commands.IsBroken(settings, parsed.GetValue(partner)))
                return ExitCode.Findings;
            var coverages = new Dictionary<(string Version, string Release), MapCoverage>();
            var trials = new List<(string File, MapTrial Trial)>();
            var fine = true;
            foreach (var file in parsed.GetValue(files)!)
            {
                var trial = new MapTrial(settings, parsed.GetValue(partner), parsed.GetValue(map), Of);
                fine &= trial.Run(file.Name, file.OpenRead);
                trials.Add((file.Name, trial));
            }
            var reports = coverages.Values.Select(coverage => coverage.Report()).ToList();
            if (parsed.GetValue(json))
                Json.Print(writer => Write(writer, reports, trials));
            else
                Print(Console.Out, reports, trials);
            return fine && !(parsed.GetValue(strict) && reports.Exists(report => report.Unread.Count + report.Unfired.Count > 0)) ? ExitCode.Fine : ExitCode.Findings;

            // The same map with other code lists is another one.
            MapCoverage Of(Mapping.CompiledMap map)
            {
                var key = (map.Version, map.Message.Release);
                return coverages.TryGetValue(key, out var known) ? known : coverages[key] = new(map);
            }
        });
        return command;
    }

    static void Print(TextWriter output, List<CoverageReport> reports, List<(string File, MapTrial Trial)> trials)
    {
        foreach (var report in reports)
            Print(output, report);
        foreach (var (file, trial) in trials.Where(tried => tried.Trial.Unnamed.Count > 0))
            Part(output, $"{file} holds, and from: does not name", trial.Unnamed);
        foreach (var (file, trial) in trials.Where(tried => tried.Trial.HasFaults))
        {
            output.WriteLine($"{Harmless.Text(file)}:");
            trial.PrintFaults(output);
        }
    }

    static void Print(TextWriter output, CoverageReport report)
    {
        output.WriteLine($"{report.Map}: {report.Message}, {Count(report.Messages, "message")}");
        Part(output, "read by no rule", report.Unread.Select(unread => Line($"{unread.Path} x{unread.Count}: {string.Join(" | ", unread.Samples)}")));
        if (report.UnreadBeyond > 0)
            output.WriteLine(Line($"    and {report.UnreadBeyond} values of further kinds"));
        Part(output, "rules that never fired", report.Unfired.Select(rule => rule.Text.Length == 0
            ? $"{rule.Name}  {rule.Place}  no row was made"
            : $"{rule.Name}  {rule.Place}  {rule.Text}: {(rule.Rows == 0 ? "never asked for" : Line($"no value in {Count(rule.Rows, "row")}"))}"));
        Part(output, "codes never seen", report.Codes.Select(list => Line(
            $"{list.List}: {list.Codes.Count} of {list.Of}: {string.Join(' ', list.Codes.Take(CodesShown))}{(list.Codes.Count > CodesShown ? " …" : "")}")));
        Part(output, "optional, and there every time", report.AlwaysThere.Select(path => Line($"{path.Path} of {path.Name}  {path.Place}  x{path.Count}")));
    }

    static void Part(TextWriter output, string head, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        output.WriteLine($"  {Harmless.Text(head)}: {(all.Count == 0 ? "none" : Line($"{all.Count}"))}");
        foreach (var line in all)
            output.WriteLine($"    {Harmless.Text(line)}");
    }

    static string Count(long count, string what) => Line($"{count} {what}{(count == 1 ? "" : "s")}");

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static void Write(Utf8JsonWriter json, List<CoverageReport> reports, List<(string File, MapTrial Trial)> trials)
    {
        json.WriteStartObject();
        json.WritePropertyName("maps");
        JsonSerializer.Serialize(json, reports, Json.Options);
        json.WriteStartArray("files");
        foreach (var (file, trial) in trials)
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WritePropertyName("unnamed");
            JsonSerializer.Serialize(json, trial.Unnamed, Json.Options);
            trial.WriteFaults(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
