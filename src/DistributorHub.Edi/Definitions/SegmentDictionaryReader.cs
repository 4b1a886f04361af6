namespace DistributorHub.Edi.Definitions;

/// <summary>
/// Reads a directory's segments from compact text: one segment a line, longer ones continued on indented lines.
/// <code>
/// segments D.96A
/// DTM  C507!{2005! an..3, 2380 an..35, 2379 an..3}  ~C507.2005=moment(C507.2380,C507.2379)
/// PIA  4347! an..3  C212!x5{7140 an..35, 7143 an..3, …}  ~4347  C212~7143=7140
/// PO1  01:350 an..20  02:330 R..15  …  ID=pairs(06..25: 235 id2, 234 an..48)
/// HL   01:628! an..12  02:734 an..12  03:735! id..2  ~03 tree(id 01, parent 02, level 03)
/// </code>
/// An element is its id, <c>!</c> when mandatory (of repeats, the first), <c>x5</c> when it stands five times in a row, then type and length as the
/// standards write them: <c>an..35</c> at most 35, <c>an3</c> exactly 3, <c>an2..30</c> from 2 to 30; <c>N2:..15</c> has two implied decimals.
/// <c>*5</c> is five times at one position, with the repetition separator of syntax 4 only.
/// X12 elements begin with their position, and <c>P0304</c>, <c>R0203</c>, <c>E…</c>, <c>C…</c>, <c>L…</c> are its conditions.
/// <c>~q=v</c> names the qualifier and the value of the segment, <c>C212~q=v</c> those of a composite. These notes may also stand apart
/// (<see cref="DefinitionNotes"/>); they are then as if written at the end of the segment.
/// </summary>
static class SegmentDictionaryReader
{
    /// <exception cref="DefinitionTextException">The text is not a segment dictionary.</exception>
    public static SegmentDictionary Read(string text, string source, DefinitionNotes? notes = null, CodeLists? codes = null)
    {
        var dictionary = Index(text, source, notes ?? DefinitionNotes.None, codes ?? CodeLists.None);
        _ = dictionary.All;
        return dictionary;
    }

    /// <summary>The dictionary, each of whose segments is read when it is first asked for.</summary>
    /// <exception cref="DefinitionTextException">The text is not a segment dictionary; faults of a segment come when it is read.</exception>
    internal static SegmentDictionary Index(string text, string source, DefinitionNotes notes, CodeLists codes)
    {
        var lines = DefinitionLines.Of(text);
        if (lines.Count == 0 || !lines[0].Text.StartsWith("segments ", StringComparison.Ordinal))
            throw new DefinitionTextException(source, 1, "Expected \"segments RELEASE\" on the first line.");
        var segments = new Dictionary<string, Lazy<SegmentDefinition>>(lines.Count, StringComparer.Ordinal);
        foreach (var (number, _, all) in DefinitionLines.Entries(lines))
        {
            var tag = all.Split(' ', 2)[0];
            if (!segments.TryAdd(tag, new(() => Segment(all, tag, source, number, notes))))
                throw new DefinitionTextException(source, number, $"Segment {tag} stands here a second time.");
        }
        foreach (var tag in notes.Segments)
            segments.TryAdd(tag, new(() => Segment(notes.Segment(tag), tag, "notes", 1, notes)));
        return new SegmentDictionary(segments, codes);
    }

    /// <summary>The segment with the first of its notes that fits its elements; without one when none does.</summary>
    static SegmentDefinition Segment(string text, string tag, string source, int line, DefinitionNotes notes)
    {
        foreach (var note in notes.Of(tag))
        {
            var reading = new SegmentText(text, note, source, line);
            var read = reading.Read();
            if (reading.NoteFits)
                return read;
        }
        return new SegmentText(text, "", source, line).Read();
    }
}
