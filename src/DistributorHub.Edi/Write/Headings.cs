using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Write;

/// <summary>What UNB or ISA is to say.</summary>
public sealed record InterchangeHeading
{
    /// <summary>Who sends the interchange: UNB S002, ISA05 and 06.</summary>
    public required Party Sender { get; init; }

    /// <summary>Whom the interchange is for: UNB S003, ISA07 and 08.</summary>
    public required Party Recipient { get; init; }

    /// <summary>Interchange control reference: UNB 0020, up to 14 characters; ISA13, up to 9 digits.</summary>
    public required string Reference { get; init; }

    /// <summary>Date and time of preparation, as they are to be shown.</summary>
    public required DateTime Prepared { get; init; }

    /// <summary>UNB 0026; not written to X12.</summary>
    public string ApplicationReference { get; init; } = "";

    /// <summary>UNB 0032; not written to X12.</summary>
    public string Agreement { get; init; } = "";

    /// <summary>ISA01 and 02; not written to EDIFACT.</summary>
    public Party Authorization { get; init; } = new("", "00");

    /// <summary>Password: UNB S005 with qualifier 0025, or ISA03 and 04. No qualifier is 00 in X12.</summary>
    public Party Security { get; init; } = new("", "");

    /// <summary>Asks for an acknowledgement: UNB 0031 = 1, ISA14 = 1.</summary>
    public bool AcknowledgementRequested { get; init; }

    /// <summary>A test interchange: UNB 0035 = 1, ISA15 = T.</summary>
    public bool Test { get; init; }
}

/// <summary>What UNG or GS is to say.</summary>
public sealed record GroupHeading
{
    /// <summary>UNG 0038 such as <c>ORDERS</c>, or GS01 such as <c>PO</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Sender of the group: UNG S006; GS02, without qualifier.</summary>
    public required Party Sender { get; init; }

    /// <summary>Recipient of the group: UNG S007; GS03, without qualifier.</summary>
    public required Party Recipient { get; init; }

    /// <summary>Date and time of preparation, as they are to be shown.</summary>
    public required DateTime Prepared { get; init; }

    /// <summary>UNG 0048 or GS06; null = the ordinal of the group in the interchange.</summary>
    public string? Reference { get; init; }

    /// <summary>UNG 0051 such as <c>UN</c>, or GS07 such as <c>X</c>.</summary>
    public required string Agency { get; init; }

    /// <summary>UNG 0052 such as <c>D</c>; empty for X12.</summary>
    public string Version { get; init; } = "";

    /// <summary>UNG 0054 such as <c>96A</c>, or GS08 such as <c>004010</c>.</summary>
    public required string Release { get; init; }

    /// <summary>UNG 0057 such as <c>EAN008</c>; not written to X12.</summary>
    public string Association { get; init; } = "";
}

/// <summary>What UNH or ST is to say.</summary>
public sealed record MessageHeading
{
    /// <summary>UNH 0065 such as <c>ORDERS</c>, or ST01 such as <c>850</c>.</summary>
    public required string Type { get; init; }

    /// <summary>UNH 0062 or ST02; null = the ordinal in the interchange, or in the group of X12 with four digits.</summary>
    public string? Reference { get; init; }

    /// <summary>UNH 0052 such as <c>D</c>; empty for X12.</summary>
    public string Version { get; init; } = "";

    /// <summary>UNH 0054 such as <c>96A</c>; not written to X12, where GS08 says it.</summary>
    public string Release { get; init; } = "";

    /// <summary>UNH 0051 such as <c>UN</c>; not written to X12.</summary>
    public string Agency { get; init; } = "UN";

    /// <summary>UNH 0057 such as <c>EAN008</c>; ST03 in X12, such as <c>005010X231</c>.</summary>
    public string Association { get; init; } = "";
}
