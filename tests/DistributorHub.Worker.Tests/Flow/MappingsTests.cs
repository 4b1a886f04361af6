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
    public void A_map_that_breaks_is_told_once_and_its_partner_goes_on_as_it_was()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var before = mappings.Current;
        var map = Path.Combine(folder, "base", "orders-x12.yaml");
        var right = File.ReadAllText(map);
        File.WriteAllText(map, right + "\nnonsense: here\n");
        var broken = mappings.Refresh();
        Assert.Empty(broken.Paused);
        Assert.Equal(["prairie"], broken.Kept);
        Assert.Equal(["nordlicht", "prairie"], broken.Live.Select(partner => partner.Id));
        Assert.Same(Orders(before), Orders(broken));
        Assert.Matches(@"orders-x12\.yaml:\d+:\d+ ", Assert.Single(log.Texts, text => text.Contains("orders-x12.yaml", StringComparison.Ordinal)));
        Assert.Contains("prairie  goes on as its files were before, until they are mended; it would be paused at the next start", log.Texts);

        // The next change of something else tells nothing of it again.
        log.Texts.Clear();
        File.AppendAllText(Path.Combine(folder, "base", "pricat-edifact.yaml"), "\n");
        Assert.Same(Orders(before), Orders(mappings.Refresh()));
        Assert.Equal(["The mappings have changed and were read again: 2 partner(s)"], log.Texts);

        log.Texts.Clear();
        File.WriteAllText(map, right + "\n# mended\n");
        var mended = mappings.Refresh();
        Assert.Empty(mended.Kept);
        Assert.NotEqual(Orders(before)!.Version, Orders(mended)!.Version);
        Assert.Contains("prairie  goes on by its mended files", log.Texts);

        static Mapping.CompiledMap? Orders(PartnerMaps maps)
        {
            var prairie = maps.Find("prairie")!;
            return maps.Map(prairie, prairie.Routes.Single(route => route.Map == "prairie/orders"));
        }
    }

    [Fact]
    public void A_map_that_is_wrong_at_the_start_pauses_its_partner_until_it_is_mended()
    {
        var map = Path.Combine(folder, "base", "orders-x12.yaml");
        var right = File.ReadAllText(map);
        File.WriteAllText(map, right + "\nnonsense: here\n");
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        Assert.Equal(["prairie"], mappings.Current.Paused);
        Assert.Equal(["nordlicht"], mappings.Current.Live.Select(partner => partner.Id));
        Assert.Contains("prairie  is paused until its files are mended; the other partners run", log.Texts);
        File.WriteAllText(map, right + "\n");
        Assert.Empty(mappings.Refresh().Paused);
        Assert.Contains("prairie  runs again", log.Texts);
    }

    [Fact]
    public void A_rule_that_changes_under_an_override_leaves_the_partner_as_it_was_until_it_is_accepted()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var map = Path.Combine(folder, "base", "orders-x12.yaml");
        File.WriteAllText(map, File.ReadAllText(map).Replace("REF[CT]?", "REF[CO]?", StringComparison.Ordinal));
        Assert.Equal(["prairie"], mappings.Refresh().Kept);
        Assert.Contains(log.Texts, text => text.Contains("partners/prairie/orders.yaml:7:3 MAP1606", StringComparison.Ordinal));

        // The lock alone is a change as well.
        var accepted = MapFolder.Open(folder, DefinitionLibrary.Embedded).Lock("prairie/orders", "prairie", out _)!;
        File.WriteAllText(Path.Combine(folder, "partners", "prairie", "orders.lock"), accepted);
        Assert.Empty(mappings.Refresh().Kept);
        Assert.Contains("prairie  goes on by its mended files", log.Texts);
    }

    [Theory]
    [InlineData("state: paused\nnonsense: here")]
    [InlineData("state: pausd")]
    public void Who_is_to_stop_stops_even_with_a_mistake_in_the_file(string change)
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        File.AppendAllText(Path.Combine(folder, "partners", "prairie", "partner.yaml"), $"\n{change}\n");
        Assert.Equal(["nordlicht"], mappings.Refresh().Live.Select(partner => partner.Id));
        Assert.Equal(["prairie"], mappings.Current.Paused);
    }

    [Fact]
    public void A_partner_whose_file_becomes_wrong_goes_on_with_the_whole_of_what_was_right()
    {
        var mappings = new Mappings(folder, samples: true, DefinitionLibrary.Embedded, log);
        var path = Path.Combine(folder, "partners", "prairie", "partner.yaml");
        var right = File.ReadAllText(path);
        File.WriteAllText(path, right.Replace("name:", "nmae:", StringComparison.Ordinal).Replace("prairie/orders", "base/pricat-x12", StringComparison.Ordinal));
        var kept = mappings.Refresh();
        Assert.Equal(["base/pricat-x12", "prairie/orders"], kept.Find("prairie")!.Routes.Select(route => route.Map).Order(StringComparer.Ordinal));
        Assert.Equal(["PTN1001", "PTN1002", "PTN1013"], kept.Diagnostics.Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal));
        // The file is gone: so is the partner.
        File.Delete(path);
        Assert.Equal(["nordlicht"], mappings.Refresh().Live.Select(partner => partner.Id));
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
        await flow.Restart();

        Assert.Null((await flow.Hub.Flow.Process(id, Cancellation))!.End);
        var waiting = await flow.Newest();
        Assert.Equal(ExchangeState.Received, waiting.Exchange.State);
        Assert.Contains("nordlicht have mistakes", waiting.Exchange.Cause);
        Assert.Equal(AttemptState.Abandoned, Assert.Single(waiting.Attempts).State);
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
