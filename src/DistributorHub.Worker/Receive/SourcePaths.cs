using System.Globalization;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// Paths on a partner's side, always with slashes. Folders come from the partner file; names come from outside and are therefore
/// never more than one step deep.
/// </summary>
static class SourcePaths
{
    const string Date = "{date}";
    const string Name = "{name}";
    const int NamesMax = 100;

    /// <summary>Where a file goes after it was read: <c>{date}</c> is the day, <c>{name}</c> the file's name, at the end if not written.</summary>
    public static string MoveTarget(SourceDefinition source, RemoteFile file, DateTimeOffset now)
    {
        var template = source.MoveTo.Contains(Name, StringComparison.Ordinal) ? source.MoveTo : source.MoveTo + "/" + Name;
        return Beside(source, template
            .Replace(Date, now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(Name, SafeName(file.Name), StringComparison.Ordinal));
    }

    /// <summary>
    /// Names for a moved file, the first that is free to be taken: its own, then with the number of its exchange (<c>orders-17.edi</c>), which only
    /// another hub's files can have, and then counted on.
    /// </summary>
    public static IEnumerable<string> MoveTargets(SourceDefinition source, RemoteFile file, DateTimeOffset now, long exchange)
    {
        var target = MoveTarget(source, file, now);
        yield return target;
        var name = target[(target.LastIndexOf('/') + 1)..];
        var stem = target[..^(name.LastIndexOf('.') is > 0 and var dot ? name.Length - dot : 0)];
        for (var i = 1; i <= NamesMax; i++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{stem}-{exchange}{(i == 1 ? "" : $"-{i}")}{target[stem.Length..]}");
    }

    /// <summary>Where an acknowledgement goes.</summary>
    public static string AcknowledgeTarget(PartnerDefinition partner, string name) =>
        Join(Beside(partner.Source, partner.Acknowledge.Folder), name);

    /// <summary>The folders the hub writes into: up to the first part that is only known later.</summary>
    public static IEnumerable<string> WrittenFolders(PartnerDefinition partner)
    {
        var fixedParts = partner.Source.MoveTo.Split('/').TakeWhile(part => !part.Contains('{')).ToArray();
        yield return Beside(partner.Source, string.Join('/', fixedParts));
        yield return Beside(partner.Source, partner.Acknowledge.Folder);
        foreach (var folder in partner.Sends.Select(send => send.Folder).Distinct(StringComparer.Ordinal))
            yield return Beside(partner.Source, folder);
    }

    /// <summary>A file in a folder; a name that is a path is refused.</summary>
    public static string Join(string folder, string name) => folder switch
    {
        "" => SafeName(name),
        "/" => "/" + SafeName(name),
        _ => folder + "/" + SafeName(name),
    };

    public static bool IsSafeName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;

    /// <summary>The folder a path lies in; empty for a path of one step.</summary>
    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : slash == 0 ? "/" : path[..slash];
    }

    /// <summary>A path as the partner file means it: beside the folder that is read, so that an archive is never listed as new files.</summary>
    public static string Beside(SourceDefinition source, string path)
    {
        if (Path.IsPathRooted(path))
            return path;
        var parent = source.Path == "/" ? "/" : Parent(source.Path);
        return parent switch
        {
            "" => path,
            "/" => "/" + path,
            _ => parent + "/" + path,
        };
    }

    static string SafeName(string name) => IsSafeName(name)
        ? name
        : throw new SourceException(SourceFault.Refused, $"'{name}' is no name of a file: it leads elsewhere.");
}
