using DistributorHub.Edi;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>Masks data of persons where a finding would quote it: what is not in a finding is in no log, page or cause either.</summary>
static class PersonalData
{
    static readonly char[] Separators = ['/', '.', '[', ']', '+', ' '];

    /// <summary>What masks findings about a partner's files; null when nothing of them is marked as personal.</summary>
    public static Func<Finding, Finding>? Masking(PartnerDefinition partner, PartnerMaps maps)
    {
        var names = partner.Personal.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = partner.Routes.Select(route => maps.Map(partner, route)).OfType<Mapping.CompiledMap>().SelectMany(map => map.Tables)
            .SelectMany(table => table.Columns.Where(column => column.Personal).Select(column => $"{table.Name}.{column.Name}")).ToHashSet(StringComparer.Ordinal);
        return names.Count + columns.Count == 0 ? null : finding => IsPersonal(finding, names, columns) ? Mask(finding) : finding;
    }

    static bool IsPersonal(Finding finding, HashSet<string> names, HashSet<string> columns) =>
        (finding.Tag is { } tag && names.Contains(tag))
        || (finding.Path is { } path && (columns.Contains(path) || path.Split(Separators).Any(names.Contains)));

    static Finding Mask(Finding finding) => finding with
    {
        Found = Finding.Masked,
        Message = finding.Found is { Length: > 0 } found ? finding.Message.Replace(found, Finding.Masked, StringComparison.Ordinal) : finding.Message,
    };
}
