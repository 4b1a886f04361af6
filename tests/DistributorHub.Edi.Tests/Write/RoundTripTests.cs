using System.Text;
using CsCheck;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Tests.Write;

/// <summary>
/// What was written reads as what was meant, and is written again as it was: any content, over any delimiters and every character set. Each run tries
/// other interchanges; a failure prints the smallest that was found and the seed that <c>CsCheck_Seed</c> takes to try it again.
/// </summary>
public sealed class RoundTripTests
{
    const int Rounds = 1500;

    [Fact]
    public void Edifact_reads_as_it_was_written() => Forms.Edifact.SelectMany(form => Specimen.In(form)).Sample(ReadsAsMeant, iter: Rounds);

    [Fact]
    public void Edifact_in_an_agreed_character_set_reads_as_it_was_written() =>
        Forms.EdifactAgreed.SelectMany(form => Specimen.In(form)).Sample(ReadsAsMeant, iter: Rounds);

    [Fact]
    public void X12_reads_as_it_was_written() => Forms.X12.SelectMany(form => Specimen.In(form)).Sample(ReadsAsMeant, iter: Rounds);

    [Fact]
    public void What_was_written_comes_back_byte_for_byte() => Forms.Any.SelectMany(form => Specimen.In(form)).Sample(
        specimen =>
        {
            var options = specimen.Options;
            var copy = Copy(specimen, (writer, info) => writer.Options.Like(info) with { LineBreak = options.LineBreak, Delimiters = options.Delimiters });
            Assert.Equal(Encoding.Latin1.GetString(specimen.Bytes), Encoding.Latin1.GetString(copy));
        },
        iter: Rounds);

    [Fact]
    public void A_copy_with_other_delimiters_and_another_character_set_reads_the_same() => Gen.OneOf(
        Gen.Select(Forms.Edifact, Forms.EdifactIn("UNOY", charset: null)),
        Gen.Select(Forms.X12Unicode, Forms.X12Unicode))
        .SelectMany((one, other) =>
        {
            // A copy keeps the syntax version, and with it what can repeat and whether X12 has a release character.
            var d = other.Delimiters!.Value;
            d = d with { Repetition = one.Delimiters!.Value.Repetition == 0 ? (byte)0 : Free(d), Release = one.Delimiters.Value.Release == 0 ? (byte)0 : d.Release };
            other = other with { SyntaxVersion = one.SyntaxVersion, Delimiters = d };
            // What no release character can protect there.
            byte[] avoided = [.. new[] { d.Component, d.Element, d.Repetition, d.Terminator }.Where(c => d.Release == 0 || c >= 0x80)];
            return Specimen.In(one, avoided).Select(specimen => (specimen, other));
        })
        .Sample(
            (specimen, other) => Assert.Equal(specimen.Meant, Read(Copy(specimen, (_, _) => other), other, out _)),
            iter: Rounds);

    static void ReadsAsMeant(Specimen specimen)
    {
        Assert.Equal(specimen.Meant, Read(specimen.Bytes, specimen.Options, out var codes));
        // Characters of a single-byte set may happen to be UTF-8.
        Assert.DoesNotContain(codes, code => code != Codes.LooksLikeUtf8);
    }

    static byte[] Copy(Specimen specimen, Func<EdiWriter, InterchangeInfo, WriterOptions> choose)
    {
        var findings = new Findings();
        using var copy = new MemoryStream();
        using (var writer = new EdiWriter(copy, findings))
        using (var reader = new EdiReader(new MemoryStream(specimen.Bytes), findings, new() { Charset = specimen.Options.Charset }))
            writer.CopyAll(reader, info => choose(writer, info));
        Assert.DoesNotContain(findings.Kept, f => f.Code != Codes.LooksLikeUtf8);
        return copy.ToArray();
    }

    /// <summary>A repetition separator beside other delimiters.</summary>
    static byte Free(Delimiters d) => "^*|%!;"u8.ToArray().First(c => c != d.Component && c != d.Element && c != d.Release && c != d.Terminator);

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
            var value = segment.Text[start..mark.End];
            var raw = mark.Kind == MarkKind.Terminator && segment.Tag is [(byte)'B', (byte)'I', (byte)'N'] or [(byte)'B', (byte)'D', (byte)'S'];
            text.Append(raw ? Convert.ToHexString(value) : Encoding.UTF8.GetString(value));
            text.Append(mark.Kind switch { MarkKind.Element => "\u0001", MarkKind.Component => "\u0003", MarkKind.Repetition => "\u0002", _ => "" });
            start = mark.End + 1;
        }
        return text.ToString();
    }
}
