using System.Security.Cryptography;
using System.Text;
using DistributorHub.Mapping.Language;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Overlays;

/// <summary>
/// What a map that extends another was written against: the base as it is, and each of its rules that is overridden or dropped. The lock file keeps the
/// same of the day it was accepted; where the two differ, somebody has changed the base under the map.
/// </summary>
/// <param name="id">Id of the map.</param>
/// <param name="below">What it extends.</param>
/// <param name="extends">Where it says so.</param>
/// <param name="overridden">What it overrides.</param>
sealed class BaseState(string id, LoadedMap below, YamlScalar extends, IReadOnlyList<OverriddenRule> overridden)
{
    const string Format = "lock/1";

    readonly Dictionary<string, OverriddenRule> rules = overridden.DistinctBy(rule => rule.Name).ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    public string Base => below.Id;

    /// <summary>Where a map of the chain says that the rule of a column is dropped; null when none does.</summary>
    /// <param name="table">The table as the base names it.</param>
    /// <param name="column">The column.</param>
    public YamlScalar? DropOf(YamlScalar table, string column) => overridden.FirstOrDefault(rule => rule.Dropped == (table, column))?.At ?? below.Base?.DropOf(table, column);

    /// <summary>The lock file, relative to the folder.</summary>
    public string File { get; } = MapLibrary.LockOf(id);

    // Of what the base says, not of how it is written: a comment in it changes nothing.
    string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(YamlText.Flow(below.Root))));

    /// <summary>The lock file as it would be written now.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            text.Append("# What ").Append(MapLibrary.FileOf(id)).Append(" was written against. 'hub map check ").Append(id).Append(" --accept' writes this file.\n")
                .Append("hub: ").Append(Format).Append("\nid: ").Append(id).Append("\nbase: ").Append(Base).Append("\nsha256: ").Append(Hash).Append('\n');
            if (rules.Count > 0)
                text.Append("rules:\n");
            foreach (var (name, rule) in rules.OrderBy(rule => rule.Key, StringComparer.Ordinal))
                text.Append("  ").Append(YamlText.Quote(name)).Append(": ").Append(YamlText.Quote(rule.Text)).Append('\n');
            return text.ToString();
        }
    }

    /// <summary>Reports what has changed since the lock file was written.</summary>
    /// <param name="text">The lock file; null when there is none.</param>
    /// <param name="diagnostics">Takes errors where an overridden rule has changed, a warning where only the lock is not up to date.</param>
    public void Compare(string? text, ICollection<Diagnostic> diagnostics)
    {
        if (text is null)
        {
            Unlocked($"Map {id} has no lock: nobody is told when a rule of {Base} that it overrides changes.", diagnostics);
            return;
        }
        if (Read(text, diagnostics) is not { } locked)
            return;
        var changed = overridden.Where(rule => locked.Rules.TryGetValue(rule.Name, out var then) && then != rule.Text).ToList();
        foreach (var rule in changed)
        {
            var place = $"{rule.Rule.FileOr("")}:{rule.Rule.Line}:{rule.Rule.Column}";
            var message = rule.IsBlock ? $"The block {rule.Name} of the base is not what it was when it was dropped here ({place}); drop it all the same?"
                : $"The base rule of {rule.Name} was `{locked.Rules[rule.Name]}`, is now `{rule.Text}` ({place}); keep, or take?";
            diagnostics.Add(new(rule.At.FileOr(""), rule.At.Line, rule.At.Column, MapCodes.BaseChanged, message,
                $"to keep what stands here: hub map check {id} --accept; to take the base's: remove this line"));
        }
        if (changed.Count > 0)
            return;
        if (locked.Base != Base)
            Unlocked($"The lock of map {id} is of {locked.Base}, which it extends no longer.", diagnostics);
        else if (locked.Hash != Hash)
            Unlocked($"Map {Base} has changed since map {id} was locked, and no rule that {id} overrides has.", diagnostics);
        else if (!locked.Rules.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(rules.Keys))
            Unlocked($"Map {id} overrides other rules than when it was locked.", diagnostics);
    }

    void Unlocked(string message, ICollection<Diagnostic> diagnostics) =>
        diagnostics.Add(new(extends.FileOr(""), extends.Line, extends.Column, MapCodes.Unlocked, message, $"hub map check {id} --accept writes {File}", Warning: true));

    sealed record Locked(string Base, string Hash, IReadOnlyDictionary<string, string> Rules);

    Locked? Read(string text, ICollection<Diagnostic> diagnostics)
    {
        var mistakes = new List<Diagnostic>();
        var root = YamlFile.Read(File, text, mistakes);
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        YamlNode? wrong = root?.Find("hub") is not YamlScalar { Text: Format } ? root
            : root.Find("base") is not YamlScalar { Text.Length: > 0 } ? root
            : root.Find("sha256") is not YamlScalar { Text.Length: > 0 } ? root
            : root.Find("rules") is not (null or YamlMap) ? root.Find("rules") : null;
        foreach (var (name, rule) in (root?.Find("rules") as YamlMap)?.Entries ?? [])
        {
            if (rule is YamlScalar scalar)
                kept[name.Text] = scalar.Text;
            else
                wrong ??= rule;
        }
        if (wrong is not null)
            mistakes.Add(new(File, wrong.Line, wrong.Column, MapCodes.Lock, "This is not a lock of a map.", $"hub map check {id} --accept writes it anew"));
        foreach (var mistake in mistakes)
            diagnostics.Add(mistake);
        return mistakes.Count > 0 || root is null ? null
            : new(((YamlScalar)root.Find("base")!).Text, ((YamlScalar)root.Find("sha256")!).Text, kept);
    }
}
