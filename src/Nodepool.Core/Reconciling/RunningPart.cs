namespace Nodepool.Core.Reconciling;

/// <summary>A part of a role that is running and can be stopped on its own.</summary>
internal sealed class RunningPart : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    /// <summary>Starts it.</summary>
    public RunningPart(Part part)
    {
        Identity = part.Identity;
        _task = part.RunAsync(_stop.Token);
    }

    /// <summary>What it was started from.</summary>
    public object Identity { get; }

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
