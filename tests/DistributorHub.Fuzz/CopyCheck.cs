using System.Globalization;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Fuzz;

/// <summary>What was read and written again reads as the same, or a finding says why it cannot be written.</summary>
static class CopyCheck
{
    // What the writer makes anew is right in every copy.
    static readonly string[] mended =
    [
        Codes.InterchangeTrailerMissing, Codes.InterchangeCount, Codes.InterchangeReference, Codes.GroupTrailerMissing, Codes.GroupCount, Codes.GroupReference,
        Codes.MessageTrailerMissing, Codes.MessageCount, Codes.MessageReference, Codes.FileEndsEarly, Codes.SegmentCutOff, Codes.LastTerminatorMissing,
        Codes.TagInvalid, Codes.TagLowerCase, Codes.SegmentEmpty, Codes.LineBreakInSegment, Codes.ReleaseNeedless, Codes.TrailingSeparator, Codes.BlankBeforeTag,
        Codes.CharacterInvalid, Codes.BytesSkipped,
    ];

    public static string? Trouble(ReadOnlyMemory<byte> input, Setting setting)
    {
        // A byte order mark is the only declaration of UTF-8 that X12 has, and a copy has none.
        var charset = setting.Reader.Charset ?? (HasMark(input) ? "utf-8" : null);
        var options = setting.Reader with { Charset = charset };
        if (Copy(input, options, out var findings) is not { } copy)
            return findings.Kept.Any(f => f.Code.StartsWith("WRT", StringComparison.Ordinal) && f.Severity == Severity.Error) || findings.Count > Limits.FindingsPerFileMax
                ? null : "the copy was given up, and no finding says why";
        var (values, again) = (Values(input, options, null, out _), new ReaderOptions { Charset = charset });
        if (Values(copy, again, null, out var ofCopy) != values)
            return Difference(input, options, copy, again);
        if (ofCopy.Kept.FirstOrDefault(f => mended.Contains(f.Code)) is { } left)
            return $"the copy has {left.Code} {left.Message}: {Encoding.Latin1.GetString(copy)}";
        var second = Copy(copy, again, out _) ?? [];
        return second.AsSpan().SequenceEqual(copy) ? null : $"the copy of the copy is {Encoding.Latin1.GetString(second)}, not {Encoding.Latin1.GetString(copy)}";
    }

    /// <summary>True when a byte order mark of UTF-8 stands anywhere in a file.</summary>
    public static bool HasMark(ReadOnlyMemory<byte> input)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return input.Span.IndexOf(mark) >= 0;
    }

    static byte[]? Copy(ReadOnlyMemory<byte> input, ReaderOptions options, out Findings findings)
    {
        findings = new();
        using var output = new MemoryStream();
        bool broken;
        using (var reader = new EdiReader(new InputStream(input, int.MaxValue), findings, options, 4 * 1024, 16 * 1024))
        using (var writer = new EdiWriter(output, findings))
        {
            writer.CopyAll(reader);
            broken = writer.Broken;
        }
        return broken ? null : output.ToArray();
    }

    static string Difference(ReadOnlyMemory<byte> input, ReaderOptions options, byte[] copy, ReaderOptions again)
    {
        List<string> expected = [], actual = [];
        Values(input, options, expected, out _);
        Values(copy, again, actual, out _);
        var at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"the copy reads differently: {actual.ElementAtOrDefault(at)} instead of {expected.ElementAtOrDefault(at)} in {Encoding.Latin1.GetString(copy)}";
    }

    /// <summary>What an input says, whatever its form: values with their positions, empty ones left out.</summary>
    static ulong Values(ReadOnlyMemory<byte> input, ReaderOptions options, List<string>? lines, out Findings findings)
    {
        var digest = new Digest();
        findings = new();
        using var reader = new EdiReader(new InputStream(input, int.MaxValue), findings, options, 4 * 1024, 16 * 1024);
        while (reader.Read())
        {
            var line = reader.Event switch
            {
                EdiEvent.Segment or EdiEvent.InterchangeAcknowledgement => "",
                EdiEvent.MessageStart => $"{reader.Message!.Reference} {reader.Message.Type} {reader.Message.FullRelease} {reader.Message.Association}",
                EdiEvent.GroupStart => $"{reader.Group!.Reference} {reader.Group.Sender} {reader.Group.Recipient} {reader.Group.Version}",
                EdiEvent.InterchangeStart => $"{Reference(reader.Interchange!)} {reader.Interchange!.Sender} {reader.Interchange.Recipient} {reader.Interchange.Delimiters with { Decimal = Math.Max(reader.Interchange.Delimiters.Decimal, (byte)' ') }}",
                _ => null,
            };
            digest.Add((int)reader.Event);
            digest.Add(line);
            lines?.Add($"{reader.Event} {line} ");
            if (line?.Length == 0)
                Add(ref digest, reader.Segment, lines);
        }
        return digest.Value;
    }

    /// <summary>ISA13 has nine digits, and is written so.</summary>
    static string Reference(InterchangeInfo info) => info.Standard == Standard.X12 ? info.Reference.Trim().PadLeft(9, '0') : info.Reference;

    static void Add(ref Digest digest, Segment segment, List<string>? lines)
    {
        int element = 0, repetition = 0, component = 0, from = 0;
        foreach (var mark in segment.Marks.ToArray())
        {
            if (mark.End > from)
            {
                digest.Add(element << 20 | repetition << 10 | component);
                digest.Add(segment.Text[from..mark.End]);
                if (lines is not null)
                    lines[^1] += string.Create(CultureInfo.InvariantCulture, $"{element}.{repetition}.{component}={Encoding.Latin1.GetString(segment.Text[from..mark.End])} ");
            }
            from = mark.End + 1;
            (element, repetition, component) = mark.Kind switch
            {
                MarkKind.Element => (element + 1, 0, 0),
                MarkKind.Repetition => (element, repetition + 1, 0),
                _ => (element, repetition, component + 1),
            };
        }
    }
}
