using System.Diagnostics;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class SftpSourceTests : FileSourceContract
{
    SshdFixture server = null!;

    internal override string Folder => server.Folder;

    internal override PartnerDefinition Partner => server.Partner();

    public override async ValueTask InitializeAsync() => server = await SshdFixture.Start(Cancellation);

    public override async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_cut_during_a_download_is_made_again()
    {
        Write("out/catalogue.edi", Bytes(8_000_000));
        await using var source = await Open();
        await using var meddling = new MeddlingSource(source, () => server.KillSessions(Cancellation).GetAwaiter().GetResult());
        var download = Assert.Single(await Fetch(meddling, await source.List(Cancellation)));
        var file = Assert.IsType<DownloadOutcome.Downloaded>(download.Outcome);
        Assert.Equal(Bytes(8_000_000), await File.ReadAllBytesAsync(file.SpoolPath, Cancellation));
    }

    [Fact]
    public async Task A_cut_connection_fails_the_call_and_serves_the_next()
    {
        Write("out/orders.edi", Bytes(5));
        await using var source = await Open();
        await server.KillSessions(Cancellation);
        Assert.Single(await source.List(Cancellation));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        await server.Stop(Cancellation);
        await Fails(SourceFault.Unreachable, () => Open());
    }

    [Fact]
    public async Task A_frozen_server_ends_every_call_within_its_limit()
    {
        for (var i = 0; i < 20; i++)
            Write($"out/{i}.edi", Bytes(100_000));
        await using var source = await Open(settings => settings with
        {
            OperationTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        });
        var files = await source.List(Cancellation);
        await server.Freeze(Cancellation);
        var watch = Stopwatch.StartNew();
        var failure = await Fails(SourceFault.Unreachable, () => source.List(Cancellation));
        Assert.True(failure.TimedOut);
        Assert.All(await Fetch(source, files), download =>
            Assert.Equal(SourceFault.Unreachable, Assert.IsType<DownloadOutcome.Failed>(download.Outcome).Fault));
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 45);
        await server.Thaw(Cancellation);
        Assert.Equal(20, (await source.List(Cancellation)).Count);
        Assert.Empty(Directory.GetFiles(Spool));
    }

    [Fact]
    public async Task A_server_that_freezes_during_downloads_fails_them_all()
    {
        for (var i = 0; i < 16; i++)
            Write($"out/{i}.edi", Bytes(4_000_000));
        await using var source = await Open(settings => settings with
        {
            OperationTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        });
        await using var meddling = new MeddlingSource(source, () => server.Freeze(Cancellation).GetAwaiter().GetResult());
        var downloads = await Fetch(meddling, await source.List(Cancellation));
        Assert.Contains(downloads, download => download.Outcome is DownloadOutcome.Failed { Fault: SourceFault.Unreachable });
        Assert.Equal(downloads.Count(download => download.Outcome is DownloadOutcome.Downloaded), Directory.GetFiles(Spool).Length);
        await server.Thaw(Cancellation);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_wait_and_the_connection_stays()
    {
        Write("out/catalogue.edi", Bytes(8_000_000));
        await using var source = await Open();
        var files = await source.List(Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var meddling = new MeddlingSource(source, stop.Cancel);
        using var destination = new MemoryStream();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => meddling.Download(files[0], destination, stop.Token));
        Assert.Single(await source.List(Cancellation));
    }

    [Fact]
    public async Task What_the_server_forbids_is_refused()
    {
        await using var readOnly = await SshdFixture.Start(Cancellation, sftp: "-R");
        await using var source = await new FileSources("/", TimeProvider.System).Open(readOnly.Partner(), Cancellation);
        await Fails(SourceFault.Refused, () => source.Put("out/contrl.edi", Bytes(5), Cancellation));
    }

    [Fact]
    public async Task A_server_without_atomic_rename_replaces_all_the_same()
    {
        await using var old = await SshdFixture.Start(Cancellation, sftp: "-P posix-rename");
        await using var source = await new FileSources("/", TimeProvider.System).Open(old.Partner(), Cancellation);
        await source.Put("out/contrl.edi", Bytes(5), Cancellation);
        await source.Put("out/contrl.edi", Bytes(6), Cancellation);
        Assert.Equal(Bytes(6), await File.ReadAllBytesAsync(Path.Combine(old.Folder, "out/contrl.edi"), Cancellation));
        Assert.Single(await source.List(Cancellation));
    }
}
