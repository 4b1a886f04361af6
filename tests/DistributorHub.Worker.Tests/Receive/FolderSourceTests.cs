using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class FolderSourceTests : FileSourceContract
{
    internal override string Folder { get; } = Directory.CreateTempSubdirectory("hub-folder-").FullName;

    internal override PartnerDefinition Partner => new()
    {
        Id = "folder",
        Name = "A partner with a folder",
        Identities = [],
        Routes = [],
        Acknowledge = new() { Folder = "in" },
        Source = new() { Kind = SourceKind.Folder, Path = "out", OperationTimeout = TimeSpan.FromSeconds(20) },
    };

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "out"));
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("out/../secret.edi")]
    [InlineData("../secret.edi")]
    [InlineData("/etc/passwd")]
    [InlineData("elsewhere/secret.edi")]
    public async Task A_path_outside_the_partners_folders_is_refused(string path)
    {
        await using var source = await Open();
        await Fails(SourceFault.Refused, () => source.Stat(path, Cancellation));
        await Fails(SourceFault.Refused, () => source.Put(path, Bytes(1), Cancellation));
        await Fails(SourceFault.Refused, () => source.Delete(path, Cancellation));
        await Fails(SourceFault.Refused, () => source.Download(new(path, 1, default), Stream.Null, Cancellation));
    }

    [Fact]
    public async Task A_link_to_a_folder_elsewhere_is_not_followed()
    {
        var elsewhere = Directory.CreateTempSubdirectory("hub-elsewhere-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(Folder, "out", "sub"), elsewhere);
        await using var source = await Open();
        await Fails(SourceFault.Refused, () => source.Put("out/sub/file.edi", Bytes(1), Cancellation));
        Assert.Empty(Directory.GetFiles(elsewhere));
        Directory.Delete(elsewhere);
    }

    [Fact]
    public async Task A_file_replaced_by_a_link_is_not_read()
    {
        var full = Write("out/orders.edi", Bytes(5));
        await using var source = await Open();
        var files = await source.List(Cancellation);
        File.Delete(full);
        File.CreateSymbolicLink(full, "/etc/passwd");
        Assert.IsType<DownloadOutcome.Gone>(Assert.Single(await Fetch(source, files)).Outcome);
    }
}
