using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Definitions.Compile;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Definitions;

/// <summary>
/// Compares what the compiler makes of the published directories with what <see cref="PrintedDirectory"/>, which is written apart from it, reads
/// there; and what is shipped with what the compiler makes. For the checkouts that have the directories beside them.
/// </summary>
public sealed class OfficialDirectoryTests
{
    /// <summary>A group of this message is drawn with a corner too far right in the directory; the compiler does not take it.</summary>
    const string Misdrawn = "BOPBNK D.99B";

    static readonly ConcurrentDictionary<string, (PrintedDirectory Printed, CompiledDirectory Compiled, DefinitionDirectory Read)> Loaded = new(StringComparer.Ordinal);

    public static TheoryData<string> Zips => ["d93a", "d95a", "d96a", "d96b", "d97a", "d99b", "d01b", "d03b", "d04a", "d07a", "d10b", "d16b", "d21b"];

    [Theory, MemberData(nameof(Zips))]
    public void Every_message_is_as_the_directory_prints_it(string zip)
    {
        if (Load(zip) is not { } all)
            return;
        var messages = all.Printed.Messages.Except([Misdrawn.Split(' ')[0] + (all.Compiled.Release == Misdrawn.Split(' ')[1] ? "" : "!")]).ToList();
        Assert.Equal(messages, all.Compiled.Messages);
        foreach (var type in messages)
            Assert.Equal((type, all.Printed.Tree(type)), (type, Tree(all.Read.Find(type)!)));
    }

    [Theory, MemberData(nameof(Zips))]
    public void Every_segment_is_as_the_directory_prints_it(string zip)
    {
        if (Load(zip) is not { } all)
            return;
        var printed = all.Printed.Segments();
        Assert.Equal(printed.Keys.Order(StringComparer.Ordinal), all.Read.Segments.All.Keys.Except(DefinitionNotes.Edifact.Segments).Order(StringComparer.Ordinal));
        foreach (var (tag, lines) in printed)
            Assert.Equal((tag, lines), (tag, string.Join('\n', Lines(all.Read.Segments.Find(tag)!.Elements))));
        Assert.Equal(all.Compiled.Segments, printed.Count);
    }

    [Theory, MemberData(nameof(Zips))]
    public void Every_code_is_there_with_its_name_and_no_other(string zip)
    {
        if (Load(zip) is not { } all)
            return;
        var printed = all.Printed.Codes();
        var codes = all.Read.Segments.Codes;
        Assert.Equal(printed.Count == 0, !all.Read.HasCodes);
        foreach (var id in codes.Elements)
            Assert.Equal((id, string.Join('\n', printed[id])), (id, string.Join('\n', codes.Find(id)!.Select(c => $"{c.Code} {c.Name}"))));
        // Only elements of batch segments are kept; the directories list the interactive ones too.
        var used = all.Read.Segments.All.Values.Where(s => !DefinitionNotes.Edifact.Segments.Contains(s.Tag)).SelectMany(s => s.Elements).SelectMany(e => e.Components.Prepend(e)).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(printed.Keys.Where(used.Contains).Order(StringComparer.Ordinal), codes.Elements);
    }

    /// <summary>The directories' own indexes say how many there are; D.93A and D.95A have none, and D.96A none of messages.</summary>
    [Theory, MemberData(nameof(Zips))]
    public void The_numbers_are_those_of_the_directorys_indexes(string zip)
    {
        if (Load(zip) is not { } all)
            return;
        var misdrawn = all.Compiled.Release == Misdrawn.Split(' ')[1] ? 1 : 0;
        foreach (var (kind, number) in new[] { ("MD", all.Compiled.Messages.Count + misdrawn), ("SD", all.Compiled.Segments), ("CD", all.Compiled.Composites), ("ED", all.Compiled.Elements) })
            if (all.Printed.Indexed(kind) is { } indexed)
                Assert.Equal((kind, indexed), (kind, number));
        Assert.Equal(zip is not ("d93a" or "d95a"), all.Printed.Indexed("SD") is not null);
    }

    [Theory]
    [InlineData("d93a", 14)]
    [InlineData("d96a", 17)]
    [InlineData("d97a", 20)]
    [InlineData("d01b", 20)]
    [InlineData("d07a", 20)]
    [InlineData("d21b", 20)]
    public void What_is_shipped_is_what_the_compiler_makes_of_the_directory(string zip, int messages)
    {
        if (Repository.Shared is not { } shared)
            return;
        var release = $"D.{zip[1..].ToUpperInvariant()}";
        var held = DefinitionLibrary.Embedded.List().Where(d => d.Release == release).Select(d => d.Type).ToHashSet(StringComparer.Ordinal);
        using var stream = File.OpenRead(Path.Combine(shared, "facts", "unece", $"{zip}.zip"));
        var compiled = DirectoryCompiler.Compile(stream, held);

        Assert.Equal(messages, compiled.Messages.Count);
        Assert.Equal(held.Order(StringComparer.Ordinal), compiled.Messages);
        Assert.Empty(compiled.Problems);
        foreach (var (file, text) in compiled.Files)
            Assert.Equal((file, text), (file, File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "Definitions", "edifact", release, file))));
    }

    static (PrintedDirectory Printed, CompiledDirectory Compiled, DefinitionDirectory Read)? Load(string zip) =>
        Repository.Shared is { } shared ? Loaded.GetOrAdd(zip, name => Load(Path.Combine(shared, "facts", "unece"), name)) : null;

    static (PrintedDirectory Printed, CompiledDirectory Compiled, DefinitionDirectory Read) Load(string folder, string zip)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, $"{zip}.zip"));
        var compiled = DirectoryCompiler.Compile(new MemoryStream(bytes));
        var library = new DefinitionLibrary(compiled.Files.Keys.Select(f => $"edifact/{compiled.Release}/{f}"), path => Encoding.UTF8.GetBytes(compiled.Files[path.Split('/')[2]]));
        return (new PrintedDirectory(bytes), compiled, library.Directories.Single(d => !d.Shipped));
    }

    /// <summary>One line a node: two blanks a level, tag, M or C, most repetitions.</summary>
    internal static string Tree(MessageDefinition definition)
    {
        var lines = new List<string>();
        foreach (var node in definition.Nodes.Skip(1))
        {
            var depth = 0;
            for (var parent = node.Parent; parent > 0; parent = definition.Nodes[parent].Parent)
                depth++;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', depth * 2)}{node.Tag} {(node.Mandatory ? 'M' : 'C')} {node.Max}"));
        }
        return string.Join('\n', lines);
    }

    /// <summary>Elements as a directory prints them; repeats of newer ones at one position are told by a number.</summary>
    static IEnumerable<string> Lines(IReadOnlyList<ElementDefinition> elements)
    {
        foreach (var element in elements)
        {
            var requirement = element.Mandatory ? 'M' : 'C';
            if (element.Type == ElementType.Composite)
            {
                yield return $"{element.Id} {requirement}";
                foreach (var line in Lines(element.Components))
                    yield return line;
                continue;
            }
            var type = element.Type == ElementType.Decimal ? "n" : element.AlphabeticOnly ? "a" : "an";
            var length = element.Min == element.Max ? $"{element.Max}" : $"..{element.Max}";
            yield return $"{element.Id} {requirement} {type}{length}";
        }
    }
}
