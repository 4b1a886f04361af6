using DistributorHub.Benchmarks;

if (args is not ["quick", var path] || !File.Exists(path))
{
    Console.Error.WriteLine("usage: dotnet run -c release --project tests/DistributorHub.Benchmarks -- quick FILE");
    return 2;
}
new QuickRun(path, Console.Out).Run();
return 0;
