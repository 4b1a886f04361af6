using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <summary>What becomes of a character that the interchange's character set does not have.</summary>
public enum CharacterPolicy
{
    /// <summary>It is an error: the file must not be sent.</summary>
    Reject,

    /// <summary>It is written in characters that look or sound alike (ä as ae, ş as s, “ as "); the substitute where there are none. Told once for an interchange.</summary>
    Transliterate,

    /// <summary>The substitute is written in its place; told once for an interchange.</summary>
    Substitute,
}

/// <summary>What becomes of a delimiter in a value where no release character can protect it, as in X12.</summary>
public enum DelimiterPolicy
{
    /// <summary>It is an error: the file must not be sent.</summary>
    Reject,

    /// <summary>The substitute is written in its place; told once for an interchange.</summary>
    Substitute,
}

/// <summary>How a partner wants interchanges written. The default is EDIFACT syntax 3 in UNOC, strict in everything.</summary>
public sealed record WriterOptions
{
    /// <summary>The standard that is written.</summary>
    public Standard Standard { get; init; }

    /// <summary>UNB 0001; names the character set. Not used for X12.</summary>
    public string SyntaxIdentifier { get; init; } = "UNOC";

    /// <summary>UNB 0002 or ISA12; null = <c>3</c> or <c>00401</c>. Values repeat in EDIFACT from 4 and in X12 from 00402 on.</summary>
    public string? SyntaxVersion { get; init; }

    /// <summary>
    /// Service characters; null = those of the standard: level A for EDIFACT, <c>* : ~</c> and <c>^</c> for X12. A release character for X12
    /// needs ISA12 00704 or later, where ISX announces it.
    /// </summary>
    public Delimiters? Delimiters { get; init; }

    /// <summary>The bytes before the last one, where the terminator is a character of several UTF-8 bytes.</summary>
    public ReadOnlyMemory<byte> TerminatorLead { get; init; }

    /// <summary>The same for the component separator.</summary>
    public ReadOnlyMemory<byte> ComponentLead { get; init; }

    /// <summary>Character set agreed with the partner, such as <c>utf-8</c> or <c>windows-1252</c>; null = that of the syntax identifier, ASCII for X12.</summary>
    public string? Charset { get; init; }

    /// <summary>What becomes of characters that the character set does not have.</summary>
    public CharacterPolicy Characters { get; init; }

    /// <summary>What becomes of delimiters in values where no release character can protect them.</summary>
    public DelimiterPolicy DelimitersInValues { get; init; }

    /// <summary>Stands for what cannot be written; a character of every character set and no delimiter.</summary>
    public char Substitute { get; init; } = ' ';

    /// <summary>Written behind every segment, UNA too; not where the terminator is a line break itself.</summary>
    public LineBreak LineBreak { get; init; }

    /// <summary>True = UNA is always written; otherwise only where the service characters are not those that hold without it.</summary>
    public bool Una { get; init; }

    /// <summary>These options with all that an interchange says of its form: what a copy of it needs to come out the same.</summary>
    public WriterOptions Like(InterchangeInfo interchange)
    {
        var d = interchange.Delimiters;
        var release = interchange.Standard == Standard.Edifact ? d.Release : (byte)0;
        return this with
        {
            Standard = interchange.Standard,
            SyntaxIdentifier = interchange.SyntaxIdentifier,
            SyntaxVersion = interchange.SyntaxVersion,
            // A separator that is also the terminator never separated anything.
            Delimiters = d with { Release = release, Repetition = d.Repetition == d.Terminator ? (byte)0 : d.Repetition },
            TerminatorLead = interchange.TerminatorLead,
            ComponentLead = interchange.ComponentLead,
            Charset = interchange.Charset,
            Substitute = SubstituteBeside(d),
            LineBreak = interchange.LineBreak,
            Una = interchange.HasUna,
        };
    }

    /// <summary>The substitute, or something like it where an interchange uses it as a delimiter.</summary>
    char SubstituteBeside(Delimiters d) => new[] { Substitute, ' ', '.', '-', ',', '/', '(', ')' }.First(candidate =>
        candidate != d.Element && candidate != d.Component && candidate != d.Repetition && candidate != d.Terminator && candidate != d.Release);

    internal bool Substitutes => Characters != CharacterPolicy.Reject || DelimitersInValues != DelimiterPolicy.Reject;

    internal string Version => SyntaxVersion ?? (Standard == Standard.Edifact ? "3" : "00401");

    bool MayRepeat => Standard == Standard.Edifact ? EdifactHeader.IsFour(Version) : X12Header.HasRepetition(Version);

    internal bool Repeats => MayRepeat && Service.Repetition != 0;

    /// <summary>The service characters that are written.</summary>
    public Delimiters Service => Delimiters ?? (Standard == Standard.Edifact
        ? Default
        : new((byte)':', (byte)'*', (byte)'.', 0, MayRepeat ? (byte)'^' : (byte)0, (byte)'~'));

    /// <summary>The service characters of EDIFACT that hold without UNA.</summary>
    Delimiters Default => MayRepeat ? Parse.Delimiters.LevelA4 : Parse.Delimiters.LevelA;

    internal bool NeedsUna => Standard == Standard.Edifact && (Una || Service != Default && Service != EdifactHeader.LevelB);

    internal Charset Set => Charset is not null ? Parse.Charset.Named(Charset)
        : Standard == Standard.X12 ? Parse.Charset.Ascii
        : Parse.Charset.OfSyntax(SyntaxIdentifier)
            ?? throw new ArgumentException($"The syntax identifier '{SyntaxIdentifier}' names no character set that is known here; name it in {nameof(Charset)}.");

    /// <exception cref="ArgumentException">There is a <see cref="Fault"/>.</exception>
    internal void Check()
    {
        if (Fault() is { } fault)
            throw new ArgumentException(fault);
    }

    static bool IsOfIsa(byte shown) => shown is < 0x80 and not ((byte)'\r' or (byte)'\n');

    static bool IsName(string text) => text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Why nothing can be written so: service characters that a reader could not tell apart, a substitute that is one; or null.</summary>
    internal string? Fault()
    {
        var d = Service;
        ReadOnlySpan<byte> used = [d.Element, d.Component, d.Terminator, .. d.Release != 0 ? [d.Release] : ReadOnlySpan<byte>.Empty, .. Repeats ? [d.Repetition] : ReadOnlySpan<byte>.Empty];
        for (var i = 0; i < used.Length; i++)
            if (used[i] is 0 or (byte)' ' || Header.IsLetterOrDigit(used[i]) || used[..i].Contains(used[i]))
                return $"{Header.Show(used[i])} cannot be a service character: it is a letter, a digit, a blank, missing, or has another task as well.";
        // ISA and ISX show them before they are known.
        if (Standard == Standard.X12 && !(IsOfIsa(d.Element) && IsOfIsa(d.Release) && (!Repeats || IsOfIsa(d.Repetition))))
            return $"{Header.Show(d.Element)}, {Header.Show(d.Repetition)} or {Header.Show(d.Release)} cannot be an element separator, repetition separator or release character of X12: it is a line break or not one of ASCII.";
        // The reader takes it away only where it is one of ASCII.
        if (d.Release >= 0x80)
            return $"{Header.Show(d.Release)} cannot be the release character: it is not one of ASCII.";
        if (Standard == Standard.Edifact && !(SyntaxIdentifier.Length > 0 && IsName(SyntaxIdentifier) && IsName(Version)))
            return $"'{SyntaxIdentifier}:{Version}' names no syntax: it is read before release characters have a meaning, so there are only letters and digits in it.";
        if (Standard == Standard.X12 && d.Release != 0 && string.CompareOrdinal(Version, "00704") < 0)
            return "X12 has no release character before version 00704.";
        if (Substitutes && (!Repertoire.LevelA.Contains(Substitute) || used.Contains((byte)Substitute)))
            return $"'{Substitute}' cannot stand for other characters: it is a delimiter or not in every character set.";
        if (TerminatorLead.Length > 3 || ComponentLead.Length > 3)
            return "A delimiter has at most four bytes.";
        return Standard == Standard.X12 && !EndIsReadable() ? "The component separator and the terminator, which follow each other in ISA, would be read as other characters." : null;
    }

    /// <summary>True when the end of ISA is taken apart as it was put together: bytes beyond ASCII may be one character of UTF-8, or two.</summary>
    bool EndIsReadable()
    {
        var d = Service;
        ReadOnlySpan<byte> end = [.. ComponentLead.Span, d.Component, .. TerminatorLead.Span, d.Terminator];
        var component = ComponentLead.Length + 1;
        return X12Header.CharacterLength(end) == component && X12Header.CharacterLength(end[component..]) == end.Length - component
            && !TerminatorLead.Span.Contains(d.Component) && !ComponentLead.Span.Contains(d.Terminator);
    }
}
