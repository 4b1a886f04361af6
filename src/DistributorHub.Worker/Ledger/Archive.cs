using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>A file that was downloaded whole and waits in the spool to be archived.</summary>
/// <param name="Path">Path of the spool file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Hash of its content, in lower-case hex.</param>
readonly record struct SpooledFile(string Path, long Bytes, string Sha256);

/// <summary>The bytes of a file were deleted on purpose, and are asked for.</summary>
sealed class PayloadRemovedException(string message) : Exception(message);

/// <summary>
/// The raw bytes of every received file, in the hub database: compressed chunks under the hash of the content, so that a file and its
/// exchange are one commit and every worker sees both.
/// </summary>
sealed class Archive(Database database, TimeProvider clock)
{
    /// <summary>Raw bytes of one chunk.</summary>
    public const int ChunkBytes = 1024 * 1024;

    // Up to here chunks and exchange are one transaction; a larger file is written chunk by chunk and sealed at the end,
    // so that no transaction holds SQLite's only write lock for long.
    const int WholeChunksMax = 4;

    const string SelectChunk = "select data, raw_file.bytes from raw_chunk join raw_file using (sha256) where sha256 = @sha256 and ordinal = @ordinal";

    const int BrotliQuality = 2;
    const int BrotliWindow = 20;

    /// <summary>
    /// Archives spooled files and makes their exchanges, in one commit; for each file its exchange, or null when the claim was lost to another process meanwhile.
    /// A crash before the commit leaves large files' chunks without a seal, which the next run completes.
    /// </summary>
    public async Task<IReadOnlyList<long?>> Store(IReadOnlyList<(RemoteFileRow Claim, SpooledFile File)> files, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        foreach (var (_, file) in files.Where(each => IsLarge(each.File)))
            if (!await IsSealed(connection, file.Sha256, cancellation))
                await Write(connection, null, file, isWhole: false, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // In the order of their hashes: two processes that archive the same contents at the same time do not wait for each other in a circle.
        foreach (var (_, file) in files.OrderBy(each => each.File.Sha256, StringComparer.Ordinal))
        {
            if (IsLarge(file))
                await AddRaw(connection, transaction, file, isWhole: true, clock.GetUtcNow(), cancellation);
            else
                await Write(connection, transaction, file, isWhole: true, cancellation);
        }
        var exchanges = new List<long?>();
        foreach (var (claim, file) in files)
            exchanges.Add(await AddExchange(connection, transaction, claim, file, cancellation));
        await transaction.CommitAsync(cancellation);
        return exchanges;
    }

    static bool IsLarge(SpooledFile file) => file.Bytes > WholeChunksMax * (long)ChunkBytes;

    async Task Write(DbConnection connection, DbTransaction? transaction, SpooledFile file, bool isWhole, CancellationToken cancellation)
    {
        await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await AddRaw(connection, transaction, file, isWhole, clock.GetUtcNow(), cancellation);
        await WriteChunks(connection, transaction, content, file.Sha256, cancellation);
    }

    /// <summary>Archives bytes of our own in the transaction of what they belong to; returns their hash.</summary>
    public static async Task<string> Add(DbConnection connection, DbTransaction transaction, byte[] bytes, DateTimeOffset now, CancellationToken cancellation)
    {
        var file = new SpooledFile("", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await AddRaw(connection, transaction, file, isWhole: true, now, cancellation);
        using var content = new MemoryStream(bytes, writable: false);
        await WriteChunks(connection, transaction, content, file.Sha256, cancellation);
        return file.Sha256;
    }

    /// <summary>The raw bytes, from the first to the last, decompressed a chunk at a time.</summary>
    public async Task<Stream> Open(string sha256, CancellationToken cancellation)
    {
        var connection = await database.Open(cancellation);
        try
        {
            var (data, bytes) = await connection.QueryFirstOrDefaultAsync<(byte[]? Data, long Bytes)>(new CommandDefinition(
                $"{SelectChunk} and raw_file.sealed", new { sha256, ordinal = 1 }, cancellationToken: cancellation));
            // Most files are small: nothing is fetched ahead for them, and no connection kept.
            if (data is not null && bytes > ChunkBytes)
                return new ArchiveStream(connection, sha256, data, cancellation);
            if (data is null && !await IsSealed(connection, sha256, cancellation))
                throw await Removed(connection, sha256, cancellation) is { } why ? new PayloadRemovedException(why) : new InvalidOperationException($"The archive has no sealed file {sha256}.");
            var content = new byte[bytes];
            if (data is not null)
                Unpack(data, content, sha256, 1);
            await connection.DisposeAsync();
            return new MemoryStream(content, writable: false);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static int Unpack(byte[] packed, Span<byte> content, string sha256, int ordinal) => BrotliDecoder.TryDecompress(packed, content, out var length)
        ? length
        : throw new InvalidDataException($"Chunk {ordinal} of the archived file {sha256} is damaged.");

    /// <summary>When and why the bytes of a file were deleted, as a sentence; null when they are there.</summary>
    public async Task<string?> Removed(string sha256, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await Removed(connection, sha256, cancellation);
    }

    static async Task<string?> Removed(DbConnection connection, string sha256, CancellationToken cancellation)
    {
        var (at, why) = await connection.QueryFirstOrDefaultAsync<(DateTimeOffset? At, string? Why)>(new CommandDefinition(
            "select removed_at, removed_why from raw_file where sha256 = @sha256 and removed_at is not null", new { sha256 }, cancellationToken: cancellation));
        return at is null ? null : string.Create(CultureInfo.InvariantCulture, $"The bytes of this file were deleted on {at:yyyy-MM-dd}: {why}. Its hash is {sha256}.");
    }

    /// <summary>Removes chunks of files that were never sealed; their partners still have them.</summary>
    public async Task<int> RemoveLeftovers(TimeSpan age, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from raw_file where not sealed and removed_at is null and created_at < @Before", new { Before = clock.GetUtcNow() - age }, cancellationToken: cancellation));
    }

    static async Task<bool> IsSealed(DbConnection connection, string sha256, CancellationToken cancellation) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from raw_file where sha256 = @sha256 and sealed)", new { sha256 }, cancellationToken: cancellation));

    /// <summary>Notes a content that is there; sealed when all of its chunks are, or will be with this commit.</summary>
    static Task<int> AddRaw(DbConnection connection, DbTransaction? transaction, SpooledFile file, bool isWhole, DateTimeOffset now, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into raw_file (sha256, bytes, sealed, created_at) values (@Sha256, @Bytes, @isWhole, @now)
            on conflict (sha256) do update set sealed = true, removed_at = null, removed_why = null where excluded.sealed and not raw_file.sealed
            """,
            new { file.Sha256, file.Bytes, isWhole, now }, transaction, cancellationToken: cancellation));

    static async Task WriteChunks(
        DbConnection connection, DbTransaction? transaction, Stream content, string sha256, CancellationToken cancellation)
    {
        var raw = new byte[(int)Math.Min(ChunkBytes, content.Length)];
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(raw.Length)];
        for (var ordinal = 1; ; ordinal++)
        {
            var length = await content.ReadAtLeastAsync(raw, raw.Length, throwOnEndOfStream: false, cancellation);
            if (length == 0)
                return;
            if (!BrotliEncoder.TryCompress(raw.AsSpan(0, length), packed, out var packedLength, BrotliQuality, BrotliWindow))
                throw new InvalidDataException("A chunk did not fit its largest compressed length.");
            // The same content may be on its way through another process; its chunks are the same.
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into raw_chunk (sha256, ordinal, data) values (@sha256, @ordinal, @Data) on conflict (sha256, ordinal) do nothing",
                new { sha256, ordinal, Data = packed[..packedLength] }, transaction, cancellationToken: cancellation));
        }
    }

    // The claim's end and its exchange: one way there and back. What this transaction has just archived under the claim's fence is what the claim was on.
    Task<long?> AddExchange(
        DbConnection connection, DbTransaction transaction, RemoteFileRow claim, SpooledFile file, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            update remote_file set state = 'Archived', claimed_by = null, lease_until = null, note = null
            where id = @Id and state = 'Claimed' and fence = @Fence;
            insert into exchange (partner, remote_file_id, file, path, sha256, bytes, modified_at, state, due_at, created_at)
            select @Partner, @Id, @Name, @Path, @Sha256, @Bytes, @ModifiedAt, 'Received', @Now, @Now
            from remote_file where id = @Id and state = 'Archived' and fence = @Fence
            returning id
            """,
            new { claim.Partner, claim.Id, claim.Fence, claim.File.Name, claim.Path, file.Sha256, file.Bytes, claim.ModifiedAt, Now = clock.GetUtcNow() },
            transaction, cancellationToken: cancellation));

    /// <summary>Reads ahead by one chunk, so that the database works while the reader does.</summary>
    sealed class ArchiveStream : Stream
    {
        readonly DbConnection connection;
        readonly string sha256;
        readonly CancellationToken cancellation;
        readonly byte[] buffer = new byte[ChunkBytes];
        Task<byte[]?> next;
        int fetched = 1, at, length;

        public ArchiveStream(DbConnection connection, string sha256, byte[] first, CancellationToken cancellation)
        {
            (this.connection, this.sha256, this.cancellation) = (connection, sha256, cancellation);
            length = Unpack(first, buffer, sha256, fetched);
            next = Fetch();
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> destination)
        {
            if (at == length && !Fill())
                return 0;
            var count = Math.Min(destination.Length, length - at);
            buffer.AsSpan(at, count).CopyTo(destination);
            at += count;
            return count;
        }

        public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

        bool Fill()
        {
            if (next.GetAwaiter().GetResult() is not { } packed)
                return false;
            (at, length) = (0, Unpack(packed, buffer, sha256, fetched));
            next = Fetch();
            return true;
        }

        Task<byte[]?> Fetch() => connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            SelectChunk, new { sha256, ordinal = ++fetched }, cancellationToken: cancellation));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                // The connection may not be closed under a command; how that one ends no longer matters.
                ((IAsyncResult)next).AsyncWaitHandle.WaitOne();
                connection.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
