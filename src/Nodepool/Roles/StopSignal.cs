using System.Runtime.InteropServices;

namespace Nodepool.Roles;

/// <summary>
/// Ctrl-C and its relatives: the first asks for an orderly end, the second for the end at once. While one of these exists the signals
/// do not end the process by themselves.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private const PosixSignal User1 = (PosixSignal)10;

    private readonly CancellationTokenSource _requested = new();
    private readonly TaskCompletionSource _immediately = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Completes with the second signal.</summary>
    public Task Immediately => _immediately.Task;

    /// <summary>The process's signals: SIGINT, SIGTERM, SIGHUP (the terminal was closed), and SIGUSR1 as Python's launcher has it.</summary>
    public static StopSignal OfProcess()
    {
        var signal = new StopSignal();
        foreach (var number in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, User1 })
        {
            signal._registrations.Add(PosixSignalRegistration.Create(number, context =>
            {
                context.Cancel = true;
                signal.Raise();
            }));
        }

        return signal;
    }

    /// <summary>What a signal does.</summary>
    public void Raise()
    {
        if (_requested.IsCancellationRequested)
        {
            _immediately.TrySetResult();
        }
        else
        {
            _requested.Cancel();
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _requested.Dispose();
    }
}
