using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Acknowledge;

/// <summary>What an answer says of what it answers.</summary>
public enum AnswerVerdict
{
    /// <summary>It arrived; whether it is right is told later: UCI action 8.</summary>
    Received,

    /// <summary>All of it is right: action 7, AK9 and AK5 A, TA1 A.</summary>
    Accepted,

    /// <summary>It is taken, and errors were noted: AK9, AK5 or TA1 E, and action 7 with an error.</summary>
    AcceptedWithErrors,

    /// <summary>Some messages of it are taken: AK9 P.</summary>
    PartiallyAccepted,

    /// <summary>It is not taken: action 4, AK9, AK5 and TA1 R, and M, W and X of AK5.</summary>
    Rejected,
}

/// <summary>An error that an answer names, in what was sent.</summary>
/// <param name="Code">The code with the element it stands in: <c>0085:13</c>, <c>AK304:3</c>, <c>IK403:7</c>, <c>TA105:025</c>.</param>
/// <param name="Meaning">What the standard says it means.</param>
/// <param name="Message">Reference of the message it is in; empty for the interchange or its group.</param>
public sealed record AnswerError(string Code, string Meaning, string Message)
{
    /// <summary>Where the answer says it.</summary>
    public Position At { get; init; }

    /// <summary>Tag of the segment in error, as far as the answer names it, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Ordinal of the segment in the message that was sent, UNH or ST being 1; 0 = not of a segment.</summary>
    public int Segment { get; init; }

    /// <summary>Position of the element in that segment, the first after the tag being 1; 0 = not of an element.</summary>
    public int Element { get; init; }

    /// <summary>Position of the component in the element; 0 = not of one.</summary>
    public int Component { get; init; }

    /// <summary>The value in error as the answer repeats it (AK404), or null.</summary>
    public string? Value { get; init; }
}

/// <summary>An answer that came: a CONTRL, 997, 999 or TA1, and which interchange or group of ours it speaks of.</summary>
/// <param name="Kind"><c>CONTRL</c>, <c>997</c>, <c>999</c> or <c>TA1</c>.</param>
/// <param name="Standard">The standard of both.</param>
/// <param name="Sender">Who sent what is answered: UCI S002, or whom the answer is for in X12.</param>
/// <param name="Recipient">Whom that was for: UCI S003, or who answers in X12.</param>
public sealed record ReceivedAnswer(string Kind, Standard Standard, Party Sender, Party Recipient)
{
    /// <summary>The interchange that is answered: UCI 0020 or TA101; empty in 997 and 999, which name a group.</summary>
    public string Interchange { get; init; } = "";

    /// <summary>GS01 of the group that is answered: AK101; else empty.</summary>
    public string GroupCode { get; init; } = "";

    /// <summary>GS06 of the group that is answered: AK102; else empty.</summary>
    public string GroupReference { get; init; } = "";

    /// <summary>What is said of all of it.</summary>
    public AnswerVerdict Verdict { get; init; }

    /// <summary>What is said of messages by themselves, by their reference (0062, ST02).</summary>
    public IReadOnlyDictionary<string, AnswerVerdict> Messages { get; init; } = new Dictionary<string, AnswerVerdict>();

    /// <summary>The errors that are named, as many as are kept.</summary>
    public IReadOnlyList<AnswerError> Errors { get; init; } = [];

    /// <summary>True for the types of messages that are answers to syntax, and that <see cref="AnswerReader"/> reads.</summary>
    public static bool IsAnswer(string messageType) => messageType is "CONTRL" or "997" or "999";

    /// <summary>True when it only says that the interchange arrived, or did not.</summary>
    public bool IsTechnical => Kind == "TA1" || Verdict == AnswerVerdict.Received;

    /// <summary>What is said of a message of the interchange, by itself or with all others.</summary>
    /// <param name="message">Its reference.</param>
    public AnswerVerdict Of(string message)
    {
        if (Verdict == AnswerVerdict.Rejected || !Messages.TryGetValue(message, out var own))
            return Verdict;
        // UCI 7 with an error is about the envelope of all; AK9 E sums up what AK5 says of each.
        return own == AnswerVerdict.Accepted && Verdict == AnswerVerdict.AcceptedWithErrors && Standard == Standard.Edifact ? Verdict : own;
    }
}
