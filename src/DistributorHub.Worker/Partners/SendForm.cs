using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;

namespace DistributorHub.Worker.Partners;

/// <summary>How interchanges are written for a partner. What is null or zero is as the standard has it.</summary>
sealed record SendForm
{
    public static readonly SendForm Default = new();

    /// <summary>UNB 0001 and 0002 such as <c>UNOA:3</c>; ISA12 such as <c>00501</c>.</summary>
    public string? Syntax { get; init; }

    /// <summary>Character set in place of the one that the syntax names.</summary>
    public string? Charset { get; init; }

    public CharacterPolicy Characters { get; init; }

    public LineBreak LineBreak { get; init; }

    /// <summary>True to write UNA always.</summary>
    public bool Una { get; init; }

    public char Element { get; init; }

    public char Component { get; init; }

    public char Repetition { get; init; }

    public char Release { get; init; }

    public char Terminator { get; init; }

    /// <summary>Mark of decimals; EDIFACT only.</summary>
    public char Decimal { get; init; }

    /// <summary>The same for the writer.</summary>
    public WriterOptions Options(Standard standard)
    {
        var parts = Syntax?.Split(':', 2);
        var options = new WriterOptions
        {
            Standard = standard,
            SyntaxIdentifier = standard == Standard.Edifact && parts is not null ? parts[0] : "UNOC",
            SyntaxVersion = standard == Standard.Edifact ? parts?.ElementAtOrDefault(1) : Syntax,
            Charset = Charset,
            Characters = Characters,
            LineBreak = LineBreak,
            Una = Una,
        };
        return Names(Element, Component, Repetition, Release, Terminator, Decimal) ? options with { Delimiters = Separators(options.Service) } : options;
    }

    static bool Names(params ReadOnlySpan<char> written) => written.IndexOfAnyExcept('\0') >= 0;

    Delimiters Separators(Delimiters d) => d with
    {
        Element = Or(Element, d.Element),
        Component = Or(Component, d.Component),
        Repetition = Or(Repetition, d.Repetition),
        Release = Or(Release, d.Release),
        Terminator = Or(Terminator, d.Terminator),
        Decimal = Or(Decimal, d.Decimal),
    };

    static byte Or(char written, byte otherwise) => written == '\0' ? otherwise : (byte)written;

    /// <summary>Why nothing can be written so in a standard; null when it can.</summary>
    public string? Fault(Standard standard)
    {
        try
        {
            // The writer alone knows; it looks at its options when it is made.
            using var writer = new EdiWriter(Stream.Null, new Findings(), Options(standard));
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
