using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DistributorHub.Worker.Web;

/// <summary>
/// Log lines for people at a terminal: the message, and nothing before it. Names and texts of partners are in it, so that control
/// characters are shown as escapes: nobody outside writes lines of this log or steers the terminal that shows it.
/// </summary>
sealed class PlainConsole() : ConsoleFormatter(Format)
{
    public const string Format = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.WriteLine(Harmless.Text(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(exception);
    }
}
