using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker;

/// <summary>What a newcomer finds after the first start without settings: files to load, and tables to load them into.</summary>
static class FirstStart
{
    public static async Task Prepare(HubSettings settings, PartnerMaps maps, Database seller, ILogger log, CancellationToken cancellation)
    {
        var samples = Path.Combine(settings.Home, "sample-files");
        if (!Directory.Exists(settings.Files) && Directory.Exists(samples))
        {
            // Copied beside and renamed: a start that is cut off here is a first start again.
            var unfinished = settings.Files + ".unfinished";
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
            Copy(new(samples), unfinished);
            Directory.Move(unfinished, settings.Files);
            log.SamplesCopied(settings.Files);
        }
        foreach (var target in maps.Targets())
            await TargetTables.Apply(seller, target, cancellation);
    }

    static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
