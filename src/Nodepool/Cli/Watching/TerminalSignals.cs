using System.Runtime.InteropServices;
using Nodepool.Providers.Processes;

namespace Nodepool.Cli.Watching;

/// <summary>The signals by which the system says what happens to the terminal of this process.</summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public TerminalSignals(Action<TerminalEvent> tell) => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => tell(TerminalEvent.Resized)),
        PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => tell(TerminalEvent.Resumed)),
        PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ =>
        {
            // With somebody listening the runtime does not stop the process any more.
            tell(TerminalEvent.Suspending);
            ProcessIdentity.Of(Environment.ProcessId)?.Kill(ProcessSignal.Stop);
        }),
    ];

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());
}
