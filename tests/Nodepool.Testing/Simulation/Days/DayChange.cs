namespace Nodepool.Testing.Simulation.Days;

/// <summary>A change whose jobs run at the same time; when it is reset, all of them end at once and begin anew.</summary>
internal sealed class DayChange(DayClient client, IReadOnlyList<DayWork> works)
{
    private Action? _reset;

    /// <summary>Runs the jobs until all have ended without a reset in between.</summary>
    /// <param name="place">Its place in the queue, which is the relative priority of its requests.</param>
    public async Task RunAsync(Func<int> place)
    {
        bool isReset;
        do
        {
            using var reset = new CancellationTokenSource();
            _reset = reset.Cancel;
            await Task.WhenAll(works.Select(work => DayJob.RunAsync(client, work, place(), reset.Token)));
            _reset = null;
            isReset = reset.IsCancellationRequested;
        }
        while (isReset);
    }

    /// <summary>The changes before it are not what it was tested with.</summary>
    public void Reset() => _reset?.Invoke();
}
