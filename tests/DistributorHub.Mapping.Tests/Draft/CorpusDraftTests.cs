using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Draft;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Draft;

/// <summary>Drafts from files of real partners.</summary>
public sealed class CorpusDraftTests
{
    static readonly string[] Types = ["ORDERS", "PRICAT", "850", "832", "INVOIC", "810"];

    /// <summary>However a file is built, what is drafted from it compiles, into tables that a shared map knows and into others.</summary>
    [Theory]
    [InlineData("shop", 35)]
    [InlineData("web", 40)]
    public void Drafts_from_real_files_compile(string target, int atLeast)
    {
        if (Repository.Shared is not { } shared)
            return;
        var library = Drafting.Library(("targets/web.target.yaml", Drafting.Web));
        var into = library.Target(target, [])!;
        var broken = new List<string>();
        var drafted = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(shared, "corpus", "files"), "*", SearchOption.AllDirectories))
        {
            List<SampleFile> samples = [new(Path.GetFileName(path), () => File.OpenRead(path))];
            var survey = Survey.Of(samples, DefinitionLibrary.Embedded);
            if (survey.Senders.Count == 0)
                continue;
            var drafter = Drafting.Drafter(library, samples, "EUR");
            foreach (var kind in survey.Messages.Where(kind => Types.Contains(kind.Type) && kind.Definitions.Count > 0))
            {
                if (drafter.Draft(kind, into, table: null) is not { } draft)
                    continue;
                drafted++;
                if (!draft.Compiles)
                    broken.Add($"{path}: {string.Join('\n', draft.Decisions)}");
            }
        }
        Assert.Empty(broken);
        Assert.InRange(drafted, atLeast, int.MaxValue);
    }
}
