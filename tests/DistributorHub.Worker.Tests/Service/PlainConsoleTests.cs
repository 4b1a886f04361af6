using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DistributorHub.Worker.Tests.Service;

public sealed class PlainConsoleTests
{
    [Fact]
    public void A_database_that_is_away_is_told_in_a_sentence()
    {
        var away = Thrown(new NpgsqlException("Failed to connect to 10.0.0.1:5432", new IOException("Connection refused")));
        Assert.Equal("The sweep failed\n    Failed to connect to 10.0.0.1:5432 (Connection refused)\n", Written("DistributorHub.Worker.Jobs.Sweeper", away));
    }

    [Fact]
    public void What_the_job_store_says_of_its_locks_is_told_in_a_sentence() =>
        Assert.Equal("The sweep failed\n    Connection is not open\n",
            Written("Hangfire.PostgreSql.PostgreSqlDistributedLock", Thrown(new InvalidOperationException("Connection is not open"))));

    [Fact]
    public void What_nobody_expected_is_shown_with_its_place_in_the_code() =>
        Assert.Contains($"   at {typeof(PlainConsoleTests).FullName}.{nameof(Thrown)}(",
            Written("DistributorHub.Worker.Jobs.Sweeper", Thrown(new InvalidOperationException("Sequence contains no elements"))));

    [Theory]
    [InlineData("42501: permission denied for table position", "Failed, 0 finding(s): 42501: permission denied for table position. Look: ")]
    [InlineData("The file is empty.", "Failed, 0 finding(s): The file is empty. Look: ")]
    public void The_cause_of_a_failed_file_ends_before_the_advice_begins(string cause, string expected)
    {
        var lines = new Lines();
        lines.Ended(new ExchangeRow { Id = 6, Partner = "p", File = "f" }, new ExchangeEnd { State = ExchangeState.Failed, Cause = cause }, findings: 0);
        Assert.Contains(expected, Assert.Single(lines.Written));
    }

    sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }

    static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    static string Written(string category, Exception exception)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new PlainConsole().Write(new LogEntry<string>(LogLevel.Error, category, 0, "The sweep failed", exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
