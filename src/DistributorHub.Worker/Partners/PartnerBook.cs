using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Partners;

/// <summary>How ids of senders are compared.</summary>
static class Identification
{
    /// <summary>
    /// Partners write the same qualifier as 1, 01 and 001. An empty one stays empty; 00 is a qualifier of X12 and stays one.
    /// </summary>
    public static string Normalise(string qualifier)
    {
        var trimmed = qualifier.Trim();
        return trimmed.TrimStart('0') is { Length: > 0 } digits ? digits : trimmed.Length > 0 ? "0" : "";
    }

    public static bool Overlap(PartnerIdentity one, PartnerIdentity other) =>
        one.Standard == other.Standard && one.Id == other.Id
        && (one.Qualifier.Length == 0 || other.Qualifier.Length == 0 || Normalise(one.Qualifier) == Normalise(other.Qualifier));

    public static string Describe(PartnerIdentity identity) =>
        $"{identity.Standard.Name()} id '{identity.Id}'"
        + (identity.Qualifier.Length == 0 ? "" : $" with qualifier '{identity.Qualifier}'");
}

/// <summary>Whose interchange it is.</summary>
abstract record PartnerMatch
{
    PartnerMatch()
    {
    }

    public sealed record Found(PartnerDefinition Partner) : PartnerMatch;

    /// <summary>No partner has this id; the reason says what to add where.</summary>
    public sealed record Unknown(string Reason) : PartnerMatch;

    /// <summary>Several partners have it, which their files must settle.</summary>
    public sealed record Ambiguous(string Reason, IReadOnlyList<string> Partners) : PartnerMatch;
}

/// <summary>All partners of <c>mappings/partners</c>. One with mistakes in its file is left out; the others are not its hostages.</summary>
sealed class PartnerBook
{
    readonly string root;

    PartnerBook(
        string folder, IReadOnlyList<PartnerDefinition> partners, IReadOnlyList<string> broken, IReadOnlyList<PartnerDefinition> drafts,
        IReadOnlyList<Diagnostic> diagnostics)
    {
        root = folder;
        Partners = partners;
        Broken = broken;
        Drafts = drafts;
        Diagnostics = diagnostics;
    }

    /// <summary>Partners whose files are right, by id.</summary>
    public IReadOnlyList<PartnerDefinition> Partners { get; }

    /// <summary>Ids of partners whose files have mistakes: paused until those are mended.</summary>
    public IReadOnlyList<string> Broken { get; }

    /// <summary>What could be read of the files of broken partners, to check what they name; never to run them.</summary>
    public IReadOnlyList<PartnerDefinition> Drafts { get; }

    /// <summary>Every mistake of every file.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Reads every <c>partners/*/partner.yaml</c>.</summary>
    /// <param name="mappings">The folder <c>Hub:Mappings</c>.</param>
    /// <param name="samples">False to leave the sample partners out.</param>
    public static PartnerBook Load(string mappings, bool samples)
    {
        var folder = Path.Combine(mappings, "partners");
        var partners = new List<PartnerDefinition>();
        var broken = new List<string>();
        var drafts = new List<PartnerDefinition>();
        var diagnostics = new List<Diagnostic>();
        var folders = Directory.Exists(folder) ? Directory.GetDirectories(folder).Order(StringComparer.Ordinal).ToArray() : [];
        foreach (var home in folders)
        {
            var path = Path.Combine(home, "partner.yaml");
            if (!File.Exists(path))
                continue;
            var id = Path.GetFileName(home);
            var partner = PartnerReader.Read(NameOf(id), home, File.ReadAllText(path), id, diagnostics, out var draft);
            if (partner is null)
            {
                broken.Add(id);
                if (draft is not null)
                    drafts.Add(draft);
            }
            else if (samples || !partner.Sample)
                partners.Add(partner);
        }
        ReportOverlaps(folder, partners, diagnostics);
        return new(folder, partners, broken, drafts, diagnostics);
    }

    /// <summary>The same book with some partners as they were read earlier.</summary>
    public PartnerBook With(IReadOnlyList<PartnerDefinition> earlier) => earlier.Count == 0 ? this : new(
        root, [.. Partners.Where(partner => earlier.All(kept => kept.Id != partner.Id)).Concat(earlier).OrderBy(partner => partner.Id, StringComparer.Ordinal)],
        [.. Broken.Where(id => earlier.All(kept => kept.Id != id))], Drafts, Diagnostics);

    /// <summary>Path of a partner's file.</summary>
    public string FileOf(string partner) => Path.Combine(root, partner, "partner.yaml");

    /// <summary>The partner whose identity this is. Retired partners have none.</summary>
    public PartnerMatch Match(Standard standard, string senderId, string qualifier)
    {
        var sender = new PartnerIdentity(standard, senderId.Trim(), qualifier.Trim());
        var matches = Partners.Where(partner => IsServed(partner) && partner.Identities.Any(identity => Claims(identity, sender))).ToArray();
        if (matches is [var only])
            return new PartnerMatch.Found(only);
        if (matches.Length > 1)
        {
            var ids = matches.Select(partner => partner.Id).ToArray();
            return new PartnerMatch.Ambiguous(
                $"{Identification.Describe(sender)} belongs to {string.Join(" and ", ids)}. Keep it in one of their partner.yaml files.", ids);
        }
        var near = Partners.FirstOrDefault(partner => partner.Identities.Any(
            identity => identity.Standard == standard && identity.Id == sender.Id));
        var hint = near is null ? ""
            : IsServed(near) ? $" Partner {near.Id} has this id with another qualifier."
            : $" Partner {near.Id} has it, but is retired.";
        return new PartnerMatch.Unknown(
            $"No partner has {Identification.Describe(sender)}.{hint} Add it under 'identities' in mappings/partners/<partner>/partner.yaml.");
    }

    static bool IsServed(PartnerDefinition partner) => partner.State != PartnerState.Retired;

    // An identity without qualifier takes any; a sender without qualifier is taken only by such a one.
    static bool Claims(PartnerIdentity identity, PartnerIdentity sender) =>
        identity.Standard == sender.Standard && identity.Id == sender.Id
        && (identity.Qualifier.Length == 0 || Identification.Normalise(identity.Qualifier) == Identification.Normalise(sender.Qualifier));

    /// <summary>The file as diagnostics name it: like maps, by its path in the folder of mappings.</summary>
    public static string NameOf(string partner) => $"partners/{partner}/partner.yaml";

    // Both partners go on: only interchanges with the id in question have nowhere to go, and Match says why.
    static void ReportOverlaps(string folder, List<PartnerDefinition> partners, List<Diagnostic> diagnostics)
    {
        var claims = partners.Where(IsServed).SelectMany(
            partner => partner.Identities.Select((identity, index) => (partner, identity, index))).ToArray();
        for (var i = 0; i < claims.Length; i++)
            for (var j = 0; j < i; j++)
                if (claims[i].partner != claims[j].partner && Identification.Overlap(claims[i].identity, claims[j].identity))
                {
                    var file = Path.Combine(folder, claims[i].partner.Id, "partner.yaml");
                    var (line, column) = PlaceOf(file, "identities", claims[i].index);
                    diagnostics.Add(new(
                        NameOf(claims[i].partner.Id), line, column, "PTN1008",
                        $"{Identification.Describe(claims[i].identity)} also belongs to {claims[j].partner.Id}.",
                        "keep it in one of the two; until then its interchanges are held as ambiguous"));
                }
    }

    /// <summary>Where a setting in an entry of a list stands, or the entry itself. Definitions carry no places, so that they stay plain values; the rare mistake reads its file again.</summary>
    public static (int Line, int Column) PlaceOf(string file, string key, int index, string? setting = null)
    {
        // Somebody may have changed it in between.
        if (YamlFile.Read(file, File.ReadAllText(file), [])?.Find(key) is not YamlList list || index < 0 || index >= list.Items.Count)
            return (1, 1);
        var entry = list.Items[index];
        var node = setting is null ? entry : (entry as YamlMap)?.Find(setting) ?? entry;
        return (node.Line, node.Column);
    }
}
