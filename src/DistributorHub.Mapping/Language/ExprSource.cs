using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Language;

/// <summary>The text of one YAML scalar, which knows where each of its characters stands in the file.</summary>
/// <param name="file">Name of the file, unless the scalar was read from another that knows its own.</param>
/// <param name="fileText">That file's text.</param>
/// <param name="scalar">The scalar.</param>
sealed class ExprSource(string file, string fileText, YamlScalar scalar)
{
    int[]? places;

    public string Text { get; } = scalar.Text;

    public Place Start { get; } = new(scalar.FileOr(file), scalar.Line, scalar.Column);

    public Place PlaceOf(int index)
    {
        places ??= Walk(FileText, scalar);
        if (index >= places.Length)
            return Text.Length == 0 || places.Length == 0 ? Start : ToPlace(places[^1] + 1);
        return ToPlace(places[index]);
    }

    string FileText => scalar.Source?.Text ?? fileText;

    Place ToPlace(int offset)
    {
        var lineStart = offset == 0 ? 0 : FileText.LastIndexOf('\n', offset - 1) + 1;
        var line = 1 + FileText.AsSpan(0, lineStart).Count('\n');
        return new(Start.File, line, offset - lineStart + 1);
    }

    // YAML folds line breaks to a blank, strips indentation and halves quotes; walking text and file side by side undoes all three.
    static int[] Walk(string file, YamlScalar scalar)
    {
        var at = IndexOf(file, scalar.Line, scalar.Column);
        if (scalar.Block)
            at = Math.Max(at, file.IndexOf('\n', at) + 1);
        else if (scalar.Quoted)
            at++;
        var quote = scalar.Quoted ? file[at - 1] : '\0';
        var found = new int[scalar.Text.Length];
        for (var i = 0; i < found.Length; i++)
        {
            if (char.IsWhiteSpace(scalar.Text[i]))
            {
                found[i] = Math.Min(at, file.Length);
                if (i + 1 < found.Length && !char.IsWhiteSpace(scalar.Text[i + 1]))
                    while (at < file.Length && char.IsWhiteSpace(file[at]))
                        at++;
                else
                    at++;
                continue;
            }
            while (at < file.Length && char.IsWhiteSpace(file[at]))
                at++;
            if (at + 1 < file.Length && ((quote == '\'' && file[at] == '\'' && file[at + 1] == '\'') || (quote == '"' && file[at] == '\\')))
                at++;
            found[i] = Math.Min(at++, file.Length);
        }
        return found;
    }

    static int IndexOf(string file, int line, int column)
    {
        var at = 0;
        for (var n = 1; n < line; n++)
            at = file.IndexOf('\n', at) + 1;
        return Math.Min(at + column - 1, file.Length);
    }
}
