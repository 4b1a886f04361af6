using System.Globalization;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Definitions;

/// <summary>
/// Reads message definitions from compact text.
/// <code>
/// message ORDERS D.96A        the type and the release
/// BGM M1                      a segment, mandatory, at most once
/// +NAD C99      SG2           a group: NAD is its first segment; SG2 is a label for people
///   LOC C25                   two blanks deeper: inside the group
/// +*LIN C200000 SG25          the star marks the detail group
/// UNS M1                      the section change: what follows is the summary
/// </code>
/// M = mandatory, C or O = conditional; the number is the most repetitions, <c>&gt;</c> = no bound. Text after <c>#</c> is a comment.
/// The segments themselves are read by <see cref="SegmentDictionaryReader"/>.
/// </summary>
static class DefinitionReader
{
    /// <summary>
    /// Reads a message. <paramref name="source"/> names the text in errors. Where no group is marked as the detail, it is the outermost one that
    /// <paramref name="detail"/> begins; where nothing names it, the first group of lines (LIN), or else the outermost group with most repetitions.
    /// </summary>
    /// <exception cref="DefinitionTextException">The text is not a definition, or names a segment the dictionary lacks.</exception>
    public static MessageDefinition Read(Standard standard, string text, SegmentDictionary segments, string source, string? detail = null)
    {
        var lines = DefinitionLines.Of(text);
        if (lines.Count == 0)
            throw new DefinitionTextException(source, 1, "The text is empty; expected \"message TYPE RELEASE\".");
        var head = lines[0].Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (head is not ["message", var type, var release] || lines[0].Indent != 0)
            throw new DefinitionTextException(source, lines[0].Number, $"Found \"{lines[0].Text}\"; expected \"message TYPE RELEASE\".");

        var tree = new TreeBuilder(type, source);
        for (var i = 1; i < lines.Count; i++)
            tree.Add(lines[i], segments);
        var nodes = tree.Nodes();
        return new MessageDefinition
        {
            Standard = standard,
            Type = type,
            Release = release,
            Nodes = nodes,
            Detail = tree.Detail >= 0 ? tree.Detail : Detail(nodes, detail),
            Segments = segments,
        };
    }

    static int Detail(Node[] nodes, string? tag)
    {
        // A message of lines has more groups that LIN begins only deeper down; of two beside each other the one with more repetitions is meant.
        var groups = nodes.Where(n => n is { IsGroup: true, Id: > 0 }).ToList();
        var named = groups.Where(n => n.Tag == (tag ?? "LIN")).ToList();
        if (named.Count == 0)
            named = groups.Where(n => n.Parent == 0).ToList();
        var most = named.Where(n => !named.Exists(o => o.Id < n.Id && n.Id < o.End)).MaxBy(n => n.Max);
        return most?.Id ?? -1;
    }

    /// <summary>Collects nodes in pre-order. A group's children are filled in when all lines are read.</summary>
    sealed class TreeBuilder(string type, string source)
    {
        readonly List<Draft> drafts = [new(type, -1, IsGroup: true, Mandatory: true, 1, null)];
        readonly Stack<int> open = new([0]);
        int sectionChange = int.MaxValue;

        public int Detail { get; private set; } = -1;

        public void Add(DefinitionLine line, SegmentDictionary segments)
        {
            if (line.Indent % 2 != 0 || line.Indent / 2 >= open.Count)
                throw Error(line, "The indentation fits no open group; use two blanks for each level.");
            while (open.Count - 1 > line.Indent / 2)
                open.Pop();

            var words = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var name = words[0];
            var isGroup = name.StartsWith('+');
            var isDetail = name.StartsWith("+*", StringComparison.Ordinal);
            var tag = name[(isDetail ? 2 : isGroup ? 1 : 0)..];
            if (words.Length is < 2 or > 3)
                throw Error(line, $"Found \"{line.Text}\"; expected a tag, the number such as M1 or C99, and perhaps a label.");
            if (!segments.Has(tag))
                throw Error(line, $"The segment dictionary has no segment \"{tag}\".");
            var (mandatory, max) = Number(line, words[1]);

            var parent = open.Peek();
            // The section change belongs to the message itself; groups after it repeat tags of groups before it.
            var id = drafts.Count;
            if (parent == 0 && tag == "UNS")
                sectionChange = id;
            drafts.Add(new(tag, parent, isGroup, mandatory, max, words.Length == 3 ? words[2] : null));
            if (!isGroup)
                return;
            drafts.Add(new(tag, id, IsGroup: false, Mandatory: true, 1, null));
            open.Push(id);
            if (open.Count > Limits.GroupDepthMax)
                throw Error(line, $"Groups are nested deeper than {Limits.GroupDepthMax}.");
            if (!isDetail)
                return;
            if (Detail >= 0)
                throw Error(line, "A message has one detail group; a second is marked here.");
            Detail = id;
        }

        (bool Mandatory, int Max) Number(DefinitionLine line, string word)
        {
            if (word.Length < 2 || word[0] is not ('M' or 'C' or 'O'))
                throw Error(line, $"Found \"{word}\"; expected M, C or O and the most repetitions, such as M1 or C>.");
            if (word.AsSpan(1) is ">")
                return (word[0] == 'M', int.MaxValue);
            if (!int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var max) || max < 1)
                throw Error(line, $"Found \"{word}\"; the most repetitions is a number from 1, or > for no bound.");
            return (word[0] == 'M', max);
        }

        public Node[] Nodes()
        {
            var children = new List<int>[drafts.Count];
            for (var i = 0; i < drafts.Count; i++)
            {
                children[i] = [];
                if (i > 0)
                    children[drafts[i].Parent].Add(i);
            }
            var ends = new int[drafts.Count];
            for (var i = drafts.Count - 1; i >= 0; i--)
                ends[i] = children[i].Count == 0 ? i + 1 : ends[children[i][^1]];

            var nodes = new Node[drafts.Count];
            for (var i = 0; i < drafts.Count; i++)
            {
                var draft = drafts[i];
                nodes[i] = new Node
                {
                    Id = i,
                    Parent = draft.Parent,
                    Tag = draft.Tag,
                    IsGroup = draft.IsGroup,
                    Mandatory = draft.Mandatory,
                    Max = draft.Max,
                    Label = draft.Label,
                    // DELFOR changes sections twice; the last change begins the summary.
                    Summary = i > sectionChange,
                    Children = children[i],
                    End = ends[i],
                };
            }
            return nodes;
        }

        DefinitionTextException Error(DefinitionLine line, string problem) => new(source, line.Number, problem);

        readonly record struct Draft(string Tag, int Parent, bool IsGroup, bool Mandatory, int Max, string? Label);
    }
}

/// <summary>A line of definition text without its comment; blank lines are left out.</summary>
readonly record struct DefinitionLine(int Number, int Indent, string Text);

static class DefinitionLines
{
    public static List<DefinitionLine> Of(string text)
    {
        var lines = new List<DefinitionLine>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var comment = raw.IndexOf('#');
            var line = (comment < 0 ? raw : raw[..comment]).TrimEnd();
            var indent = line.Length - line.TrimStart(' ').Length;
            if (line.Length > indent)
                lines.Add(new(number, indent, line[indent..].ToString()));
        }
        return lines;
    }

    /// <summary>What follows the first line, indented lines joined to the one they continue.</summary>
    public static IEnumerable<DefinitionLine> Entries(IReadOnlyList<DefinitionLine> lines)
    {
        for (var i = 1; i < lines.Count;)
        {
            var first = lines[i];
            var all = first.Text;
            for (i++; i < lines.Count && lines[i].Indent > 0; i++)
                all += "  " + lines[i].Text;
            yield return first with { Text = all };
        }
    }
}
