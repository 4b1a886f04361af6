using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// Documents of an XML file, each with its header and its records one at a time: what is held is one record. Nothing outside of the file is read: a DTD is
/// skipped, entities are not resolved.
/// </summary>
sealed partial class XmlRecords : RecordReader
{
    const int DepthMax = 64;
    const int UnnamedMax = 1_000;

    // What the parser may read for one piece of markup or text that nobody asked for.
    const int PieceMax = Limits.UnitBytesMax;

    readonly XmlFormat format;
    readonly Findings findings;
    readonly SourceText source;
    readonly XmlReader xml;
    readonly SegmentText segment = new('|');
    readonly Stack<Element> open = new();
    readonly Queue<Instance> ready = new();
    readonly char[] buffer = new char[1024];
    readonly HashSet<(string Path, string Name)> unnamed = [];
    Instance? header, record;
    int documents, segments, held;
    bool headerGiven, documentOver, over;

    /// <summary>An element that is open, and what the map looks for in it.</summary>
    sealed record Element(List<XmlStep> Steps, Instance? Group, bool IsDocument)
    {
        /// <summary>Its own text, when a value is made of it.</summary>
        public StringBuilder? Text { get; init; }

        public long TextAt { get; set; } = -1;

        public long TextEnd { get; set; }
    }

    /// <summary>Values that stand together.</summary>
    sealed class Instance(string tag, int node, int width, long at, Instance? around)
    {
        public string Tag => tag;

        public int Node => node;

        /// <summary>The file's character it starts at.</summary>
        public long At => at;

        public Instance? Around => around;

        public List<(string Text, long At, long End)>?[] Values { get; } = new List<(string, long, long)>?[width];

        public List<Instance> Groups { get; } = [];
    }

    public XmlRecords(XmlFormat format, Stream input, string sender, Findings findings)
        : base(format.Envelope(sender))
    {
        (this.format, this.findings) = (format, findings);
        source = new(input, format.Charset, Declared);
        xml = XmlReader.Create(source, new()
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });
        open.Push(new([format.Root], null, IsDocument: false));
    }

    [GeneratedRegex("^<\\?xml[^>]*encoding\\s*=\\s*[\"'](?<name>[A-Za-z0-9._-]+)[\"']", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();

    static Encoding Declared(ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start[..Math.Min(start.Length, 256)]).TrimStart('ï', '»', '¿');
        return (Declaration().Match(text) is { Success: true } match ? SourceText.Find(match.Groups["name"].Value) : null) ?? Encoding.UTF8;
    }

    public override IReadOnlyCollection<string> Unnamed =>
        [.. unnamed.Select(element => $"{element.Path}/{element.Name}".TrimStart('/')).Order(StringComparer.Ordinal)];

    public override Segment Segment => Event == RecordEvent.Segment ? segment.Segment : default;

    public override long OffsetOf(int textIndex) => source.OffsetOf(segment.CharacterAt(textIndex));

    public override bool Read()
    {
        if (Event == RecordEvent.DocumentEnd)
            Document = null;
        try
        {
            while (!over)
            {
                if (ready.TryDequeue(out var instance))
                    return Give(instance);
                if (documentOver)
                    return End();
                source.Budget = PieceMax;
                source.Forget(record?.At ?? (headerGiven || Document is null ? Here() : header!.At));
                if (!xml.Read())
                {
                    over = true;
                    break;
                }
                if (Take())
                    return true;
            }
        }
        catch (XmlException e)
        {
            Fail(FormatCodes.NotWellFormed, CharacterAt(e.LineNumber, e.LinePosition),
                $"The file is not well-formed XML: {PlaceInMessage().Replace(e.Message, "").TrimEnd('.')}.", "The file was cut off or is damaged: ask the partner to send it again.");
        }
        catch (SourceTooLongException)
        {
            TooLong();
        }
        over = true;
        if (documents == 0 && !findings.Fatal)
            Fail(FormatCodes.Empty, 0, "The file holds no document of this map.", "Ask the partner what it was meant to be, or correct each: in the map.", null, format.Each);
        Event = RecordEvent.None;
        return false;
    }

    [GeneratedRegex(" Line \\d+, position \\d+\\.$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlaceInMessage();

    /// <summary>Takes what the parser stands at; true when a document starts.</summary>
    bool Take()
    {
        switch (xml.NodeType)
        {
            case XmlNodeType.Element:
                return Open();
            case XmlNodeType.EndElement:
                Close();
                return false;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                AddText();
                return false;
            default:
                return false;
        }
    }

    bool Open()
    {
        if (xml.Depth > DepthMax)
        {
            Fail(FormatCodes.TooDeep, Here(), string.Create(CultureInfo.InvariantCulture, $"Elements are nested more than {DepthMax} deep."), "This is no file of this partner's kind: ask them.");
            over = true;
            return false;
        }
        var parent = open.Peek();
        var at = Here();
        var steps = new List<XmlStep>();
        var group = parent.Group;
        var isDocument = false;
        foreach (var step in parent.Steps.SelectMany(step => step.Steps).Where(Holds))
        {
            steps.Add(step);
            isDocument |= step.IsDocument && Document is null;
            if (step.Group is var (tag, node))
                group = Begin(tag, node, at, parent.Group);
        }
        if (isDocument)
            Start(at);
        // Of what is not named, the outermost tells enough.
        if (steps.Count == 0 && parent.Steps.Count > 0 && unnamed.Count < UnnamedMax)
            unnamed.Add((parent.Steps[0].Path, xml.LocalName));
        group ??= isDocument ? header : null;
        var isEmpty = xml.IsEmptyElement;
        TakeAttributes(steps, group, at);
        open.Push(new(steps, group, isDocument) { Text = steps.Exists(step => step.Text.Count > 0) ? new() : null });
        if (isEmpty)
            Close();
        return isDocument;
    }

    bool Holds(XmlStep step) => step.Name == xml.LocalName && (step.Attribute is null || step.Values.Contains(xml.GetAttribute(step.Attribute)));

    void Start(long at)
    {
        documents++;
        StatedNumber = null;
        (segments, headerGiven, documentOver, held) = (1, false, false, 0);
        Position = new(source.OffsetOf(at), Interchange: 1, Message: documents, Segment: 1);
        Document = new() { Ordinal = documents, Type = format.Message.Type, Offset = Position.Offset };
        header = new(FieldGroup.Header, 1, format.Widths.GetValueOrDefault(FieldGroup.Header), at, null);
        Event = RecordEvent.DocumentStart;
    }

    Instance Begin(string tag, int node, long at, Instance? around)
    {
        // The header is whole when the first record begins.
        if (tag == FieldGroup.Record)
        {
            GiveHeader();
            held = 0;
        }
        var instance = new Instance(tag, node, format.Widths[tag], at, around);
        if (tag == FieldGroup.Record)
            record = instance;
        else
            around?.Groups.Add(instance);
        return instance;
    }

    void TakeAttributes(List<XmlStep> steps, Instance? group, long at)
    {
        foreach (var (attribute, field) in steps.SelectMany(step => step.Attributes))
        {
            if (!xml.MoveToAttribute(attribute))
                continue;
            // The name, '=' and a quote stand before the value.
            var start = Here() + xml.Name.Length + 2;
            Store(group, field, xml.Value, start, start + xml.Value.Length, at);
        }
        xml.MoveToElement();
    }

    void AddText()
    {
        var element = open.Peek();
        if (element.Text is not { } text)
            return;
        if (element.TextAt < 0)
            element.TextAt = CharacterAt(Info.LineNumber, Info.LinePosition);
        for (int count; (count = xml.ReadValueChunk(buffer, 0, buffer.Length)) > 0;)
        {
            text.Append(buffer, 0, count);
            if (text.Length > Limits.SegmentBytesMax)
                throw new SourceTooLongException();
        }
        element.TextEnd = element.TextAt + text.Length;
    }

    void Close()
    {
        var element = open.Pop();
        if (element.Text is { Length: > 0 } text)
            foreach (var field in element.Steps.SelectMany(step => step.Text))
                Store(element.Group, field, text.ToString(), element.TextAt, element.TextEnd, element.TextAt);
        // The record's own element, and no other one in it.
        if (record is not null && element.Group == record && open.Peek().Group != record)
        {
            Ready(record);
            record = null;
        }
        if (!element.IsDocument)
            return;
        GiveHeader();
        documentOver = true;
    }

    void Ready(Instance instance)
    {
        ready.Enqueue(instance);
        foreach (var inner in instance.Groups)
            Ready(inner);
    }

    void GiveHeader()
    {
        if (!headerGiven && header!.Values.Length > 0)
            ready.Enqueue(header);
        headerGiven = true;
    }

    void Store(Instance? group, FileField field, string text, long at, long end, long element)
    {
        var isOfHeader = field.Group is [FieldGroup.Header];
        var instance = isOfHeader ? header : group;
        while (instance is not null && instance.Tag != field.Group[^1])
            instance = instance.Around;
        var value = text.AsSpan().Trim();
        if (instance is null || value.IsEmpty)
            return;
        if (value.Contains(SourceText.Invalid))
        {
            Fail(FormatCodes.Charset, element, $"A value holds bytes that are no characters of {source.Charset}.", "Ask the partner to declare the character set the file is written in, or write charset: under from: in the map.", value.ToString());
            over = true;
            return;
        }
        if (isOfHeader && headerGiven)
        {
            findings.Add(new()
            {
                Code = FormatCodes.HeaderLate,
                Severity = Severity.Error,
                At = Place(element),
                Tag = FieldGroup.Header,
                Found = Brief.Of(value),
                Message = $"{field.Name} is a value of the document, and stands behind its first record, which is read already.",
                Advice = "Ask the partner to write it before the records; if each record has its own, move it to the record in the map.",
            });
            return;
        }
        if (format.ThousandsMark != '\0' && field.IsNumber)
            value = NumberMarks.WithoutThousands(value, format.ThousandsMark, format.DecimalMark);
        if (isOfHeader && field.Name == format.Number)
            StatedNumber = value.ToString();
        held += value.Length;
        if (held > Limits.UnitBytesMax)
            throw new SourceTooLongException();
        (instance.Values[field.Definition.Position - 1] ??= []).Add((value.ToString(), at, end));
    }

    bool Give(Instance instance)
    {
        segment.Start(instance.Tag, instance.At);
        foreach (var values in instance.Values)
        {
            if (values is null)
                segment.Add(default, instance.At, instance.At);
            else
                for (var i = 0; i < values.Count; i++)
                    segment.Add(values[i].Text, values[i].At, values[i].End, i == 0 ? MarkKind.Element : MarkKind.Repetition);
        }
        segment.Finish();
        Node = instance.Node;
        Position = Place(instance.At) with { Segment = ++segments };
        if (instance.Tag == FieldGroup.Record)
            Document!.Segments++;
        Event = RecordEvent.Segment;
        return true;
    }

    bool End()
    {
        documentOver = false;
        Event = RecordEvent.DocumentEnd;
        return true;
    }

    IXmlLineInfo Info => (IXmlLineInfo)xml;

    long CharacterAt(int line, int column) => line < 1 ? 0 : source.StartOf(line) + column - 1;

    // An element's place is that of its name.
    long Here() => CharacterAt(Info.LineNumber, Info.LinePosition) - (xml.NodeType == XmlNodeType.Element ? 1 : 0);

    Position Place(long character) => new(source.OffsetOf(character), Interchange: 1, Message: Document is null ? 0 : documents, Segment: segments);

    void TooLong() => Fail(FormatCodes.TooLong, CharacterAt(Info.LineNumber, Info.LinePosition),
        string.Create(CultureInfo.InvariantCulture, $"A value is longer than {Limits.SegmentBytesMax} characters, or a record than {Limits.UnitBytesMax}."), "This is no file of this partner's kind: ask them.");

    void Fail(string code, long character, string message, string advice, string? found = null, string? expected = null) =>
        findings.Add(new() { Code = code, Severity = Severity.Fatal, At = Place(character) with { Segment = 0 }, Found = found is null ? null : Brief.Of(found), Expected = expected, Message = message, Advice = advice });

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        xml.Dispose();
        source.Dispose();
    }
}
