using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run;

/// <summary>A predicate with its codes as bytes.</summary>
sealed class PredicateTest
{
    readonly ValueSlot[] slots;
    readonly byte[][] codes;
    readonly Node[] children;
    readonly bool lacks;

    public PredicateTest(Predicate predicate, MessageDefinition message)
    {
        (slots, codes, children, lacks) = predicate switch
        {
            Predicate.Element e => (e.Slots.ToArray(), Codes(e.Codes), (Node[])[], false),
            Predicate.Child c => ([], [], [.. c.Nodes.Select(n => message.Nodes[n])], c.Lacks),
            _ => throw new System.Diagnostics.UnreachableException($"No test for {predicate}."),
        };
    }

    public static byte[][] Codes(IEnumerable<string> codes) => [.. codes.Select(Encoding.UTF8.GetBytes)];

    public static bool IsOneOf(byte[][] codes, ReadOnlySpan<byte> text)
    {
        foreach (var code in codes)
            if (text.SequenceEqual(code))
                return true;
        return false;
    }

    /// <summary>Tests the segment at an index, and as the trigger of an instance that ends before <paramref name="end"/>.</summary>
    public bool Holds(Frame frame, int segment, int end) => children.Length > 0 ? HasChild(frame, segment, end) != lacks : HasCode(frame, segment);

    bool HasCode(Frame frame, int segment)
    {
        foreach (ref readonly var slot in slots.AsSpan())
        {
            var last = slot.Repetition == 0 ? frame.Repetitions(segment, slot.Value.Element) : slot.Repetition;
            for (var repetition = Math.Max(slot.Repetition, 1); repetition <= last; repetition++)
            {
                var mark = frame.Find(segment, slot.Value.Element, slot.Value.Component, repetition);
                if (mark >= 0 && IsOneOf(codes, frame.Text(segment, mark)))
                    return true;
            }
        }
        return false;
    }

    bool HasChild(Frame frame, int segment, int end)
    {
        for (var i = segment; i < end; i++)
            foreach (var child in children)
                // A group is there when its trigger is: the segment right after the group's own id.
                if (frame[i].Node == (child.IsGroup ? child.Id + 1 : child.Id))
                    return true;
        return false;
    }
}
