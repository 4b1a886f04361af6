using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Functions;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// The partners and maps as they are now. Whoever starts new work asks for a <see cref="Refresh"/> first; who has started keeps what it
/// took from <see cref="Current"/>. A partner whose files became wrong goes on as it was: files are saved half done, and several that belong
/// together are not written at once. It is paused from the next start on when they are still wrong then.
/// </summary>
sealed class Mappings
{
    readonly string folder;
    readonly bool samples;
    readonly DefinitionLibrary definitions;
    readonly MapFunctions? functions;
    readonly ILogger log;
    readonly Lock gate = new();
    string fingerprint;
    string? trouble;
    volatile PartnerMaps current;

    /// <summary>Reads and compiles everything, and says what is wrong.</summary>
    /// <param name="folder">The folder <c>Hub:Mappings</c>.</param>
    /// <param name="samples">True to have the sample partners.</param>
    /// <param name="definitions">What maps are bound to.</param>
    /// <param name="log">Is told of mistakes, and of partners that are paused or run again.</param>
    /// <param name="functions">The installation's own functions, read once: another assembly needs another start.</param>
    public Mappings(string folder, bool samples, DefinitionLibrary definitions, ILogger log, MapFunctions? functions = null)
    {
        (this.folder, this.samples, this.definitions, this.log, this.functions) = (folder, samples, definitions, log, functions);
        fingerprint = MapFolder.Fingerprint(folder);
        current = Compile(before: null);
        Report(before: null, current);
    }

    public PartnerMaps Current => current;

    /// <summary>
    /// Compiles anew when a file has changed since the last time. A folder that cannot be read is the world's trouble and not a change:
    /// it is told once, and work goes on.
    /// </summary>
    public PartnerMaps Refresh()
    {
        lock (gate)
        {
            try
            {
                // Taken before reading: what changes while it is read is a change for the next time.
                var now = MapFolder.Fingerprint(folder);
                if (now == fingerprint)
                    return current;
                var next = Compile(current);
                log.MappingsChanged(next.Live.Count());
                Report(current, next);
                (current, fingerprint, trouble) = (next, now, null);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (trouble != e.Message)
                    log.MappingsUnreadable(folder, e.Message);
                trouble = e.Message;
            }
            return current;
        }
    }

    PartnerMaps Compile(PartnerMaps? before) => new(PartnerBook.Load(folder, samples), MapFolder.Open(folder, definitions, functions), before);

    void Report(PartnerMaps? before, PartnerMaps now)
    {
        foreach (var diagnostic in now.Diagnostics.Except(before?.Diagnostics ?? []))
            log.MappingMistake(diagnostic.ToString());
        foreach (var partner in now.Paused.Except(before?.Paused ?? []))
            log.PartnerPaused(partner);
        foreach (var partner in now.Kept.Except(before?.Kept ?? []))
            log.PartnerKept(partner);
        foreach (var partner in now.Book.Partners)
            if (before?.Find(partner.Id) is { } was && was.State != partner.State)
                log.PartnerStateChanged(partner.Id, was.State, partner.State);
        foreach (var partner in now.Live.Select(live => live.Id).Intersect(before?.Kept ?? []).Except(now.Kept))
            log.PartnerMended(partner);
        foreach (var partner in now.Live.Select(live => live.Id).Intersect(before?.Paused ?? []))
            log.PartnerResumed(partner);
    }
}
