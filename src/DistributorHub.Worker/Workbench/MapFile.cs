using System.Security.Cryptography;
using System.Text;
using DistributorHub.Mapping;

namespace DistributorHub.Worker.Workbench;

/// <summary>The file of a map that is there, in the folder of mappings and never beside it.</summary>
sealed class MapFile
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    readonly string folder, path;

    MapFile(string folder, string id) => (this.folder, Id, path) = (folder, id, Path.Combine(folder, MapLibrary.FileOf(id)));

    /// <summary>Its id: <c>base/orders-edifact</c>, <c>acme/orders</c>.</summary>
    public string Id { get; }

    /// <summary>The file, relative to the folder of mappings, with '/'.</summary>
    public string Name => MapLibrary.FileOf(Id);

    /// <summary>The partner whose map it is; null for a shared one.</summary>
    public string? Owner => Id.Split('/') is ["base", _] ? null : Id.Split('/')[0];

    /// <summary>Its page.</summary>
    public string Page => PageOf(Id);

    public static string PageOf(string id) => "/mappings/" + string.Join('/', id.Split('/').Select(Uri.EscapeDataString));

    /// <summary>The map of a file as diagnostics name it; null when no map with a page stands there.</summary>
    public static string? IdOf(string file) => file.EndsWith(".yaml", StringComparison.Ordinal) && file[..^".yaml".Length].Split('/') switch
    {
        ["base", var name] => $"base/{name}",
        ["partners", var owner, var name and not "partner"] => $"{owner}/{name}",
        _ => null,
    } is { } id && MapLibrary.FileOf(id) == file ? id : null;

    /// <summary>A map of this id; null when there is none, or its name would lead elsewhere.</summary>
    public static MapFile? Find(HubSettings settings, string owner, string name)
    {
        if (!IsName(owner) || !IsName(name) || (owner != "base" && name == "partner"))
            return null;
        var file = new MapFile(settings.Mappings, $"{owner}/{name}");
        // A guide may stand where a partner's maps do.
        return File.Exists(file.path) && MapLibrary.KindOf(file.Read()) is null or "map" ? file : null;
    }

    // One step down, and nothing that any system takes for more than a name.
    static bool IsName(string name) => name.Length > 0 && name[0] != '.' && !name.Any(letter => letter is '/' or '\\' or ':' || char.IsControl(letter));

    /// <summary>The text the service works with now, with LF as line ends.</summary>
    public string Read() => Plain(File.ReadAllText(path));

    /// <summary>A text with LF as line ends, whatever a browser or an editor made of them.</summary>
    public static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>What tells a text from others, line ends aside.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(text))));

    /// <summary>
    /// Puts a text in the file's place; why not, when that was not done. It is written beside it, is on the disk before it takes the name, and takes it in one step:
    /// who reads the file meanwhile reads one text or the other, also when the machine stops in between.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="sha256">Hash of the text that must stand there.</param>
    public string? Replace(string text, string sha256)
    {
        try
        {
            if (WhyFixed() is { } why)
                return $"{why} Nothing else is against it: download the draft.";
            var now = File.ReadAllText(path);
            if (Hash(now) != sha256)
                return "the live text has changed a moment ago.";
            Write(now.Contains("\r\n", StringComparison.Ordinal) ? Plain(text).Replace("\n", "\r\n", StringComparison.Ordinal) : Plain(text));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the service's account, {Environment.UserName}, cannot write in {Path.GetDirectoryName(Name)} of the folder of mappings, or that is mounted read-only ({e.Message}). Let it write there, or download the draft and put it into its place the way such files come there.";
        }
    }

    // Whose file is a link, or protected, has reasons that a rename would walk over.
    string? WhyFixed()
    {
        var here = folder;
        foreach (var step in Name.Split('/'))
        {
            here = Path.Combine(here, step);
            if (new FileInfo(here).LinkTarget is { } target)
                return $"{Path.GetRelativePath(folder, here)} is a link to {target}: change what it leads to, where that is kept.";
        }
        return new FileInfo(path).IsReadOnly ? $"{Name} is read-only: whoever made it so lets it be written, or replaces it." : null;
    }

    void Write(string text)
    {
        var beside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.new");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(Utf8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(beside, File.GetUnixFileMode(path));
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
