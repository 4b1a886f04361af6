namespace DistributorHub.Edi.Parse;

/// <summary>One level of an envelope: what its header and trailer are called, and how faults of it are named.</summary>
/// <param name="Name">For sentences: message, group, interchange.</param>
/// <param name="Counted">What its trailer counts.</param>
sealed record EnvelopeLevel(
    string Name, string Header, string Trailer, string Counted,
    string CountCode, string ReferenceCode, string MissingCode,
    string CountAcknowledgement, string ReferenceAcknowledgement, string MissingAcknowledgement)
{
    static readonly EnvelopeLevel[] edifact =
    [
        new("message", "UNH", "UNT", "segments", Codes.MessageCount, Codes.MessageReference, Codes.MessageTrailerMissing, "29", "28", "13"),
        new("group", "UNG", "UNE", "messages", Codes.GroupCount, Codes.GroupReference, Codes.GroupTrailerMissing, "29", "28", "13"),
        new("interchange", "UNB", "UNZ", "groups or messages", Codes.InterchangeCount, Codes.InterchangeReference,
            Codes.InterchangeTrailerMissing, "29", "28", "13"),
    ];

    static readonly EnvelopeLevel[] x12 =
    [
        new("transaction set", "ST", "SE", "segments", Codes.MessageCount, Codes.MessageReference, Codes.MessageTrailerMissing,
            "AK502:4", "AK502:3", "AK502:2"),
        new("group", "GS", "GE", "transaction sets", Codes.GroupCount, Codes.GroupReference, Codes.GroupTrailerMissing,
            "AK905:5", "AK905:4", "AK905:3"),
        new("interchange", "ISA", "IEA", "groups", Codes.InterchangeCount, Codes.InterchangeReference, Codes.InterchangeTrailerMissing,
            "TA105:021", "TA105:001", "TA105:023"),
    ];

    public static EnvelopeLevel Message(Standard standard) => Of(standard)[0];

    public static EnvelopeLevel Group(Standard standard) => Of(standard)[1];

    public static EnvelopeLevel Interchange(Standard standard) => Of(standard)[2];

    static EnvelopeLevel[] Of(Standard standard) => standard == Standard.Edifact ? edifact : x12;
}
