using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Validate;

/// <summary>A value of a segment that is there: more than blanks, without those at its end.</summary>
/// <param name="Element">Position of its element.</param>
/// <param name="Component">Position in its composite; 1 for a simple element.</param>
/// <param name="Repetition">From 1.</param>
/// <param name="Start">Index in <see cref="Segment.Text"/>.</param>
/// <param name="Length">In bytes.</param>
readonly record struct SegmentValue(int Element, int Component, int Repetition, int Start, int Length);

/// <summary>The values of a segment that are there, in order, for <c>foreach</c>.</summary>
ref struct SegmentValues(Segment segment)
{
    readonly Segment segment = segment;
    int mark, element, component = 1, repetition = 1;

    public SegmentValue Current { get; private set; }

    public readonly SegmentValues GetEnumerator() => this;

    public bool MoveNext()
    {
        while (++mark < segment.Marks.Length)
        {
            switch (segment.Marks[mark - 1].Kind)
            {
                case MarkKind.Element:
                    (element, component, repetition) = (element + 1, 1, 1);
                    break;
                case MarkKind.Repetition:
                    (component, repetition) = (1, repetition + 1);
                    break;
                default:
                    component++;
                    break;
            }
            var start = segment.Marks[mark - 1].End + 1;
            var length = segment.Text[start..segment.Marks[mark].End].TrimEnd((byte)' ').Length;
            // Components right after the tag are explicit nesting (ISO 9735 9.1), no element.
            if (length == 0 || element == 0)
                continue;
            Current = new(element, component, repetition, start, length);
            return true;
        }
        return false;
    }
}
