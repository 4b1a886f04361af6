namespace DistributorHub.Edi;

/// <summary>Every bound of the product, in one place. Input beyond a bound becomes a finding, never an outage.</summary>
public static class Limits
{
    /// <summary>Largest file that is downloaded, in bytes. A larger one is shown as such and left where it is.</summary>
    public const long FileBytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>Longest segment, in bytes, without its terminator. A longer one ends the reading of the file.</summary>
    public const int SegmentBytesMax = 64 * 1024;

    /// <summary>Longest binary element (BIN, BDS), in bytes.</summary>
    public const int BinaryBytesMax = 16 * 1024 * 1024;

    /// <summary>Most marks (elements, components, repetitions) of one segment.</summary>
    public const int SegmentMarksMax = 8 * 1024;

    /// <summary>References of one level that are remembered to find duplicates; later ones are not compared.</summary>
    public const int ReferencesMax = 100_000;

    /// <summary>Findings of one file that are kept; all are counted.</summary>
    public const int FindingsPerFileMax = 1_000;

    /// <summary>Elements of a segment in a definition, and components of a composite: their positions have two digits.</summary>
    public const int ElementsMax = 99;

    /// <summary>Deepest nesting of groups in a message definition.</summary>
    public const int GroupDepthMax = 16;

    /// <summary>Segments held for one instance of a message's detail group, in bytes.</summary>
    public const int UnitBytesMax = 1024 * 1024;

    /// <summary>Segments held for the header and the groups that enclose the detail group, in bytes.</summary>
    public const int FrameBytesMax = 4 * 1024 * 1024;

    /// <summary>Open levels of a message that writes a tree with ids (HL, CPS).</summary>
    public const int LevelsMax = 16;

    /// <summary>Maps in a chain of maps that extend each other: the standard's, an industry's, a partner's.</summary>
    public const int MapChainMax = 3;

    /// <summary>Rows of one table handed to the loader at a time.</summary>
    public const int BatchRowsMax = 5_000;

    /// <summary>Bytes of text of one table handed to the loader at a time.</summary>
    public const int BatchBytesMax = 4 * 1024 * 1024;

    /// <summary>Keys of the seller's documents that are compared with the ledger at a time.</summary>
    public const int DocumentKeysMax = 500;

    /// <summary>Characters of the key of one of the seller's documents, as the ledger keeps it.</summary>
    public const int DocumentKeyCharsMax = 500;

    /// <summary>New documents of the seller's that one look for them hands on at once; the others are found in the ledger.</summary>
    public const int DocumentsPerLookMax = 1_000;

    /// <summary>Characters of an offending value that a finding quotes.</summary>
    public const int QuotedCharsMax = 80;

    /// <summary>Characters of a segment that are shown with a finding.</summary>
    public const int ExcerptCharsMax = 160;

    /// <summary>Characters of a reference or party that an acknowledgement repeats.</summary>
    public const int RepeatedCharsMax = 255;

    /// <summary>Largest YAML file of a mapping, target, partner or code list, in bytes.</summary>
    public const int YamlBytesMax = 1024 * 1024;

    /// <summary>Characters of a map's text that the workbench tries and keeps as a draft.</summary>
    public const int MapDraftCharsMax = 256 * 1024;

    /// <summary>Maps of which drafts are kept at a time.</summary>
    public const int MapDraftsMax = 200;

    /// <summary>Savings of one draft that are kept, the newest: to show what changed meanwhile.</summary>
    public const int MapDraftSavingsMax = 20;

    /// <summary>Unknown codes of one message that are told; each is told once, and further ones are not.</summary>
    public const int UnknownCodesMax = 200;

    /// <summary>Findings of one rule of a guide that wait until it is known whether its condition holds; further ones say nothing new.</summary>
    public const int GuideFindingsHeldMax = 100;

    /// <summary>Segments with their qualifiers that are told apart of one partner's messages of one type and release, to see what is new in them.</summary>
    public const int DriftKeysMax = 1_000;

    /// <summary>Bytes that a UN/EDIFACT directory's zip may unpack to, with the zips in it.</summary>
    public const long DirectoryBytesMax = 256L * 1024 * 1024;

    /// <summary>Files of one zip of a UN/EDIFACT directory.</summary>
    public const int DirectoryFilesMax = 2_000;

    /// <summary>Zips inside zips of a UN/EDIFACT directory.</summary>
    public const int DirectoryDepthMax = 3;
}
