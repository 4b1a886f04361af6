using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// One text per value, whatever engine holds it: numerics without trailing zeros, dates <c>yyyy-MM-dd</c>, times <c>HH:mm:ss[.ffffff]</c>,
/// timestamps <c>yyyy-MM-ddTHH:mm:ss[.ffffff]Z</c> in UTC, booleans <c>true</c> and <c>false</c>.
/// </summary>
public static class CanonicalText
{
    /// <summary>Room that every value but text fits in.</summary>
    public const int BytesMax = 40;

    /// <summary>The text of one value, or null.</summary>
    public static string? Of(ColumnBuffer column, int index)
    {
        if (column.IsNull(index))
            return null;
        Span<byte> room = stackalloc byte[BytesMax];
        return Encoding.UTF8.GetString(Utf8(column, index, room));
    }

    /// <summary>The text of a value that is not null; written into the room unless it is text, which is given as it stands in the buffer.</summary>
    public static ReadOnlySpan<byte> Utf8(ColumnBuffer column, int index, Span<byte> room) => column.Definition.Kind switch
    {
        ColumnKind.Text => column.Utf8(index),
        ColumnKind.Int => Integer(column.Int(index), room),
        ColumnKind.Numeric => Numeric(column.Numeric(index), room),
        ColumnKind.Date => Date(column.Date(index), room),
        ColumnKind.Time => Time(column.Time(index), room),
        ColumnKind.Timestamp => Timestamp(column.Timestamp(index), room),
        _ => Bool(column.Bool(index)),
    };

    public static ReadOnlySpan<byte> Integer(long value, Span<byte> room)
    {
        Utf8Formatter.TryFormat(value, room, out var written);
        return room[..written];
    }

    public static ReadOnlySpan<byte> Numeric(decimal value, Span<byte> room)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        if (bits[2] != 0 || bits[1] < 0)
            return room[..Conversions.WriteDecimal(value, room)];
        var digits = (ulong)(uint)bits[1] << 32 | (uint)bits[0];
        int scale = value.Scale, at = room.Length;
        while (scale > 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale--;
        }
        for (var place = 0; digits != 0 || place <= scale; place++)
        {
            if (place == scale && scale > 0)
                room[--at] = (byte)'.';
            room[--at] = (byte)('0' + digits % 10);
            digits /= 10;
        }
        if (value < 0)
            room[--at] = (byte)'-';
        return room[at..];
    }

    public static ReadOnlySpan<byte> Date(DateOnly value, Span<byte> room)
    {
        Digits(value.Year, room[..4]);
        room[4] = room[7] = (byte)'-';
        Digits(value.Month, room[5..7]);
        Digits(value.Day, room[8..10]);
        return room[..10];
    }

    public static ReadOnlySpan<byte> Time(TimeOnly value, Span<byte> room)
    {
        value.TryFormat(room, out var written, "HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
        return room[..written];
    }

    public static ReadOnlySpan<byte> Timestamp(DateTime utc, Span<byte> room)
    {
        utc.TryFormat(room, out var written, "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
        return room[..written];
    }

    public static ReadOnlySpan<byte> Bool(bool value) => value ? "true"u8 : "false"u8;

    static void Digits(int value, Span<byte> room)
    {
        for (var i = room.Length - 1; i >= 0; i--)
        {
            room[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
