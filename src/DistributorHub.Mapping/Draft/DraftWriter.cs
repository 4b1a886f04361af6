using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Overlays;

namespace DistributorHub.Mapping.Draft;

/// <summary>A map as text, with what stands on each of its lines.</summary>
sealed record WrittenDraft(string Text, IReadOnlyDictionary<int, (DraftBlock Block, DraftRule? Rule, int Column)> Lines)
{
    /// <summary>The line of a rule, from 1; of its block when it has none.</summary>
    public int LineOf(DraftBlock block, DraftRule? rule) =>
        Lines.Where(line => line.Value.Block == block && (rule is null || line.Value.Rule == rule)).Select(line => line.Key).Order().FirstOrDefault(1);
}

/// <summary>Writes a draft: one form, columns below each other, what is not a part of the map as comments where it would stand.</summary>
sealed class DraftWriter
{
    readonly StringBuilder text = new();
    readonly Dictionary<int, (DraftBlock, DraftRule?, int)> lines = [];
    int line = 1;

    public static WrittenDraft Write(DraftMap map)
    {
        var writer = new DraftWriter();
        foreach (var sentence in map.Opening)
            writer.Line($"# {sentence}");
        writer.Line("hub: map/1");
        writer.Line($"id: {map.Id}");
        var message = map.Messages[0];
        var releases = string.Join(", ", map.Messages.Select(m => Scalar(m.Release)));
        writer.Line($"from: {{ standard: {(message.Standard == Standard.X12 ? "X12" : "EDIFACT")}, message: {Scalar(message.Type)}, release: {(map.Messages.Count > 1 ? $"[{releases}]" : releases)} }}");
        writer.Line($"to: {map.Target.Id}");
        foreach (var setting in map.Head)
            writer.Line(setting);
        writer.Line("rows:");
        foreach (var block in map.Blocks)
            writer.Block(block, "", commented: false);
        return new(writer.text.ToString(), writer.lines);
    }

    /// <summary>A name as YAML takes it for a text.</summary>
    public static string Scalar(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && name is not ("y" or "n" or "Y" or "N")
            ? name : YamlText.Quote(name);

    /// <summary>A text from a file as a comment may hold it: on one line.</summary>
    public static string Comment(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(c) ? ' ' : c));

    void Block(DraftBlock block, string indent, bool commented)
    {
        if (block.LeftOut is { } why)
            Line($"{indent}# {block.Name} is not filled: {why}");
        commented |= block.LeftOut is not null;
        var lead = commented ? "# " : "";
        var first = $"{indent}{lead}- ";
        var rest = $"{indent}{lead}  ";
        void Entry(string entry)
        {
            if (!commented)
                lines[line] = (block, null, 0);
            Line(first + entry);
            first = rest;
        }
        if (block.Table is { } table)
            Entry($"table: {table.Name}");
        if (block.For is not null)
            Entry($"for: {block.For}");
        if (block.Where is { } where)
            Rule(block, where, $"{first}where: ", rest, commented);
        if (block.Table is not null)
        {
            Line($"{rest}set:");
            var width = block.Columns.Count == 0 ? 0 : block.Columns.Max(column => column.Name.Length) + 2;
            foreach (var column in block.Columns)
                Rule(block, column, $"{rest}  {$"{column.Name}:".PadRight(width)}", $"{rest}  ", commented);
        }
        foreach (var remark in block.Remarks)
            Line($"{rest}  # {Comment(remark)}");
        if (block.Checks.Exists(check => check.LeftOut is null))
            Line($"{rest}check:");
        foreach (var check in block.Checks)
            Rule(block, check, $"{rest}  {check.Name}: ", $"{rest}  ", commented);
        if (block.Rows.Count > 0)
            Line(block.Rows.Exists(inner => inner.LeftOut is null) ? $"{rest}rows:" : $"{rest}# rows:");
        foreach (var inner in block.Rows)
            Block(inner, rest, commented);
    }

    void Rule(DraftBlock block, DraftRule rule, string lead, string indent, bool commented)
    {
        var note = rule.Note is null ? "" : $"  # {Comment(rule.Note)}";
        if (rule.LeftOut is { } why)
            Line($"{indent}# {(rule.Name.Length > 0 ? $"{rule.Name}: " : "")}{rule.Text}{(rule.Text.Length > 0 ? "  " : "")}# {Comment(why)}");
        else
        {
            var isFolded = !rule.Quoted && (rule.Text.Contains(": ", StringComparison.Ordinal) || rule.Text.Contains(" #", StringComparison.Ordinal));
            if (!commented)
                lines[line] = (block, rule, lead.Length + 1);
            if (isFolded)
            {
                Line($"{lead}>-{note}");
                if (!commented)
                    lines[line] = (block, rule, indent.Length + 5);
                Line($"{indent}    {rule.Text}");
            }
            else
                Line($"{lead}{(rule.Quoted ? YamlText.Quote(rule.Text) : rule.Text)}{note}");
        }
        foreach (var also in rule.Also)
            Line($"{indent}# {(rule.Name.Length > 0 ? $"{rule.Name}: " : "")}{Comment(also)}");
    }

    void Line(string written)
    {
        text.Append(written.TrimEnd()).Append('\n');
        line++;
    }
}
