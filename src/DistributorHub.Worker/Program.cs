using System.Data.Common;
using DistributorHub.Edi.Definitions;
using DistributorHub.Worker;
using DistributorHub.Worker.Cli;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Receive;

// Before anything else is loaded: until then a stop ends the program as the system does.
using var signals = new StopSignals();
try
{
    return await Commands.Invoke(args, signals);
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.WrongUsage;
}
catch (DefinitionTextException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.WrongUsage;
}
catch (PayloadRemovedException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.Findings;
}
catch (OperationCanceledException)
{
    return ExitCode.Findings;
}
catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or SourceException)
{
    var reason = e is DbException ? Failures.Sentence(e) : e.Message;
    await Console.Error.WriteLineAsync(Database.NameOf(e) is { } database ? $"The {database} cannot be opened: {reason}" : reason);
    return ExitCode.BrokenWorld;
}
