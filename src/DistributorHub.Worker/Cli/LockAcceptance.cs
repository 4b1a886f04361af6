using DistributorHub.Mapping;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub map check --accept</c>: writes the locks of maps that extend others. Where a rule has changed that a map overrides, a person is asked.</summary>
sealed class LockAcceptance(HubSettings settings, MapLibrary library, bool withoutAsking)
{
    /// <summary>Writes what is not up to date. Of a map with other mistakes no lock is written: nobody knows what it does.</summary>
    /// <param name="maps">Ids, each with the partner whose code lists it is checked with.</param>
    public void Accept(IEnumerable<(string Id, string? Partner)> maps)
    {
        // A base before those that extend it: what is asked of one is not asked again.
        foreach (var (id, partner) in maps.DistinctBy(map => map.Id).OrderBy(map => library.Chain(map.Id).Count))
        {
            if (library.Lock(id, partner, out var changes) is not { } text)
                continue;
            var path = Path.Combine(settings.Mappings, MapLibrary.LockOf(id));
            if (File.Exists(path) && File.ReadAllText(path) == text)
                continue;
            foreach (var change in changes)
                Console.WriteLine(change);
            if (changes.Count > 0 && !withoutAsking && !Ask(id))
                continue;
            File.WriteAllText(path, text);
            Console.WriteLine($"{MapLibrary.LockOf(id)} is written.");
        }
    }

    static bool Ask(string id)
    {
        Console.Write($"Keep what {id} says? [y/N] ");
        var answer = Console.ReadLine()?.Trim();
        if (answer is null)
            Console.WriteLine();
        return answer is "y" or "Y" or "yes";
    }
}
