using System.Security.Cryptography;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

/// <summary>What every source promises, whatever stands behind it.</summary>
public abstract class FileSourceContract : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The partner's side as we see it on this disk.</summary>
    internal abstract string Folder { get; }

    internal string Spool { get; } = Directory.CreateTempSubdirectory("hub-spool-").FullName;

    internal abstract PartnerDefinition Partner { get; }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Spool, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal Task<IFileSource> Open(Func<SourceDefinition, SourceDefinition>? change = null) =>
        new FileSources(Folder, TimeProvider.System).Open(
            change is null ? Partner : Partner with { Source = change(Partner.Source) }, Cancellation);

    internal string Write(string path, byte[] bytes)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    internal static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    internal async Task<List<Download>> Fetch(IFileSource source, IEnumerable<RemoteFile> files, long bytesMax = long.MaxValue)
    {
        var downloads = new List<Download>();
        var settings = Partner.Source with { FileBytesMax = bytesMax };
        await foreach (var download in new Downloader(Spool, TimeProvider.System).Run(source, settings, files, Cancellation))
            downloads.Add(download);
        return downloads;
    }

    [Fact]
    public async Task Files_are_listed_oldest_first_without_ignored_ones_folders_and_links()
    {
        var start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        foreach (var (name, age) in new[] { ("c.edi", 0), ("b.EDI", 5), ("a.edi", 5), (".hidden.edi", 9), ("up.edi.filepart", 9), ("note.txt", 9) })
            File.SetLastWriteTimeUtc(Write("out/" + name, Bytes(10)), start.AddMinutes(-age));
        Directory.CreateDirectory(Path.Combine(Folder, "out", "folder.edi"));
        File.CreateSymbolicLink(Path.Combine(Folder, "out", "link.edi"), "/etc/passwd");
        await using var source = await Open(settings => settings with { Pattern = "*.edi" });
        var files = await source.List(Cancellation);
        Assert.Equal(["out/a.edi", "out/b.EDI", "out/c.edi"], files.Select(file => file.Path));
        Assert.All(files, file => Assert.Equal(10, file.Bytes));
        Assert.Equal(new DateTimeOffset(start), files[2].ModifiedAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_download_brings_the_bytes_their_hash_and_nothing_else(int count)
    {
        var bytes = Bytes(count);
        Write("out/orders.edi", bytes);
        await using var source = await Open();
        var download = Assert.Single(await Fetch(source, await source.List(Cancellation)));
        var file = Assert.IsType<DownloadOutcome.Downloaded>(download.Outcome);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file.SpoolPath, Cancellation));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);
        Assert.Equal(count, file.Bytes);
        Assert.Single(Directory.GetFiles(Spool));
    }

    [Fact]
    public async Task A_file_without_the_end_of_its_interchange_is_told_from_a_whole_one()
    {
        var whole = "UNB+UNOC:3+A+B+260301:1200+1'UNZ+1+1'"u8.ToArray();
        // Longer than what is kept of both ends.
        var padded = new byte[100_000];
        padded.AsSpan().Fill((byte)' ');
        whole.AsSpan(0, 29).CopyTo(padded);
        whole.AsSpan(29).CopyTo(padded.AsSpan(padded.Length - 8));
        Write("out/a.edi", whole);
        Write("out/b.edi", whole[..^1]);
        Write("out/c.edi", padded);
        Write("out/d.edi", padded[..^1]);
        Write("out/e.csv", Bytes(100));
        await using var source = await Open(settings => settings with { Pattern = "*" });
        var downloads = await Fetch(source, (await source.List(Cancellation)).OrderBy(file => file.Name, StringComparer.Ordinal));
        Assert.Equal(
            [TrailerState.Complete, TrailerState.NoTrailer, TrailerState.Complete, TrailerState.NoTrailer, TrailerState.Unknown],
            downloads.Select(download => Assert.IsType<DownloadOutcome.Downloaded>(download.Outcome).Trailer));
    }

    [Fact]
    public async Task Two_hundred_files_come_in_their_order_over_one_connection()
    {
        var start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 200; i++)
            File.SetLastWriteTimeUtc(Write($"out/{199 - i:000}.edi", Bytes(i)), start.AddSeconds(i));
        await using var source = await Open();
        var downloads = await Fetch(source, await source.List(Cancellation));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{199 - i:000}.edi"), downloads.Select(download => download.File.Name));
        foreach (var (download, i) in downloads.Select((download, i) => (download, i)))
            Assert.Equal(Bytes(i), await File.ReadAllBytesAsync(
                Assert.IsType<DownloadOutcome.Downloaded>(download.Outcome).SpoolPath, Cancellation));
    }

    [Fact]
    public async Task A_reader_who_stops_leaves_nothing_in_the_spool()
    {
        for (var i = 0; i < 40; i++)
            Write($"out/{i}.edi", Bytes(1_000));
        await using var source = await Open();
        await foreach (var download in new Downloader(Spool, TimeProvider.System).Run(source, Partner.Source, await source.List(Cancellation), Cancellation))
        {
            File.Delete(Assert.IsType<DownloadOutcome.Downloaded>(download.Outcome).SpoolPath);
            break;
        }
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Theory]
    [InlineData("grown")]
    [InlineData("cut")]
    [InlineData("rewritten")]
    public async Task A_file_that_changed_since_the_listing_settles_again(string how)
    {
        var full = Write("out/orders.edi", Bytes(5_000));
        File.SetLastWriteTimeUtc(full, new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc));
        await using var source = await Open();
        var files = await source.List(Cancellation);
        Change(full, how);
        var download = Assert.Single(await Fetch(source, files));
        var changed = Assert.IsType<DownloadOutcome.Changed>(download.Outcome);
        Assert.Equal(new FileInfo(full).Length, changed.Now.Bytes);
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Theory]
    [InlineData("grown")]
    [InlineData("cut")]
    public async Task A_file_that_changes_while_it_is_read_settles_again(string how)
    {
        var full = Write("out/catalogue.edi", Bytes(4_000_000));
        await using var source = await Open();
        await using var meddling = new MeddlingSource(source, () => Change(full, how));
        var download = Assert.Single(await Fetch(meddling, await source.List(Cancellation)));
        Assert.IsType<DownloadOutcome.Changed>(download.Outcome);
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Fact]
    public async Task A_file_that_is_gone_or_too_large_is_told_apart()
    {
        var gone = Write("out/a-gone.edi", Bytes(10));
        Write("out/b-large.edi", Bytes(11));
        await using var source = await Open();
        var files = (await source.List(Cancellation)).OrderBy(file => file.Name);
        File.Delete(gone);
        var downloads = await Fetch(source, files, bytesMax: 10);
        Assert.IsType<DownloadOutcome.Gone>(downloads[0].Outcome);
        Assert.Equal(new DownloadOutcome.TooLarge(11, 10), downloads[1].Outcome);
    }

    [Fact]
    public async Task A_look_at_a_file_tells_what_it_is_now()
    {
        Write("out/orders.edi", Bytes(7));
        await using var source = await Open();
        Assert.Equal((await source.List(Cancellation))[0], await source.Stat("out/orders.edi", Cancellation));
        Assert.Null(await source.Stat("out/nothing.edi", Cancellation));
        Assert.Null(await source.Stat("out", Cancellation));
    }

    [Fact]
    public async Task A_file_can_be_deleted_twice()
    {
        var full = Write("out/orders.edi", Bytes(7));
        await using var source = await Open();
        await source.Delete("out/orders.edi", Cancellation);
        await source.Delete("out/orders.edi", Cancellation);
        Assert.False(File.Exists(full));
    }

    [Fact]
    public async Task A_move_makes_its_folder_replaces_nothing_and_can_be_repeated()
    {
        Write("out/orders.edi", Bytes(7));
        await using var source = await Open();
        Assert.True(await source.Move("out/orders.edi", "processed/2026-03-01/orders.edi", Cancellation));
        Assert.True(await source.Move("out/orders.edi", "processed/2026-03-01/orders.edi", Cancellation));
        Write("out/orders.edi", Bytes(8));
        Assert.False(await source.Move("out/orders.edi", "processed/2026-03-01/orders.edi", Cancellation));
        Assert.Equal(Bytes(7), await File.ReadAllBytesAsync(Path.Combine(Folder, "processed/2026-03-01/orders.edi"), Cancellation));
        Assert.Single(await source.List(Cancellation));
    }

    [Fact]
    public async Task A_move_of_a_file_that_never_was_is_refused()
    {
        await using var source = await Open();
        await Fails(SourceFault.Refused, () => source.Move("out/nothing.edi", "processed/nothing.edi", Cancellation));
    }

    [Fact]
    public async Task What_is_put_appears_whole_and_replaces()
    {
        await using var source = await Open(settings => settings with { MoveTo = "in" });
        await source.Put("in/contrl.edi", Bytes(300), Cancellation);
        await source.Put("in/contrl.edi", Bytes(200), Cancellation);
        Assert.Equal(Bytes(200), await File.ReadAllBytesAsync(Path.Combine(Folder, "in/contrl.edi"), Cancellation));
        Assert.Single(Directory.GetFiles(Path.Combine(Folder, "in")));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_no_empty_folder()
    {
        Directory.Delete(Path.Combine(Folder, "out"), recursive: true);
        await using var source = await Open();
        await Fails(SourceFault.Refused, () => source.List(Cancellation));
    }

    internal static async Task<SourceException> Fails(SourceFault fault, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<SourceException>(call);
        Assert.True(fault == failure.Fault, $"{failure.Fault}: {failure}");
        return failure;
    }

    static void Change(string full, string how)
    {
        switch (how)
        {
            case "grown":
                using (var stream = File.Open(full, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
                    stream.Write(Bytes(5_000));
                break;
            case "cut":
                using (var stream = File.Open(full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    stream.SetLength(100);
                break;
            default:
                var length = new FileInfo(full).Length;
                File.WriteAllBytes(full, new byte[length]);
                break;
        }
    }
}
