using System.Globalization;
using DistributorHub.Edi;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Send;

/// <summary>An acknowledgement as a file for the partner: named, numbered once, and then always the same bytes.</summary>
static class AcknowledgementFile
{
    static readonly string[] Syntax = ["SYN", "ENV", "STR", "ELM"];

    /// <summary>
    /// True for what CONTRL and 997 speak of: syntax, and types we have no agreement for. A code our lists do not know is between us and
    /// our maps, and no fault of syntax.
    /// </summary>
    public static bool Concerns(Finding finding) =>
        finding.Acknowledgement is not null || Syntax.Any(prefix => finding.Code.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Writes the answer under the next of our control numbers for this pair of parties.</summary>
    public static async Task<OutboxEntry> Write(
        Acknowledgement acknowledgement, long exchange, DateTimeOffset now, Func<string, Task<long>> controlNumber)
    {
        var inbound = acknowledgement.Interchange;
        var number = await controlNumber($"interchange/{inbound.Standard}/{inbound.Recipient.Id}/{inbound.Sender.Id}");
        // Nine digits: all that ISA13 has room for, and within UNB 0020's fourteen.
        var reference = (number % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture);
        var ending = inbound.Standard == Standard.X12 ? "x12" : "edi";
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{acknowledgement.Type}-{Plain(inbound.Reference)}-{exchange}-{inbound.Ordinal}.{ending}");
        return new(
            OutboxKind.SendAcknowledgement, Verdicts.AcknowledgementKey(exchange, inbound.Ordinal), name, acknowledgement.Write(reference, now));
    }

    // The reference is the partner's text; a file name takes only what is harmless everywhere.
    static string Plain(string reference) => string.Concat(reference.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
}
