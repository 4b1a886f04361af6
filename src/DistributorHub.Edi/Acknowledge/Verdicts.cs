using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>What became of one message.</summary>
sealed class MessageVerdict
{
    public required MessageInfo Info { get; init; }

    public bool Accepted { get; set; }

    /// <summary>The document's own number, such as BGM 1004 or BEG03, where the caller knows it.</summary>
    public string? Number { get; init; }

    /// <summary>Findings that the acknowledgement can name, in order.</summary>
    public List<Finding> Findings { get; } = [];
}

/// <summary>What became of one functional group; of an EDIFACT interchange without groups, of all its messages.</summary>
sealed class GroupVerdict(GroupInfo? info)
{
    /// <summary>Null when the interchange has no groups.</summary>
    public GroupInfo? Info { get; } = info;

    /// <summary>Messages that the answer may have to name.</summary>
    public List<MessageVerdict> Messages { get; } = [];

    /// <summary>True when not all of its messages are acknowledgements themselves.</summary>
    public bool HasDocuments { get; set; }

    public List<Finding> Findings { get; } = [];

    public int Accepted { get; set; }

    public int Rejected { get; set; }

    /// <summary>Messages the trailer declares (GE01); null when it is absent or no number.</summary>
    public int? Declared { get; set; }

    /// <summary>True when rejected messages were left out of <see cref="Messages"/> because there are too many to list.</summary>
    public bool Cut { get; set; }
}

/// <summary>A document whose syntax was right and that the application refused.</summary>
/// <param name="Group">Its group, or null.</param>
/// <param name="Message">The message.</param>
/// <param name="Number">Its own number, or null.</param>
/// <param name="Findings">Why.</param>
sealed record Refusal(GroupInfo? Group, MessageInfo Message, string? Number, IReadOnlyList<Finding> Findings);

/// <summary>What became of one interchange.</summary>
sealed class InterchangeVerdict(InterchangeInfo info)
{
    public InterchangeInfo Info { get; } = info;

    public List<GroupVerdict> Groups { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>What TA1 has a code for, wherever it stands.</summary>
    public List<Finding> Technical { get; } = [];

    /// <summary>Documents the application refused.</summary>
    public List<Refusal> Refusals { get; } = [];

    /// <summary>True when an interchange of this control reference was taken before: nothing of this one is.</summary>
    public bool Duplicate { get; set; }

    /// <summary>True when the trailer did not come: messages after the last one may be lost.</summary>
    public bool CutOff { get; set; }

    public int Accepted => Groups.Sum(g => g.Accepted);

    public int Rejected => Groups.Sum(g => g.Rejected);
}
