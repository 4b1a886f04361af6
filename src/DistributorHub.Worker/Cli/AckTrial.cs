using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Run;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Send;

namespace DistributorHub.Worker.Cli;

/// <summary>Reads, checks and maps a file as the service would, and loads nothing: what <c>hub ack</c> shows.</summary>
sealed class AckTrial
{
    readonly DefinitionLibrary definitions;
    readonly PartnerMaps partners;
    readonly PartnerDefinition? named;
    readonly Findings findings = new();
    readonly List<Finding> reasons = [], header = [];
    readonly List<string> problems = [];
    AcknowledgementBuilder? acknowledging;
    PartnerDefinition? partner;
    MessageValidator? validator;
    MessageMapper? mapper;
    int interchanges;

    /// <param name="settings">Where maps and partners are.</param>
    /// <param name="partnerId">Id of the partner, or null to go by the sender.</param>
    public AckTrial(HubSettings settings, string? partnerId)
    {
        definitions = DefinitionFolder.Open(settings);
        partners = new(PartnerBook.Load(settings.Mappings, samples: true), MapFolder.Open(settings.Mappings, definitions, FunctionFolder.Open(settings)));
        named = partnerId is null ? null : partners.Find(partnerId);
        findings.Added = finding =>
        {
            if (AcknowledgementFile.IsBusiness(finding) && finding.Severity >= Severity.Error)
                reasons.Add(finding);
            else if (AcknowledgementFile.Concerns(finding) && acknowledging is null)
                header.Add(finding);
            else if (AcknowledgementFile.Concerns(finding))
                acknowledging!.Add(finding);
        };
    }

    public bool HasErrors => findings.Errors > 0 || interchanges == 0;

    /// <summary>What keeps the service from answering as shown, in sentences.</summary>
    public IEnumerable<string> Problems => problems.Distinct();

    /// <summary>The answers, interchange by interchange.</summary>
    public IEnumerable<Acknowledgement> Read(FileInfo file)
    {
        using var reader = new EdiReader(file.OpenRead(), findings, (named ?? SenderTrial.Of(file.OpenRead, partners.Book))?.Reading);
        while (reader.Read())
        {
            if (reader.Event == EdiEvent.InterchangeStart)
                Open(reader);
            else
                Step(reader, file.Name);
            if (reader.Event == EdiEvent.InterchangeEnd)
                foreach (var answer in Close())
                    yield return answer;
        }
        // What a fatal finding left open.
        foreach (var answer in Close())
            yield return answer;
        if (interchanges == 0)
            problems.Add(findings.Kept.FirstOrDefault(finding => finding.Severity >= Severity.Error)?.Message ?? "The file holds no interchange.");
    }

    IReadOnlyList<Acknowledgement> Close()
    {
        var answers = acknowledging?.End() ?? [];
        acknowledging = null;
        return answers;
    }

    void Open(EdiReader reader)
    {
        var interchange = reader.Interchange!;
        var match = partners.Book.Match(interchange.Standard, interchange.Sender.Id, interchange.Sender.Qualifier);
        partner = named ?? (match as PartnerMatch.Found)?.Partner;
        interchanges++;
        if (partner is null)
            problems.Add($"The interchange {interchange.Reference} is of no partner, and the service would not answer it. "
                + "Shown is what a partner without settings gets who wants every acknowledgement of syntax.");
        acknowledging = new(partner?.Acknowledge.Answers);
        acknowledging.Accept(reader);
        foreach (var finding in header.Where(finding => finding.At.Interchange == interchange.Ordinal))
            acknowledging.Add(finding);
        header.Clear();
    }

    void Step(EdiReader reader, string name)
    {
        switch (reader.Event)
        {
            case EdiEvent.InterchangeAcknowledgement:
                MessageValidator.CheckAcknowledgement(reader, findings);
                break;
            case EdiEvent.MessageStart:
                acknowledging?.Accept(reader);
                Start(reader, name);
                break;
            case EdiEvent.Segment:
                if (validator?.Accept(reader) is { } node and >= 0)
                    mapper?.Accept(reader, node);
                break;
            case EdiEvent.MessageEnd:
                validator?.End(reader);
                mapper?.End();
                acknowledging?.Identify(mapper?.DocumentNumber);
                acknowledging?.Accept(reader);
                acknowledging?.Refuse(reasons);
                break;
            default:
                acknowledging?.Accept(reader);
                break;
        }
    }

    void Start(EdiReader reader, string name)
    {
        var (interchange, message) = (reader.Interchange!, reader.Message!);
        reasons.Clear();
        var agreement = partners.Find(partner, interchange.Standard, message);
        var definition = agreement.Definition(definitions, interchange.Standard, message);
        validator = MessageValidator.Next(validator, definition, findings, agreement.Guide);
        validator?.Start(reader);
        mapper = agreement.Map is not { } map ? null : new(map, PartnerMaps.Context(reader, partner!, name), new HashSink(), findings);
        if (agreement.Route is null && partner is not null)
            findings.Add(RoutingFindings.NoRoute(interchange, message, partner));
        else if (definition is null)
            findings.Add(MessageValidator.Unsupported(reader, message, definitions));
        else if (agreement.Broken is { } broken)
            problems.Add($"The {broken} has mistakes; 'hub map check' lists them.");
    }
}
