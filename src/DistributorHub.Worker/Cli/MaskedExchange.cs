using System.Security.Cryptography;
using DistributorHub.Edi;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Draft;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Cli;

/// <summary>A file of a partner as a golden test that says nothing of anybody.</summary>
/// <param name="settings">Where mappings are.</param>
/// <param name="partner">Whose file it is.</param>
/// <param name="name">Name of the test.</param>
/// <param name="ending">Ending of the file.</param>
sealed class MaskedExchange(HubSettings settings, string partner, string name, string ending)
{
    /// <summary>Largest file that becomes a test.</summary>
    public const long BytesMax = 4 * 1024 * 1024;

    // Each round leaves more as it was sent; what differs after these differs for another reason.
    const int RoundsMax = 8;

    // Maps are compiled once for all rounds.
    readonly GoldenRunner runner = new(settings, TimeProvider.System);

    readonly GoldenTest test = new($"partners/{partner}/tests/{name}", null, partner);

    string PathOf(string file) => Path.Combine(settings.Mappings, file);

    /// <summary>A file that has the test's name already, or null.</summary>
    public string? Taken =>
        GoldenTests.Find(settings.Mappings).Any(other => other.Name == test.Name) ? test.Name : null;

    /// <summary>Writes the test and tells what it is; false when nothing is written, because another file would come out otherwise.</summary>
    /// <param name="file">The file as it was received.</param>
    /// <param name="opening">First line of the expectations.</param>
    /// <param name="cancellation">Stops the trials.</param>
    public async Task<bool> Write(byte[] file, string opening, CancellationToken cancellation)
    {
        var library = new GoldenLibrary(settings);
        var sender = library.Partners.Find(partner)!;
        var maps = sender.Routes.Select(route => library.Partners.Map(sender, route)).OfType<CompiledMap>();
        var anonymiser = new Anonymiser(
            (standard, message) => library.Partners.Find(sender, standard, message).Definition(library.Definitions, standard, message), maps, RandomNumberGenerator.GetBytes(32));
        if (await Try(file, cancellation) is not { } before)
            return false;
        for (var round = 0; round < RoundsMax; round++)
        {
            var masked = anonymiser.Apply(file, sender.Reading);
            if (await Try(masked, cancellation) is not { } after)
                return false;
            var differences = Differences(before, after);
            if (differences.Count == 0 && Rows(before).SequenceEqual(Rows(after)))
            {
                await Write(masked, after, opening, anonymiser, cancellation);
                return true;
            }
            if (!differences.Aggregate(false, (any, at) => LeaveAsSent(anonymiser, at) || any))
                break;
        }
        Console.WriteLine("Nothing is written: with other names and numbers in it, something else becomes of this file. Make the test by hand.");
        return false;
    }

    /// <summary>Leaves an element as it was sent; where that was done already, its segment.</summary>
    static bool LeaveAsSent(Anonymiser anonymiser, Position at) =>
        at.Message > 0 && at.Segment > 0 && ((at.Element > 0 && anonymiser.AsSent.Add((at.Message, at.Segment, at.Element))) || anonymiser.AsSent.Add((at.Message, at.Segment, 0)));

    /// <summary>Where one has findings that the other has not.</summary>
    static List<Position> Differences(GoldenOutcome before, GoldenOutcome after)
    {
        var (one, two) = (before.Findings.Select(Key).ToHashSet(), after.Findings.Select(Key).ToHashSet());
        return [.. before.Findings.Where(finding => !two.Contains(Key(finding))).Concat(after.Findings.Where(finding => !one.Contains(Key(finding)))).Select(finding => finding.At).Distinct()];
    }

    static (string, Severity, Position) Key(Finding finding) => (finding.Code, finding.Severity, finding.At);

    static IEnumerable<string> Rows(GoldenOutcome outcome) => outcome.Messages.SelectMany(message =>
        message.Rows.GroupBy(row => row.Table.Name).OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => $"{table.Key} {table.Count()}")
            .Prepend($"{message.Ordinal} {message.Type} {message.Rejected}"));

    /// <summary>What becomes of a file that is not among the tests yet; null when it cannot be tried.</summary>
    async Task<GoldenOutcome?> Try(byte[] file, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("distributorhub-fixture-");
        try
        {
            // A map may ask for the file's name.
            var input = new FileInfo(Path.Combine(folder.FullName, $"{name}.{ending}"));
            await File.WriteAllBytesAsync(input.FullName, file, cancellation);
            var result = await runner.Run(test with { Input = input }, cancellation);
            if (result.Outcome is null)
                foreach (var problem in result.Problems.Where(problem => problem.Code != ExpectCodes.NoExpectation))
                    Console.WriteLine(Harmless.Text(problem.ToString()));
            return result.Outcome;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task Write(byte[] masked, GoldenOutcome outcome, string opening, Anonymiser anonymiser, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(test.ExpectName))!);
        await File.WriteAllBytesAsync(PathOf($"{test.Name}.{ending}"), masked, cancellation);
        await File.WriteAllTextAsync(PathOf(test.ExpectName), ExpectWriter.Write(outcome, $"{opening}\n# It is what came out, right or wrong: write here what should.\n"), cancellation);
        Console.WriteLine($"{test.Name}.{ending}\n{test.ExpectName}");
        foreach (var (message, segment, element) in anonymiser.AsSent.Order())
            Console.WriteLine($"  As it was sent, since a finding or a row depends on it: message {message}, segment {segment}{(element > 0 ? $", element {element}" : "")}. Look whether that may be kept.");
        Console.WriteLine($"{outcome.Messages.Count} message(s), {outcome.Messages.Sum(message => message.Rows.Count)} row(s), {outcome.Findings.Count} finding(s), as before. Write into {test.ExpectName} what should come out, then 'hub map test {test.Name}'.");
    }
}
