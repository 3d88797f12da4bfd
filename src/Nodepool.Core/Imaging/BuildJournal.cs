using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Notes the phases that an image tool reports, from whatever thread, and has them stored with the build's record, at most every few seconds. What
/// cannot be stored is only missed by those who look on.
/// </summary>
/// <param name="sources">Time.</param>
/// <param name="noted">Told of each phase once, on the thread that reports it.</param>
/// <param name="store">Stores all phases so far.</param>
internal sealed class BuildJournal(Sources sources, Action<string> noted, Func<ValueList<BuildPhase>, CancellationToken, ValueTask> store) : IProgress<string>, IDisposable
{
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly long _start = sources.Time.GetTimestamp();
    private readonly List<BuildPhase> _phases = [];
    private readonly WakeSignal _news = new(sources.Time);

    /// <summary>The phases so far.</summary>
    public ValueList<BuildPhase> Phases
    {
        get
        {
            lock (_lock)
            {
                return _phases.ToValueList();
            }
        }
    }

    /// <inheritdoc/>
    public void Report(string value)
    {
        lock (_lock)
        {
            // A tool that comes back to a phase is still nearer to its end than it was then.
            if (_phases.Exists(phase => phase.Name == value))
            {
                return;
            }

            _phases.Add(new BuildPhase(value, sources.Time.GetElapsedTime(_start).TotalSeconds));
        }

        noted(value);
        _news.Set();
    }

    /// <summary>Stores phases until the work has ended, and returns what it returns.</summary>
    public async Task<T> FollowAsync<T>(Task<T> work)
    {
        using var over = new CancellationTokenSource();
        var storing = StoreAsync(over.Token);
        try
        {
            return await work;
        }
        finally
        {
            over.Cancel();
            await storing;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();

    private async Task StoreAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(Timeout.InfiniteTimeSpan, over);
                await store(Phases, over);
                await Task.Delay(BetweenWrites, sources.Time, over);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StateException)
            {
                // The next phase is written with those before it. A lost lock ends the build by itself.
            }
        }
    }
}
