using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DistributorHub.Worker.Web;

/// <summary>
/// Log lines for people at a terminal: the message, and nothing before it. Names and texts of partners are in it, so that control
/// characters are shown as escapes: nobody outside writes lines of this log or steers the terminal that shows it. A network or database that is
/// away is told in a sentence; where the code was when it noticed (the stack) is shown only of what nobody expected.
/// </summary>
sealed class PlainConsole() : ConsoleFormatter(Format)
{
    public const string Format = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.WriteLine(Harmless.Text(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(IsExpected(logEntry.Category, exception) ? $"    {Harmless.Text(Failures.Sentence(exception))}" : exception);
    }

    // Hangfire repeats what it does when its storage fails, and its locks put that into exceptions of their own.
    static bool IsExpected(string category, Exception exception) =>
        category.StartsWith("Hangfire", StringComparison.OrdinalIgnoreCase) || Failures.Classify(exception) != FailureClass.Bug;
}
