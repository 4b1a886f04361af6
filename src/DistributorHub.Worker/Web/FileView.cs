using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Web;

/// <summary>A piece of a segment's text: a value, or what stands between values.</summary>
/// <param name="Text">As it reads.</param>
/// <param name="Start">Byte of the file it starts at; it names the value where values are linked.</param>
/// <param name="Class">t for the tag, i for a delimiter, x for a value that a finding is about, u for one that nothing reads, nothing for another value.</param>
public readonly record struct Piece(string Text, long Start, string Class);

/// <summary>A segment of the file, or a line of one that has none.</summary>
public sealed record SegmentLine
{
    /// <summary>Its number in the file, from 1.</summary>
    public required long Ordinal { get; init; }

    /// <summary>What people call its number: that in its message, as findings name it; null outside of messages.</summary>
    public long? Number { get; init; }
    public required long Offset { get; init; }
    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>How deep in groups it stands.</summary>
    public int Depth { get; init; }

    /// <summary>What the tree calls it; null when it stands under the one before.</summary>
    public string? Label { get; init; }
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];
}

/// <summary>A window of a file.</summary>
/// <param name="Lines">Its segments.</param>
/// <param name="Earlier">Byte to ask for to see what stands before it; null when nothing does.</param>
/// <param name="Later">The same of what stands after.</param>
/// <param name="At">Byte of the segment that was asked for, or -1.</param>
public sealed record FileWindow(IReadOnlyList<SegmentLine> Lines, long? Earlier, long? Later, long At);

/// <summary>Reads a window of an archived file. A file is read from its beginning to the window's end, and never kept.</summary>
sealed class FileView(Hub hub)
{
    /// <summary>Most segments of one window.</summary>
    public const int SegmentsMax = 400;

    const int Before = 100;
    const int BeforeBytes = 20_000;
    const int TextMax = 4_000;

    readonly DefinitionLibrary definitions = DefinitionFolder.Open(hub.Settings);

    /// <param name="exchange">The file.</param>
    /// <param name="at">The byte that is to be in the window.</param>
    /// <param name="findings">What is known of it.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<FileWindow> Read(ExchangeRow exchange, long at, IReadOnlyList<FindingRow> findings, CancellationToken cancellation)
    {
        var partner = hub.Partners.Find(exchange.Partner);
        return Read(await hub.Archive.Open(exchange.Sha256, cancellation), partner, partner is null || PartnerMaps.Route(partner, exchange.File) is null, at, findings, [], cancellation);
    }

    /// <summary>The same of any file.</summary>
    /// <param name="stream">The file, which is closed.</param>
    /// <param name="partner">Whose it is, or null.</param>
    /// <param name="isEdi">False for a file of lines.</param>
    /// <param name="at">The byte that is to be in the window.</param>
    /// <param name="findings">What is known of it.</param>
    /// <param name="values">Values that are to be told apart, with where each starts and ends and whether nothing reads it.</param>
    /// <param name="cancellation">Stops it.</param>
    public FileWindow Read(Stream stream, PartnerDefinition? partner, bool isEdi, long at, IReadOnlyList<FindingRow> findings, IReadOnlyList<(long Start, long End, bool Unread)> values, CancellationToken cancellation)
    {
        var (places, shading) = (new Places(findings), new Shading(values));
        return isEdi ? Window(Segments(stream, partner, places, at - BeforeBytes, cancellation).Select(shading.Over), at) : Window(Lines(stream, places, shading), at);
    }

    /// <summary>Keeps as many as a window has, with the one asked for not far from its beginning.</summary>
    static FileWindow Window(IEnumerable<SegmentLine> lines, long at)
    {
        var kept = new Queue<SegmentLine>();
        long? later = null;
        long chosen = -1;
        foreach (var line in lines)
        {
            if (kept.Count == SegmentsMax)
            {
                later = line.Offset;
                break;
            }
            kept.Enqueue(line);
            if (line.Offset > at)
                continue;
            chosen = line.Offset;
            if (kept.Count > Before)
                kept.Dequeue();
        }
        var earlier = kept.TryPeek(out var first) && first.Ordinal > 1 ? first.Offset - 1 : (long?)null;
        return new([.. kept], earlier, later, at > 0 ? chosen : -1);
    }

    IEnumerable<SegmentLine> Segments(Stream stream, PartnerDefinition? partner, Places findings, long from, CancellationToken cancellation)
    {
        using var reader = new EdiReader(stream, new(), partner?.Reading);
        var walk = new Walk(reader, findings, hub, partner, definitions);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (walk.Line(from) is { } line)
                yield return line;
        }
    }

    /// <summary>Lines of a file without segments.</summary>
    static IEnumerable<SegmentLine> Lines(Stream stream, Places findings, Shading shading)
    {
        using var reader = new LineBytes(stream);
        long ordinal = 0;
        while (reader.Next() is { } line)
        {
            var here = findings.Within(line.Offset, line.Offset + line.Bytes.Length);
            yield return new() { Ordinal = ++ordinal, Number = ordinal, Offset = line.Offset, Pieces = shading.Cut(line.Offset, line.Bytes.AsSpan(0, Math.Min(line.Bytes.Length, TextMax))), Findings = here };
        }
    }

    /// <summary>Follows the reader through the structure of its messages.</summary>
    sealed class Walk(EdiReader reader, Places findings, Hub hub, PartnerDefinition? partner, DefinitionLibrary definitions)
    {
        MessageDefinition? definition;
        MessageValidator? validator;
        readonly Dictionary<int, int> counts = [];
        long ordinal;

        /// <summary>The segment at hand; null for none, and for one before the byte from which they are wanted.</summary>
        public SegmentLine? Line(long from)
        {
            if (reader.Event == EdiEvent.MessageStart)
            {
                definition = hub.Partners.Find(partner, reader.Interchange!.Standard, reader.Message!).Definition(definitions, reader.Interchange.Standard, reader.Message!);
                validator = definition is null ? null : new(definition, new());
                validator?.Start(reader);
                counts.Clear();
            }
            if (reader.Segment.IsEmpty)
                return null;
            var (depth, label) = Place();
            var offset = reader.Position.Offset;
            ordinal++;
            if (offset < from)
                return null;
            var own = findings.Within(offset, reader.OffsetOf(reader.Segment.Text.Length));
            return new() { Ordinal = ordinal, Number = reader.Position.Segment is > 0 and var number ? number : null, Offset = offset, Pieces = Pieces(own), Depth = depth, Label = label, Findings = own };
        }

        (int Depth, string? Label) Place()
        {
            var tag = Encoding.UTF8.GetString(reader.Segment.Tag);
            switch (reader.Event)
            {
                case EdiEvent.InterchangeStart:
                    return (0, $"{tag} {reader.Interchange!.Reference}");
                case EdiEvent.GroupStart:
                    return (1, $"{tag} {reader.Group!.Reference}");
                case EdiEvent.MessageStart:
                    return (2, $"{reader.Message!.Type} {reader.Message.Reference}");
                case EdiEvent.Segment when validator?.Accept(reader) is { } node and >= 0:
                    var nodes = definition!.Nodes;
                    var depth = 2;
                    for (var parent = nodes[node].Parent; parent > 0; parent = nodes[parent].Parent)
                        depth++;
                    return nodes[node].Parent is > 0 and var group && group + 1 == node ? (depth, $"{tag}[{Next(group)}]") : (depth + 1, null);
                case EdiEvent.Segment:
                    return (3, null);
                default:
                    return (reader.Event == EdiEvent.MessageEnd ? 2 : reader.Event == EdiEvent.GroupEnd ? 1 : 0, null);
            }
        }

        int Next(int group)
        {
            for (var inner = group + 1; inner < definition!.Nodes.Count; inner++)
                if (Within(inner, group))
                    counts.Remove(inner);
            return counts[group] = counts.GetValueOrDefault(group) + 1;
        }

        bool Within(int node, int group)
        {
            while (node > group)
                node = definition!.Nodes[node].Parent;
            return node == group;
        }

        List<Piece> Pieces(IReadOnlyList<FindingRow> own)
        {
            var segment = reader.Segment;
            var pieces = new List<Piece>();
            int start = 0, element = 0, repetition = 1, component = 1;
            for (var i = 0; i < segment.Marks.Length && start <= TextMax; i++)
            {
                var mark = segment.Marks[i];
                var text = Encoding.UTF8.GetString(segment.Text[start..Math.Min(mark.End, start + TextMax)]);
                if (text.Length > 0)
                    pieces.Add(new(Harmless.Text(text), reader.OffsetOf(start), element == 0 ? "t" : own.Any(IsHere) ? "x" : ""));
                pieces.Add(new(Delimiter(mark.Kind), reader.OffsetOf(mark.End), "i"));
                start = mark.End + 1;
                switch (mark.Kind)
                {
                    case MarkKind.Element:
                        (element, repetition, component) = (element + 1, 1, 1);
                        break;
                    case MarkKind.Repetition:
                        (repetition, component) = (repetition + 1, 1);
                        break;
                    case MarkKind.Component:
                        component++;
                        break;
                }
            }
            return pieces;

            bool IsHere(FindingRow finding) =>
                finding.Element == element && (finding.Component == 0 || finding.Component == component) && (finding.Repetition == 0 || finding.Repetition == repetition);
        }

        string Delimiter(MarkKind kind)
        {
            var delimiters = reader.Interchange?.Delimiters ?? Delimiters.LevelA;
            var sign = kind switch
            {
                MarkKind.Element => delimiters.Element,
                MarkKind.Component => delimiters.Component,
                MarkKind.Repetition => delimiters.Repetition,
                _ => delimiters.Terminator,
            };
            return Harmless.Text(((char)sign).ToString());
        }
    }

    /// <summary>Values by their place, none within another.</summary>
    sealed class Shading
    {
        readonly (long Start, long End, bool Unread)[] sorted;
        readonly long[] starts;

        public Shading(IReadOnlyList<(long Start, long End, bool Unread)> values)
        {
            sorted = [.. values.DistinctBy(value => value.Start).OrderBy(value => value.Start)];
            starts = [.. sorted.Select(value => value.Start)];
        }

        /// <summary>The line with those of its values marked that nothing reads.</summary>
        public SegmentLine Over(SegmentLine line) =>
            sorted.Length == 0 ? line : line with { Pieces = [.. line.Pieces.Select(piece => piece.Class.Length == 0 && IsUnread(piece.Start) ? piece with { Class = "u" } : piece)] };

        bool IsUnread(long at) => First(at + 1) - 1 is >= 0 and var before && sorted[before].Unread && at < sorted[before].End;

        /// <summary>A line without segments in pieces, so that each value is one.</summary>
        public List<Piece> Cut(long offset, ReadOnlySpan<byte> line)
        {
            var (pieces, done) = (new List<Piece>(), 0);
            for (var next = First(offset); next < sorted.Length && sorted[next].Start < offset + line.Length; next++)
            {
                var (start, end) = ((int)(sorted[next].Start - offset), (int)Math.Min(sorted[next].End - offset, line.Length));
                if (start < done || end <= start)
                    continue;
                Add(line[done..start], done, "");
                Add(line[start..end], start, sorted[next].Unread ? "u" : "");
                done = end;
            }
            Add(line[done..], done, "");
            return pieces;

            void Add(ReadOnlySpan<byte> bytes, int at, string mark)
            {
                if (bytes.Length > 0)
                    pieces.Add(new(Harmless.Text(Encoding.UTF8.GetString(bytes)), offset + at, mark));
            }
        }

        // Index of the first that starts there or later.
        int First(long at) => Array.BinarySearch(starts, at) is var found && found < 0 ? ~found : found;
    }

    /// <summary>Findings by their place.</summary>
    sealed class Places(IReadOnlyList<FindingRow> findings)
    {
        readonly FindingRow[] sorted = [.. findings.OrderBy(finding => finding.AtOffset)];

        public IReadOnlyList<FindingRow> Within(long first, long last)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (sorted[middle].AtOffset < first)
                    low = middle + 1;
                else
                    high = middle;
            }
            return [.. sorted.Skip(low).TakeWhile(finding => finding.AtOffset <= last)];
        }
    }

    /// <summary>Lines of a stream with the bytes they start at; the end of a very long one is left out.</summary>
    sealed class LineBytes(Stream stream) : IDisposable
    {
        readonly BufferedStream input = new(stream, 64 * 1024);
        long offset;

        public (long Offset, byte[] Bytes)? Next()
        {
            var (start, line) = (offset, new MemoryStream());
            for (var next = input.ReadByte(); next >= 0; next = input.ReadByte())
            {
                offset++;
                if (next == '\n')
                    return (start, line.ToArray());
                if (next != '\r' && line.Length < TextMax)
                    line.WriteByte((byte)next);
            }
            return line.Length > 0 ? (start, line.ToArray()) : null;
        }

        public void Dispose() => input.Dispose();
    }
}
