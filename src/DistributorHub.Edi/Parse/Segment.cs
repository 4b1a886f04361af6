namespace DistributorHub.Edi.Parse;

/// <summary>What kind of delimiter ends a value of a segment.</summary>
public enum MarkKind : byte
{
    /// <summary>The element separator.</summary>
    Element,
    /// <summary>The component separator.</summary>
    Component,
    /// <summary>The repetition separator.</summary>
    Repetition,
    /// <summary>The segment terminator.</summary>
    Terminator,
}

/// <summary>
/// The end of one value in a segment's text. The first mark ends the tag.
/// A value runs from the end of the mark before it (plus one) to <see cref="End"/>.
/// </summary>
public readonly struct Mark : IEquatable<Mark>
{
    // Four bytes a mark: the kind stands below the end, so that both come out of one byte of a block, and an end is moved by an addition.
    internal const int KindBits = 2;
    internal const uint KindMask = (1u << KindBits) - 1;

    readonly uint packed;

    /// <param name="end">Index in <see cref="Segment.Text"/> of the delimiter that ends the value.</param>
    /// <param name="kind">Which delimiter that is.</param>
    public Mark(int end, MarkKind kind) => packed = Pack(end, kind);

    /// <summary>Index in <see cref="Segment.Text"/> of the delimiter that ends the value.</summary>
    public int End => EndOf(packed);

    /// <summary>Which delimiter that is.</summary>
    public MarkKind Kind => (MarkKind)(packed & KindMask);

    internal Mark(uint packed) => this.packed = packed;

    internal static uint Pack(int end, MarkKind kind) => (uint)end << KindBits | (uint)kind;

    internal static int EndOf(uint packed) => (int)(packed >> KindBits);

    /// <summary>What a mark's packed form grows by when the mark moves by some bytes.</summary>
    internal static uint Step(int bytes) => (uint)bytes << KindBits;

    /// <summary>The same mark counted from a place in the text.</summary>
    internal Mark From(uint step) => new(packed - step);

    /// <inheritdoc/>
    public bool Equals(Mark other) => packed == other.packed;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Mark other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => packed.GetHashCode();

    /// <summary>True when both end at the same place with the same delimiter.</summary>
    public static bool operator ==(Mark left, Mark right) => left.Equals(right);

    /// <summary>False when both end at the same place with the same delimiter.</summary>
    public static bool operator !=(Mark left, Mark right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} at {End}";
}

/// <summary>
/// One segment as a view over the reader's buffer: valid until the next <see cref="EdiReader.Read"/>.
/// The text is clean UTF-8: release characters and line wraps are gone, the interchange's character set is decoded.
/// The delimiters still stand in it at the marks, but a delimiter byte that is not at a mark is data.
/// </summary>
public readonly ref struct Segment
{
    /// <param name="text">The segment without its terminator, as clean UTF-8, with its delimiters.</param>
    /// <param name="marks">The end of every value, counted from the start of the text; the last is the terminator's.</param>
    public Segment(ReadOnlySpan<byte> text, ReadOnlySpan<Mark> marks)
        : this(text, new Marks(marks, 0))
    {
    }

    internal Segment(ReadOnlySpan<byte> text, Marks marks)
    {
        Text = text;
        Marks = marks;
    }

    /// <summary>The whole segment without its terminator, as clean UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The end of every value, in order; the last is the terminator at the end of the text.</summary>
    public Marks Marks { get; }

    /// <summary>The segment tag: UNH, LIN, PO1 …</summary>
    public ReadOnlySpan<byte> Tag => IsEmpty ? default : Text[..Marks[0].End];

    /// <summary>True for an event that has no segment.</summary>
    public bool IsEmpty => Marks.Length == 0;

    /// <summary>Number of data elements after the tag, present or not.</summary>
    public int ElementCount
    {
        get
        {
            var count = 0;
            for (var i = 0; i < Marks.Length; i++)
                if (Marks[i].Kind == MarkKind.Element)
                    count++;
            return count;
        }
    }

    /// <summary>
    /// The value at a position, all counted from 1; empty when it is absent.
    /// A simple element is component 1 of repetition 1. The value is a slice of <see cref="Text"/>.
    /// </summary>
    public ReadOnlySpan<byte> Value(int element, int component = 1, int repetition = 1)
    {
        var mark = Find(element, component, repetition);
        return mark < 0 ? default : Text[(Marks[mark - 1].End + 1)..Marks[mark].End];
    }

    /// <summary>Index in <see cref="Marks"/> of the mark that ends the value at a position, or -1 when it is absent.</summary>
    public int Find(int element, int component, int repetition)
    {
        int e = 0, r = 1, c = 1;
        for (var i = 0; i < Marks.Length; i++)
        {
            if (e == element && r == repetition && c == component)
                return i;
            switch (Marks[i].Kind)
            {
                case MarkKind.Element:
                    e++;
                    r = c = 1;
                    break;
                case MarkKind.Repetition:
                    r++;
                    c = 1;
                    break;
                case MarkKind.Component:
                    c++;
                    break;
                default:
                    return -1;
            }
            if (e > element)
                return -1;
        }
        return -1;
    }
}
