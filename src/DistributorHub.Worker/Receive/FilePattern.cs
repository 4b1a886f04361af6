using System.IO.Enumeration;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>
/// Which names of a folder are taken: those that match the pattern and no ignore pattern. <c>*</c> is any text, <c>?</c> one
/// character; upper and lower case are the same, because partners mix them.
/// </summary>
sealed class FilePattern(SourceDefinition source)
{
    public bool Takes(string name) =>
        !name.StartsWith(WriteRights.ProbePrefix, StringComparison.Ordinal) && Matches(source.Pattern, name) && !source.Ignore.Any(ignored => Matches(ignored, name));

    /// <summary>The files taken, the oldest first: partners send a change after the order it changes.</summary>
    public IReadOnlyList<RemoteFile> Choose(IEnumerable<RemoteFile> files) =>
        [.. files.Where(file => Takes(file.Name)).OrderBy(file => file.ModifiedAt).ThenBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>True when a name is one of the pattern.</summary>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}
