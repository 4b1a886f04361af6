namespace DistributorHub.Edi.Acknowledge;

/// <summary>When an answer is given.</summary>
public enum Answering
{
    /// <summary>Not even when the sender asks.</summary>
    Never,

    /// <summary>When the sender asks for it: ISA14 = 1 for TA1, UNB 0031 = 1 for CONTRL. X12 has no such request for 997 and 999.</summary>
    Requested,

    /// <summary>When there is an error to tell, or the sender asks.</summary>
    Errors,

    /// <summary>To every interchange that can be answered.</summary>
    Always,
}

/// <summary>The transaction set that answers an X12 group.</summary>
public enum GroupAnswer
{
    /// <summary>999 for groups of 005010 and later, 997 for earlier ones: 999 begins with 005010.</summary>
    Auto,

    /// <summary>997 for every release.</summary>
    Only997,
}

/// <summary>The version of CONTRL that answers an EDIFACT interchange.</summary>
public enum ContrlVersion
{
    /// <summary>4:1 for syntax 4, D:3 for the earlier ones.</summary>
    Auto,

    /// <summary>2:2:UN:EAN002, as EANCOM 1997 has it, for syntax 1 to 3.</summary>
    Eancom1997,
}

/// <summary>The list that errors of syntax are coded with (data element 0085).</summary>
public enum SyntaxErrorCodes
{
    /// <summary>Codes 2 and 7 to 48 of ISO 9735.</summary>
    Iso,

    /// <summary>Codes 1 to 11 of the list before it, for partners that know no other.</summary>
    Early,
}

/// <summary>Which answers a partner gets.</summary>
public sealed record AcknowledgementOptions
{
    /// <summary>TA1: was the X12 interchange received whole?</summary>
    public Answering Technical { get; init; } = Answering.Requested;

    /// <summary>CONTRL, 997 or 999: is the syntax right?</summary>
    public Answering Functional { get; init; } = Answering.Always;

    /// <summary>APERAK or 824 for documents whose syntax was right and that the application refused all the same.</summary>
    public bool Business { get; init; }

    /// <summary>True: CONTRL, 997 and 999 list accepted messages too; false: only those with something to tell.</summary>
    public bool AcceptedLoops { get; init; }

    /// <summary>The transaction set that answers X12 groups.</summary>
    public GroupAnswer X12 { get; init; }

    /// <summary>The version of CONTRL that answers EDIFACT.</summary>
    public ContrlVersion Contrl { get; init; }

    /// <summary>The list CONTRL takes its error codes from.</summary>
    public SyntaxErrorCodes ErrorCodes { get; init; }

    internal static bool Wants(Answering when, bool requested, bool errors) => when switch
    {
        Answering.Never => false,
        Answering.Requested => requested,
        Answering.Errors => requested || errors,
        Answering.Always => true,
        _ => throw new ArgumentOutOfRangeException(nameof(when), when, "Not a time to answer."),
    };
}
