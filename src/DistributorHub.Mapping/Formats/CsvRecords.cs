using System.Globalization;
using DistributorHub.Edi;
using nietras.SeparatedValues;

namespace DistributorHub.Mapping.Formats;

/// <summary>
/// The records of a file one after the other, their fields by the columns of the map. What is wrong with the file is found here; then there are no more
/// records, as nobody knows what belongs to what.
/// </summary>
sealed class CsvRecords : IDisposable
{
    // Further ones of one file say nothing new.
    const int RaggedMax = 20;
    const char Quote = '"';

    static readonly char[] Delimiters = [';', ',', '\t', '|'];

    readonly CsvFormat format;
    readonly Findings findings;
    readonly SourceText source;
    readonly SepReader records;
    readonly int[] columnOf;
    int[] starts = [];
    int startsOf;
    char[] unquoted = new char[256];
    int width, line = 1;

    /// <param name="format">What the map says.</param>
    /// <param name="input">The file, closed with this.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public CsvRecords(CsvFormat format, Stream input, Findings findings)
    {
        (this.format, this.findings) = (format, findings);
        source = new(input, format.Charset);
        Delimiter = format.Delimiter != '\0' ? format.Delimiter : Detect(source.Ahead());
        columnOf = new int[format.Columns.Count];
        records = Sep.New(Delimiter).Reader(o => o with { HasHeader = false, DisableColCountCheck = true, DisableQuotesParsing = !format.HasQuotes }).From(source);
    }

    public char Delimiter { get; }

    /// <summary>Ordinal of the record in the file, the line of headers being the first: the row of a spreadsheet.</summary>
    public int Ordinal { get; private set; }

    /// <summary>The file's first character of the record.</summary>
    public long Start { get; private set; }

    public SourceText Source => source;

    /// <summary>Headers of columns that the map does not name.</summary>
    public IReadOnlyList<string> Unnamed { get; private set; } = [];

    /// <summary>Where the record stands.</summary>
    public Position Position => new(source.OffsetOf(Start), Interchange: 1, Segment: Ordinal);

    /// <summary>Reads the headers; false after a finding.</summary>
    public bool Begin()
    {
        if (!format.HasHeaders)
        {
            width = format.Columns.Count;
            for (var i = 0; i < width; i++)
                columnOf[i] = i;
            return true;
        }
        if (!MoveOn())
            return findings.Fatal || Fail(FormatCodes.Empty, new(0), "The file holds no record.", "Ask the partner what it was meant to be.");
        width = records.Current.ColCount;
        var headers = new string[width];
        for (var i = 0; i < width; i++)
            headers[i] = Field(i).Trim().ToString();
        var whole = true;
        for (var c = 0; c < columnOf.Length; c++)
            whole &= Place(c, headers);
        if (!whole)
            return false;
        Unnamed = [.. headers.Where((header, i) => header.Length > 0 && !columnOf.Contains(i))];
        return true;
    }

    bool Place(int c, string[] headers)
    {
        var column = format.Columns[c];
        var at = Array.FindIndex(headers, header => IsHeader(column, header));
        columnOf[c] = at;
        if (at < 0)
            return column.Optional || Fail(FormatCodes.HeaderMissing, Position, $"The file has no column '{column.Headers[0]}', which the map reads.",
                "Ask the partner for the column; if they call it otherwise, add its header in the map, and if it may be missing, write optional: yes there.",
                string.Join(Delimiter, headers), string.Join(" or ", column.Headers.Select(h => $"'{h}'")));
        var other = Array.FindIndex(headers, at + 1, header => IsHeader(column, header));
        return other < 0 || Fail(FormatCodes.HeaderTwice, Position with { Element = other + 1 },
            string.Create(CultureInfo.InvariantCulture, $"Columns {at + 1} and {other + 1} both are '{headers[other]}': it is not clear which of them the map reads."),
            "Ask the partner to name each column once.", headers[other], "each header once");
    }

    static bool IsHeader(CsvColumn column, string header)
    {
        foreach (var name in column.Headers)
            if (name.Equals(header, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Moves to the next record that is not blank; false at the end, or after a finding.</summary>
    public bool Next()
    {
        while (MoveOn())
        {
            if (records.Current.Span.Trim(Delimiter).Trim().IsEmpty)
                continue;
            if (HasWidth())
                return true;
            FindRagged();
            return false;
        }
        return false;
    }

    // Spreadsheets write empty fields behind the last column.
    bool HasWidth()
    {
        var count = records.Current.ColCount;
        for (var i = width; i < count; i++)
            if (!records.Current[i].Span.Trim().IsEmpty)
                return false;
        return count >= width;
    }

    /// <summary>Tells of this record and of those after it that have another width.</summary>
    void FindRagged()
    {
        var told = 0;
        do
        {
            if (HasWidth() || records.Current.Span.Trim(Delimiter).Trim().IsEmpty)
                continue;
            var count = records.Current.ColCount;
            Fail(FormatCodes.Ragged, Position, string.Create(CultureInfo.InvariantCulture, $"The record has {count} fields and the file {width} columns, so it is not clear what stands in which."),
                count < width ? "The record was cut off, or a field holds a line break and no quotes around it: ask the partner to send the file again."
                    : $"A field holds '{Delimiter}' and no quotes around it: ask the partner to send the file again.",
                Brief.Of(records.Current.Span), string.Create(CultureInfo.InvariantCulture, $"{width} fields"));
        }
        while (++told < RaggedMax && MoveOn());
    }

    bool MoveOn()
    {
        try
        {
            if (!records.MoveNext())
                return false;
        }
        catch (NotSupportedException)
        {
            // A record beyond what the reader holds.
            Start = source.StartOf(line);
            Ordinal++;
            return TooLong();
        }
        Ordinal++;
        Start = source.StartOf(line);
        source.Forget(Start);
        line = records.Current.LineNumberToExcl;
        var text = records.Current.Span;
        if (text.ContainsAny(SourceText.Invalid, '\0'))
            return Fail(FormatCodes.Charset, Position, $"The record holds bytes that are no characters of {source.Charset}.",
                "Write charset: under from: in the map, as the partner's system writes it: utf-8, windows-1252, utf-16.", Brief.Of(text), $"text in {source.Charset}");
        if (format.HasQuotes && text.Contains(Quote) && !QuotesClose(text))
            return false;
        return text.Length <= Limits.SegmentBytesMax || TooLong();
    }

    bool TooLong() => Fail(FormatCodes.TooLong, Position, string.Create(CultureInfo.InvariantCulture, $"The record is longer than {Limits.SegmentBytesMax} characters."),
        "A quote that opens a field is not closed, or this is no file of records: ask the partner.", null, string.Create(CultureInfo.InvariantCulture, $"at most {Limits.SegmentBytesMax} characters"));

    bool QuotesClose(ReadOnlySpan<char> text)
    {
        const string Advice = "The file was cut off, or quotes stand in fields as they are (as for inches): then write quotes: no under from: in the map.";
        if (text.Count(Quote) % 2 != 0)
            return Fail(FormatCodes.QuoteOpen, Position, "A quote opens a field of this record, and none closes it.", Advice, Brief.Of(text), "two quotes around the field");
        for (var i = 0; i < records.Current.ColCount; i++)
        {
            var field = records.Current[i].Span;
            var isQuoted = field.StartsWith(Quote);
            if (field.IndexOf(Quote) >= 0 && (!isQuoted || field.Length < 2 || !field.EndsWith(Quote) || HasSingle(field[1..^1])))
                return Fail(FormatCodes.QuoteInside, Position with { Element = i + 1 }, "A quote stands inside a field that is not in quotes, or not twice in one that is.", Advice,
                    Brief.Of(field), "quotes around the field, and each one in it twice");
        }
        return true;
    }

    static bool HasSingle(ReadOnlySpan<char> inner)
    {
        for (var at = inner.IndexOf(Quote); at >= 0; at = inner.IndexOf(Quote))
        {
            if (at + 1 == inner.Length || inner[at + 1] != Quote)
                return true;
            inner = inner[(at + 2)..];
        }
        return false;
    }

    /// <summary>The value of a column in this record, without blanks at its end; empty where the file does not have the column.</summary>
    public ReadOnlySpan<char> Value(int column) => columnOf[column] < 0 ? default : Field(columnOf[column]).TrimEnd(' ');

    /// <summary>The file's characters a column's field stands at, with its quotes.</summary>
    public (long At, long End) Place(int column)
    {
        if (startsOf != Ordinal)
            FindStarts();
        var field = columnOf[column];
        return field < 0 ? (Start, Start) : (Start + starts[field], Start + starts[field + 1] - 1);
    }

    void FindStarts()
    {
        startsOf = Ordinal;
        var count = records.Current.ColCount;
        if (starts.Length <= count)
            starts = new int[count + 1];
        for (var i = 0; i < count; i++)
            starts[i + 1] = starts[i] + records.Current[i].Span.Length + 1;
    }

    ReadOnlySpan<char> Field(int index)
    {
        var field = records.Current[index].Span;
        if (!format.HasQuotes || !field.StartsWith(Quote))
            return field;
        field = field[1..^1];
        if (!field.Contains(Quote))
            return field;
        if (unquoted.Length < field.Length)
            unquoted = new char[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            unquoted[length++] = field[i];
            if (field[i] == Quote)
                i++;
        }
        return unquoted.AsSpan(0, length);
    }

    /// <summary>The delimiter by which most of the map's headers are found, or most fields.</summary>
    char Detect(ReadOnlySpan<char> start)
    {
        var end = start.IndexOfAny('\r', '\n');
        var first = (end < 0 ? start : start[..end]).ToString();
        return Delimiters.MaxBy(delimiter =>
        {
            var fields = first.Split(delimiter);
            var known = format.HasHeaders
                ? format.Columns.Count(column => Array.Exists(fields, field => IsHeader(column, field.Trim().Trim(Quote))))
                : fields.Length == format.Columns.Count ? 1 : 0;
            return (known, fields.Length);
        });
    }

    bool Fail(string code, Position at, string message, string advice, string? found = null, string? expected = null)
    {
        findings.Add(new() { Code = code, Severity = Severity.Fatal, At = at, Found = found, Expected = expected, Message = message, Advice = advice });
        return false;
    }

    public void Dispose()
    {
        records.Dispose();
        source.Dispose();
    }
}
