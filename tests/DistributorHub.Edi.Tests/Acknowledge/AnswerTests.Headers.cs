using System.Collections.Concurrent;
using System.Text;
using CsCheck;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Validate;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <content>Headers whose values an answer has to repeat, though it could not say them of itself.</content>
public sealed partial class AnswerTests
{
    static readonly AcknowledgementOptions Everything = new() { Technical = Answering.Always, AcceptedLoops = true, Business = true };

    /// <summary>What our own reader says against the answers to a file.</summary>
    static string[] Faults(byte[] file)
    {
        var faults = new List<string>();
        foreach (var answer in new Reading(new MemoryStream(file), Everything, RefuseAll).Acknowledgements)
        {
            var bytes = answer.Write("42", DateTimeOffset.UnixEpoch);
            var own = new Reading(new MemoryStream(bytes));
            faults.AddRange(own.Findings.Kept.Where(f => f.Severity >= Severity.Error).Select(f => $"{answer.Type}: {f.Code} {f.Message} {f.Found}"));
        }
        return [.. faults];
    }

    [Theory]
    [InlineData("ORDERS", "4000001000005:14", "4000001000005400000100000540000010000051:141414")]
    [InlineData("ORDERS", "4000001000005:14", "?+?:??:??")]
    [InlineData("ORDERS", "UNOC:3", "UNOA:3")]
    [InlineData("ORDERS", "UNOC:3", "UNOZ:9")]
    [InlineData("ORDERS", "UNOC:3", "UNOE:4")]
    [InlineData("ORDERS", "UNOC:3", "UNOX:4")]
    [InlineData("ORDERS", "REF77", "a reference that is longer than any may be")]
    [InlineData("ORDERS", "EAN008", "an association longer than any may be")]
    [InlineData("850", "*ZZ*ACME ", "*~Z*A*ME ")]
    [InlineData("850", "*260101*1200*", "*999999*9999*")]
    [InlineData("850", "*260101*1200*", "*      *    *")]
    [InlineData("850", "ACMEGS", "")]
    [InlineData("850", "SHOPGS", "A NAME THAT IS LONGER THAN ITS PLACE")]
    [InlineData("850", "*X*004010", "*X*")]
    [InlineData("850", "*T*>", "*T*\0")]
    [InlineData("850", "*U*", "*~*")]
    public void Whatever_a_header_says_the_answer_can_be_read(string type, string sound, string odd)
    {
        var file = type == "ORDERS" ? Edifact("1", GoodOrder, BadOrder) : X12("1", "004010", GoodPurchase, BadPurchase);
        Assert.Contains(sound, file, StringComparison.Ordinal);

        Assert.DoesNotContain(Faults(Encoding.Latin1.GetBytes(file.Replace(sound, odd, StringComparison.Ordinal))), f => !f.Contains(Codes.MessageUnsupported, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("4000001000005:14")]
    [InlineData("4000002000004:14")]
    [InlineData("REF77")]
    public void An_interchange_that_names_no_sender_recipient_or_reference_is_not_answered(string part) =>
        Assert.Empty(new Reading(Edifact("1", GoodOrder).Replace(part, "", StringComparison.Ordinal), Everything).Acknowledgements);

    /// <summary>Bytes changed at random: an answer is always written, and can always be read.</summary>
    [Fact]
    public void Damaged_files_get_whole_answers()
    {
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        string[] files = [Edifact("1", GoodOrder, BadOrder), X12("1", "004010", GoodPurchase, BadPurchase), X12("1", "005010", GoodPurchase, BadPurchase)];
        Damage.ToOneOf(files, most: 3).Sample(
            file =>
            {
                foreach (var answer in new Reading(new MemoryStream(file), Everything, RefuseAll).Acknowledgements)
                {
                    seen.TryAdd(answer.Type, true);
                    var own = new Reading(new MemoryStream(answer.Write("42", DateTimeOffset.UnixEpoch)));
                    // The envelopes are ours alone; what stands between them repeats what was sent.
                    Assert.DoesNotContain(own.Findings.Kept, f => f.Severity >= Severity.Error && f.Code[..3] is "ENV" or "SYN");
                }
            },
            iter: 3_000,
            print: Encoding.Latin1.GetString);
        Assert.Equal(["824", "997", "999", "APERAK", "CONTRL", "TA1"], seen.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rejected_messages_that_cannot_all_be_listed_reject_the_interchange()
    {
        static string Answer(int rejected)
        {
            var builder = new AcknowledgementBuilder(Quiet);
            var messages = string.Concat(Enumerable.Range(1, rejected + 1).Select(i => $"UNH+{i}+ORDERS:D:96A:UN'UNT+2+{i}'"));
            using var reader = new EdiReader(new MemoryStream(Encoding.Latin1.GetBytes($"UNB+UNOC:3+A+B+260101:1200+R'{messages}UNZ+{rejected + 1}+R'")), new());
            while (reader.Read())
            {
                if (reader.Event == EdiEvent.MessageStart && reader.Message!.Ordinal > 1)
                    builder.Reject();
                builder.Accept(reader);
            }
            var answer = Encoding.Latin1.GetString(Assert.Single(builder.End()).Write("42", DateTimeOffset.UnixEpoch));
            return answer[answer.IndexOf("UCI", StringComparison.Ordinal)..];
        }

        Assert.StartsWith("UCI+R+A+B+7'UCM+2+", Answer(AcknowledgementBuilder.ListedMax), StringComparison.Ordinal);
        Assert.StartsWith("UCI+R+A+B+4+18'UNT+", Answer(AcknowledgementBuilder.ListedMax + 1), StringComparison.Ordinal);
    }
}
