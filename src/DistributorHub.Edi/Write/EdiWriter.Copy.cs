using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <content>Events of a reader, written again.</content>
public sealed partial class EdiWriter
{
    static ReadOnlySpan<byte> IsaWidths => [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1];

    /// <summary>
    /// Writes all that follows in a file: values as they are, in the form of each interchange or in another one. Trailers are made
    /// anew: counts and references become right, missing trailers come. What the reader does not hand on is not copied: what its findings
    /// call skipped.
    /// </summary>
    /// <param name="reader">Goes to the end of its file.</param>
    /// <param name="choose">How to write an interchange; null = in its own form, see <see cref="WriterOptions.Like"/>. Standard and syntax version stay as they are in any case.</param>
    public void CopyAll(EdiReader reader, Func<InterchangeInfo, WriterOptions>? choose = null)
    {
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.InterchangeStart)
            {
                var own = options.Like(reader.Interchange!);
                var chosen = choose is null ? own : choose(reader.Interchange!) with { Standard = own.Standard, SyntaxVersion = own.SyntaxVersion };
                if (reader.Segment.IsEmpty || chosen.Fault() is not null)
                {
                    BeginUnwritable(chosen.Fault());
                    continue;
                }
                Options = chosen;
            }
            Copy(reader);
        }
    }

    /// <summary>Writes the reader's current event. The standard and the syntax version have to be the writer's.</summary>
    /// <exception cref="InvalidOperationException">The interchange is of another standard or syntax version.</exception>
    public void Copy(EdiReader reader)
    {
        switch (reader.Event)
        {
            case EdiEvent.Segment:
                CopyOne(reader.Segment);
                break;
            case EdiEvent.InterchangeStart:
                CopyInterchange(reader);
                break;
            case EdiEvent.InterchangeAcknowledgement:
                EndSegment();
                CopySegment(reader.Segment);
                break;
            case EdiEvent.GroupStart:
                StartGroup();
                group.Begin(reader.Segment.Value(X12 ? 6 : 5));
                CopyHeader(reader.Segment);
                break;
            case EdiEvent.MessageStart:
                StartMessage();
                message.Begin(reader.Segment.Value(X12 ? 2 : 1));
                CopyHeader(reader.Segment);
                break;
            case EdiEvent.MessageEnd:
                EndMessage();
                break;
            case EdiEvent.GroupEnd:
                EndGroup();
                break;
            case EdiEvent.InterchangeEnd:
                EndInterchange();
                break;
        }
    }

    void CopyInterchange(EdiReader reader)
    {
        var info = reader.Interchange!;
        var segment = reader.Segment;
        if (segment.IsEmpty)
        {
            BeginUnwritable(fault: null);
            return;
        }
        Expect(info.Standard == options.Standard && info.SyntaxVersion == options.Version,
            $"An interchange of {info.Standard} {info.SyntaxVersion} cannot be copied to one of {options.Standard} {options.Version}.");
        StartInterchange();
        segments.ConfigureCopyFrom(info);
        if (X12)
        {
            CopyIsa(segment);
            return;
        }
        UnaIfNeeded();
        interchange.Begin(segment.Value(5));
        Begin(segment.Tag);
        // The syntax is read before release characters have a meaning, so it is not taken from the values.
        Element(options.SyntaxIdentifier);
        Component(options.Version);
        ReadOnlySpan<int> next = [segment.Find(1, 3, 1), segment.Find(1, 1, 2), segment.Find(2, 1, 1), segment.Marks.Length];
        CopyValues(segment, next[next.IndexOfAnyInRange(1, int.MaxValue)]);
        EndSegment();
    }

    /// <summary>An interchange that came without header, or whose form cannot be written: nothing is put out from here on.</summary>
    void BeginUnwritable(string? fault)
    {
        StartInterchange();
        interchange.Begin(default);
        segments.Begin(default);
        faults.NotCopied(fault);
        segments.End();
    }

    void CopyOne(Segment segment)
    {
        EndSegment();
        if (segment.Text is [(byte)'U' or (byte)'I', ..] && IsInterchangeHeader(segment))
            CopyInnerHeader(segment);
        else if (!IsBinary(segment) && segments.CopyWhole(segment))
            message.Count++;
        else
            CopySegment(segment);
    }

    bool IsInterchangeHeader(Segment segment) => segment.Tag.Length == 3 && tags.Of(SegmentTags.Code(segment.Tag)) == Service.InterchangeHeader;

    /// <summary>UNB or ISA in a message, torn so that the reader took it for no header: written again, it would be one.</summary>
    void CopyInnerHeader(Segment segment)
    {
        Begin(segment.Tag);
        faults.NotCopied($"{Encoding.ASCII.GetString(segment.Tag)} stands within a message.");
        EndSegment();
    }

    void CopyHeader(Segment segment)
    {
        Begin(segment.Tag);
        CopyValues(segment);
        EndSegment(keepBlank: true);
    }

    void CopyIsa(Segment segment)
    {
        Begin("ISA"u8);
        for (var element = 1; element <= IsaWidths.Length; element++)
        {
            var value = segment.Value(element);
            if (element == 11)
                ShowRepetition(options.Repeats ? options.Service.Repetition : value is [var shown] && shown < 0x80 ? shown : (byte)'U');
            else if (element == 13)
                ControlNumber(value.Trim((byte)' '));
            else
                segments.Fixed(value.TrimEnd((byte)' '), IsaWidths[element - 1]);
        }
        EndIsa();
    }

    void CopySegment(Segment segment)
    {
        Begin(segment.Tag);
        owesBinary = IsBinary(segment);
        if (owesBinary && BinaryOf(segment) is >= 0 and var from)
        {
            if (segment.Tag[1] == (byte)'D')
                Element(segment.Value(1));
            // As it stands there: it may have leading zeros.
            Binary(segment.Value(segment.Tag[1] == (byte)'D' ? 2 : 1), segment.Text[from..]);
        }
        else
        {
            CopyValues(segment);
        }
        EndSegment(keepBlank: true);
    }

    bool IsBinary(Segment segment) =>
        X12 && segment.Text is [(byte)'B', ..] && (segment.Tag.SequenceEqual("BIN"u8) || segment.Tag.SequenceEqual("BDS"u8));

    /// <summary>Where the raw bytes of BIN or BDS start; -1 when its length is wrong and it was read as text.</summary>
    static int BinaryOf(Segment segment)
    {
        var element = segment.Tag[1] == (byte)'D' ? 2 : 1;
        var mark = segment.Find(element, 1, 1);
        if (mark < 0 || mark != segment.Marks.Length - 2)
            return -1;
        var from = segment.Marks[mark].End + 1;
        var digits = segment.Value(element);
        // The base library's parser lets NULs pass.
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length == segment.Text.Length - from ? from : -1;
    }

    /// <param name="from">Index of the mark that ends the first value to copy.</param>
    void CopyValues(Segment segment, int from = 1)
    {
        var text = segment.Text;
        var marks = segment.Marks;
        for (var i = from; i < marks.Length; i++)
        {
            switch (marks[i - 1].Kind)
            {
                case MarkKind.Element:
                    segments.Element();
                    break;
                case MarkKind.Component:
                    segments.Component();
                    break;
                default:
                    segments.Repetition();
                    break;
            }
            segments.Value(text[(marks[i - 1].End + 1)..marks[i].End]);
        }
    }
}
