using DistributorHub.Edi.Write;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>One element of an answer's segment: a value, or the components of a composite.</summary>
readonly struct AnswerElement
{
    readonly string value;
    readonly string[] further;

    AnswerElement(string value, string[] further) => (this.value, this.further) = (value, further);

    public static implicit operator AnswerElement(string value) => new(value, []);

    public static AnswerElement Composite(params string[] components) => new(components[0], components[1..]);

    public void WriteTo(EdiWriter writer)
    {
        writer.Element(Fit(value));
        foreach (var component in further)
            writer.Component(Fit(component));
    }

    // References and parties are repeated as the sender wrote them; what is longer than any of them has to be is no name of anything.
    static ReadOnlySpan<char> Fit(string text) => text.AsSpan(0, Math.Min(text.Length, Limits.RepeatedCharsMax));
}

static class AnswerSegments
{
    /// <summary>Writes one segment.</summary>
    public static void Write(this EdiWriter writer, string tag, params ReadOnlySpan<AnswerElement> elements)
    {
        writer.Segment(tag);
        foreach (var element in elements)
            element.WriteTo(writer);
    }
}
