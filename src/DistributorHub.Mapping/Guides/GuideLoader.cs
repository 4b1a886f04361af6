using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Guides;

/// <summary>
/// Reads a guide and those it extends, from left to right, each once: first the message definition, then every guide as a narrowing of what
/// stands before it.
/// </summary>
/// <param name="definitions">The message definitions.</param>
/// <param name="read">Answers a path relative to the mappings folder with the file's text, or null.</param>
/// <param name="known">Ids of the guides there are, for hints.</param>
/// <param name="diagnostics">Takes what is wrong, all of it.</param>
sealed class GuideLoader(DefinitionLibrary definitions, Func<string, string?> read, IReadOnlyCollection<string> known, ICollection<Diagnostic> diagnostics)
{
    public const string Format = "guide/1";

    readonly List<string> done = [], reading = [];
    Narrowing? narrowing;

    /// <summary>The guide, or null when it or one it extends has a mistake.</summary>
    public Guide? Load(string id)
    {
        var found = new List<Diagnostic>();
        Visit(id, null, found);
        foreach (var diagnostic in found.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d => d.Column))
            diagnostics.Add(diagnostic);
        return narrowing is null || found.Exists(d => !d.Warning) ? null : new(id, narrowing.Message, narrowing.Rules, narrowing.Extensions);
    }

    public static string FileOf(string id) => id.StartsWith("guides/", StringComparison.Ordinal) ? $"{id}.yaml" : $"partners/{id}.yaml";

    void Visit(string id, (GuideFile File, YamlScalar At)? from, List<Diagnostic> found)
    {
        if (done.Contains(id))
            return;
        var path = FileOf(id);
        if (reading.Contains(id) || read(path) is not { } text)
        {
            var (message, hint) = reading.Contains(id) ? ($"The guide '{id}' extends itself.", null)
                : ($"There is no guide '{id}'.", Hints.DidYouMeanOr(id, "guides", known));
            if (from is { } asked)
                asked.File.Report(asked.At, GuideMistakes.NoBase, message, hint);
            else
                found.Add(new(path, 1, 1, GuideMistakes.NoBase, message, hint));
            return;
        }
        reading.Add(id);
        if (YamlFile.Read(path, text, found) is { } root)
            Read(root, new(id, path, text, found), found);
        reading.Remove(id);
        done.Add(id);
    }

    void Read(YamlMap root, GuideFile file, List<Diagnostic> found)
    {
        if (root.Find("hub") is not YamlScalar { Text: Format })
        {
            file.Report(root.Find("hub") ?? root, GuideMistakes.Head, "This is not a guide.", $"a guide starts with 'hub: {Format}'");
            return;
        }
        file.Allow(root, "a guide", GuideSettings.Head.Names);
        if (root.Find("id") is not YamlScalar name || name.Text != file.Id)
            file.Report(root.Find("id") ?? root, GuideMistakes.Head, "The guide's id is not the file's name.", $"write id: {file.Id}");
        if (root.Find("extends") is null)
            file.Report(root, GuideMistakes.Head, "A guide needs 'extends'.", "extends: [edifact/D.96A/ORDERS]");
        var fits = true;
        foreach (var item in file.Texts(root.Find("extends"), "extends"))
        {
            if (item.Text.Split('/') is [("edifact" or "x12") and var standard, var release, var type])
                fits &= Extend(file, item, standard == "x12" ? Standard.X12 : Standard.Edifact, release, type);
            else
                Visit(item.Text, (file, item), found);
        }
        if (narrowing is not null && fits)
            new GuideReader(file, narrowing).Read(root);
        else if (narrowing is null && found.TrueForAll(d => d.Warning))
            file.Report(root.Find("extends")!, GuideMistakes.Head, "No message definition is extended here.", "name it first: extends: [edifact/D.96A/ORDERS, …]");
    }

    /// <summary>The definition that is narrowed; false when it is not there, or not the one of what stands before.</summary>
    bool Extend(GuideFile file, YamlScalar item, Standard standard, string release, string type)
    {
        if (definitions.Find(standard, type, release) is not { } definition)
        {
            var nearest = definitions.Nearest(standard, type, release);
            file.Report(item, GuideMistakes.NoBase, $"There is no definition of {type} {release}.",
                nearest.Count > 0 ? $"there is {type} of: {Hints.List(nearest)}" : "write standard/release/message: edifact/D.96A/ORDERS, x12/004010/850");
            return false;
        }
        narrowing ??= new(definition);
        if (narrowing.Message == definition)
            return true;
        file.Report(item, GuideMistakes.OtherMessage,
            $"This is {type} {definition.Release}, but what stands before it is of {narrowing.Message.Type} {narrowing.Message.Release}.", "a guide is of one message of one release");
        return false;
    }
}
