using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DistributorHub.Edi;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Flow;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Send;

/// <summary>How a document is written now.</summary>
/// <param name="Trace">Its elements, or null.</param>
/// <param name="MapVersion">Version of the map.</param>
/// <param name="Bytes">The interchange; empty when it cannot be written.</param>
/// <param name="Findings">What is wrong with it.</param>
/// <param name="Trouble">Why there is no trace.</param>
sealed record ExplainedDocument(WriteTrace? Trace, string MapVersion, byte[] Bytes, Findings Findings, string? Trouble);

/// <summary>
/// Writes the exchange of one of the seller's documents: read, written on trial and checked by our own reader; then, in the transaction that ends the exchange,
/// numbered, written, archived and handed to the outbox. A document with errors takes no number.
/// </summary>
sealed class DocumentWriting(SellerDocuments documents, OutgoingDocuments ledger, Verdicts verdicts, TimeProvider clock)
{
    /// <summary>How the exchange ends.</summary>
    /// <param name="run">The run.</param>
    /// <param name="partner">Whom it is for.</param>
    /// <param name="partners">Partners and maps as they are now.</param>
    /// <param name="findings">Takes what is wrong with the document.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    public async Task<ExchangeEnd> Write(ExchangeRun run, PartnerDefinition partner, PartnerMaps partners, Findings findings, CancellationToken cancellation)
    {
        var row = await ledger.Of(run.Exchange.Id, cancellation);
        if (partners.Sending(partner, row.Document) is not { } sending)
            return Failed(run, new(), FailureClass.Config, $"Partner {partner.Id} is not sent {row.Document}: no map under 'send' in the partner's file writes it.", null, cancellation);
        var snapshot = await Snapshot(partner, sending, row.Key, cancellation);
        var outgoing = new Outgoing(partner, sending, row.Key) { Exchange = run.Exchange.Id, Document = snapshot.Document, Now = clock.GetUtcNow() };
        if (outgoing.Document is null || outgoing.Interchange(1, findings) is null)
            return Failed(run, outgoing.Message, FailureClass.Data,
                snapshot.Trouble ?? $"Document {outgoing.Number} cannot be written: {findings.Kept.First(finding => finding.Severity >= Severity.Error).Message}", snapshot.Fingerprint, cancellation);
        if (outgoing.UsedUp(await verdicts.LastControlNumber(outgoing.Scope, cancellation) + 1) is { } cause)
            return Failed(run, outgoing.Message, FailureClass.Config, cause, null, cancellation);
        return new()
        {
            State = ExchangeState.Completed,
            Commit = (connection, transaction) => ledger.Commit(connection, transaction, run, outgoing.Scope, outgoing.File, cancellation),
        };
    }

    /// <summary>Interchange and message of a document that is not written yet, by which it is found.</summary>
    public static (InterchangeRow Interchange, DocumentRow Document) Unsent(PartnerDefinition partner, Sending sending, string key)
    {
        var outgoing = new Outgoing(partner, sending, key);
        return (outgoing.Envelope("") with { Ordinal = 1 }, outgoing.Message with { Ordinal = 1, Identity = $"{partner.Id}/{sending.Map.Document.Id}/{key}", State = DocumentState.Parsed });
    }

    /// <summary>
    /// How the elements of a document would come about now; nothing is written down. Without a trace the trouble says why there is none.
    /// </summary>
    public async Task<ExplainedDocument> Explain(long exchange, PartnerDefinition partner, PartnerMaps partners, CancellationToken cancellation)
    {
        var (row, findings) = (await ledger.Of(exchange, cancellation), new Findings());
        if (partners.Sending(partner, row.Document) is not { } sending)
            return new(null, "", [], findings, $"Partner {partner.Id} is not sent {row.Document} now.");
        var snapshot = await Snapshot(partner, sending, row.Key, cancellation);
        if (snapshot.Document is null)
            return new(null, sending.Map.Version, [], findings, snapshot.Trouble);
        var trace = new WriteTrace();
        var bytes = new Outgoing(partner, sending, row.Key) { Exchange = exchange, Document = snapshot.Document, Now = clock.GetUtcNow() }.Interchange(1, findings, trace);
        return new(trace, sending.Map.Version, bytes ?? [], findings, null);
    }

    /// <summary>Notes why a document could not be written, where something else than the document was wrong.</summary>
    public Task NoteFailed(ExchangeRun run, FailureClass failure, string cause, CancellationToken cancellation) =>
        ledger.Fail(run.Exchange.Id, new() { Class = failure, Cause = cause }, cancellation);

    ExchangeEnd Failed(ExchangeRun run, DocumentRow message, FailureClass failure, string cause, string? fingerprint, CancellationToken cancellation) => new()
    {
        State = ExchangeState.Failed,
        Class = failure,
        Cause = cause,
        Commit = async (connection, transaction) =>
        {
            if (fingerprint is not null)
                await OutgoingDocuments.Note(connection, transaction, run.Exchange.Id, fingerprint, cancellation);
            await ledger.Fail(connection, transaction, run.Exchange.Id, message with { Class = failure, Cause = cause }, cancellation);
        },
    };

    /// <summary>A document as it is now, with a hash of all that what is written depends on; or why there is none.</summary>
    public async Task<(DocumentData? Document, string Fingerprint, string? Trouble)> Snapshot(
        PartnerDefinition partner, Sending sending, string key, CancellationToken cancellation)
    {
        var (send, map) = sending;
        try
        {
            return await documents.Read(map.Document, key, cancellation) is { } document
                ? (document, Fingerprint(partner, send, map, Shape(document)), null)
                : (null, "gone", $"{map.Document.Root.View} has no document {SellerDocuments.Readable(key)} any more.");
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
    sealed record Outgoing(PartnerDefinition Partner, Sending Sending, string Key)
    {
        public long Exchange { get; init; }

        public DateTimeOffset Now { get; init; }

        /// <summary>What the seller has of it; null when it could not be read.</summary>
        public DocumentData? Document { get; init; }

        SendDefinition Send => Sending.Send;

        CompiledWriteMap Map => Sending.Map;

        Party Sender => new(Send.Sender, Send.SenderQualifier);

        Party Recipient => Send.Recipient.Length > 0 ? new(Send.Recipient, Send.RecipientQualifier)
            : Partner.Identities.First(identity => identity.Standard == Map.Message.Standard) is var theirs ? new(theirs.Id, theirs.Qualifier) : default!;

        /// <summary>What people know the document by.</summary>
        public string Number => Map.Document.Number is { } named && Document?.Values[Map.Document.Root.Fields.ToList().FindIndex(other => other.Name == named.Name)] is { } number
            ? Convert.ToString(number, CultureInfo.InvariantCulture)! : SellerDocuments.Readable(Key);

        /// <summary>Its interchange with a reference; without one it is not written yet.</summary>
        public InterchangeRow Envelope(string reference) => new()
        {
            Standard = Map.Message.Standard.ToString(),
            Sender = Sender.Id,
            SenderQualifier = Sender.Qualifier,
            Recipient = Recipient.Id,
            RecipientQualifier = Recipient.Qualifier,
            Reference = reference,
            Test = Send.Test,
            State = reference.Length == 0 ? InterchangeState.Received : InterchangeState.Accepted,
        };

        /// <summary>Its message, found by its number and by its key.</summary>
        public DocumentRow Message => new()
        {
            Type = Map.Message.Type,
            Release = Map.Message.Release,
            Reference = "1",
            Number = Document is null ? null : Number,
            StatedNumber = SellerDocuments.Readable(Key),
            State = DocumentState.Mapped,
            Map = Map.Id,
            MapVersion = Map.Version,
        };

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
        public byte[]? Interchange(long number, Findings findings, WriteTrace? trace = null) => OutboundInterchange.Write(Map, [Document!], new()
        {
            Options = Send.Form.Options(Map.Message.Standard),
            Interchange = new() { Sender = Sender, Recipient = Recipient, Reference = AcknowledgementFile.Reference(number), Prepared = Now.UtcDateTime, Test = Send.Test, AcknowledgementRequested = AsksForAnswer },
            GroupSender = Send.GroupSender.Length > 0 ? Send.GroupSender : null,
            GroupRecipient = Send.GroupRecipient.Length > 0 ? Send.GroupRecipient : null,
            GroupReference = AcknowledgementFile.Reference(number).TrimStart('0'),
            Partner = Partner.Values(),
            Trace = trace,
        }, findings);

        /// <summary>Why there is no such number; null when there is.</summary>
        /// <param name="count">Of the numbers of the range, which it is, from 1.</param>
        public string? UsedUp(long count) => count <= Send.Numbers || Send.Rollover ? null
            : $"The control numbers from {Sender.Id} to {Recipient.Id} are used up: {Send.LastNumber} was the last. Agree with the partner that they start again, and write 'rollover: yes' below 'send'.";

        /// <summary>The file with its control number.</summary>
        /// <param name="count">Of the numbers of the range, which it is, from 1.</param>
        public WrittenFile File(long count)
        {
            // Another worker may have taken the last one since that was looked at.
            if (UsedUp(count) is { } cause)
                throw new SettingsException(cause);
            var number = Send.FirstNumber + (count - 1) % Send.Numbers;
            var findings = new Findings();
            var bytes = Interchange(number, findings)
                ?? throw new InvalidOperationException($"Document {Number} could be written with number 1, but not with {number}: {findings.Kept[0].Message}");
            var reference = AcknowledgementFile.Reference(number);
            var ending = Map.Message.Standard == Standard.X12 ? "x12" : "edi";
            var name = string.Create(CultureInfo.InvariantCulture, $"{Map.Message.Type}-{AcknowledgementFile.Plain(Number)}-{Exchange}-{reference}.{ending}");
            return new(bytes, name, Receive.SourcePaths.Join(Send.Folder, name), Envelope(reference), Message, Expectation(bytes));
        }
    }
}
