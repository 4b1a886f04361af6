using System.Runtime.CompilerServices;

namespace DistributorHub.Edi.Parse;

/// <summary>
/// The marks of one segment, counted from the start of its text. The reader keeps those of many segments counted from the start of its buffer, and
/// this view sets them off when they are looked at: most are looked at once or never.
/// </summary>
public readonly ref struct Marks
{
    readonly ReadOnlySpan<Mark> kept;
    readonly uint step;

    internal Marks(ReadOnlySpan<Mark> kept, int start)
    {
        this.kept = kept;
        step = Mark.Step(start);
    }

    /// <summary>How many they are.</summary>
    public int Length => kept.Length;

    /// <summary>One of them, from 0.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such mark.</exception>
    public Mark this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => kept[index].From(step);
    }

    /// <summary>Copies them all to the beginning of a span.</summary>
    /// <exception cref="IndexOutOfRangeException">The span is too short.</exception>
    public void CopyTo(Span<Mark> to)
    {
        for (var i = 0; i < kept.Length; i++)
            to[i] = this[i];
    }

    /// <summary>Copies them all.</summary>
    public Mark[] ToArray()
    {
        var copy = new Mark[Length];
        CopyTo(copy);
        return copy;
    }
}
