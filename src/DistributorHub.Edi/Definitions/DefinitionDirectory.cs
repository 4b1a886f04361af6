using System.Collections.Concurrent;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Definitions;

/// <summary>The definitions of one release: its messages, segments, code lists and names. Each is read when it is first used.</summary>
public sealed class DefinitionDirectory
{
    const string SegmentsFile = "segments.txt";
    const string CodesFile = "codes.txt";
    const string NamesFile = "names.txt";

    readonly Func<string, byte[]> read;
    readonly ConcurrentDictionary<string, Lazy<MessageDefinition>> messages = new(StringComparer.Ordinal);
    readonly Lazy<SegmentDictionary> segments;
    readonly Lazy<DefinitionNames> names;

    internal DefinitionDirectory(Standard standard, string release, bool shipped, IReadOnlyCollection<string> files, Func<string, byte[]> read)
    {
        (Standard, Release, Shipped, this.read) = (standard, release, shipped, read);
        Messages = [.. files.Where(f => f is not (SegmentsFile or CodesFile or NamesFile)).Select(f => f[..^".txt".Length]).Order(StringComparer.Ordinal)];
        HasCodes = files.Contains(CodesFile);
        var codes = HasCodes ? new CodeLists(() => read(CodesFile), $"{release}/{CodesFile}", Notes) : CodeLists.None;
        segments = new(() => files.Contains(SegmentsFile)
            ? SegmentDictionaryReader.Index(Text(SegmentsFile), $"{release}/{SegmentsFile}", Notes, codes)
            : throw new DefinitionTextException($"{release}/{SegmentsFile}", 1, "This file is missing beside the messages."));
        names = new(() => files.Contains(NamesFile) ? new DefinitionNames(Text(NamesFile)) : standard == Standard.X12 ? DefinitionNames.X12 : DefinitionNames.None);
    }

    /// <summary>The standard the release is of.</summary>
    public Standard Standard { get; }

    /// <summary>Such as <c>D.96A</c>, <c>004010</c>, or <c>D.96A.EAN008</c> where an association has definitions of its own.</summary>
    public string Release { get; }

    /// <summary>True when it is part of the program, false when it was imported.</summary>
    public bool Shipped { get; }

    /// <summary>True when it has code lists.</summary>
    public bool HasCodes { get; }

    /// <summary>Types of its messages, in order.</summary>
    public IReadOnlyList<string> Messages { get; }

    /// <exception cref="DefinitionTextException">The text is wrong.</exception>
    public SegmentDictionary Segments => segments.Value;

    /// <summary>Names of segments, composites and elements, for people.</summary>
    public DefinitionNames Names => names.Value;

    DefinitionNotes Notes => Standard == Standard.X12 ? DefinitionNotes.X12 : DefinitionNotes.Edifact;

    /// <summary>The message, or null when the release has none of this type.</summary>
    /// <exception cref="DefinitionTextException">The text is wrong.</exception>
    public MessageDefinition? Find(string type) => !Messages.Contains(type, StringComparer.Ordinal) ? null
        : messages.GetOrAdd(type, name => new(() => DefinitionReader.Read(Standard, Text($"{name}.txt"), Segments, $"{Release}/{name}.txt", Notes.Detail(name)))).Value;

    string Text(string file) => Encoding.UTF8.GetString(read(file));
}
