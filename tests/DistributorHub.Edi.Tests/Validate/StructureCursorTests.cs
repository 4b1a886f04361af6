using System.Text;
using CsCheck;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class StructureCursorTests
{
    /// <summary>
    /// A message's tags, and what is expected of them: the group a segment is placed in, as <c>TAG@GROUP</c> (SG number, or tag of the
    /// trigger), <c>TAG=-1</c> for a segment that is skipped, and <c>TAG!Fault</c> for a fault. Plain tags are legal, wherever they stand.
    /// </summary>
    [Theory]
    // 65: two groups of a trigger each
    [InlineData("ORDERS", "BGM DTM NAD@SG2 NAD@SG2 LIN UNS")]
    // 66: position decides which RFF and which DTM
    [InlineData("ORDERS", "BGM DTM LIN@SG25 RFF@SG29 PAC@SG30 RFF@SG31 PCI@SG32 RFF@SG32 UNS")]
    [InlineData("ORDERS", "BGM DTM LIN PRI@SG28 RFF@SG29 DTM@SG29 UNS")]
    [InlineData("ORDERS", "BGM DTM LIN DTM@SG25 PRI@SG28 DTM@SG28 LIN@SG25 UNS")]
    // 67: UNS divides; without it CNT still is the summary's, with one fault
    [InlineData("ORDERS", "BGM DTM LIN QTY MOA@SG25 UNS MOA@ORDERS CNT")]
    [InlineData("ORDERS", "BGM DTM LIN QTY MOA@SG25 CNT!MandatoryMissing ALC@SG54 MOA@SG54")]
    [InlineData("ORDERS", "DTM!MandatoryMissing NAD LIN UNS")]
    [InlineData("ORDERS", "DTM!MandatoryMissing BGM@ORDERS NAD BGM!SegmentTooOften LIN UNS")]
    // 68: out of order, bound to the loop that is open; unknown segments do not move anything
    [InlineData("850", "BEG N1@N1 N4@N1 N3!OutOfOrder@N1 PER@N1 PO1 CTT")]
    [InlineData("850", "BEG N1 N2 ZZZ!NotInMessage=-1 N3@N1 N4@N1 PO1 CTT")]
    [InlineData("ORDERS", "BGM DTM NAD@SG2 RFF@SG3 LOC!OutOfOrder@SG2 CTA@SG5 LIN UNS")]
    [InlineData("850", "BEG N1 N3 N9!OutOfOrder@N9 MSG@N9 N1@N1 N3@N1 PO1 CTT")]
    // 69: over the limit is still bound, and is one fault
    [InlineData("ORDERS", "BGM BGM!SegmentTooOften DTM BGM=0 LIN UNS")]
    [InlineData("ORDERS", "BGM DTM*35 DTM!SegmentTooOften@ORDERS DTM@ORDERS DTM@ORDERS NAD@SG2 LIN UNS")]
    [InlineData("850", "BEG N1*200 N1!GroupTooOften@N1 N3@N1 N1@N1 PO1 CTT")]
    [InlineData("ORDERS", "BGM DTM LIN ALC@SG39 QTY@SG40 QTY!GroupTooOften@SG40 RNG@SG40 PCD@SG41 UNS")]
    // 71: LM inside LS..LE, and after it; LE alone
    [InlineData("850", "BEG PO1 LS@LS LDT@LDT LM@LM LQ LE@LS LM@LM LQ CTT")]
    [InlineData("850", "BEG PO1 LS LDT LM LQ PO1!MandatoryMissing@PO1 CTT")]
    [InlineData("850", "BEG PO1 LE!TriggerMissing=-1 N9@N9 MSG CTT")]
    // 75: a real order: N9 loops before N1, TD5 and N3 of the last N1
    [InlineData("850", "BEG REF DTM N9@N9 MSG@N9 N9@N9 MSG@N9 N1@N1 N1@N1 N1@N1 N3@N1 N4@N1 TD5@N1 PO1@PO1 PID@PID CTT")]
    // A group without its first segment is one fault, and its other segments are that fault's consequence
    [InlineData("850", "BEG N3!TriggerMissing=-1 N4=-1 PO1@PO1 CTT")]
    [InlineData("ORDERS", "BGM DTM COM!TriggerMissing=-1 NAD@SG2 COM!TriggerMissing=-1 CTA@SG5 COM@SG5 LIN UNS")]
    // A price list without product groups
    [InlineData("PRICAT", "BGM DTM NAD LIN!GroupImplied@SG33 PIA@SG33 PRI@SG37 LIN@SG33 PGI@SG16 LIN@SG33")]
    [InlineData("PRICAT", "BGM DTM PGI@SG16 PRI@SG18 LIN@SG33 PRI@SG37 LIN PRI")]
    // What belongs to the header is too late once a line has begun, and is skipped with all that follows from it
    [InlineData("850", "BEG N1 PO1 ADV!OutOfOrder=-1 MTX=-1 N9@N9 PO1 CTT")]
    [InlineData("997", "AK1 AK2 AK3@AK3 AK4@AK3 AK5@AK2 AK2 AK5 AK9")]
    [InlineData("997", "AK1 AK2 AK2!MandatoryMissing@AK2 AK5 AK9")]
    [InlineData("997", "AK1 AK2 AK5 AK3!OutOfOrder@AK3 AK4@AK3 AK2@AK2 AK5 AK9")]
    public void A_message_is_placed(string type, string script)
    {
        var definition = Find(type);
        var cursor = new StructureCursor(definition.Structure);
        foreach (var word in script.Split(' '))
        {
            var (tag, times, expected) = Read(word);
            for (var i = 0; i < times; i++)
            {
                var (node, fault) = cursor.Accept(Encoding.ASCII.GetBytes(tag));
                if (word.Contains('=', StringComparison.Ordinal))
                {
                    Assert.True(expected.Skipped == node < 0, $"{word}: node {node}");
                    Assert.True(fault is PlaceFault.Consequence || fault == expected.Fault, $"{word}: {fault}");
                    continue;
                }
                Assert.True(fault == expected.Fault, $"{word}: {fault}");
                Assert.Equal(tag, definition.Nodes[node].Tag);
                if (expected.Group is { } group)
                    Assert.Equal((word, group), (word, NameOf(definition, definition.Nodes[node].Parent)));
            }
        }
        Assert.Empty(cursor.End());
    }

    [Theory]
    [InlineData("ORDERS", "BGM DTM LIN", "UNS")]
    [InlineData("ORDERS", "BGM DTM LIN UNS ALC", "MOA")]
    [InlineData("850", "BEG", "PO1")]
    [InlineData("850", "BEG PO1 LS LDT", "LE")]
    [InlineData("997", "AK1 AK2", "AK5 AK9")]
    public void What_is_mandatory_and_did_not_come_is_known_at_the_end(string type, string tags, string missing)
    {
        var definition = Find(type);
        var cursor = new StructureCursor(definition.Structure);
        foreach (var tag in tags.Split(' '))
            Assert.Equal(PlaceFault.None, cursor.Accept(Encoding.ASCII.GetBytes(tag)).Fault);

        Assert.Equal(missing.Split(' '), cursor.End().Select(id => definition.Nodes[id].Tag));
    }

    [Fact]
    public void Any_order_of_segments_is_survived_and_places_stay_true_to_their_tags()
    {
        foreach (var (standard, type, release) in DefinitionLibrary.Embedded.List())
        {
            var definition = DefinitionLibrary.Embedded.Find(standard, type, release)!;
            var tags = definition.Nodes.Skip(1).Select(n => n.Tag).Distinct(StringComparer.Ordinal).Append("ZZZ").ToArray();
            Gen.OneOf(tags).Array[0, 400].Sample(
                order =>
                {
                    var cursor = new StructureCursor(definition.Structure);
                    var first = Places(order);
                    cursor.Reset();
                    Assert.Equal(first, Places(order));

                    List<(int Node, PlaceFault Fault)> Places(string[] order)
                    {
                        var places = new List<(int Node, PlaceFault Fault)>();
                        foreach (var tag in order)
                        {
                            var (node, fault) = cursor.Accept(Encoding.ASCII.GetBytes(tag));
                            if (node < 0)
                                Assert.NotEqual(PlaceFault.None, fault);
                            else
                                Assert.Equal((tag, false), (definition.Nodes[node].Tag, definition.Nodes[node].IsGroup));
                            places.Add((node, fault));
                        }
                        cursor.End();
                        return places;
                    }
                },
                iter: 40);
        }
    }

    static (string Tag, int Times, (PlaceFault Fault, string? Group, bool Skipped) Expected) Read(string word)
    {
        var end = word.IndexOfAny(['!', '@', '=', '*']);
        var tag = end < 0 ? word : word[..end];
        var fault = word.Split('!') is [_, var rest] ? Enum.Parse<PlaceFault>(rest.Split('@', '=')[0]) : PlaceFault.None;
        var group = word.Split('@') is [_, var name] ? name : null;
        var times = word.Split('*') is [_, var number] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 1;
        return (tag, times, (fault, group, word.EndsWith("=-1", StringComparison.Ordinal)));
    }

    static string NameOf(MessageDefinition definition, int group) => definition.Nodes[group].Label ?? definition.Nodes[group].Tag;

    static MessageDefinition Find(string type) =>
        DefinitionLibrary.Embedded.Find(Standard.Edifact, type, "D.96A") ?? DefinitionLibrary.Embedded.Find(Standard.X12, type, "004010")!;
}
