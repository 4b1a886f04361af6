using System.Buffers;

namespace DistributorHub.Fuzz;

/// <summary>Makes input number N: a seed, damaged a few times. One for each thread.</summary>
sealed class Mutator
{
    const int BytesMax = 16 * 1024;

    // One input in so many goes beyond the limits of segments, which costs as much as some hundred others.
    const int HugeEvery = 8192;

    const int LongEvery = 5;

    static ReadOnlySpan<byte> Structural => "'+:?*~^|\\>\r\n\t \0\x1A\x1C\x1D\x1F\u00a7\"U"u8;

    static readonly SearchValues<byte> separators = SearchValues.Create("+:*^|"u8);
    static readonly SearchValues<byte> ends = SearchValues.Create("+:*^|'~"u8);

    static readonly byte[][] words =
    [
        [.. "UNA:+.? '"u8], [.. "UNA:+.?*'"u8], [.. "UNB+UNOC:3+A+B+260401:0815+R2'"u8], [.. "UNB+UNOY:4"u8], [.. "UNG+ORDERS+A+B+260401:0815+8+UN+D:96A'"u8],
        [.. "UNH+9+ORDERS:D:96A:UN'"u8], [.. "UNT+3+1'"u8], [.. "UNE+1+7'"u8], [.. "UNZ+1+R1'"u8], [.. "UNS+S'"u8], [.. "LIN+1'"u8], [.. "CPS+1+2'"u8],
        [.. "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260401*0815*^*00501*000000009*1*P*:~"u8],
        [.. "GS*PO*A*B*20260401*0815*8*X*005010~"u8], [.. "ST*850*0009~"u8], [.. "SE*2*0001~"u8], [.. "GE*1*7~"u8], [.. "IEA*1*000000905~"u8], [.. "TA1*1*2*3~"u8],
        [.. "BIN*5*"u8], [.. "BDS*ASC*3*"u8], [.. "BIN*16777217*"u8], [.. "HL*1*1*S~"u8], [.. "ISX*?~"u8], [.. "\r\n"u8], [.. "?\r\n"u8], [.. "??"u8], [.. "''"u8], [.. "++"u8],
        [0xEF, 0xBB, 0xBF], [0xC2, 0xA7], [0xE2, 0x80, 0xA0], [0xF0, 0x9F, 0x98, 0x80], [0xC3], [0xFF, 0xFE], [0x80], [.. "00000000000000000000000000000000000000000000"u8],
        [.. "-"u8], [.. "."u8], [.. ","u8], [.. "1E9"u8], [.. "99999999999999999999"u8], [.. "20260230"u8], [.. "2460"u8],
    ];

    byte[] bytes = new byte[BytesMax];
    byte[] scratch = new byte[BytesMax];
    int length;

    /// <summary>The bytes of the last input; valid until the next is made.</summary>
    public ReadOnlyMemory<byte> Input => bytes.AsMemory(0, length);

    public void Make(Dice dice)
    {
        length = 0;
        if (dice.OneIn(64))
            Rubbish(dice);
        else
            Replace(0, 0, Seed(dice));
        // Some seeds are read as they are, in another shape.
        var faults = dice.Below(20) == 0 ? 0 : 1 + dice.Small() + (dice.OneIn(8) ? dice.Below(12) : 0);
        for (; faults > 0; faults--)
            Damage(dice);
        if (dice.OneIn(HugeEvery))
            Enlarge(dice);
    }

    static byte[] Seed(Dice dice) => dice.Of<byte[]>(dice.OneIn(LongEvery) ? Seeds.All : Seeds.Brief);

    void Rubbish(Dice dice)
    {
        length = dice.Below(300);
        var anything = dice.OneIn(4);
        for (var i = 0; i < length; i++)
            bytes[i] = anything ? (byte)dice.Next() : dice.OneIn(3) ? dice.Of(Structural) : (byte)dice.Between('A', 'Z');
        if (dice.OneIn(2))
            Replace(0, 0, words[dice.Below(4)]);
    }

    void Damage(Dice dice)
    {
        if (length == 0)
        {
            Replace(0, 0, dice.Of<byte[]>(words));
            return;
        }
        var at = dice.Below(length);
        switch (dice.Below(21))
        {
            case 0:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1:
                bytes[at] = (byte)dice.Next();
                break;
            case 2:
                bytes[at] = dice.Of(Structural);
                break;
            case 3:
                Replace(at, 0, [dice.Of(Structural)]);
                break;
            case 4:
                Replace(at, 0, [dice.Of(Structural), dice.Of(Structural), (byte)dice.Next()]);
                break;
            case 5:
                Replace(at, Length(dice, at, 1 + dice.Below(dice.OneIn(4) ? 100 : 4)), []);
                break;
            case 6:
                Replace(dice.Below(length), 0, Block(dice, at));
                break;
            case 7:
                Move(dice, at);
                break;
            case 8:
                var other = Seed(dice);
                Replace(at, length - at, other.AsSpan(dice.Below(other.Length + 1)));
                break;
            case 9:
                length = at;
                break;
            case 10:
                Segment(dice, at);
                break;
            case 11:
                Element(dice, at);
                break;
            case 12:
                Number(dice, at);
                break;
            case 13:
                Label(dice);
                break;
            case 14:
                Exchange(dice, at);
                break;
            case 15 or 16:
                Replace(at, 0, dice.Of<byte[]>(words));
                break;
            case 17:
                Repeat(dice, at);
                break;
            case 18:
                Wrap(dice);
                break;
            case 19:
                Service(dice);
                break;
            default:
                for (var i = dice.Between(1, 6); i > 0; i--)
                    bytes[dice.Below(length)] = dice.OneIn(2) ? (byte)dice.Next() : dice.Of(Structural);
                break;
        }
    }

    int Length(Dice dice, int at, int most) => Math.Min(length - at, dice.Between(0, most));

    ReadOnlySpan<byte> Block(Dice dice, int at)
    {
        var block = bytes.AsSpan(at, Length(dice, at, dice.OneIn(3) ? 400 : 40));
        block.CopyTo(scratch);
        return scratch.AsSpan(0, block.Length);
    }

    void Move(Dice dice, int at)
    {
        var block = Block(dice, at);
        Replace(at, block.Length, []);
        Replace(dice.Below(length + 1), 0, block);
    }

    void Repeat(Dice dice, int at)
    {
        var block = Block(dice, at);
        for (var times = dice.Between(2, dice.OneIn(8) ? 200 : 20); times > 0 && length < BytesMax / 2; times--)
            Replace(at, 0, block);
    }

    /// <summary>Drops, doubles or swaps a segment with the next.</summary>
    void Segment(Dice dice, int at)
    {
        var terminator = Terminator(dice);
        var text = bytes.AsSpan(0, length);
        var start = text[..at].LastIndexOf(terminator) + 1;
        var end = text[start..].IndexOf(terminator) + start + 1;
        if (end <= start)
            return;
        var next = text[end..].IndexOf(terminator) + end + 1;
        text[start..end].CopyTo(scratch);
        var segment = scratch.AsSpan(0, end - start);
        switch (dice.Below(3))
        {
            case 0:
                Replace(start, segment.Length, []);
                break;
            case 1:
                Replace(start, 0, segment);
                break;
            default:
                if (next > end)
                    Replace(next, 0, segment);
                Replace(start, segment.Length, []);
                break;
        }
    }

    byte Terminator(Dice dice)
    {
        var text = bytes.AsSpan(0, length);
        var guess = dice.Of<byte>("'~\n\x1C"u8);
        return text.Contains(guess) ? guess : text.Contains((byte)'\'') ? (byte)'\'' : (byte)'~';
    }

    /// <summary>Drops or doubles what stands between two separators.</summary>
    void Element(Dice dice, int at)
    {
        var text = bytes.AsSpan(0, length);
        var start = text[..at].LastIndexOfAny(separators);
        var end = text[at..].IndexOfAny(ends) + at;
        if (start < 0 || end <= start)
            return;
        text[start..end].CopyTo(scratch);
        if (dice.OneIn(2))
            Replace(start, end - start, []);
        else
            Replace(start, 0, scratch.AsSpan(0, end - start));
    }

    /// <summary>Replaces digits by a number that is too large, too long or wrong.</summary>
    void Number(Dice dice, int at)
    {
        var text = bytes.AsSpan(0, length);
        var start = text[at..].IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return;
        start += at;
        var end = text[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> number = dice.Below(6) switch
        {
            0 => "2147483648"u8,
            1 => "99999999999999999999999"u8,
            2 => "0"u8,
            3 => "-1"u8,
            4 => "000000000000000000000000000000000001"u8,
            _ => "4294967297"u8,
        };
        Replace(start, end < 0 ? length - start : end, number);
    }

    /// <summary>Changes the character set or the version that UNB or ISA declares.</summary>
    void Label(Dice dice)
    {
        var at = bytes.AsSpan(0, length).IndexOf("UNO"u8);
        if (at >= 0 && at + 6 <= length)
        {
            bytes[at + 3] = (byte)dice.Between('@', 'Z');
            if (dice.OneIn(2))
                bytes[at + 5] = (byte)dice.Between('0', '9');
            return;
        }
        at = bytes.AsSpan(0, length).IndexOf("*00"u8);
        if (bytes.AsSpan(0, length).StartsWith("ISA"u8) && length > 90 && dice.OneIn(2))
        {
            ReadOnlySpan<byte> version = dice.Below(5) switch { 0 => "00402"u8, 1 => "00501"u8, 2 => "00704"u8, 3 => "00200"u8, _ => "0O401"u8 };
            version.CopyTo(bytes.AsSpan(84));
            bytes[82] = dice.Of(Structural);
        }
        else if (at >= 0)
        {
            bytes[Math.Min(at + dice.Below(8), length - 1)] = (byte)dice.Between('0', '9');
        }
    }

    /// <summary>Writes another character wherever one stands, service characters above all.</summary>
    void Exchange(Dice dice, int at)
    {
        var from = dice.OneIn(3) ? bytes[at] : dice.Of<byte>("'+:?*~"u8);
        var to = dice.OneIn(3) ? (byte)dice.Next() : dice.Of(Structural);
        bytes.AsSpan(0, length).Replace(from, to);
    }

    /// <summary>Changes one of the service characters that are announced, and perhaps its use.</summary>
    void Service(Dice dice)
    {
        var text = bytes.AsSpan(0, length);
        var una = text.IndexOf("UNA"u8);
        var place = una >= 0 && una + 9 <= length ? una + dice.Between(3, 8) : length >= 106 ? dice.Of<int>([3, 82, 104, 105]) : -1;
        if (place < 0)
            return;
        var to = dice.OneIn(3) ? (byte)dice.Next() : dice.Of(Structural);
        if (dice.OneIn(2))
            text.Replace(bytes[place], to);
        bytes[place] = to;
    }

    /// <summary>Breaks lines of one width, as mail and mainframes do.</summary>
    void Wrap(Dice dice)
    {
        var width = dice.OneIn(2) ? 80 : dice.Between(1, 100);
        ReadOnlySpan<byte> lineBreak = dice.OneIn(2) ? "\r\n"u8 : "\n"u8;
        for (var at = width; at < length && length < BytesMax / 2; at += width + lineBreak.Length)
            Replace(at, 0, lineBreak);
    }

    /// <summary>Goes beyond the limits of a segment: bytes, or elements.</summary>
    void Enlarge(Dice dice)
    {
        var text = bytes.AsSpan(0, length).ToArray();
        var at = dice.Below(length + 1);
        var filling = new byte[dice.Between(8_000, 70_000)];
        filling.AsSpan().Fill(dice.Of<byte>("X+:*?'\n \u00e4"u8));
        bytes = [.. text[..at], .. filling, .. text[at..]];
        length = bytes.Length;
        Array.Resize(ref scratch, Math.Max(scratch.Length, length));
    }

    void Replace(int at, int count, ReadOnlySpan<byte> by)
    {
        var room = BytesMax - (length - count);
        if (by.Length > room)
            by = by[..Math.Max(room, 0)];
        if (bytes.Length < BytesMax)
            Array.Resize(ref bytes, BytesMax);
        bytes.AsSpan(at + count, length - at - count).CopyTo(bytes.AsSpan(at + by.Length));
        by.CopyTo(bytes.AsSpan(at));
        length += by.Length - count;
    }
}
