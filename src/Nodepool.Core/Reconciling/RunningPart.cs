namespace Nodepool.Core.Reconciling;

/// <summary>A part of a role that is running and can be stopped on its own.</summary>
/// <param name="identity">What it was started from: as long as this stays equal the part goes on through configuration changes.</param>
/// <param name="run">The part; ends when its token is cancelled.</param>
internal sealed class RunningPart(object identity, Func<CancellationToken, Task> run) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _task = Task.CompletedTask;

    /// <summary>What it was started from.</summary>
    public object Identity => identity;

    /// <summary>Starts it.</summary>
    public RunningPart Start()
    {
        _task = run(_stop.Token);
        return this;
    }

    /// <summary>Stops it and waits until it has ended in order.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        try
        {
            await _task;
        }
        catch (OperationCanceledException)
        {
            // That is how parts end.
        }

        _stop.Dispose();
    }
}
