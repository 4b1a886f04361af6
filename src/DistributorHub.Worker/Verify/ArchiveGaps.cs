using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Verify;

/// <summary>Reads the archived bytes again, a chunk at a time, and compares size and hash with what was archived.</summary>
sealed class ArchiveGaps(Database database, Archive archive)
{
    const int FilesPerPage = 200;

    const string PageQuery = """
        select r.sha256, r.bytes, r.sealed, min(e.id) as exchange, min(e.partner) as partner, min(e.file) as file
        from exchange e join raw_file r on r.sha256 = e.sha256
        where e.created_at >= @Since and (@Partner is null or e.partner = @Partner) and r.sha256 > @After and r.removed_at is null
        group by r.sha256, r.bytes, r.sealed order by r.sha256 limit @Most
        """;

    public async IAsyncEnumerable<Gap> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var after = "";
        while (await Page(scope, after, cancellation) is { Count: > 0 } page)
        {
            foreach (var file in page)
                if (await Fault(file, cancellation) is { } fault)
                    yield return new(GapKind.ArchiveDamaged, file.Partner, $"#{file.Exchange}", $"{file.File}: {fault}",
                        "Restore the rows of raw_chunk with this sha256 from a backup of the hub database, or ask the partner for the file again.");
            after = page[^1].Sha256;
        }
    }

    async Task<string?> Fault(Row file, CancellationToken cancellation)
    {
        if (!file.Sealed)
            return $"the archive has no sealed file {file.Sha256}.";
        await using var content = new Counted(await archive.Open(file.Sha256, cancellation));
        try
        {
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
            return content.Count != file.Bytes ? $"the archive has {content.Count} of its {file.Bytes} bytes."
                : hash != file.Sha256 ? $"its bytes have the hash {hash}, and were archived as {file.Sha256}." : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    async Task<IReadOnlyList<Row>> Page(VerifyScope scope, string after, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<Row>(new CommandDefinition(
            PageQuery, new { scope.Since, scope.Partner, After = after, Most = FilesPerPage }, cancellationToken: cancellation))).AsList();
    }

    sealed record Row
    {
        public string Sha256 { get; init; } = "";
        public long Bytes { get; init; }
        public bool Sealed { get; init; }
        public long Exchange { get; init; }
        public string Partner { get; init; } = "";
        public string File { get; init; } = "";
    }

    /// <summary>Counts what is read through it.</summary>
    sealed class Counted(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
