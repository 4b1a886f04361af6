using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Flow;

/// <summary>Findings about whose file it is and which map takes it: our agreements do not fit what came.</summary>
static class RoutingFindings
{
    public const string Prefix = "RTE";

    /// <summary>The partner whose interchange it is, or null after a finding: no partner's, or not that of the folder it came through.</summary>
    /// <param name="book">The partners.</param>
    /// <param name="info">The interchange.</param>
    /// <param name="source">Id of the partner whose folder it came through.</param>
    /// <param name="findings">Takes why it is not theirs.</param>
    public static PartnerDefinition? Identify(PartnerBook book, InterchangeInfo info, string source, Findings findings)
    {
        switch (book.Match(info.Standard, info.Sender.Id, info.Sender.Qualifier))
        {
            case PartnerMatch.Found { Partner: var found } when found.Id == source:
                return found;
            case PartnerMatch.Found { Partner: var other }:
                findings.Add(ForeignPartner(info, other, source));
                return null;
            case PartnerMatch.Ambiguous ambiguous:
                findings.Add(UnknownPartner(info, ambiguous.Reason));
                return null;
            case PartnerMatch.Unknown unknown:
                findings.Add(UnknownPartner(info, unknown.Reason));
                return null;
            case var match:
                throw new System.Diagnostics.UnreachableException($"No partner from '{match}'.");
        }
    }

    public static Finding UnknownPartner(InterchangeInfo interchange, string reason) => new()
    {
        Code = "RTE5001",
        Severity = Severity.Error,
        At = new(interchange.Offset, interchange.Ordinal),
        Found = interchange.Sender.Id,
        Expected = "the id of a partner",
        Message = reason,
    };

    public static Finding ForeignPartner(InterchangeInfo interchange, PartnerDefinition found, string source) => new()
    {
        Code = "RTE5002",
        Severity = Severity.Error,
        At = new(interchange.Offset, interchange.Ordinal),
        Found = interchange.Sender.Id,
        Expected = $"an id of partner {source}",
        Message = $"The interchange is from partner {found.Id}, but the file came through the folder of {source}.",
        Advice = $"If {source} may send for {found.Id}, add the id under 'identities' of {source}; otherwise ask them how it got there.",
    };

    public static Finding NoRoute(InterchangeInfo interchange, MessageInfo message, PartnerDefinition partner) => new()
    {
        Code = "RTE5003",
        Severity = Severity.Error,
        At = new(message.Offset, interchange.Ordinal, Message: message.Ordinal, Segment: 1),
        Found = $"{message.Type} {message.FullRelease}",
        Expected = string.Join(", ", partner.Routes.Where(route => route.Files.Length == 0 && route.Standard == interchange.Standard)
            .Select(route => $"{route.Message} {route.Release}".TrimEnd())),
        Message = $"No map takes {message.Type} {message.FullRelease} of partner {partner.Id}.",
        Advice = $"Add it under 'messages' in mappings/partners/{partner.Id}/partner.yaml, then retry the exchange.",
        // 0085: no agreement. AK502: transaction set not supported; IK502 has a word for "not in this version".
        Acknowledgement = interchange.Standard == Standard.Edifact ? "17"
            : partner.Routes.Any(route => route.Standard == Standard.X12 && route.Message == message.Type) ? "IK502:I6"
            : "AK502:1",
    };

    /// <param name="interchange">Whose message it is.</param>
    /// <param name="message">The message that cannot be taken.</param>
    /// <param name="what">The map or guide, as <c>map base/orders-edifact</c>.</param>
    public static Finding Broken(InterchangeInfo interchange, MessageInfo message, string what) =>
        Broken(what, new(message.Offset, interchange.Ordinal, Message: message.Ordinal, Segment: 1));

    /// <param name="what">The map or guide, as <c>map base/orders-edifact</c>.</param>
    /// <param name="at">Where it is needed.</param>
    public static Finding Broken(string what, Position at) => new()
    {
        Code = "RTE5004",
        Severity = Severity.Error,
        At = at,
        Found = what,
        Message = $"The {what} has mistakes.",
        Advice = "'hub map check' lists them; mend them, then retry the exchange.",
    };

    /// <summary>What the interchange says of being a test is not what is agreed with the partner now; null when it is.</summary>
    public static Finding? Indicator(PartnerDefinition partner, InterchangeInfo info)
    {
        // Whoever has tests held has agreed to take them.
        var isTaken = partner.TestIndicator == TestIndicator.Accept || partner.Holds.Any(rule => rule.Kind == HoldKind.Test);
        var isRefused = partner.State == PartnerState.Test ? !info.Test : info.Test && !isTaken;
        var where = info.Standard == Standard.X12 ? "ISA15" : "UNB 0035";
        var isX12 = info.Standard == Standard.X12;
        return !isRefused ? null : new()
        {
            Code = "RTE5006",
            Severity = Severity.Error,
            At = new(info.Offset, info.Ordinal),
            Tag = isX12 ? "ISA" : "UNB",
            Found = info.Test ? isX12 ? "T" : "1" : isX12 ? "P" : "no test indicator",
            Expected = info.Test ? isX12 ? "P" : "no test indicator" : isX12 ? "T" : "1",
            Message = info.Test ? $"The interchange is a test ({where}), and partner {partner.Id} is live."
                : $"The interchange is no test ({where}), and partner {partner.Id} is under test.",
            Advice = info.Test ? $"To take tests too, write 'test_indicator: accept' into mappings/partners/{partner.Id}/partner.yaml, then retry the exchange."
                : $"When the test is over, write 'state: live' into mappings/partners/{partner.Id}/partner.yaml, then retry the exchange.",
            // 0085: test indicator not supported. TA105: invalid test indicator.
            Acknowledgement = isX12 ? "TA105:020" : "25",
        };
    }

    /// <param name="partner">A partner under test.</param>
    /// <param name="at">The document that is not loaded.</param>
    public static Finding NoTestTables(PartnerDefinition partner, Position at) => new()
    {
        Code = "RTE5007",
        Severity = Severity.Error,
        At = at,
        Message = $"Partner {partner.Id} is under test, and their file names no tables to load tests into: this was checked and mapped, and not loaded.",
        Advice = $"Write 'test: {{ schema: hub_test }}' into mappings/partners/{partner.Id}/partner.yaml, make the tables with 'hub target create TARGET --schema hub_test', then retry the exchange.",
    };

    /// <param name="version">The version of a map that a document was to be mapped with.</param>
    /// <param name="at">The document.</param>
    public static Finding NotKept(string version, Position at) => new()
    {
        Code = "RTE5008",
        Severity = Severity.Error,
        At = at,
        Found = version,
        Message = $"The version {version[..Math.Min(version.Length, MapChoice.VersionCharsShown)]} of the map, which is to take this, is not kept, or is another with the code lists and functions there are now.",
        Advice = "'hub exchange replay ID --map current' maps it as it is agreed now; --dry-run shows first what that changes.",
    };

    public static Finding Empty() => new()
    {
        Code = "RTE5005",
        Severity = Severity.Error,
        At = default,
        Message = "The file holds no interchange.",
        Advice = "Ask the partner what it was meant to be.",
    };
}
