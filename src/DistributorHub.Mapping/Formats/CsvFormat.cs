using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;

namespace DistributorHub.Mapping.Formats;

/// <summary>Files of records with a line of headers, as lists and spreadsheets are exported.</summary>
sealed class CsvFormat : FileFormat
{
    /// <summary>The columns that are read, in the order of the map.</summary>
    public required IReadOnlyList<CsvColumn> Columns { get; init; }

    /// <summary>Columns by whose values consecutive records are one document; none: the whole file is one.</summary>
    public required IReadOnlyList<CsvColumn> Key { get; init; }

    /// <summary>What separates the fields, or NUL to find out by the headers.</summary>
    public char Delimiter { get; init; }

    /// <summary>Null: see <see cref="SourceText"/>.</summary>
    public Encoding? Charset { get; init; }

    /// <summary>False when the first record is one like the others, and the columns are those of the file in their order.</summary>
    public bool HasHeaders { get; init; } = true;

    /// <summary>False when a quote is a character like any other.</summary>
    public bool HasQuotes { get; init; } = true;

    public override RecordReader Open(Func<Stream> open, string sender, Findings findings) => new CsvReader(this, open, sender, findings);
}

/// <summary>A column that rules name.</summary>
/// <param name="Field">As rules name it.</param>
/// <param name="Headers">What it may be called in the file.</param>
/// <param name="Optional">True when files without it are none the less whole.</param>
/// <param name="InHeader">True when its value is the document's, and the same in all its records.</param>
sealed record CsvColumn(FileField Field, IReadOnlyList<string> Headers, bool Optional, bool InHeader)
{
    public ElementDefinition Definition => Field.Definition;
}
