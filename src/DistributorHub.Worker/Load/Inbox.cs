using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace DistributorHub.Worker.Load;

/// <summary>
/// <c>hub_inbox</c>, the table of the seller's database that says what was loaded. A row of it is committed together with the
/// document's rows, so that it is true whatever became of the hub's own database.
/// </summary>
sealed class Inbox(DbTransaction transaction, TimeProvider clock)
{
    /// <summary>The same text runs on both engines.</summary>
    public static IReadOnlyList<string> Definition { get; } =
    [
        """
        create table if not exists hub_inbox (
          document_id text not null,
          revision integer not null,
          partner text not null,
          doc_type text not null,
          doc_number text,
          body_hash text not null,
          versions text,
          loaded_at timestamptz not null,
          primary key (document_id, revision))
        """,
        "create index if not exists hub_inbox_content on hub_inbox (partner, doc_type, body_hash)",
        "create index if not exists hub_inbox_number on hub_inbox (partner, doc_type, doc_number)",
    ];

    const string FindRevision = """
        select revision, versions from hub_inbox where document_id = @Id order by revision desc limit 1
        """;

    const string FindTwin = """
        select document_id from hub_inbox
        where partner = @Partner and doc_type = @Type and body_hash = @BodyHash and doc_number is not distinct from @Number
          and document_id <> @Id
        order by loaded_at, document_id limit 1
        """;

    const string FindNumber = """
        select document_id from hub_inbox
        where partner = @Partner and doc_type = @Type and doc_number = @Number and document_id <> @Id
          and substr(body_hash, 1, length(@BodyHash)) <> @BodyHash
        order by loaded_at desc, document_id limit 1
        """;

    const string Insert = """
        insert into hub_inbox (document_id, revision, partner, doc_type, doc_number, body_hash, versions, loaded_at)
        values (@Id, @revision, @Partner, @Type, @Number, @BodyHash, @versions, @now)
        """;

    /// <summary>What is loaded already, by everything that a document is known by: one way there and back.</summary>
    public async Task<Known> Find(DocumentIdentity document, CancellationToken cancellation)
    {
        await using var results = await Connection.QueryMultipleAsync(Command($"{FindRevision}; {FindTwin}; {FindNumber}", document, cancellation));
        var last = await results.ReadFirstOrDefaultAsync<Entry>();
        var versions = last?.Versions is null ? null : JsonSerializer.Deserialize<Dictionary<string, string[]>>(last.Versions);
        return new(last is null ? null : (last.Revision, versions ?? []), await results.ReadFirstOrDefaultAsync<string>(), await results.ReadFirstOrDefaultAsync<string>());
    }

    /// <summary>Id of another document of the same partner, type, number and content, or null.</summary>
    public Task<string?> FindSameContent(DocumentIdentity document, CancellationToken cancellation) =>
        Connection.QueryFirstOrDefaultAsync<string>(Command(FindTwin, document, cancellation));

    public Task Add(DocumentIdentity document, int revision, IReadOnlyDictionary<string, string[]> versions, CancellationToken cancellation)
    {
        var parameters = new DynamicParameters(document);
        parameters.Add("revision", revision);
        parameters.Add("versions", versions.Count == 0 ? null : JsonSerializer.Serialize(versions));
        parameters.Add("now", clock.GetUtcNow());
        return Connection.ExecuteAsync(Command(Insert, parameters, cancellation));
    }

    DbConnection Connection => transaction.Connection!;

    CommandDefinition Command(string sql, object parameters, CancellationToken cancellation) =>
        new(sql, parameters, transaction, cancellationToken: cancellation);

    /// <summary>What is loaded of a document, or like it.</summary>
    /// <param name="Last">The newest revision loaded, with the ids of the versioned rows it made by table; null when there is none.</param>
    /// <param name="SameContent">Id of another document of the same partner, type, number and content, or null.</param>
    /// <param name="SameNumber">
    /// Id of the document of the same partner, type and number, and with other content, that was loaded last; null when there is none. Content of which rows
    /// were left out is the same.
    /// </param>
    public sealed record Known((int Revision, IReadOnlyDictionary<string, string[]> Versions)? Last, string? SameContent, string? SameNumber);

    sealed class Entry
    {
        public int Revision { get; set; }

        public string? Versions { get; set; }
    }
}
