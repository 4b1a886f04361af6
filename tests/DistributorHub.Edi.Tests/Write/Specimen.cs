using System.Globalization;
using System.Text;
using CsCheck;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>One value of a segment: text, or a number that the writer puts into words itself.</summary>
sealed record SpecimenValue(string Text, bool IsNumber = false);

/// <summary>One segment: elements of repetitions of components, separators behind the last value that separate nothing, or raw bytes.</summary>
sealed record SpecimenSegment(string Tag, SpecimenValue[][][] Elements, int Empty, byte[]? Raw = null)
{
    public void WriteTo(EdiWriter writer)
    {
        writer.Segment(Tag);
        if (Raw is not null)
        {
            if (Tag == "BDS")
                writer.Element("ASC"u8);
            writer.Binary(Raw);
            return;
        }
        foreach (var element in Elements)
            for (var repetition = 0; repetition < element.Length; repetition++)
                for (var component = 0; component < element[repetition].Length; component++)
                    Write(writer, element[repetition][component], repetition, component);
        for (var i = 0; i < Empty; i++)
            writer.Element();
    }

    static void Write(EdiWriter writer, SpecimenValue value, int repetition, int component)
    {
        if (value.IsNumber)
        {
            var number = decimal.Parse(value.Text, CultureInfo.InvariantCulture);
            if (component > 0)
                writer.Component(number);
            else if (repetition > 0)
                writer.Repetition(number);
            else
                writer.Element(number);
        }
        else if (component > 0)
            writer.Component(value.Text);
        else if (repetition > 0)
            writer.Repetition(Encoding.UTF8.GetBytes(value.Text));
        else
            writer.Element(value.Text);
    }

    /// <summary>What a reader has to hand on, in the form of <see cref="RoundTripTests.Show"/>: what is empty at the end of anything is not there.</summary>
    public string Meant(byte decimalMark)
    {
        if (Raw is not null)
            return $"{Tag}\u0001{(Tag == "BDS" ? "ASC\u0001" : "")}{Raw.Length}\u0001{Convert.ToHexString(Raw)}";
        string Show(SpecimenValue value) => value.IsNumber ? value.Text.Replace('.', (char)decimalMark) : value.Text;
        return Join('\u0001', [Tag, .. Elements.Select(element => Join('\u0002', element.Select(repetition => Join('\u0003', repetition.Select(Show)))))]);
    }

    static string Join(char separator, IEnumerable<string> parts) => string.Join(separator, parts).TrimEnd(separator);
}

/// <summary>An interchange made up by chance: how it is written, and the segments of its messages.</summary>
sealed record Specimen(WriterOptions Options, bool Grouped, SpecimenSegment[][] Messages)
{
    byte[]? bytes;

    bool X12 => Options.Standard == Standard.X12;

    /// <summary>Segments in order, and a line for the end of each message.</summary>
    public List<string> Meant
    {
        get
        {
            var mark = X12 ? (byte)'.' : Options.Delimiters!.Value.Decimal;
            return [.. Messages.SelectMany(segments => segments.Select(s => s.Meant(mark)).Append("end"))];
        }
    }

    /// <summary>The interchange as written; the writer has nothing to say against it.</summary>
    public byte[] Bytes => bytes ??= Write();

    byte[] Write()
    {
        using var output = new MemoryStream();
        var findings = new Findings();
        using (var writer = new EdiWriter(output, findings, Options))
        {
            writer.BeginInterchange(EdiWriterTests.Heading with { Reference = "77", Sender = new("SENDER", "14"), Recipient = new("RECIPIENT", "ZZ") });
            if (Grouped)
                writer.BeginGroup(new()
                {
                    Code = X12 ? "PO" : "ORDERS",
                    Sender = new("SE", ""),
                    Recipient = new("RE", ""),
                    Prepared = new(2026, 1, 2),
                    Agency = X12 ? "X" : "UN",
                    Version = "D",
                    Release = X12 ? "004010" : "96A",
                });
            foreach (var segments in Messages)
            {
                writer.BeginMessage(new() { Type = X12 ? "850" : "ORDERS", Version = "D", Release = "96A", Association = X12 ? "" : "EAN008" });
                foreach (var segment in segments)
                    segment.WriteTo(writer);
                writer.EndMessage();
            }
            if (Grouped)
                writer.EndGroup();
            writer.EndInterchange();
        }
        Assert.True(findings.Count == 0, string.Join('\n', findings.Kept));
        return output.ToArray();
    }

    /// <summary>Content for interchanges of one form.</summary>
    /// <param name="options">The form.</param>
    /// <param name="avoided">Bytes that no value may hold beside those the form itself cannot write.</param>
    public static Gen<Specimen> In(WriterOptions options, params byte[] avoided)
    {
        var segments = Segments(options, Values(options, avoided)).Array[0, 12];
        return Gen.Select(Gen.Bool, segments.Array[1, 2], (grouped, messages) => new Specimen(options, grouped || options.Standard == Standard.X12, messages));
    }

    static Gen<SpecimenSegment> Segments(WriterOptions options, Gen<SpecimenValue> value)
    {
        var x12 = options.Standard == Standard.X12;
        var tags = new SegmentTags();
        tags.Configure(options.Standard);
        var tag = Gen.Select(Gen.Char['A', 'Z'], Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].Array[1, 2], (first, rest) => first + new string(rest))
            .Where(t => (x12 || t.Length == 3) && t is not ("BIN" or "BDS") && tags.Of(SegmentTags.Code(Encoding.ASCII.GetBytes(t))) == Service.None);
        var elements = value.Array[1, 3].Array[1, options.Repeats ? 3 : 1].Array[1, 7];
        var plain = Gen.Select(tag, elements, Gen.Int[0, 2], (t, e, empty) =>
        {
            // A segment with nothing in it is not written.
            if (e[0][0][0].Text.Length == 0)
                e[0][0][0] = new("Q");
            return new SpecimenSegment(t, e, empty);
        });
        var raw = Gen.Select(Gen.OneOf("BIN", "BDS"), Gen.Byte.Array[0, 40], (t, bytes) => new SpecimenSegment(t, [], 0, bytes));
        return x12 ? Gen.Frequency((12, plain), (1, raw)) : plain;
    }

    static Gen<SpecimenValue> Values(WriterOptions options, byte[] avoided)
    {
        var d = options.Delimiters!.Value;
        byte[] delimiters =
        [
            d.Element, d.Repetition, d.Release,
            .. options.ComponentLead.IsEmpty ? [d.Component] : ReadOnlySpan<byte>.Empty, .. options.TerminatorLead.IsEmpty ? [d.Terminator] : ReadOnlySpan<byte>.Empty,
        ];
        var encoding = Forms.EncodingOf(options);
        bool Possible(Rune rune)
        {
            var encoded = encoding.GetBytes(rune.ToString());
            return !Forms.Wide.Contains(rune) && (d.Release != 0 && encoded.Length == 1 || !encoded.Any(delimiters.Contains))
                && !Encoding.UTF8.GetBytes(rune.ToString()).Any(avoided.Contains);
        }
        Rune[] alphabet = [.. Forms.Alphabet(options).Where(Possible)];
        Rune[] special = [.. alphabet.Where(r => r.IsAscii && delimiters.Contains((byte)r.Value))];
        var rune = Gen.OneOf(alphabet);
        var character = special.Length == 0 ? rune : Gen.Frequency((4, rune), (1, Gen.OneOf(special)));
        var text = Gen.OneOf(character.Array[1, 12], character.Array[1, 12], character.Array[1, 12], character.Array[1, 90])
            .Select(runes => new SpecimenValue(string.Concat(runes)));
        var number = Gen.Decimal.Select(n => new SpecimenValue(n.ToString(CultureInfo.InvariantCulture), IsNumber: true))
            .Where(n => n.Text.Replace('.', (char)d.Decimal).EnumerateRunes().All(Possible));
        return Gen.Frequency((3, Gen.Const(new SpecimenValue(""))), (6, text), (1, number));
    }

    public override string ToString() => $"{Options}\n{Encoding.Latin1.GetString(Bytes)}";
}
