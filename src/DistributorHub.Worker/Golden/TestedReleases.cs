using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// A map that names several releases claims that its paths mean the same in each. The compiler sees that they are there; only a message of a release shows what is read
/// from it. So each release needs a golden test with a message of it: of the map, or of a partner whose agreements lead to it.
/// </summary>
sealed class TestedReleases(HubSettings settings, GoldenLibrary library)
{
    /// <summary>The releases without a golden test, each at its place in the map.</summary>
    /// <param name="tests">The tests there are.</param>
    /// <param name="concerns">Which maps are asked for.</param>
    public IReadOnlyList<Diagnostic> Missing(IReadOnlyList<GoldenTest> tests, Predicate<string> concerns)
    {
        var maps = library.MapIds(settings).Where(map => concerns(map.Id)).DistinctBy(map => map.Id)
            .Select(map => library.Map(map.Id, map.Partner, [])).OfType<CompiledMap>().Where(map => map.Releases.Count > 1).ToList();
        if (maps.Count == 0)
            return [];
        var tested = tests.SelectMany(Messages).ToHashSet();
        return [.. maps.SelectMany(map => map.Releases).Where(map => !tested.Contains((map.Id, map.Message.Release))).Select(Untested)];
    }

    /// <summary>The maps that read the messages of a test, each with the release it reads the message in.</summary>
    List<(string Map, string Release)> Messages(GoldenTest test)
    {
        var read = new List<(string, string)>();
        if (test.Input is null || !File.Exists(Path.Combine(settings.Mappings, test.ExpectName)))
            return read;
        var partner = test.Partner is null ? null : library.Partners.Find(test.Partner);
        var own = test.Map is null ? null : library.Map(test.Map, test.Partner, []);
        using var reader = new EdiReader(test.Input.OpenRead(), new Findings(), partner?.Reading);
        while (reader.Read())
        {
            if (reader.Event != EdiEvent.MessageStart)
                continue;
            var (standard, message) = (reader.Interchange!.Standard, reader.Message!);
            var map = own is null ? library.Partners.Find(partner, standard, message).Map : own.Takes(standard, message.Type) ? own.For(message) : null;
            if (map is not null)
                read.Add((map.Id, map.Message.Release));
        }
        return read;
    }

    Diagnostic Untested(CompiledMap map)
    {
        var (file, release) = (MapLibrary.FileOf(map.Id), map.Message.Release);
        var root = YamlFile.Read(file, File.ReadAllText(Path.Combine(settings.Mappings, file)), new List<Diagnostic>());
        var place = ((root?.Find("from") as YamlMap)?.Find("release") as YamlList)?.Items.FirstOrDefault(item => item is YamlScalar { Text: var text } && text == release);
        return new(file, place?.Line ?? 1, place?.Column ?? 1, ExpectCodes.UntestedRelease, $"No golden test reads {map.Message.Type} {release}.",
            $"put a message of {release} into {file[..^".yaml".Length]}.tests/, or leave the release out");
    }
}
