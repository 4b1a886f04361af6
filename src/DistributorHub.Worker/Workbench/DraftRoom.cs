namespace DistributorHub.Worker.Workbench;

/// <summary>
/// The folder of mappings once more, with a draft's text in place of one file: links to all others in a temporary folder. What is read there is read as the
/// service would read it if the draft were live.
/// </summary>
sealed class DraftRoom : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("hub-draft-").FullName;

    /// <param name="settings">The installation.</param>
    /// <param name="path">The file that is replaced, relative to the folder of mappings.</param>
    /// <param name="text">Its text.</param>
    public DraftRoom(HubSettings settings, string path, string text)
    {
        Settings = settings with { Mappings = folder };
        // Imported definitions stay where they are: a draft changes none.
        Link(settings.Mappings, folder, settings.Definitions);
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllText(file, text);
    }

    /// <summary>The installation with this folder.</summary>
    public HubSettings Settings { get; }

    static void Link(string from, string to, string definitions)
    {
        foreach (var file in Directory.EnumerateFiles(from))
            Place(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var inner in Directory.EnumerateDirectories(from).Where(inner => inner != definitions && !Path.GetFileName(inner).StartsWith('.')))
            Link(inner, Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(inner))).FullName, definitions);
    }

    static void Place(string file, string at)
    {
        try
        {
            File.CreateSymbolicLink(at, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows lets not everybody make links.
            File.Copy(file, at);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
