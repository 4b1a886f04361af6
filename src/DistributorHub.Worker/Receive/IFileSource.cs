namespace DistributorHub.Worker.Receive;

/// <summary>A file as the partner's side lists it.</summary>
/// <param name="Path">Path on the partner's side, as the source names it.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="ModifiedAt">Time of the last change by the partner's clock: only ever compared with itself.</param>
readonly record struct RemoteFile(string Path, long Bytes, DateTimeOffset ModifiedAt)
{
    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>
/// A connection to where a partner leaves and takes files: SFTP or a folder. One instance serves one poll or one delivery; calls may
/// overlap. Every call ends within its own time limit. Failures are <see cref="SourceException"/>, classed for retry.
/// </summary>
interface IFileSource : IAsyncDisposable
{
    /// <summary>The files of the partner's outgoing folder that match the pattern and no ignore pattern.</summary>
    Task<IReadOnlyList<RemoteFile>> List(CancellationToken cancellation);

    /// <summary>Copies a file; does not judge whether it was whole.</summary>
    Task Download(RemoteFile file, Stream destination, CancellationToken cancellation);

    /// <summary>The file as it is now, or null when it is gone.</summary>
    Task<RemoteFile?> Stat(string path, CancellationToken cancellation);

    /// <summary>Removes a file; one that is gone already is no error.</summary>
    Task Delete(string path, CancellationToken cancellation);

    /// <summary>
    /// Moves a file, making the folder when it is missing. False when another file has the new name: nothing is ever overwritten. A file that
    /// was moved already is no error.
    /// </summary>
    Task<bool> Move(string path, string newPath, CancellationToken cancellation);

    /// <summary>Writes a file under a temporary name, then renames it: the partner never sees a part of it.</summary>
    Task Put(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}

/// <summary>Why a source failed, which decides what happens next.</summary>
enum SourceFault
{
    /// <summary>Network or server: tried again later.</summary>
    Unreachable,

    /// <summary>The partner refuses our sign-in: polling stops until a person looks, so that no account is locked.</summary>
    SignInRefused,

    /// <summary>The host key is not the pinned one: polling stops until a person looks.</summary>
    HostKeyMismatch,

    /// <summary>The partner refuses this operation, or the path does not exist.</summary>
    Refused,
}

/// <summary>A source that failed, and why.</summary>
/// <param name="fault">Decides what happens next.</param>
/// <param name="message">A sentence for the operator.</param>
/// <param name="inner">Where it came from.</param>
/// <param name="timedOut">True when a time limit ended the call: repeating it at once would only wait as long again.</param>
sealed class SourceException(SourceFault fault, string message, Exception? inner = null, bool timedOut = false)
    : Exception(message, inner)
{
    public SourceFault Fault { get; } = fault;

    public bool TimedOut { get; } = timedOut;
}
