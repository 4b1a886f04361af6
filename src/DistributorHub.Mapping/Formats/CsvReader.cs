using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// Documents of a file of records: the whole file, or for each value of the key the records that stand together. A file with a key is looked through before
/// the first document, so that none is begun whose rest stands somewhere else or cannot be read.
/// </summary>
sealed class CsvReader : RecordReader
{
    readonly CsvFormat format;
    readonly Findings findings;
    readonly CsvRecords records;
    readonly Func<Stream> open;
    readonly SegmentText segment;
    readonly int[] header, inRecord, key;
    readonly string[] headerValues;
    readonly bool[] told;
    bool begun, over, hasRecord, headerDue;
    int documents;

    public CsvReader(CsvFormat format, Func<Stream> open, string sender, Findings findings)
        : base(format.Envelope(sender))
    {
        (this.format, this.open, this.findings) = (format, open, findings);
        records = new(format, open(), findings);
        segment = new(records.Delimiter);
        header = Columns(column => column.InHeader);
        inRecord = Columns(column => !column.InHeader);
        key = Columns(format.Key.Contains);
        headerValues = new string[header.Length];
        told = new bool[header.Length];
    }

    int[] Columns(Func<CsvColumn, bool> which) => [.. Enumerable.Range(0, format.Columns.Count).Where(c => which(format.Columns[c]))];

    public override IReadOnlyCollection<string> Unnamed => records.Unnamed;

    public override Segment Segment => Event == RecordEvent.Segment ? segment.Segment : default;

    public override long OffsetOf(int textIndex) => records.Source.OffsetOf(segment.CharacterAt(textIndex));

    public override bool Read()
    {
        if (!begun && !Begin())
            over = true;
        if (over)
            return Stop();
        if (Event == RecordEvent.DocumentEnd)
            Document = null;
        if (!hasRecord && !records.Next())
        {
            over = true;
            CheckLineEnd();
            return Document is not null && !findings.Fatal ? End() : Stop();
        }
        hasRecord = true;
        if (Document is null)
            return Start();
        if (headerDue)
            return Header();
        return IsOfDocument() ? Record() : End();
    }

    bool Begin()
    {
        begun = true;
        if (key.Length > 0 && !LookThrough())
            return false;
        if (!records.Begin())
            return false;
        hasRecord = records.Next();
        if (hasRecord || findings.Fatal)
            return hasRecord;
        findings.Add(new() { Code = FormatCodes.Empty, Severity = Severity.Fatal, At = new(0, Interchange: 1), Message = "The file holds headers and no record.", Advice = "Ask the partner what it was meant to be." });
        return false;
    }

    /// <summary>Finds what is wrong anywhere in the file; false after a finding.</summary>
    bool LookThrough()
    {
        using var all = new CsvRecords(format, open(), findings);
        if (!all.Begin())
            return false;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? current = null;
        while (all.Next())
        {
            var number = Number(all);
            if (number == current)
                continue;
            current = number;
            if (seen.Count >= Limits.ReferencesMax)
                return Fail(FormatCodes.TooLong, all.Position, string.Create(CultureInfo.InvariantCulture, $"The file holds more than {Limits.ReferencesMax} documents."), "Ask the partner to send smaller files.");
            if (!seen.Add(number))
                return Fail(FormatCodes.Scattered, all.Position, $"Records of {number} stand here again, behind those of other documents.",
                    "Ask the partner to sort the file by the columns that name the document.", number);
        }
        return !findings.Fatal;
    }

    string Number(CsvRecords of)
    {
        if (key.Length == 1)
            return of.Value(key[0]).ToString();
        var parts = new string[key.Length];
        for (var k = 0; k < key.Length; k++)
            parts[k] = of.Value(key[k]).ToString();
        return string.Join('/', parts);
    }

    // Some systems leave it out; where they do not, the value in the last field may be half of one.
    void CheckLineEnd()
    {
        if (!findings.Fatal && Document is not null && !records.Source.EndsLine)
            findings.Add(new()
            {
                Code = FormatCodes.LineEndMissing,
                Severity = Severity.Warning,
                At = records.Position with { Message = documents },
                Tag = FieldGroup.Record,
                Message = "The last record has no line end: if the partner's files have one, this one was cut off in its last field.",
                Advice = "Compare the last record with the partner's file.",
            });
    }

    bool Start()
    {
        documents++;
        StatedNumber = key.Length > 0 ? Number(records) : null;
        Position = records.Position with { Message = documents };
        Document = new() { Ordinal = documents, Type = format.Message.Type, Reference = StatedNumber ?? "", Offset = Position.Offset };
        headerDue = header.Length > 0;
        for (var h = 0; h < header.Length; h++)
            headerValues[h] = records.Value(header[h]).ToString();
        told.AsSpan().Clear();
        return Stand(RecordEvent.DocumentStart);
    }

    bool Header()
    {
        headerDue = false;
        Node = 1;
        return Fill(FieldGroup.Header, header);
    }

    bool Record()
    {
        for (var h = 0; h < header.Length; h++)
            Compare(h);
        Document!.Segments++;
        hasRecord = false;
        Node = format.Message.Detail + 1;
        return Fill(FieldGroup.Record, inRecord);
    }

    // Systems that write the header's values into the first record only mean the same.
    void Compare(int h)
    {
        var value = records.Value(header[h]);
        if (told[h] || value.IsEmpty || value.SequenceEqual(headerValues[h]))
            return;
        told[h] = true;
        var column = format.Columns[header[h]];
        findings.Add(new()
        {
            Code = FormatCodes.HeaderDiffers,
            Severity = Severity.Error,
            At = records.Position with { Message = documents },
            Tag = FieldGroup.Record,
            Found = value.ToString(),
            Expected = $"'{headerValues[h]}', as in the first record of the document",
            Message = $"'{column.Headers[0]}' is one value for the whole document, and here it is another.",
            Advice = $"Ask the partner which is right; if it may differ from record to record, take {column.Field.Name} out of header: in the map.",
        });
    }

    bool Fill(string tag, int[] columns)
    {
        segment.Start(tag, records.Start);
        foreach (var column in columns)
        {
            var (at, end) = records.Place(column);
            var value = records.Value(column);
            if (format.ThousandsMark != '\0' && format.Columns[column].Field.IsNumber)
                value = NumberMarks.WithoutThousands(value, format.ThousandsMark, format.DecimalMark);
            segment.Add(value, at, end);
        }
        segment.Finish();
        Position = records.Position with { Message = documents };
        return Stand(RecordEvent.Segment);
    }

    bool IsOfDocument()
    {
        if (key.Length == 1)
            return records.Value(key[0]).SequenceEqual(StatedNumber);
        return key.Length == 0 || Number(records) == StatedNumber;
    }

    bool End() => Stand(RecordEvent.DocumentEnd);

    bool Stand(RecordEvent at)
    {
        Event = at;
        return true;
    }

    bool Stop()
    {
        Event = RecordEvent.None;
        return false;
    }

    bool Fail(string code, Position at, string message, string advice, string? found = null)
    {
        findings.Add(new() { Code = code, Severity = Severity.Fatal, At = at, Found = found, Message = message, Advice = advice });
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            records.Dispose();
    }
}
