using DistributorHub.Benchmarks;
using DistributorHub.Benchmarks.Soak;

try
{
    return await Run();
}
// Servers and folders are cleaned up on the way here, which they are not when the program is aborted.
catch (Exception e)
{
    Console.Error.WriteLine(e);
    return 1;
}

async Task<int> Run()
{
    switch (args)
    {
        case ["quick", var path] when File.Exists(path):
            new QuickRun(path, Console.Out).Run();
            return 0;
        case ["definitions"]:
            DefinitionLoad.Run(Console.Out);
            return 0;
        case ["load", var path] when File.Exists(path):
            return await new LoadBenchmark(path, Console.Out).Run(CancellationToken.None) ? 0 : 1;
        case ["messages", var path] when File.Exists(path):
            await new MessagesRun(path, Console.Out).Run(CancellationToken.None);
            return 0;
        case ["memory", .. { Length: > 0 } paths] when paths.All(File.Exists):
            await new MemoryRun(paths, Console.Out).Run(CancellationToken.None);
            return 0;
        case ["soak", .. var options] when SoakOptions.Read(options) is { } soak:
            return await new SoakRun(soak, Console.Out).Run(CancellationToken.None) ? 0 : 1;
        default:
            Console.Error.WriteLine("""
                usage: dotnet run -c release --project tests/DistributorHub.Benchmarks -- VERB
                  quick FILE        every stage of the engine on one file, in less than a minute
                  definitions       how long each message definition takes to load
                  load PRICAT       a price list from the partner's folder to PostgreSQL, against COPY + upsert
                  messages ORDERS   many small orders from the archive to PostgreSQL
                  memory FILE...    peak memory of the program while it takes each file to PostgreSQL
                  soak [OPTIONS]    many partners' files through several running hubs: speed, latency, memory, size
                                    --workers 3 --partners 20 --files 4000 --minutes N (of the second half) --statements
                """);
            return 2;
    }
}
