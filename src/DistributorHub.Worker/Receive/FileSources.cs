using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>Opens the source a partner file describes.</summary>
/// <param name="files">Folder that relative paths of folder sources start from (<c>Hub:Files</c>).</param>
/// <param name="clock">For time limits.</param>
sealed class FileSources(string files, TimeProvider clock)
{
    /// <summary>A source that is connected and signed in, or a <see cref="SourceException"/>.</summary>
    public async Task<IFileSource> Open(PartnerDefinition partner, CancellationToken cancellation) => partner.Source.Kind switch
    {
        SourceKind.Folder => new FolderSource(files, partner, clock),
        SourceKind.Sftp => await SftpSource.Open(partner, clock, cancellation),
        var kind => throw new System.Diagnostics.UnreachableException($"No source for kind '{kind}'."),
    };
}
