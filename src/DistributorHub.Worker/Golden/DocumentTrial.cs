using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Golden;

/// <summary>
/// Writes a document from a file as a message, without any database: control numbers are 1, the time is fixed, and each segment stands on a line of its own, so
/// that the same document gives the same bytes every time.
/// </summary>
static class DocumentTrial
{
    static readonly DateTime Prepared = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    // A map that is tried without a partner asks this one. The GLNs are made up: their check digits are right.
    static readonly Dictionary<string, string> NoPartner = new(StringComparer.Ordinal)
    {
        ["id"] = "partner",
        ["name"] = "Partner",
        ["currency"] = "EUR",
        ["gln"] = "4012345000016",
        ["own_gln"] = "4012345000009",
    };

    /// <summary>The interchange; null after diagnostics about the file, or findings about what it holds.</summary>
    /// <param name="map">The map.</param>
    /// <param name="file">Name of the document's file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="partner">Whom it is for, or null.</param>
    /// <param name="diagnostics">Takes what is wrong with the file.</param>
    /// <param name="findings">Takes what cannot be written.</param>
    public static byte[]? Write(CompiledWriteMap map, string file, string text, PartnerDefinition? partner, ICollection<Diagnostic> diagnostics, Findings findings) =>
        DocumentReader.Read(file, text, map.Document, diagnostics) is { } document
            ? OutboundInterchange.Write(map, [document], Envelope(map.Message.Standard, partner), findings) : null;

    static OutboundEnvelope Envelope(Standard standard, PartnerDefinition? partner)
    {
        var theirs = partner?.Identities.FirstOrDefault(identity => identity.Standard == standard) is { Id: not null } identity
            ? new Party(identity.Id, identity.Qualifier) : new("PARTNER", "ZZ");
        return new()
        {
            Options = new() { Standard = standard, LineBreak = LineBreak.LineFeed },
            Interchange = new() { Sender = new("HUB", "ZZ"), Recipient = theirs, Reference = "1", Prepared = Prepared, Test = true },
            Partner = partner?.Values() ?? NoPartner,
        };
    }
}
