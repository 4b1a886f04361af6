using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Send;

/// <summary>
/// Writes the exchange of one of the seller's documents: read, written on trial and checked by our own reader; then, in the transaction that ends the exchange,
/// numbered, written, archived and handed to the outbox. A document with errors takes no number.
/// </summary>
sealed class DocumentWriting(SellerDocuments documents, OutgoingDocuments ledger, TimeProvider clock)
{
    /// <summary>How the exchange ends.</summary>
    /// <param name="run">The run.</param>
    /// <param name="partner">Whom it is for.</param>
    /// <param name="map">The map of what is sent; null when it cannot be used.</param>
    /// <param name="findings">Takes what is wrong with the document.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    public async Task<ExchangeEnd> Write(
        ExchangeRun run, PartnerDefinition partner, Func<SendDefinition, CompiledWriteMap?> map, Findings findings, CancellationToken cancellation)
    {
        var row = await ledger.Of(run.Exchange.Id, cancellation);
        if (partner.Sends.Select(send => (Send: send, Map: map(send))).FirstOrDefault(pair => pair.Map?.Document.Id == row.Document) is not (var send, { } compiled))
            return Failed(FailureClass.Config, $"Partner {partner.Id} is not sent {row.Document}: no map under 'send' in the partner's file writes it.");
        var snapshot = await Snapshot(partner, send, compiled, row.Key, cancellation);
        var outgoing = snapshot.Document is null ? null : new Outgoing(run.Exchange.Id, partner, send, compiled, snapshot.Document, row.Key, clock.GetUtcNow());
        if (outgoing is null || outgoing.Interchange(1, findings) is null)
        {
            await ledger.Note(run.Exchange.Id, snapshot.Fingerprint, cancellation);
            return Failed(FailureClass.Data, snapshot.Trouble ?? $"Document {outgoing!.Number} cannot be written: {findings.Kept.First(finding => finding.Severity >= Severity.Error).Message}");
        }
        return new()
        {
            State = ExchangeState.Completed,
            Commit = (connection, transaction) => ledger.Commit(connection, transaction, run, outgoing.Scope, outgoing.File, cancellation),
        };
    }

    static ExchangeEnd Failed(FailureClass failure, string cause) => new() { State = ExchangeState.Failed, Class = failure, Cause = cause };

    /// <summary>A document as it is now, with a hash of all that what is written depends on; or why there is none.</summary>
    public async Task<(DocumentData? Document, string Fingerprint, string? Trouble)> Snapshot(
        PartnerDefinition partner, SendDefinition send, CompiledWriteMap map, string key, CancellationToken cancellation)
    {
        try
        {
            return await documents.Read(map.Document, key, cancellation) is { } document
                ? (document, Fingerprint(partner, send, map, Shape(document)), null)
                : (null, "gone", $"{map.Document.Root.View} has no document {key} any more.");
        }
        catch (DocumentValueException e)
        {
            return (null, Fingerprint(partner, send, map, e.Message), e.Message);
        }
    }

    static string Fingerprint(PartnerDefinition partner, SendDefinition send, CompiledWriteMap map, object content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new object[] { map.Version, send, partner.Values(), partner.Identities, content }))));

    static object[] Shape(DocumentData row) =>
    [
        row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)).ToArray(),
        row.Rows.Select(list => list.Rows.Select(Shape).ToArray()).ToArray(),
    ];

    /// <summary>A document on its way out.</summary>
    sealed record Outgoing(
        long Exchange, PartnerDefinition Partner, SendDefinition Send, CompiledWriteMap Map, DocumentData Document, string Key, DateTimeOffset Now)
    {
        Party Sender => new(Send.Sender, Send.SenderQualifier);

        Party Recipient => Send.Recipient.Length > 0 ? new(Send.Recipient, Send.RecipientQualifier)
            : Partner.Identities.First(identity => identity.Standard == Map.Message.Standard) is var theirs ? new(theirs.Id, theirs.Qualifier) : default!;

        /// <summary>What people know the document by.</summary>
        public string Number => Map.Document.Number is { } named
            && Document.Values[Map.Document.Root.Fields.ToList().FindIndex(other => other.Name == named.Name)] is { } number
            ? Convert.ToString(number, CultureInfo.InvariantCulture)! : Key;

        /// <summary>The counter of the numbers: that of all we send them, unless a range was agreed that begins elsewhere. Where it ends may change.</summary>
        public string Scope => AcknowledgementFile.Scope(Map.Message.Standard, Sender.Id, Recipient.Id)
            + (Send.FirstNumber == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{Send.FirstNumber}"));

        // UNB 0031 asks for CONTRL, ISA14 for TA1; 997 and 999 cannot be asked for.
        bool AsksForAnswer => Send.ExpectedAnswer == AnswerLevel.Technical || Send.ExpectedAnswer == AnswerLevel.Functional && Map.Message.Standard == Standard.Edifact;

        /// <summary>The answer that is expected, with the numbers that were written.</summary>
        AnswerExpectation Expectation(byte[] written)
        {
            using var reader = new EdiReader(new MemoryStream(written), new());
            while (reader.Read() && reader.Event != EdiEvent.MessageStart)
            {
            }
            return new(Send.ExpectedAnswer, Send.OverdueAfter, reader.Group?.Code ?? "", reader.Group?.Reference ?? "", reader.Message!.Reference);
        }

        /// <summary>The interchange with a control number; null after findings that are errors.</summary>
        public byte[]? Interchange(long number, Findings findings) => OutboundInterchange.Write(Map, [Document], new()
        {
            Options = new() { Standard = Map.Message.Standard },
            Interchange = new() { Sender = Sender, Recipient = Recipient, Reference = AcknowledgementFile.Reference(number), Prepared = Now.UtcDateTime, Test = Send.Test, AcknowledgementRequested = AsksForAnswer },
            GroupReference = AcknowledgementFile.Reference(number).TrimStart('0'),
            Partner = Partner.Values(),
        }, findings);

        /// <summary>The file with its control number.</summary>
        /// <param name="count">Of the numbers of the range, which it is, from 1.</param>
        public WrittenFile File(long count)
        {
            if (count > Send.Numbers && !Send.Rollover)
                throw new SettingsException(
                    $"The control numbers from {Sender.Id} to {Recipient.Id} are used up: {Send.LastNumber} was the last. Agree with the partner that they start again, and write 'rollover: yes' below 'send'.");
            var number = Send.FirstNumber + (count - 1) % Send.Numbers;
            var findings = new Findings();
            var bytes = Interchange(number, findings)
                ?? throw new InvalidOperationException($"Document {Number} could be written with number 1, but not with {number}: {findings.Kept[0].Message}");
            var reference = AcknowledgementFile.Reference(number);
            var ending = Map.Message.Standard == Standard.X12 ? "x12" : "edi";
            var name = string.Create(CultureInfo.InvariantCulture, $"{Map.Message.Type}-{AcknowledgementFile.Plain(Number)}-{Exchange}-{reference}.{ending}");
            return new(bytes, name, Receive.SourcePaths.Join(Send.Folder, name),
                new()
                {
                    Standard = Map.Message.Standard.ToString(),
                    Sender = Sender.Id,
                    SenderQualifier = Sender.Qualifier,
                    Recipient = Recipient.Id,
                    RecipientQualifier = Recipient.Qualifier,
                    Reference = reference,
                    Test = Send.Test,
                    State = InterchangeState.Accepted,
                },
                new()
                {
                    Type = Map.Message.Type,
                    Release = Map.Message.Release,
                    Reference = "1",
                    Number = Number,
                    State = DocumentState.Mapped,
                    Map = Map.Id,
                    MapVersion = Map.Version,
                }, Expectation(bytes));
        }
    }
}
