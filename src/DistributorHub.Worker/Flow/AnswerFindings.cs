using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>Findings of answers that came: ACK7xxx. Only one that answers nothing is an error; the others tell what the partner says.</summary>
static class AnswerFindings
{
    public static Finding Orphan(AnswerMatch match, SentInterchange? near, Position at) => new()
    {
        Code = "ACK7001",
        Severity = Severity.Error,
        At = at,
        Found = match.Names,
        Expected = near is null ? "an interchange or group that we sent" : $"from {near.Sender} to {near.Recipient}",
        Message = $"The {match.Answer.Kind} answers {match.Names}, and nothing of that number and these parties was sent."
            + (near is null ? "" : string.Create(CultureInfo.InvariantCulture, $" Exchange #{near.ExchangeId} has the number, and other parties.")),
        Advice = "Ask the partner what it answers. What another program sent under our id is answered there.",
    };

    public static Finding Duplicate(AnswerMatch match, SentInterchange sent, Position at)
    {
        var first = (match.Answer.IsTechnical ? sent.Technical : sent.Functional) ?? match.Verdict.ToString();
        var isSame = first == match.Verdict.ToString();
        return new()
        {
            Code = "ACK7002",
            Severity = isSame ? Severity.Information : Severity.Warning,
            At = at,
            Found = AnswerReading.Words(match.Verdict),
            Expected = isSame ? null : AnswerReading.Words(Enum.Parse<AnswerVerdict>(first)),
            Message = $"A second answer to {AnswerReading.Name(sent)}"
                + (isSame ? ", which says the same." : $" says '{AnswerReading.Words(match.Verdict)}'; the first said '{AnswerReading.Words(Enum.Parse<AnswerVerdict>(first))}', and counts."),
            Advice = isSame ? null : "Ask the partner which of them holds.",
        };
    }

    public static Finding NotAccepted(AnswerMatch match, SentInterchange sent, Position at) => new()
    {
        Code = "ACK7003",
        Severity = Severity.Warning,
        At = at,
        Found = AnswerReading.Words(match.Verdict),
        Expected = AnswerReading.Words(AnswerVerdict.Accepted),
        Message = $"The partner's {match.Answer.Kind} says of {AnswerReading.Name(sent)}: {AnswerReading.Words(match.Verdict)}.",
        Advice = match.Verdict == AnswerVerdict.AcceptedWithErrors ? "Mend the map before they begin to reject it."
            : string.Create(CultureInfo.InvariantCulture, $"Mend what they name, then write it anew: hub exchange regenerate {sent.ExchangeId} --reason \"…\""),
    };

    public static Finding Error(AnswerError error, SentInterchange sent, Position at) => new()
    {
        Code = "ACK7004",
        Severity = Severity.Warning,
        At = at with { Offset = error.At.Offset, Segment = error.At.Segment },
        Tag = error.Tag,
        Found = error.Value ?? error.Code,
        Message = $"In {AnswerReading.Name(sent)} they found{Place(error)}: {error.Meaning} ({error.Code}).",
    };

    public static Finding Late(AnswerMatch match, SentInterchange sent, DateTimeOffset due, Position at) => new()
    {
        Code = "ACK7005",
        Severity = Severity.Information,
        At = at,
        Expected = due.ToString("u", CultureInfo.InvariantCulture),
        Message = $"The {match.Answer.Kind} to {AnswerReading.Name(sent)} came late; it was due at {due:u}.",
    };

    public static Finding OtherMessage(AnswerMatch match, SentInterchange sent, string message, Position at) => new()
    {
        Code = "ACK7006",
        Severity = Severity.Warning,
        At = at,
        Found = message,
        Expected = sent.MessageReference,
        Message = $"The {match.Answer.Kind} names message {message}, which is not in {AnswerReading.Name(sent)}.",
        Advice = "Ask the partner which message they mean.",
    };

    public static Finding Unclear(string kind, Position at) => new()
    {
        Code = "ACK7007",
        Severity = Severity.Error,
        At = at,
        Expected = kind == "CONTRL" ? "UCI with 4, 7 or 8" : "AK1 and AK9",
        Message = $"What the {kind} answers, or what it says of that, cannot be understood.",
        Advice = "Ask the partner to send it right; what it answers goes on waiting.",
    };

    /// <summary>Where in what was sent an error is, as words that follow a verb; empty when the answer does not say.</summary>
    public static string Place(AnswerError error)
    {
        var parts = new List<string>();
        if (error.Segment > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"segment {error.Segment}{(error.Tag is null ? "" : $" ({error.Tag})")}"));
        else if (error.Tag is not null)
            parts.Add(error.Tag);
        if (error.Element > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"element {error.Element}{(error.Component > 0 ? $", component {error.Component}" : "")}"));
        if (error.Value is not null)
            parts.Add($"'{error.Value}'");
        return parts.Count == 0 ? "" : $", at {string.Join(", ", parts)}";
    }
}
