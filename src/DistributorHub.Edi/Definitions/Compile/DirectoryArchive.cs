using System.IO.Compression;
using System.Text;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>
/// The texts of a published UN/EDIFACT directory: one zip with a zip for each part in it, all vintages. Parts are known by the names of their
/// files (<c>EDSD.01B</c>, before D.97A <c>TRSD.96A</c>; <c>ORDERS_D.96A</c>), not by the folders or zips around them.
/// </summary>
sealed class DirectoryArchive
{
    readonly List<(string Name, byte[] Bytes)> files = [];
    long bytes;

    /// <exception cref="DirectoryException">The bytes are no zip, or hold more than the limits allow.</exception>
    public DirectoryArchive(Stream zip)
    {
        try
        {
            Open(zip, depth: 0);
        }
        catch (InvalidDataException broken)
        {
            throw new DirectoryException($"The file is not a zip that can be read: {broken.Message}");
        }
    }

    /// <summary>Names of all files with an extension such as <c>96A</c>, in the order of the zip.</summary>
    public IEnumerable<string> Names => files.Select(f => f.Name);

    /// <summary>
    /// Lines of the first file of this name; empty when there is none. Bytes are taken one to one: the box-drawing corners of the
    /// older directories are code page 437, and everything that is read for its meaning is ASCII. Newer names have some letters of
    /// Windows' Latin character set, whose curly quotes and dashes become plain ones.
    /// </summary>
    public IReadOnlyList<string> Lines(string name)
    {
        var found = files.Find(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));
        return found.Bytes is null ? [] : Encoding.Latin1.GetString(found.Bytes).Replace("\r", "", StringComparison.Ordinal)
            .Replace('\u0091', '\'').Replace('\u0092', '\'').Replace('\u0093', '"').Replace('\u0094', '"').Replace('\u0096', '-').Split('\n', '\f');
    }

    void Open(Stream zip, int depth)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
        if (archive.Entries.Count > Limits.DirectoryFilesMax)
            throw new DirectoryException($"The zip holds {archive.Entries.Count} files; a directory has at most {Limits.DirectoryFilesMax}.");
        foreach (var entry in archive.Entries)
        {
            var inner = entry.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
            // The interactive directories (IDMD, IDSD, IDCD) use the same tags for other segments.
            if (entry.Name.Length == 0 || (inner && entry.Name.StartsWith("ID", StringComparison.OrdinalIgnoreCase)))
                continue;
            if (inner && depth < Limits.DirectoryDepthMax)
                Open(new MemoryStream(Read(entry)), depth + 1);
            else if (IsPart(entry.Name))
                files.Add((entry.Name, Read(entry)));
        }
    }

    static bool IsPart(string name) =>
        Path.GetExtension(name) is ['.', >= '0' and <= '9', >= '0' and <= '9', 'A' or 'B' or 'a' or 'b'];

    byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var copy = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            bytes += read;
            if (bytes > Limits.DirectoryBytesMax)
                throw new DirectoryException($"The zip unpacks to more than {Limits.DirectoryBytesMax / 1_000_000} MB; no directory is that large.");
            copy.Write(buffer, 0, read);
        }
        return copy.ToArray();
    }
}

/// <summary>A file that is no UN/EDIFACT directory; the message says what was found and what is expected.</summary>
public sealed class DirectoryException(string message) : Exception(message);
