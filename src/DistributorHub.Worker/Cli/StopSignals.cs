using System.Runtime.InteropServices;

namespace DistributorHub.Worker.Cli;

/// <summary>
/// The signals that ask the program to stop, from its first line on: a verb ends at its next safe point, and so does the start of the service. The host of a
/// service that has started knows them too, with systemd and Windows.
/// </summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly PosixSignalRegistration interrupt, terminate;

    public StopSignals()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Asked);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Asked);
    }

    /// <summary>Is cancelled when the program is to stop.</summary>
    public CancellationToken Stop => stop.Token;

    void Asked(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        stop.Dispose();
    }
}
