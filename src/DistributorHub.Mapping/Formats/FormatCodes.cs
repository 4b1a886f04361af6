namespace DistributorHub.Mapping.Formats;

/// <summary>Codes of findings about files without an envelope.</summary>
static class FormatCodes
{
    /// <summary>A column that the map reads is not among the headers.</summary>
    public const string HeaderMissing = "REC7001";

    /// <summary>Two columns have the header that the map reads.</summary>
    public const string HeaderTwice = "REC7002";

    /// <summary>A record has more or fewer fields than there are headers.</summary>
    public const string Ragged = "REC7003";

    /// <summary>Bytes that are no character of the file's character set.</summary>
    public const string Charset = "REC7004";

    /// <summary>A quote that opens a field, and no quote that closes it.</summary>
    public const string QuoteOpen = "REC7005";

    /// <summary>Text behind the quote that closes a field.</summary>
    public const string QuoteInside = "REC7006";

    /// <summary>A record, or an element, larger than what is held.</summary>
    public const string TooLong = "REC7007";

    /// <summary>Nothing in the file is what the map reads.</summary>
    public const string Empty = "REC7008";

    /// <summary>Records of one document do not agree on a value of its header.</summary>
    public const string HeaderDiffers = "REC7009";

    /// <summary>XML that is not well-formed, or cut off.</summary>
    public const string NotWellFormed = "REC7011";

    /// <summary>XML nested deeper than is read.</summary>
    public const string TooDeep = "REC7012";

    /// <summary>A value of the document's header behind its first record.</summary>
    public const string HeaderLate = "REC7013";

    /// <summary>Warning: the last record has no line end, as when a file is cut off.</summary>
    public const string LineEndMissing = "REC7014";

    /// <summary>Records of one document do not stand together.</summary>
    public const string Scattered = "REC7010";
}
