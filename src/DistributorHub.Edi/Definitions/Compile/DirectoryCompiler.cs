using System.Text.RegularExpressions;

namespace DistributorHub.Edi.Definitions.Compile;

/// <summary>A directory in the compact text form.</summary>
/// <param name="Release">Such as <c>D.96A</c>.</param>
/// <param name="Files">Texts by file name: <c>ORDERS.txt</c>, …, <c>segments.txt</c>, <c>codes.txt</c>, <c>names.txt</c>.</param>
/// <param name="Problems">One sentence for each message that could not be taken, or not as it is printed; the others are there.</param>
public sealed record CompiledDirectory(string Release, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Problems)
{
    /// <summary>Types of the messages, in order.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>Segments that the messages use.</summary>
    public required int Segments { get; init; }

    /// <summary>Composites of those segments.</summary>
    public required int Composites { get; init; }

    /// <summary>Data elements of those segments and composites.</summary>
    public required int Elements { get; init; }

    /// <summary>Code lists that are kept, and codes in them; none where the zip has no code lists (D.93A and D.95A).</summary>
    public required int CodeLists { get; init; }

    /// <summary>Codes in the lists that are kept.</summary>
    public required int Codes { get; init; }
}

/// <summary>Reads the zip of an official UN/EDIFACT directory (batch messages of all vintages since D.93A) and writes it as compact text.</summary>
public static partial class DirectoryCompiler
{
    /// <param name="zip">The zip as UNECE publishes it.</param>
    /// <param name="messages">Types to take; null = all. Code lists and names are then those that these messages can use.</param>
    /// <exception cref="DirectoryException">The zip is no directory, or cannot be read.</exception>
    public static CompiledDirectory Compile(Stream zip, IReadOnlySet<string>? messages = null)
    {
        var archive = new DirectoryArchive(zip);
        var found = archive.Names.Select(n => MessageName().Match(n)).Where(m => m.Success).ToList();
        if (found.Count == 0)
            throw new DirectoryException("The zip has no message such as ORDERS_D.96A in it; expected a UN/EDIFACT directory as UNECE publishes it (d96a.zip).");
        var version = found[0].Groups["release"].Value.ToUpperInvariant();
        var release = $"{found[0].Groups["version"].Value.ToUpperInvariant()}.{version}";
        var segments = SegmentPart.Segments(Part(archive, version, "EDSD", "TRSD"));
        if (segments.Count == 0)
            throw new DirectoryException($"The zip has messages of {release}, but no segment directory EDSD.{version}.");

        var text = new DirectoryText(release, segments);
        var problems = new List<string>();
        foreach (var match in found.OrderBy(m => m.Value, StringComparer.OrdinalIgnoreCase))
        {
            var type = match.Groups["type"].Value.ToUpperInvariant();
            if (messages?.Contains(type) is false)
                continue;
            var lines = archive.Lines(match.Value);
            var table = MessageTable.Compile(lines, out var problem);
            if (problem is not null)
                problems.Add($"{type}: {problem}");
            if (table is null)
                continue;
            if (text.Unknown(table) is { } tag)
                problems.Add($"{type}: The segment directory has no segment {tag}.");
            else
                text.Add(type, MessageTable.Name(lines), table);
        }
        var lists = new[] { $"UNCL.{version}", $"UNCL-1.{version}", $"UNCL-2.{version}", $"UNSL.{version}" }.SelectMany(n => CodeListPart.Read(archive.Lines(n)));
        text.Add(SegmentPart.Composites(Part(archive, version, "EDCD", "TRCD")));
        text.Add(SegmentPart.Simple(Part(archive, version, "EDED", "TRED")));
        text.Add(lists);
        return text.Write(all: messages is null, problems);
    }

    static IReadOnlyList<string> Part(DirectoryArchive archive, string version, string name, string oldName) =>
        archive.Lines($"{name}.{version}") is { Count: > 0 } lines ? lines : archive.Lines($"{oldName}.{version}");

    [GeneratedRegex("^(?<type>[A-Za-z]{6})_(?<version>[DSds])[.](?<release>[0-9]{2}[A-Ba-b])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MessageName();
}
