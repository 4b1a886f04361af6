using System.Data.Common;
using DistributorHub.Edi.Definitions;
using DistributorHub.Worker;
using DistributorHub.Worker.Cli;
using DistributorHub.Worker.Receive;

try
{
    return await Commands.Invoke(args);
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
catch (OperationCanceledException)
{
    return ExitCode.Findings;
}
catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or SourceException)
{
    var reason = e is DbException && e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{e.Message} ({inner.Message})" : e.Message;
    await Console.Error.WriteLineAsync(Database.NameOf(e) is { } database ? $"The {database} cannot be opened: {reason}" : reason);
    return ExitCode.BrokenWorld;
}
