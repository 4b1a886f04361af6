using System.CommandLine;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub ack FILE [--partner P]</c>: the acknowledgements a file would get. Nothing is sent and no control number is used up.</summary>
static class AckCommand
{
    public static Command Create()
    {
        var file = Inputs.File("file", "An EDIFACT or X12 file.");
        var partner = Inputs.PartnerOption("Id of the partner; none = by the sender in the envelope.", samples: true);
        var command = new Command("ack", "Prints the acknowledgements a file would get, and sends nothing.") { file, partner };
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(file)!, parsed.GetValue(partner), cancellation));
        return command;
    }

    static async Task<int> Run(FileInfo file, string? partner, CancellationToken cancellation)
    {
        var settings = Commands.Settings();
        if (Commands.IsBroken(settings, partner))
            return ExitCode.Findings;
        var trial = new AckTrial(settings, partner);
        var before = new Dictionary<string, long>(StringComparer.Ordinal);
        var now = TimeProvider.System.GetUtcNow();
        await using var output = Console.OpenStandardOutput();
        foreach (var answer in trial.Read(file))
        {
            var scope = AcknowledgementFile.Scope(answer.Interchange);
            if (!before.TryGetValue(scope, out var last))
                last = await LastNumber(settings, scope, cancellation);
            before[scope] = last + answer.References;
            await Print(answer, answer.Write(AcknowledgementFile.Reference(last + 1), now), output, cancellation);
        }
        foreach (var problem in trial.Problems)
            await Console.Error.WriteLineAsync(problem);
        return trial.HasErrors ? ExitCode.Findings : ExitCode.Fine;
    }

    // A hub that never ran has used no number, and needs no database for being asked.
    static async Task<long> LastNumber(HubSettings settings, string scope, CancellationToken cancellation) =>
        settings.Embedded && !File.Exists(Path.Combine(settings.Data, HubSettings.LedgerFile))
            ? 0
            : await Commands.WithHub(hub => hub.Verdicts.LastControlNumber(scope, cancellation), cancellation);

    static async Task Print(Acknowledgement answer, byte[] bytes, Stream output, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync(
            $"{answer.Type} for interchange {answer.Interchange.Reference} of {answer.Interchange.Sender.Id}: {answer.Accepted} accepted, {answer.Rejected} rejected");
        // For people a segment a line; for programs the bytes as they would be sent, each answer ended by a line break.
        await output.WriteAsync(Console.IsOutputRedirected ? bytes : Lines(bytes), cancellation);
        await output.WriteAsync("\n"u8.ToArray(), cancellation);
        await output.FlushAsync(cancellation);
    }

    static byte[] Lines(byte[] answer)
    {
        using var lines = new MemoryStream();
        using var reader = new EdiReader(new MemoryStream(answer), new());
        reader.Read();
        var delimiters = reader.Interchange!.Delimiters;
        // UNA names the service characters, and releases none.
        var isReleased = false;
        for (var i = 0; i < answer.Length; i++)
        {
            lines.WriteByte(answer[i]);
            var isUna = i < 9 && answer.AsSpan().StartsWith("UNA"u8);
            if (answer[i] == delimiters.Terminator && !isReleased && delimiters.Terminator is not ((byte)'\n' or (byte)'\r'))
                lines.WriteByte((byte)'\n');
            isReleased = !isUna && !isReleased && delimiters.Release != 0 && answer[i] == delimiters.Release;
        }
        return lines.ToArray();
    }
}
