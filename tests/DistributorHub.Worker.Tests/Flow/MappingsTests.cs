using System.Collections.Concurrent;
using DistributorHub.Edi.Definitions;
using DistributorHub.Tests;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using Microsoft.Extensions.Logging;

namespace DistributorHub.Worker.Tests.Flow;

public sealed class MappingsTests : IDisposable
{
    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("distributorhub-mappings-").FullName, "mappings");
    readonly Lines log = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public MappingsTests() => FlowFixture.Copy(new(Repository.PathTo("mappings")), folder);

    [Fact]
    public void Nothing_is_read_again_while_no_file_changes()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var before = mappings.Current;
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "not a mapping");
        Assert.Same(before, mappings.Refresh());
        Assert.Empty(log.Texts);
    }

    [Fact]
    public void A_map_that_breaks_pauses_its_partner_and_what_was_right_before_is_not_used()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var before = mappings.Current;
        var map = Path.Combine(folder, "base", "orders-x12.yaml");
        var right = File.ReadAllText(map);
        File.WriteAllText(map, right + "\nnonsense: here\n");
        var broken = mappings.Refresh();
        Assert.Equal(["prairie"], broken.Paused);
        Assert.Equal(["nordlicht"], broken.Live.Select(partner => partner.Id));
        var prairie = broken.Find("prairie")!;
        Assert.Null(broken.Map(prairie, prairie.Routes.Single(route => route.Map == "base/orders-x12")));
        Assert.Matches(@"orders-x12\.yaml:\d+:\d+ ", Assert.Single(log.Texts, text => text.Contains("orders-x12", StringComparison.Ordinal)));
        Assert.Contains("prairie  is paused until its files are mended; the other partners run", log.Texts);
        // Who had started keeps what it took.
        Assert.Empty(before.Paused);
        Assert.NotNull(before.Map(prairie, prairie.Routes.Single(route => route.Map == "base/orders-x12")));

        log.Texts.Clear();
        File.WriteAllText(map, right + "\n");
        Assert.Empty(mappings.Refresh().Paused);
        Assert.Contains("prairie  runs again", log.Texts);
    }

    [Fact]
    public void Partners_come_and_go()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var third = Path.Combine(folder, "partners", "third");
        Directory.CreateDirectory(third);
        File.WriteAllText(
            Path.Combine(third, "partner.yaml"),
            File.ReadAllText(Path.Combine(folder, "partners", "nordlicht", "partner.yaml")).Replace("4012345000016", "4000000000001", StringComparison.Ordinal));
        Assert.Equal(["nordlicht", "prairie", "third"], mappings.Refresh().Live.Select(partner => partner.Id));
        Directory.Delete(third, recursive: true);
        Assert.Equal(["nordlicht", "prairie"], mappings.Refresh().Live.Select(partner => partner.Id));
    }

    [Fact]
    public void A_folder_that_is_away_is_told_once_and_changes_nothing()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        Directory.Move(folder, folder + ".away");
        Assert.Equal(2, mappings.Refresh().Live.Count());
        Assert.Equal(2, mappings.Refresh().Live.Count());
        Assert.Single(log.Texts, text => text.Contains("cannot be read", StringComparison.Ordinal));
        Directory.Move(folder + ".away", folder);
        Assert.Equal(2, mappings.Refresh().Live.Count());
    }

    [Fact]
    public async Task A_paused_partners_exchange_waits_and_goes_on_when_its_files_are_mended()
    {
        await using var flow = await FlowFixture.Create();
        await flow.Drop("orders.edi", Orders.File("R1", Orders.Order("4711")));
        await flow.Hub.Flow.Receive(flow.Partner, Cancellation);
        flow.Clock.Advance(flow.Partner.Source.Settle);
        var id = Assert.Single((await flow.Hub.Flow.Receive(flow.Partner, Cancellation)).Exchanges).Id;
        var map = flow.MappingPath("base/orders-edifact.yaml");
        var right = await File.ReadAllTextAsync(map, Cancellation);
        await File.WriteAllTextAsync(map, right + "\nnonsense: here\n", Cancellation);
        flow.Hub.Mappings.Refresh();

        Assert.Null((await flow.Hub.Flow.Process(id, Cancellation))!.End);
        var waiting = await flow.Newest();
        Assert.Equal(ExchangeState.Received, waiting.Exchange.State);
        Assert.Contains("nordlicht have mistakes", waiting.Exchange.Cause);
        Assert.Empty(waiting.Attempts);
        Assert.Empty(await flow.Hub.Exchanges.Due(null, 10, Cancellation));

        await File.WriteAllTextAsync(map, right + "\n", Cancellation);
        flow.Hub.Mappings.Refresh();
        flow.Clock.Advance(TimeSpan.FromSeconds(30));
        await flow.Process();
        Assert.Equal(ExchangeState.Completed, (await flow.Newest()).Exchange.State);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    sealed class Lines : ILogger
    {
        public ConcurrentBag<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
