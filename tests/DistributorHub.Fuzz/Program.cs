using System.Globalization;
using System.Text;
using DistributorHub.Fuzz;

switch (args)
{
    case ["run", var first, var count] when Number(first) is { } from && Number(count) is { } many:
        return await Run(from, many, 1);
    case ["run", var first, var count, "--workers", var workers] when Number(first) is { } from && Number(count) is { } many && Number(workers) is > 0 and <= 64 and { } parallel:
        return await Run(from, many, (int)parallel);
    case ["show", var shown] when Number(shown) is { } number:
        return Show(number);
    case ["try", .. { Length: > 0 } paths] when paths.All(File.Exists):
        return Try(paths);
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c release --project tests/DistributorHub.Fuzz -- VERB
              run FIRST COUNT [--workers N]   checks inputs by number; each is made from its number alone
              show NUMBER                     writes input NUMBER to standard output, and what is seen of it to standard error
              try FILE...                     checks files in many shapes and settings
            """);
        return 2;
}

static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

static async Task<int> Run(long first, long count, int workers)
{
    var runner = new Runner(first, count, workers, Console.Out);
    var ended = await runner.Run();
    Console.WriteLine(ended && runner.Troubles.Count == 0 ? $"sound; the next input is {first + count}" : $"not sound: {runner.Troubles.Count} failures");
    return ended && runner.Troubles.Count == 0 ? 0 : 1;
}

static int Show(long number)
{
    using var output = Console.OpenStandardOutput();
    if (Checker.IsDefinition(number))
    {
        output.Write(Encoding.UTF8.GetBytes(Checker.Definition(number)));
        return 0;
    }
    var checker = new Checker();
    output.Write(checker.Input(number).Span);
    Console.Error.WriteLine(checker.Show(number));
    if (checker.Check(number) is not { } trouble)
        return 0;
    Console.Error.WriteLine(trouble);
    return 1;
}

static int Try(string[] paths)
{
    var broken = 0;
    foreach (var path in paths)
        if (Checker.CheckAll(File.ReadAllBytes(path)) is { } trouble)
        {
            Console.WriteLine($"{path}: {trouble}");
            broken++;
        }
    Console.WriteLine($"{paths.Length} files, {broken} broken");
    return broken == 0 ? 0 : 1;
}
