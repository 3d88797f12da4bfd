using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Nodepool.Diagnostics;

/// <summary>SIGUSR2 of a process that hosts roles: its stacks go to the log, and a CPU profile begins or ends. One after the other.</summary>
internal sealed class DiagnosticSignal : IAsyncDisposable
{
    private const PosixSignal User2 = (PosixSignal)12;

    // A signal that comes while one is dealt with is kept, further ones are not.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _registration;
    private readonly StackDump _stacks;
    private readonly CpuProfile _profile;
    private readonly Task _loop;

    /// <summary>Begins to listen; disposing ends it.</summary>
    /// <param name="profileDirectory">Where profiles go; made when it is needed.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="time">The clock.</param>
    public DiagnosticSignal(Func<string> profileDirectory, ILoggerFactory loggers, TimeProvider time)
    {
        _stacks = new StackDump(loggers, time);
        _profile = new CpuProfile(profileDirectory, time, loggers.CreateLogger("nodepool.profile"));
        _registration = PosixSignalRegistration.Create(User2, context =>
        {
            context.Cancel = true;
            _signals.Writer.TryWrite(true);
        });
        _loop = RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _registration.Dispose();
        await _stop.CancelAsync();
        await _loop;
        await _profile.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in _signals.Reader.ReadAllAsync(ct))
            {
                // The stacks first: a profile that begins must not consist of their being read.
                await _stacks.WriteAsync(ct);
                await _profile.ToggleAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }
}
