using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Run;

/// <summary>A segment held in a <see cref="Frame"/>.</summary>
/// <param name="Text">Start of its text in the frame's bytes.</param>
/// <param name="Length">Bytes of its text.</param>
/// <param name="FirstMark">Index of its first mark in the frame's marks.</param>
/// <param name="Marks">Number of its marks.</param>
/// <param name="FirstElement">Index of its tag in the frame's list of elements.</param>
/// <param name="Elements">Number of its elements, the tag included.</param>
/// <param name="Node">Node of the message definition it was placed at.</param>
/// <param name="At">Where it stands in the file.</param>
readonly record struct HeldSegment(
    int Text, int Length, int FirstMark, int Marks, int FirstElement, int Elements, int Node, Edi.Position At);

/// <summary>
/// Copies of the segments of one open scope: the message, a group that encloses the detail group, or one instance of the detail group.
/// Its buffers are reused for the next instance. Growing takes new arrays, so that values which point into the old ones stay valid.
/// </summary>
sealed class Frame
{
    readonly int bytesMax;
    readonly int[] first, last;
    byte[] bytes = new byte[4096];
    Mark[] marks = new Mark[512];
    HeldSegment[] segments = new HeldSegment[64];

    /// <summary>For every segment, the index of the next one of its node, or -1.</summary>
    int[] next = new int[64];

    /// <summary>For every element of every segment, the index of its first mark among the segment's marks.</summary>
    int[] elements = new int[256];

    int bytesUsed, marksUsed, elementsUsed;

    public Frame(int nodes, int bytesMax)
    {
        this.bytesMax = bytesMax;
        first = new int[nodes];
        last = new int[nodes];
        first.AsSpan().Fill(-1);
    }

    public int Count { get; private set; }

    public ref readonly HeldSegment this[int index] => ref segments[index];

    public byte[] Bytes => bytes;

    /// <summary>Index of the first segment of a node, or -1; the others follow by <see cref="NextOf"/>.</summary>
    public int FirstOf(int node) => first[node];

    /// <summary>Index of the next segment of the same node, or -1.</summary>
    public int NextOf(int segment) => next[segment];

    /// <summary>Index of the last segment of a node so far, or -1.</summary>
    public int LastOf(int node) => first[node] < 0 ? -1 : last[node];

    /// <summary>Copies a segment; false when the frame would grow over its limit.</summary>
    public bool Add(Segment segment, int node, Edi.Position at)
    {
        var text = segment.Text;
        if (bytesUsed + text.Length > bytesMax)
            return false;
        if (bytesUsed + text.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, bytesUsed + text.Length));
        if (marksUsed + segment.Marks.Length > marks.Length)
            Array.Resize(ref marks, Math.Max(marks.Length * 2, marksUsed + segment.Marks.Length));
        if (Count == segments.Length)
        {
            Array.Resize(ref segments, segments.Length * 2);
            Array.Resize(ref next, segments.Length);
        }
        text.CopyTo(bytes.AsSpan(bytesUsed));
        segment.Marks.CopyTo(marks.AsSpan(marksUsed));
        var count = IndexElements(segment.Marks);
        segments[Count] = new(bytesUsed, text.Length, marksUsed, segment.Marks.Length, elementsUsed, count, node, at);
        next[Count] = -1;
        if (first[node] < 0)
            first[node] = Count;
        else
            next[last[node]] = Count;
        last[node] = Count++;
        bytesUsed += text.Length;
        marksUsed += segment.Marks.Length;
        elementsUsed += count;
        return true;
    }

    int IndexElements(Marks own)
    {
        if (elementsUsed + own.Length > elements.Length)
            Array.Resize(ref elements, Math.Max(elements.Length * 2, elementsUsed + own.Length));
        var at = elementsUsed;
        elements[at++] = 0;
        for (var i = 0; i < own.Length - 1; i++)
            if (own[i].Kind == MarkKind.Element)
                elements[at++] = i + 1;
        return at - elementsUsed;
    }

    public void Clear()
    {
        for (var i = 0; i < Count; i++)
            first[segments[i].Node] = -1;
        Count = bytesUsed = marksUsed = elementsUsed = 0;
    }

    /// <summary>The whole text of a segment.</summary>
    public ReadOnlySpan<byte> TextOf(int segment) => bytes.AsSpan(segments[segment].Text, segments[segment].Length);

    /// <summary>The marks of a segment.</summary>
    public ReadOnlySpan<Mark> MarksOf(int segment) => marks.AsSpan(segments[segment].FirstMark, segments[segment].Marks);

    /// <summary>
    /// Index of the mark that ends the value at a position, or -1 when it is absent, empty or blank; component 0 counts as 1.
    /// </summary>
    public int Find(int segment, int element, int component, int repetition)
    {
        ref readonly var held = ref segments[segment];
        if (element >= held.Elements)
            return -1;
        var own = marks.AsSpan(held.FirstMark, held.Marks);
        var mark = elements[held.FirstElement + element];
        for (; repetition > 1; repetition--)
        {
            while (own[mark].Kind == MarkKind.Component)
                mark++;
            if (own[mark++].Kind != MarkKind.Repetition)
                return -1;
        }
        for (; component > 1; component--)
            if (own[mark++].Kind != MarkKind.Component)
                return -1;
        var start = mark == 0 ? 0 : own[mark - 1].End + 1;
        var end = own[mark].End;
        if (end <= start)
            return -1;
        // Nearly no value ends with a blank; of those that do, some hold nothing else.
        return bytes[held.Text + end - 1] != (byte)' ' || bytes.AsSpan(held.Text + start, end - start).ContainsAnyExcept((byte)' ') ? mark : -1;
    }

    /// <summary>Number of repetitions of an element that the segment writes with the repetition separator; 0 when it has fewer elements.</summary>
    public int Repetitions(int segment, int element)
    {
        ref readonly var held = ref segments[segment];
        if (element >= held.Elements)
            return 0;
        var own = marks.AsSpan(held.FirstMark, held.Marks);
        var count = 1;
        for (var mark = elements[held.FirstElement + element]; own[mark].Kind is MarkKind.Component or MarkKind.Repetition; mark++)
            if (own[mark].Kind == MarkKind.Repetition)
                count++;
        return count;
    }

    /// <summary>The value a mark ends, as a slice of the frame.</summary>
    public void Get(int segment, int mark, ref Value value)
    {
        var (start, end) = Bounds(segment, mark);
        value.SetText(bytes, segments[segment].Text + start, end - start);
        value.Source = new(this, segment, mark);
    }

    /// <summary>The value a mark ends with its blanks: what is put together of split texts needs them.</summary>
    public ReadOnlySpan<byte> TextAsSent(int segment, int mark)
    {
        var (start, end) = BoundsAsSent(segment, mark);
        return bytes.AsSpan(segments[segment].Text + start, end - start);
    }

    public ReadOnlySpan<byte> Text(int segment, int mark)
    {
        var (start, end) = Bounds(segment, mark);
        return bytes.AsSpan(segments[segment].Text + start, end - start);
    }

    /// <summary>Position of the value a mark ends, element, component and repetition included; mark 0: of the segment.</summary>
    public Edi.Position PositionOf(int segment, int mark)
    {
        var at = segments[segment].At;
        if (mark == 0)
            return at;
        int e = 0, c = 1, r = 1;
        var own = MarksOf(segment);
        for (var i = 0; i < mark; i++)
            (e, c, r) = own[i].Kind switch
            {
                MarkKind.Element => (e + 1, 1, 1),
                MarkKind.Component => (e, c + 1, r),
                _ => (e, 1, r + 1),
            };
        // Released characters and line wraps are gone from the text, so the offset is that of the segment.
        return at with { Element = e, Component = c, Repetition = r };
    }

    /// <summary>Where the value a mark ends stands in its segment's text, without the blanks partners pad it with up to a fixed width.</summary>
    public (int Start, int End) Bounds(int segment, int mark)
    {
        var (start, end) = BoundsAsSent(segment, mark);
        while (end > start && bytes[segments[segment].Text + end - 1] == (byte)' ')
            end--;
        return (start, end);
    }

    (int Start, int End) BoundsAsSent(int segment, int mark)
    {
        var own = segments[segment].FirstMark + mark;
        return (mark == 0 ? 0 : marks[own - 1].End + 1, marks[own].End);
    }
}
