using System.CommandLine;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub partner ignore</c>: a file in a partner's folder that is seen and never becomes an exchange.</summary>
static class IgnoreFileCommand
{
    public static Command Create()
    {
        var id = Inputs.Partner();
        var path = Inputs.Named("path", "The file, as 'hub exchange list' shows it among those that are left where they are.", text => text.Length == 0 ? "The path of the file is empty." : null);
        var reason = Inputs.Text("--reason", "Why; it stands in the record.");
        reason.Required = true;
        var command = new Command("ignore", "Leaves a file of a partner's folder where it is for good, such as one that is too large or never complete: it is neither taken nor listed. Changed, it is another file. Exit code 1 while it is being read.") { id, path, reason };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            var (partner, file) = (parsed.GetValue(id)!, parsed.GetValue(path)!);
            var found = await hub.Sightings.Ignore(partner, file, Environment.UserName, parsed.GetValue(reason)!, cancellation);
            if (found.Count == 0)
                return Commands.Refuse(Harmless.Text($"No poll of {partner} has seen a file '{file}' that is still to be taken. 'hub exchange list' shows those that are left, and 'hub exchange ignore' is for those that are exchanges."));
            if (found.Contains(FileState.Claimed))
            {
                await Console.Error.WriteLineAsync(Harmless.Text($"'{file}' is being read at this moment; nothing was done. Look at 'hub exchange list' again."));
                return ExitCode.Findings;
            }
            Console.WriteLine(Harmless.Text($"'{file}' of {partner} is ignored; it stays where it is."));
            return ExitCode.Fine;
        }, cancellation));
        return command;
    }
}
