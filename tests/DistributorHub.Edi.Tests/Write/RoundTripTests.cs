using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>What was written reads as what was meant, and is written again as it was: random content over random delimiters and every character set.</summary>
public sealed class RoundTripTests
{
    const int Rounds = 3000;

    static readonly string[] identifiers =
        ["UNOA", "UNOB", "UNOC", "UNOD", "UNOE", "UNOF", "UNOG", "UNOH", "UNOI", "UNOJ", "UNOK", "UNOL", "UNOW", "UNOY"];

    static readonly string[] agreed = ["windows-1250", "windows-1251", "windows-1252", "windows-1253", "ibm850", "koi8-r", "utf-8", "iso-8859-15"];

    [Fact]
    public void Edifact_reads_as_it_was_written()
    {
        var random = new Random(20260401);
        for (var round = 0; round < Rounds; round++)
            Try(random, Edifact(random, identifiers[round % identifiers.Length]), round);
    }

    [Fact]
    public void Edifact_in_an_agreed_character_set_reads_as_it_was_written()
    {
        var random = new Random(7);
        for (var round = 0; round < Rounds / 4; round++)
            Try(random, Edifact(random, "UNOB") with { Charset = agreed[round % agreed.Length] }, round);
    }

    [Fact]
    public void X12_reads_as_it_was_written()
    {
        var random = new Random(12);
        for (var round = 0; round < Rounds; round++)
            Try(random, X12(random), round);
    }

    [Fact]
    public void A_copy_with_other_delimiters_and_another_character_set_reads_the_same()
    {
        var random = new Random(99);
        for (var round = 0; round < Rounds / 2; round++)
        {
            var x12 = round % 2 == 1;
            var one = x12 ? X12(random) with { Charset = "utf-8" } : Edifact(random, "UNOC");
            var other = x12 ? X12(random) with { Charset = "utf-8" } : Edifact(random, "UNOY");
            // A copy keeps the syntax version, and with it what can repeat.
            var d = other.Delimiters!.Value with { Repetition = one.Delimiters!.Value.Repetition == 0 ? (byte)0 : Free(other.Delimiters.Value) };
            other = other with { SyntaxVersion = one.SyntaxVersion, Delimiters = d };
            var (bytes, meant) = Write(random, one, other.Delimiters.Value);
            var findings = new Findings();
            using var copy = new MemoryStream();
            using (var writer = new EdiWriter(copy, findings))
            using (var reader = new EdiReader(new MemoryStream(bytes), findings, new() { Charset = one.Charset }))
                writer.CopyAll(reader, _ => other);
            Assert.DoesNotContain(findings.Kept, f => f.Severity >= Severity.Error);
            Assert.Equal(meant, Read(copy.ToArray(), other, out _));
        }
    }

    static void Try(Random random, WriterOptions options, int round)
    {
        var (bytes, meant) = Write(random, options);
        var text = Encoding.Latin1.GetString(bytes);
        var read = Read(bytes, options, out var codes);
        Assert.True(meant.SequenceEqual(read), $"Round {round}: {options}\n{text}\n{string.Join('\n', meant.Except(read).Take(3))}\n{string.Join('\n', read.Except(meant).Take(3))}\n{string.Join(' ', codes)}");
        // Random characters of a single-byte set may happen to be UTF-8.
        Assert.True(codes.All(code => code == Codes.LooksLikeUtf8), $"Round {round}: {string.Join(' ', codes)}\n{text}");

        var findings = new Findings();
        using var copy = new MemoryStream();
        using (var writer = new EdiWriter(copy, findings))
        using (var reader = new EdiReader(new MemoryStream(bytes), findings, new() { Charset = options.Charset }))
            writer.CopyAll(reader, info => writer.Options.Like(info) with { LineBreak = options.LineBreak, Delimiters = options.Delimiters });
        Assert.True(copy.ToArray().AsSpan().SequenceEqual(bytes), $"Round {round}:\n{text}\n{Encoding.Latin1.GetString(copy.ToArray())}\n{string.Join('\n', findings.Kept)}");
    }

    /// <summary>A repetition separator beside other delimiters.</summary>
    static byte Free(Delimiters d) => "^*|%!;"u8.ToArray().First(c => c != d.Component && c != d.Element && c != d.Release && c != d.Terminator);

    static byte[] Pick(Random random, string from, int count)
    {
        var characters = Encoding.Latin1.GetBytes(from);
        random.Shuffle(characters);
        return characters[..count];
    }

    static WriterOptions Edifact(Random random, string identifier)
    {
        var four = random.Next(2) == 0;
        var service = Pick(random, ":+?'*!\"#$%&()-/;<=>@[\\]^_`{|}~\u001C\u001D\u001E\u001F\u0001", 5);
        var (component, element, release, repetition, terminator) = (service[0], service[1], service[2], service[3], service[4]);
        switch (random.Next(6))
        {
            case 0:
                (component, element, release, repetition, terminator) = ((byte)':', (byte)'+', (byte)'?', (byte)'*', (byte)'\'');
                break;
            case 1:
                release = 0;
                break;
            case 2:
                terminator = (byte)(random.Next(2) == 0 ? '\n' : '\r');
                break;
        }
        return new()
        {
            SyntaxIdentifier = identifier,
            SyntaxVersion = four ? "4" : random.Next(1, 4).ToString(System.Globalization.CultureInfo.InvariantCulture),
            Delimiters = new(component, element, (byte)(random.Next(2) == 0 ? '.' : ','), release, four ? repetition : (byte)0, terminator),
            LineBreak = LineBreaks(random, terminator),
            Una = random.Next(2) == 0,
        };
    }

    static WriterOptions X12(Random random)
    {
        var service = Pick(random, "*:~^>|!\"#$%&()+-/;<=?@[\\]_`{}'\u001C\u001D\u001E\u001F\u0001", 5);
        var version = random.Next(3) switch { 0 => "00401", 1 => "00501", _ => "00704" };
        var terminator = random.Next(4) == 0 ? (byte)(random.Next(2) == 0 ? '\n' : '\r') : service[4];
        var wide = random.Next(5) == 0;
        return new()
        {
            Standard = Standard.X12,
            SyntaxVersion = version,
            Charset = wide ? "utf-8" : random.Next(3) switch { 0 => null, 1 => "utf-8", _ => "iso-8859-1" },
            // U+00A6 BROKEN BAR is C2 A6 in UTF-8.
            Delimiters = new(wide ? (byte)0xA6 : service[0], service[1], (byte)'.', 0, version == "00401" ? (byte)0 : service[3], terminator),
            ComponentLead = wide ? new byte[] { 0xC2 } : default,
            LineBreak = LineBreaks(random, terminator),
        };
    }

    static LineBreak LineBreaks(Random random, byte terminator) => terminator switch
    {
        (byte)'\n' => LineBreak.None,
        _ => (LineBreak)random.Next(4),
    };

    /// <summary>Characters an interchange may hold, from the base library's own tables.</summary>
    static Rune[] Alphabet(WriterOptions options)
    {
        var ascii = Enumerable.Range(0x20, 0x5F).Select(c => new Rune(c));
        if (options.Charset is null && options.Standard == Standard.Edifact && options.SyntaxIdentifier is "UNOA" or "UNOB")
        {
            // ISO 9735 5.1 and 5.2.
            const string capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>";
            var level = options.SyntaxIdentifier == "UNOA" ? capitals : capitals + "abcdefghijklmnopqrstuvwxyz";
            return [.. level.EnumerateRunes()];
        }
        if (options.Charset is null && options.Standard == Standard.X12)
            return [.. ascii];
        var name = options.Charset ?? options.SyntaxIdentifier switch
        {
            "UNOC" => "iso-8859-1",
            "UNOD" => "iso-8859-2",
            "UNOE" => "iso-8859-5",
            "UNOF" => "iso-8859-7",
            "UNOG" => "iso-8859-3",
            "UNOH" => "iso-8859-4",
            "UNOI" => "iso-8859-6",
            "UNOJ" => "iso-8859-8",
            "UNOK" => "iso-8859-9",
            "UNOL" => "iso-8859-15",
            _ => "utf-8",
        };
        if (name == "utf-8")
            return [.. ascii, .. "äşßŁЖ漢€\u00A0\u07FF\u0800\uFFFD\uD7FF😀𐍈".EnumerateRunes()];
        var encoding = Encoding.GetEncodings().FirstOrDefault(e => e.Name == name)?.GetEncoding() ?? CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        return
        [
            .. ascii,
            .. Enumerable.Range(0x80, 0x80).SelectMany(b => encoding.GetString([(byte)b]).EnumerateRunes())
                .Where(r => r.Value >= 0xA0 && r.Value != 0xFFFD && r.Value is < 0xE000 or > 0xF8FF),
        ];
    }

    static (byte[] Bytes, List<string> Meant) Write(Random random, WriterOptions options, Delimiters copied = default)
    {
        var x12 = options.Standard == Standard.X12;
        var d = options.Delimiters!.Value;
        var alphabet = Alphabet(options);
        if (d.Release == 0 || (copied.Element != 0 && copied.Release == 0))
        {
            var delimiters = new[] { d.Component, d.Element, d.Repetition, d.Terminator, copied.Component, copied.Element, copied.Repetition, copied.Terminator };
            alphabet = [.. alphabet.Where(r => !delimiters.Contains((byte)Math.Min(r.Value, 255)) && r.Value != 0xA6)];
        }
        using var output = new MemoryStream();
        var findings = new Findings();
        var meant = new List<string>();
        using (var writer = new EdiWriter(output, findings, options))
        {
            writer.BeginInterchange(EdiWriterTests.Heading with { Reference = "77", Sender = new("SENDER", "14"), Recipient = new("RECIPIENT", "ZZ") });
            if (x12)
                writer.BeginGroup(new() { Code = "PO", Sender = new("SE", ""), Recipient = new("RE", ""), Prepared = new(2026, 1, 2), Agency = "X", Release = "004010" });
            for (var message = random.Next(1, 3); message > 0; message--)
            {
                writer.BeginMessage(new() { Type = x12 ? "850" : "ORDERS", Version = "D", Release = "96A", Association = x12 ? "" : "EAN008" });
                for (var count = random.Next(12); count > 0; count--)
                    meant.Add(Segment(random, writer, alphabet, options));
                writer.EndMessage();
                meant.Add("end");
            }
            if (x12)
                writer.EndGroup();
            writer.EndInterchange();
        }
        Assert.True(findings.Count == 0, string.Join('\n', findings.Kept));
        return (output.ToArray(), meant);
    }

    static string Segment(Random random, EdiWriter writer, Rune[] alphabet, WriterOptions options)
    {
        var tag = options.Standard == Standard.X12 && random.Next(2) == 0 ? "N1" : $"{(char)random.Next('A', 'B')}{(char)random.Next('A', 'Z')}{random.Next(10)}";
        writer.Segment(tag);
        var meant = new StringBuilder(tag);
        var last = random.Next(1, 8);
        for (var element = 1; element <= last; element++)
        {
            meant.Append('\u0001');
            var repetitions = options.Repeats ? random.Next(1, 4) : 1;
            for (var repetition = 0; repetition < repetitions; repetition++)
            {
                if (repetition > 0)
                    meant.Append('\u0002');
                var components = random.Next(1, 4);
                for (var component = 0; component < components; component++)
                {
                    if (component > 0)
                        meant.Append('\u0003');
                    var value = random.Next(3) == 0 ? "" : Value(random, alphabet);
                    if (element == 1)
                        value = "Q";
                    meant.Append(value);
                    if (component > 0)
                        writer.Component(value);
                    else if (repetition > 0)
                        writer.Repetition(Encoding.UTF8.GetBytes(value));
                    else
                        writer.Element(value);
                }
                Trim(meant, '\u0003');
            }
            Trim(meant, '\u0002');
        }
        Trim(meant, '\u0001');
        for (var empty = random.Next(3); empty > 0; empty--)
            writer.Element();
        return meant.ToString();
    }

    static void Trim(StringBuilder text, char separator)
    {
        while (text[^1] == separator)
            text.Length--;
    }

    static string Value(Random random, Rune[] alphabet)
    {
        var text = new StringBuilder();
        for (var length = random.Next(1, random.Next(8) == 0 ? 90 : 12); length > 0; length--)
            text.Append(alphabet[random.Next(alphabet.Length)].ToString());
        return text.ToString();
    }

    static List<string> Read(byte[] bytes, WriterOptions options, out List<string> codes)
    {
        var findings = new Findings();
        var read = new List<string>();
        using var reader = new EdiReader(new MemoryStream(bytes), findings, new() { Charset = options.Charset });
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.Segment)
                read.Add(Show(reader.Segment));
            else if (reader.Event == EdiEvent.MessageEnd)
                read.Add("end");
            else if (reader.Event == EdiEvent.InterchangeStart)
                Assert.Equal(("SENDER", "RECIPIENT", 77), (reader.Interchange!.Sender.Id, reader.Interchange.Recipient.Id, int.Parse(reader.Interchange.Reference, System.Globalization.CultureInfo.InvariantCulture)));
        }
        codes = [.. findings.Kept.Select(f => f.Code)];
        return read;
    }

    internal static string Show(Segment segment)
    {
        var text = new StringBuilder();
        var start = 0;
        foreach (var mark in segment.Marks.ToArray())
        {
            text.Append(Encoding.UTF8.GetString(segment.Text[start..mark.End]));
            text.Append(mark.Kind switch { MarkKind.Element => "\u0001", MarkKind.Component => "\u0003", MarkKind.Repetition => "\u0002", _ => "" });
            start = mark.End + 1;
        }
        return text.ToString();
    }
}
