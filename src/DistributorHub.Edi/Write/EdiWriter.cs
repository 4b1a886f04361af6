using System.Buffers;
using System.Buffers.Text;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <summary>
/// Writes EDIFACT and X12 interchanges, segment by segment, in memory bounded by the longest segment. Separators, release characters,
/// counts, references and trailers are its own business.
/// What cannot be written is a <see cref="Finding"/>; calls in an impossible order, and tags that are none, are exceptions.
/// After an error all is still checked, but nothing more is put out: what was put out must not be sent.
/// </summary>
public sealed partial class EdiWriter : IDisposable
{
    readonly Stream? stream;
    readonly SegmentWriter segments;
    readonly WriteFaults faults;
    readonly SegmentTags tags = new();
    WriterOptions options;
    readonly Level interchange = new(), group = new(), message = new();
    bool inSegment;
    bool owesBinary;
    int messagesOfInterchange;

    /// <summary>One open level of the envelope.</summary>
    sealed class Level
    {
        byte[] reference = new byte[64];
        int length;

        public bool Open { get; private set; }

        /// <summary>Segments of a message, messages of a group, groups of an interchange.</summary>
        public int Count { get; set; }

        public ReadOnlySpan<byte> Reference => reference.AsSpan(0, length);

        public void Begin(ReadOnlySpan<byte> utf8)
        {
            if (reference.Length < utf8.Length)
                reference = new byte[utf8.Length];
            utf8.CopyTo(reference);
            (length, Count, Open) = (utf8.Length, 0, true);
        }

        public void End() => Open = false;
    }

    /// <param name="output">Gets the bytes; closed with the writer.</param>
    /// <param name="findings">Gets what cannot be written.</param>
    /// <param name="options">How the partner wants it.</param>
    /// <exception cref="ArgumentException">Delimiters that a reader could not tell apart, or an unknown character set.</exception>
    public EdiWriter(Stream output, Findings findings, WriterOptions? options = null)
        : this(output.Write, findings, options) => stream = output;

    /// <inheritdoc cref="EdiWriter(Stream, Findings, WriterOptions)"/>
    public EdiWriter(IBufferWriter<byte> output, Findings findings, WriterOptions? options = null)
        : this(bytes => output.Write(bytes), findings, options)
    {
    }

    EdiWriter(Action<ReadOnlySpan<byte>> output, Findings findings, WriterOptions? options)
    {
        faults = new(findings);
        segments = new(output, faults);
        this.options = options ?? new();
        Configure();
    }

    /// <summary>How interchanges are written; may be changed between two of them.</summary>
    /// <exception cref="InvalidOperationException">An interchange is open.</exception>
    /// <exception cref="ArgumentException">As in the constructor.</exception>
    public WriterOptions Options
    {
        get => options;
        set
        {
            Expect(!interchange.Open, "The options cannot change while an interchange is open.");
            options = value;
            Configure();
        }
    }

    /// <summary>True once an error was found: the output is cut off there, and must not be sent.</summary>
    public bool Broken => segments.Broken;

    /// <summary>Bytes written so far, those in the buffer included.</summary>
    public long BytesWritten => segments.Written;

    bool X12 => options.Standard == Standard.X12;

    void Configure()
    {
        segments.Configure(options);
        tags.Configure(options.Standard);
    }

    /// <summary>Starts a segment of the open message, or TA1 before the first group. It is left out if no value follows.</summary>
    /// <param name="tag">Two or three capitals and digits; not that of a header or trailer.</param>
    /// <exception cref="ArgumentException">This is no tag of such a segment.</exception>
    public void Segment(ReadOnlySpan<byte> tag)
    {
        EndSegment();
        var service = tag.Length is 2 or 3 ? tags.Of(SegmentTags.Code(tag)) : Service.Invalid;
        if (service is not (Service.None or Service.Binary or Service.InterchangeAcknowledgement))
            throw new ArgumentException($"'{Encoding.UTF8.GetString(tag)}' is no tag of a segment that a message can have.", nameof(tag));
        var acknowledgement = service == Service.InterchangeAcknowledgement;
        Expect(acknowledgement ? interchange.Open && !group.Open && interchange.Count == 0 : message.Open,
            acknowledgement ? "TA1 stands before the first group." : "No message is open.");
        Begin(tag);
        owesBinary = service == Service.Binary;
    }

    /// <inheritdoc cref="Segment(ReadOnlySpan{byte})"/>
    public void Segment(string tag)
    {
        Span<byte> bytes = stackalloc byte[4];
        Segment(Encoding.UTF8.TryGetBytes(tag, bytes, out var length) ? bytes[..length] : default);
    }

    void Begin(ReadOnlySpan<byte> tag)
    {
        // Counted when it ends; its place is known before.
        faults.Segment = message.Open ? message.Count + 1 : 0;
        segments.Begin(tag);
        inSegment = true;
    }

    void EndSegment(bool keepBlank = false)
    {
        if (!inSegment)
            return;
        inSegment = false;
        if (owesBinary && faults.Positions > 0)
            faults.BinaryLength();
        owesBinary = false;
        if ((segments.End(keepBlank) || Broken) && message.Open)
            message.Count++;
    }

    /// <summary>Starts the next element of the segment; its first value follows, or none.</summary>
    public void Element()
    {
        Expect(inSegment, "No segment was started.");
        segments.Element();
    }

    /// <summary>The next element of the segment, or the first component of it. An empty value keeps its place.</summary>
    public void Element(ReadOnlySpan<byte> utf8)
    {
        Element();
        segments.Value(utf8);
    }

    /// <inheritdoc cref="Element(ReadOnlySpan{byte})"/>
    public void Element(ReadOnlySpan<char> text)
    {
        Element();
        segments.Value(text);
    }

    /// <summary>The next element as a number with the interchange's mark of decimals; its decimal places are those of the number.</summary>
    public void Element(decimal number)
    {
        Element();
        segments.Value(number);
    }

    /// <summary>The next component of the element.</summary>
    public void Component(ReadOnlySpan<byte> utf8)
    {
        BeginComponent();
        segments.Value(utf8);
    }

    /// <inheritdoc cref="Component(ReadOnlySpan{byte})"/>
    public void Component(ReadOnlySpan<char> text)
    {
        BeginComponent();
        segments.Value(text);
    }

    /// <inheritdoc cref="Component(ReadOnlySpan{byte})"/>
    public void Component(decimal number)
    {
        BeginComponent();
        segments.Value(number);
    }

    void BeginComponent()
    {
        Expect(inSegment && faults.Positions > 0, "No element was started.");
        segments.Component();
    }

    /// <summary>The next repetition of the element, or the first component of it; EDIFACT from syntax 4, X12 from 00402 on.</summary>
    public void Repetition(ReadOnlySpan<byte> utf8)
    {
        BeginRepetition();
        segments.Value(utf8);
    }

    /// <inheritdoc cref="Repetition(ReadOnlySpan{byte})"/>
    public void Repetition(ReadOnlySpan<char> text)
    {
        BeginRepetition();
        segments.Value(text);
    }

    /// <inheritdoc cref="Repetition(ReadOnlySpan{byte})"/>
    public void Repetition(decimal number)
    {
        BeginRepetition();
        segments.Value(number);
    }

    void BeginRepetition()
    {
        Expect(inSegment && faults.Positions > 0, "No element was started.");
        segments.Repetition();
    }

    /// <summary>The last two elements of BIN or BDS: the number of bytes, and the bytes as they are.</summary>
    public void Binary(ReadOnlySpan<byte> raw)
    {
        Span<byte> number = stackalloc byte[NumberBytes];
        Binary(Number(raw.Length, number), raw);
    }

    void Binary(ReadOnlySpan<byte> length, ReadOnlySpan<byte> raw)
    {
        Expect(inSegment && owesBinary, "Only BIN and BDS have binary elements, and each has one.");
        owesBinary = false;
        faults.IsBinary = true;
        if (raw.Length > Limits.BinaryBytesMax)
        {
            faults.Beyond($"{raw.Length} bytes", Limits.BinaryBytesMax);
            return;
        }
        Element(length);
        segments.Element();
        segments.Separate();
        segments.Raw(raw);
    }

    /// <summary>Puts out what is still in the buffer.</summary>
    public void Flush()
    {
        EndSegment();
        segments.Flush();
    }

    /// <summary>Puts out what is still in the buffer and closes the stream. What was not ended stays without its trailer.</summary>
    public void Dispose()
    {
        Flush();
        stream?.Dispose();
    }

    static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }

    static ReadOnlySpan<byte> Number(int number, Span<byte> to, int width = 0)
    {
        Utf8Formatter.TryFormat(number, to, out var length, new StandardFormat('D', (byte)width));
        return to[..length];
    }
}
