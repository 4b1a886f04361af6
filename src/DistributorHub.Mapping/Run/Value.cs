namespace DistributorHub.Mapping.Run;

/// <summary>What a <see cref="Value"/> holds.</summary>
enum ValueKind : byte
{
    Null,
    Text,
    Int,
    Decimal,
    Date,
    Time,
    Moment,
    Bool,

    /// <summary>An error was found and reported while the value was made: nobody reports it again, and its row is not written.</summary>
    Failed,
}

/// <summary>
/// One value while a row is evaluated: a tagged union passed by reference, so that nothing is boxed and no string is born.
/// Text is a slice of somebody's buffer (a frame, a code list, the row's scratch) that outlives the row.
/// </summary>
struct Value
{
    public ValueKind Kind;

    /// <summary>Where it was read, for findings; <see cref="Source.None"/> for literals.</summary>
    public Source Source;

    public byte[] Bytes;
    public int Start;
    public int Length;

    public decimal Number;

    /// <summary>Int itself, Date as day number, Time as ticks, Bool as 0 or 1.</summary>
    public long Integer;

    public Moment Moment;

    public readonly ReadOnlySpan<byte> Text => Bytes.AsSpan(Start, Length);

    public readonly bool IsNull => Kind == ValueKind.Null;

    public readonly bool IsFailed => Kind == ValueKind.Failed;

    public readonly bool Bool => Integer != 0;

    public void SetNull() => Kind = ValueKind.Null;

    public void SetFailed() => Kind = ValueKind.Failed;

    public void SetText(byte[] bytes, int start, int length)
    {
        Kind = ValueKind.Text;
        Bytes = bytes;
        Start = start;
        Length = length;
    }

    public void SetText(byte[] bytes) => SetText(bytes, 0, bytes.Length);

    public void SetInt(long value)
    {
        Kind = ValueKind.Int;
        Integer = value;
    }

    public void SetDecimal(decimal value)
    {
        Kind = ValueKind.Decimal;
        Number = value;
    }

    public void SetDate(int dayNumber)
    {
        Kind = ValueKind.Date;
        Integer = dayNumber;
    }

    public void SetTime(long ticks)
    {
        Kind = ValueKind.Time;
        Integer = ticks;
    }

    public void SetMoment(Moment moment)
    {
        Kind = ValueKind.Moment;
        Moment = moment;
    }

    public void SetBool(bool value)
    {
        Kind = ValueKind.Bool;
        Integer = value ? 1 : 0;
    }

    /// <summary>True when it is Int or Decimal; gives it as decimal.</summary>
    public readonly bool TryNumber(out decimal number)
    {
        number = Kind == ValueKind.Int ? Integer : Number;
        return Kind is ValueKind.Int or ValueKind.Decimal;
    }
}

/// <summary>A value's place: a mark of a segment of a frame.</summary>
/// <param name="Frame">The frame, or null when the value was not read from the message.</param>
/// <param name="Segment">Index of the segment in the frame.</param>
/// <param name="Mark">Index of the mark that ends the value; 0 = the segment as a whole.</param>
readonly record struct Source(Frame? Frame, int Segment, int Mark)
{
    public static Source None => default;
}
