using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>Opens the source a partner file describes.</summary>
/// <param name="files">Folder that relative paths of folder sources start from (<c>Hub:Files</c>).</param>
/// <param name="clock">For time limits.</param>
sealed class FileSources(string files, TimeProvider clock) : IAsyncDisposable
{
    readonly KeptConnections kept = new(clock);

    /// <summary>A source that is connected and signed in, or a <see cref="SourceException"/>. Its connection is new, and is closed with it.</summary>
    public async Task<IFileSource> Open(PartnerDefinition partner, CancellationToken cancellation)
    {
        if (partner.Source.Kind != SourceKind.Sftp)
            return Local(partner);
        var connection = await SftpSource.Connect(partner.Source, clock, cancellation);
        return new SftpSource(partner.Source, connection, connection.DisposeAsync, clock);
    }

    /// <summary>The same for polls and deliveries, which come again and again: with a connection that may be there already, and is kept for the next.</summary>
    public async Task<IFileSource> Reopen(PartnerDefinition partner, CancellationToken cancellation) =>
        partner.Source.Kind == SourceKind.Sftp ? await kept.Open(partner.Source, cancellation) : Local(partner);

    FolderSource Local(PartnerDefinition partner) => partner.Source.Kind == SourceKind.Folder ? new(files, partner, clock)
        : throw new System.Diagnostics.UnreachableException($"No source for kind '{partner.Source.Kind}'.");

    public ValueTask DisposeAsync() => kept.DisposeAsync();
}
