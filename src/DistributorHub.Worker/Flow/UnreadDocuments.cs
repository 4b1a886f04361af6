using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Formats;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Flow;

/// <summary>
/// Notes the documents of a file that was not read to its end, because the world or our settings were in the way: whoever asks for an order
/// by its number finds where it is.
/// </summary>
/// <param name="verdicts">Where to.</param>
/// <param name="run">The run; what it or an earlier one has loaded stays as it is.</param>
/// <param name="why">State, class and cause of each document.</param>
sealed class UnreadDocuments(Verdicts verdicts, ExchangeRun run, DocumentRow why)
{
    const int DocumentsPerWriteMax = 500;

    readonly List<DocumentRow> documents = [];
    InterchangeRow interchange = new();

    /// <summary>Goes through the file; what is wrong with it is not the question here.</summary>
    public async Task Write(EdiReader reader, CancellationToken cancellation)
    {
        var isFirst = false;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (reader.Event)
            {
                case EdiEvent.InterchangeStart:
                    interchange = InterchangeRow.Of(reader.Interchange!);
                    break;
                case EdiEvent.MessageStart:
                    documents.Add(DocumentRow.Of(reader.Message!, run.Exchange.Sha256) with { State = why.State, Class = why.Class, Cause = why.Cause });
                    isFirst = true;
                    break;
                case EdiEvent.Segment when isFirst:
                    documents[^1] = documents[^1] with { StatedNumber = StatedNumber.Of(reader.Segment) };
                    isFirst = false;
                    break;
                case EdiEvent.MessageEnd:
                    documents[^1] = documents[^1] with { Segments = reader.Message!.Segments };
                    if (documents.Count == DocumentsPerWriteMax)
                        await Save(cancellation);
                    break;
                case EdiEvent.InterchangeEnd:
                    await Save(cancellation);
                    break;
            }
        }
        // A file that was cut off has no end of its last interchange.
        if (documents.Count > 0)
            await Save(cancellation);
    }

    /// <summary>The same with a file without an envelope.</summary>
    public async Task Write(RecordReader reader, CancellationToken cancellation)
    {
        interchange = InterchangeRow.Of(reader.Envelope);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Event == RecordEvent.DocumentStart)
                documents.Add(DocumentRow.Of(reader.Document!, run.Exchange.Sha256) with { State = why.State, Class = why.Class, Cause = why.Cause });
            documents[^1] = documents[^1] with { StatedNumber = StatedNumber.Of(reader), Segments = reader.Document!.Segments };
            if (reader.Event == RecordEvent.DocumentEnd && documents.Count == DocumentsPerWriteMax)
                await Save(cancellation);
        }
        if (documents.Count > 0)
            await Save(cancellation);
    }

    async Task Save(CancellationToken cancellation)
    {
        await verdicts.Save(run, new(interchange, documents, []), cancellation);
        documents.Clear();
    }
}
