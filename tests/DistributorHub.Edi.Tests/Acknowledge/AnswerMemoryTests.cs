using System.Text;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <summary>Tests that measure the memory of the whole process run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class AnswerMemoryTests
{
    [Fact]
    public void Headers_of_any_length_are_kept_no_longer_than_an_answer_repeats_them()
    {
        const int messages = 2_000, length = 50_000;
        var builder = new AcknowledgementBuilder();
        var findings = new Findings { Added = builder.Add };
        using var reader = new EdiReader(new LongHeaders(messages, length), findings);
        long before = 0;
        while (reader.Read())
        {
            if (reader.Event != EdiEvent.Segment)
                builder.Accept(reader);
            if (reader.Message is { Ordinal: 10 } && before == 0)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(grown, long.MinValue, messages * 10_000L);
        Assert.Contains("UCM", Encoding.ASCII.GetString(Assert.Single(builder.End()).Write("1", DateTimeOffset.UnixEpoch)), StringComparison.Ordinal);
    }

    /// <summary>An interchange whose messages have references of a length that no standard allows, made as it is read.</summary>
    sealed class LongHeaders(int messages, int length) : MemoryStream
    {
        int next = -1;
        byte[] part = [];
        int at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (at == part.Length)
            {
                if (next > messages)
                    return 0;
                part = Encoding.ASCII.GetBytes(next < 0 ? "UNB+UNOC:3+A:14+B:14+260101:1200+1'" : next < messages ? $"UNH+{next:00000}{new string('X', length)}+ORDERS:D:96A:UN'BGM+220'UNT+3+0'" : $"UNZ+{messages}+1'");
                (next, at) = (next + 1, 0);
            }
            var bytes = Math.Min(count, part.Length - at);
            part.AsSpan(at, bytes).CopyTo(buffer.AsSpan(offset));
            at += bytes;
            return bytes;
        }
    }
}
