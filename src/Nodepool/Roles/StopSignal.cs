using System.Runtime.InteropServices;

namespace Nodepool.Roles;

/// <summary>
/// Ctrl-C and its relatives: the first asks for an orderly end, the second for the end at once, and the third does what the system has
/// it do. While one of these exists the first two do not end the process by themselves.
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

    /// <summary>What SIGHUP does as long as the terminal is there; without it SIGHUP asks for the end in any case.</summary>
    public Action? Reload { get; set; }

    /// <summary>The process's signals: SIGINT, SIGTERM, SIGUSR1 as Python's launcher has it, and SIGHUP.</summary>
    public static StopSignal OfProcess()
    {
        var signal = new StopSignal();
        var terminal = new ControllingTerminal();
        foreach (var number in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, User1 })
        {
            signal.Listen(number, signal.Raise);
        }

        signal.Listen(PosixSignal.SIGHUP, () => signal.Hangup(terminal.IsGone, terminal.IsOutlived));
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

    /// <summary>What SIGHUP does.</summary>
    /// <param name="isTerminalGone">The terminal that the process was started from has been closed.</param>
    /// <param name="isOutlived">The process was started to outlive it.</param>
    public void Hangup(bool isTerminalGone, bool isOutlived)
    {
        if (Reload is { } reload && (!isTerminalGone || isOutlived))
        {
            reload();
        }
        else if (!isOutlived)
        {
            Raise();
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _requested.Dispose();
    }

    private void Listen(PosixSignal number, Action act) => _registrations.Add(PosixSignalRegistration.Create(number, context =>
    {
        context.Cancel = !_immediately.Task.IsCompleted;
        act();
    }));
}
