using System.Globalization;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Fuzz;

/// <summary>One pass over an input as the product makes it: read, check, answer. All that it saw becomes two numbers.</summary>
sealed class Pass
{
    readonly ReadOnlyMemory<byte> input;
    readonly Setting setting;
    readonly StringBuilder? text;
    readonly AcknowledgementBuilder? answering;
    readonly EventOrder? order;
    readonly SimpleReader? simple;
    MessageValidator? validator;
    Digest read, judged;
    bool judging, follows;

    /// <param name="input">The bytes.</param>
    /// <param name="setting">What to read them with.</param>
    /// <param name="whole">True = messages are validated and answered; false = the input is only read.</param>
    /// <param name="simple">What holds of every file is checked, and this reader compared with; null = not.</param>
    /// <param name="text">Gets all that was seen, or null.</param>
    public Pass(ReadOnlyMemory<byte> input, Setting setting, bool whole, SimpleReader? simple = null, StringBuilder? text = null)
    {
        (this.input, this.setting, this.simple, this.text) = (input, setting, simple, text);
        if (whole)
            answering = new(AnswerCheck.Options(setting.Answers));
        if (simple is not null)
            order = new(input.Length);
        Findings.Added = Found;
    }

    public Findings Findings { get; } = new();

    public IReadOnlyList<Acknowledgement> Answers { get; private set; } = [];

    /// <summary>The first thing that does not hold, or null.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Stands for the events, and for the findings of the reader.</summary>
    public ulong Read => read.Value;

    /// <summary>Stands for the places of segments in their definitions, and for the findings of the validator.</summary>
    public ulong Judged => judged.Value;

    public Pass Run(Shape shape)
    {
        using var reader = new EdiReader(new InputStream(input, shape.Chunk), Findings, setting.Reader, shape.Buffer, shape.Window, shape.Single);
        while (reader.Read())
        {
            Look(reader);
            if (order is not null)
                Trouble ??= order.Check(reader) ?? Compare(reader);
            if (answering is not null)
                Judge(reader, answering);
        }
        if (order is not null)
            Trouble ??= order.End();
        text?.Append(CultureInfo.InvariantCulture, $"{Findings.Count} findings");
        // How far ahead the reader was when it gave up is its own affair.
        if (!Findings.Fatal && reader.BytesRead != input.Length)
            Trouble ??= $"{reader.BytesRead} of {input.Length} bytes were read";
        if (answering is not null)
            Answers = answering.End();
        return this;
    }

    void Found(Finding finding)
    {
        answering?.Add(finding);
        if (order is not null)
            Trouble ??= FindingForm.Trouble(finding, input.Length);
        Add(ref judging ? ref judged : ref read, finding);
        text?.Append("  ").Append(finding.Code).Append(' ').Append(finding.Severity).Append(' ').Append(finding.At).Append(' ').Append(finding.Message)
            .Append(" Found ").Append(finding.Found).Append(", expected ").Append(finding.Expected).Append(". ").Append(finding.Acknowledgement).AppendLine();
    }

    static void Add(ref Digest digest, Finding finding)
    {
        digest.Add(finding.Code);
        digest.Add(finding.At.Offset);
        digest.Add(finding.At.Segment << 16 | finding.At.Element << 8 | finding.At.Component);
        digest.Add(finding.At.Message);
        digest.Add(finding.Message);
        digest.Add(finding.Found);
        digest.Add(finding.Acknowledgement);
    }

    void Look(EdiReader reader)
    {
        var segment = reader.Segment;
        var at = reader.Position;
        read.Add((int)reader.Event);
        read.Add(at.Offset);
        read.Add(at.Message << 20 | at.Segment);
        read.Add(segment.Text);
        var marks = segment.Marks;
        for (var i = 0; i < marks.Length; i++)
            read.Add(marks[i].GetHashCode());
        var beforeLast = marks.Length > 1 ? reader.OffsetOf(marks[^2].End) : 0;
        read.Add(beforeLast);
        if (reader.Event == EdiEvent.MessageEnd)
            read.Add(reader.Message!.Segments);
        if (reader.Event == EdiEvent.InterchangeEnd)
            read.Add(reader.Interchange!.Segments << 16 | reader.Interchange.Messages);
        if (text is not null)
            Write(text, reader, beforeLast);
    }

    static void Write(StringBuilder text, EdiReader reader, long beforeLast)
    {
        text.Append(reader.Event).Append(' ').Append(reader.Position).Append(" | ");
        if (reader.Event == EdiEvent.InterchangeStart)
            text.Append(CultureInfo.InvariantCulture, $"{reader.Interchange!.Standard} {reader.Interchange.Delimiters} {reader.Interchange.Charset} | ");
        text.Append(Encoding.Latin1.GetString(reader.Segment.Text)).Append(" |");
        foreach (var mark in reader.Segment.Marks.ToArray())
            text.Append(CultureInfo.InvariantCulture, $" {mark.End}{mark.Kind.ToString()[0]}");
        text.Append(CultureInfo.InvariantCulture, $" last at {beforeLast}, {reader.Message?.Segments} {reader.Interchange?.Segments} {reader.Interchange?.Messages}").AppendLine();
    }

    /// <summary>Compares the event with the simple reader's segment.</summary>
    string? Compare(EdiReader reader)
    {
        if (reader.Event == EdiEvent.InterchangeStart)
        {
            simple!.Begin(input, reader);
            // A release character that ISX announces in the middle is not followed.
            follows = reader.Interchange!.Standard == Standard.Edifact || string.CompareOrdinal(reader.Interchange.SyntaxVersion, "00704") < 0;
        }
        if (!follows || Findings.Fatal)
            return null;
        if (!reader.Segment.IsEmpty && simple!.Expect(reader) is { } difference)
            return difference;
        if (reader.Event != EdiEvent.InterchangeEnd)
            return null;
        // Without a trailer it ends before the header that came instead, or with the file.
        var counted = simple!.CountTo(reader.Position.Offset + (reader.Segment.IsEmpty ? 0 : 1));
        var found = reader.Interchange!.Segments;
        return counted == found || reader.Segment.IsEmpty && simple.CountTo(input.Length) == found ? null
            : $"{found} segments up to {reader.Position.Offset}, a simple reader has {counted}";
    }

    void Judge(EdiReader reader, AcknowledgementBuilder answering)
    {
        judging = true;
        Check(reader, answering);
        answering.Accept(reader);
        if (reader.Event == EdiEvent.MessageEnd && setting.Answers == AnswerCheck.Business)
            answering.Refuse(AnswerCheck.Refusal(reader));
        judging = false;
    }

    void Check(EdiReader reader, AcknowledgementBuilder answering)
    {
        switch (reader.Event)
        {
            case EdiEvent.InterchangeAcknowledgement:
                MessageValidator.CheckAcknowledgement(reader, Findings);
                break;
            case EdiEvent.MessageStart:
                var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!);
                if (definition is null)
                    Findings.Add(MessageValidator.Unsupported(reader, reader.Message!, DefinitionLibrary.Embedded));
                validator = MessageValidator.Next(validator, definition, Findings, setting.Guided ? Guides.For(definition) : null);
                validator?.Start(reader);
                break;
            case EdiEvent.Segment when validator is not null:
                var node = validator.Accept(reader);
                judged.Add(node);
                text?.Append(CultureInfo.InvariantCulture, $"  node {node}").AppendLine();
                break;
            case EdiEvent.MessageEnd:
                validator?.End(reader);
                answering.Identify(AnswerCheck.Number(reader));
                break;
        }
    }
}
