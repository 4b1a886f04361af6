using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class BoundsTests
{
    /// <summary>A stream that starts with some text and goes on for ever in one character.</summary>
    sealed class Endless(byte[] start, byte character) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill(character);
            if (Position < start.Length)
                start.AsSpan((int)Position, Math.Min(count, start.Length - (int)Position)).CopyTo(buffer.AsSpan(offset));
            Position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Theory, InlineData('X'), InlineData('+'), InlineData('?'), InlineData(' ')]
    public void A_file_without_terminator_ends_at_the_limit_in_bounded_memory(char character)
    {
        var findings = new Findings();
        using var reader = new EdiReader(new Endless("UNB+UNOC:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'FTX+"u8.ToArray(), (byte)character), findings);
        while (reader.Read())
            Assert.NotEqual(EdiEvent.Segment, reader.Event);
        Assert.Equal((Codes.SegmentTooLong, Severity.Fatal, 1), (Assert.Single(findings.Kept).Code, findings.Kept[0].Severity, findings.Kept[0].At.Message));
        Assert.True(reader.BytesRead < 1024 * 1024);
    }

    [Fact]
    public void A_segment_at_the_limit_is_read_and_one_beyond_is_not()
    {
        var options = new ReaderOptions { SegmentBytesMax = 100 };
        var longest = "FTX+" + new string('X', 96) + "'";
        Assert.Empty(Reading.OfMessage(longest, 1, options: options).Findings.Kept);
        Assert.Equal([Codes.SegmentTooLong], Reading.OfMessage(longest.Replace("FTX+", "FTX+X"), 1, options: options).Codes);
    }

    [Fact]
    public void A_segment_of_too_many_elements_is_skipped()
    {
        var reading = Reading.OfMessage("FTX" + new string('+', Limits.SegmentMarksMax) + "X'BGM+220'", 2);
        Assert.Equal(["BGM+220"], reading.Segments);
        Assert.Equal([Codes.SegmentTooWide], reading.Codes);
    }

    [Fact]
    public void A_million_findings_are_counted_and_a_thousand_kept()
    {
        const int Faults = 1_000_000;
        var file = Encoding.ASCII.GetBytes($"UNB+UNOC:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'{string.Concat(Enumerable.Repeat("?'", Faults))}UNT+2+1'UNZ+1+1'".Replace("?'", "A'", StringComparison.Ordinal));
        var findings = new Findings();
        using var reader = new EdiReader(new MemoryStream(file), findings);
        while (reader.Read())
        {
        }
        // And one for the count in UNT.
        Assert.Equal((Faults + 1, Limits.FindingsPerFileMax), ((int)findings.Count, findings.Kept.Count));
        Assert.All(findings.Kept, f => Assert.Equal(Codes.TagInvalid, f.Code));
    }

    [Fact]
    public void Levels_nested_by_the_thousand_are_checked_in_the_memory_of_a_few()
    {
        const int Levels = 50_000;
        var text = new StringBuilder("BSN*00*S1*20260401*0815~HL*1**S~");
        for (var i = 2; i <= Levels; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"HL*{i}*{i - 1}*I~");
        var file = $"{Reading.Isa()}GS*SH*S*R*20260401*0815*1*X*004010~ST*856*0001~{text}SE*{Levels + 3}*0001~GE*1*1~IEA*1*000000905~";
        var reading = new Validate.Reading(file);
        Assert.DoesNotContain(reading.Findings.Kept, f => f.Code.StartsWith("SYN", StringComparison.Ordinal) || f.Code.StartsWith("ENV", StringComparison.Ordinal));
        Assert.InRange(reading.Findings.Kept.Count, 0, Limits.FindingsPerFileMax);
    }

    [Fact]
    public void No_segment_costs_an_allocation()
    {
        var text = new StringBuilder("UNB+UNOC:3+A+B+260401:0815+1'UNH+1+X:1:1:UN'");
        for (var i = 0; i < 50_000; i++)
            text.Append("LIN+1+1+4000000079262:EN'IMD+F++:::Geh\u00e4use ?+ Schraube'\r\n");
        var file = Encoding.Latin1.GetBytes(text.Append("UNT+100002+1'UNZ+1+1'").ToString());
        Count(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var segments = Count(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(100_000, segments);
        Assert.InRange(allocated, 0, 2_000_000);
    }

    static int Count(byte[] file)
    {
        var findings = new Findings();
        var segments = 0;
        using var reader = new EdiReader(new MemoryStream(file), findings);
        while (reader.Read())
            if (reader.Event == EdiEvent.Segment)
                segments++;
        Assert.Empty(findings.Kept);
        return segments;
    }

    [Fact]
    public void A_broken_stream_throws_because_the_file_is_not_to_blame() =>
        Assert.Throws<NotSupportedException>(() => new EdiReader(new Broken(), new()).Read());

    sealed class Broken : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
