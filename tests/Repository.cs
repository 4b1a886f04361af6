namespace DistributorHub.Tests;

/// <summary>Where the checkout and the material beside it are, whatever folder the tests were started from.</summary>
static class Repository
{
    /// <summary>The folder that holds <c>DistributorHub.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The optional folder of reference material beside the checkout; null when it is not there.</summary>
    public static string? Shared { get; } =
        Directory.Exists(Path.Combine(Root, "..", "shared")) ? Path.GetFullPath(Path.Combine(Root, "..", "shared")) : null;

    /// <summary>Number of the maps that any partner may use.</summary>
    public static int BaseMaps { get; } = Directory.GetFiles(PathTo("mappings", "base"), "*.yaml").Length;

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DistributorHub.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No DistributorHub.sln above {AppContext.BaseDirectory}.");
    }
}
