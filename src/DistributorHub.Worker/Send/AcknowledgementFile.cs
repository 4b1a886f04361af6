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
    static readonly string[] Business = ["MAP", "LOD"];

    /// <summary>
    /// True for what CONTRL and 997 speak of: syntax, and types we have no agreement for. A code our lists do not know is between us and
    /// our maps, and no fault of syntax.
    /// </summary>
    public static bool Concerns(Finding finding) =>
        finding.Acknowledgement is not null || Syntax.Any(prefix => finding.Code.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>True for what APERAK and 824 speak of: the map or the seller's database refuses a document whose syntax is right.</summary>
    public static bool IsBusiness(Finding finding) => Business.Any(prefix => finding.Code.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The answer as an effect that is numbered and written when it goes into the outbox.</summary>
    /// <param name="acknowledgement">The answer.</param>
    /// <param name="exchange">The exchange it is to.</param>
    /// <param name="now">Its time.</param>
    /// <param name="isDuplicate">True when it says that the interchange came before: read by force, it is answered once more.</param>
    public static NumberedEffect Number(Acknowledgement acknowledgement, long exchange, DateTimeOffset now, bool isDuplicate = false)
    {
        var key = (isDuplicate ? "duplicate/" : "") + Key(acknowledgement.Kind, exchange, acknowledgement.Interchange.Ordinal);
        return new(key, async next =>
        {
            var scope = Scope(acknowledgement.Interchange);
            var first = await next(scope);
            // The counter's row is locked until the transaction ends, so that the numbers follow one another.
            for (var i = 1; i < acknowledgement.References; i++)
                await next(scope);
            return new(OutboxKind.SendAcknowledgement, key, Name(acknowledgement, exchange, isDuplicate), acknowledgement.Write(Reference(first), now));
        });
    }

    public static string Key(AcknowledgementKind kind, long exchange, int interchange) => kind switch
    {
        AcknowledgementKind.Technical => $"technical/{exchange}/{interchange}",
        AcknowledgementKind.Functional => $"acknowledgement/{exchange}/{interchange}",
        AcknowledgementKind.Business => $"business/{exchange}/{interchange}",
        _ => throw new System.Diagnostics.UnreachableException($"No key for '{kind}'."),
    };

    /// <summary>The counter of our control numbers for this pair of parties.</summary>
    public static string Scope(InterchangeInfo inbound) => Scope(inbound.Standard, inbound.Recipient.Id, inbound.Sender.Id);

    /// <summary>The counter of our control numbers towards a partner, whatever carries them.</summary>
    public static string Scope(Standard standard, string ours, string theirs) => $"interchange/{standard}/{ours}/{theirs}";

    /// <summary>Nine digits: all that ISA13 has room for, and within UNB 0020's fourteen. After the last the count starts at 1 again.</summary>
    public static string Reference(long number) => ((number - 1) % 999_999_999 + 1).ToString("D9", CultureInfo.InvariantCulture);

    static string Name(Acknowledgement acknowledgement, long exchange, bool isDuplicate)
    {
        var inbound = acknowledgement.Interchange;
        var ending = inbound.Standard == Standard.X12 ? "x12" : "edi";
        return string.Create(
            CultureInfo.InvariantCulture, $"{acknowledgement.Type}-{Plain(inbound.Reference)}-{exchange}-{inbound.Ordinal}{(isDuplicate ? "-duplicate" : "")}.{ending}");
    }

    /// <summary>Somebody's text in the name of a file, which takes only what is harmless everywhere.</summary>
    public static string Plain(string reference) => string.Concat(reference.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
}
