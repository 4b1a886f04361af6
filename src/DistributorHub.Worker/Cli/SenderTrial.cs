using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>Whose file it is, where nobody says: that of the partner who sent its first interchange.</summary>
static class SenderTrial
{
    /// <summary>The partner, or null when the file names none that is known.</summary>
    public static PartnerDefinition? Of(Func<Stream> open, PartnerBook book)
    {
        // Who sent it is asked before it is read in earnest: the partner's settings say how that is done.
        using var reader = new EdiReader(open(), new Findings());
        while (reader.Read())
            if (reader.Event == EdiEvent.InterchangeStart)
                return (book.Match(reader.Interchange!.Standard, reader.Interchange.Sender.Id, reader.Interchange.Sender.Qualifier) as PartnerMatch.Found)?.Partner;
        return null;
    }
}
