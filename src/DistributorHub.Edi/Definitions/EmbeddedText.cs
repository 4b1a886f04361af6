namespace DistributorHub.Edi.Definitions;

/// <summary>Texts that are part of the program.</summary>
static class EmbeddedText
{
    /// <summary>Resource by path: the build writes folders with the separator of the machine it runs on.</summary>
    static readonly Dictionary<string, string> Resources = typeof(EmbeddedText).Assembly.GetManifestResourceNames()
        .ToDictionary(name => name.Replace('\\', '/'), StringComparer.Ordinal);

    public static IEnumerable<string> Paths => Resources.Keys;

    public static byte[] Bytes(string path)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(Resources[path])!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Read(string path) => System.Text.Encoding.UTF8.GetString(Bytes(path));
}
