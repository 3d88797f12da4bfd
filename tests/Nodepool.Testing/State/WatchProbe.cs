using System.Text;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>
/// Reads a watch into a picture of what exists, as every user of the seam does, and checks on the way what a watch promises of
/// each batch.
/// </summary>
public sealed class WatchProbe : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly string _root;
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, Entry> _seen = new(StringComparer.Ordinal);
    private readonly List<ChangeBatch> _batches = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> _awaited = [];
    private readonly Task _reading;

    /// <summary>Begins to read.</summary>
    public WatchProbe(IStateEngine session, string root, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(session);
        _root = root;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _reading = FollowAsync(session.WatchAsync(root, _stop.Token));
    }

    /// <summary>Called on the reader with the picture after each batch.</summary>
    public Action<IReadOnlyDictionary<string, Entry>>? EachBatch { get; set; }

    /// <summary>Completes when the watch has ended, with its exception if it had one.</summary>
    public Task Ended => _reading;

    /// <summary>The batches so far.</summary>
    public IReadOnlyList<ChangeBatch> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>The entries that exist as far as the watch has told, path to data as text.</summary>
    public SortedDictionary<string, string> Picture
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, string>(
                    _seen.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value.Data.Span)), StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Waits until the picture satisfies the condition.</summary>
    public Task UntilAsync(Func<IReadOnlyDictionary<string, Entry>, bool> condition) => AwaitAsync(() => condition(_seen));

    /// <summary>Waits until a batch has reached the position.</summary>
    public Task ReachAsync(long position) => AwaitAsync(() => _batches.Count > 0 && _batches[^1].Position >= position);

    /// <summary>Cancels the watch and waits for its end, which must be quiet.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        _stop.Dispose();
    }

    private async Task AwaitAsync(Func<bool> condition)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition())
            {
                return;
            }

            _awaited.Add((condition, done));
        }

        var first = await Task.WhenAny(done.Task, _reading).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await first;
        Assert.True(done.Task.IsCompleted, $"The watch of {_root} ended before it had shown what was expected.");
    }

    private async Task FollowAsync(IAsyncEnumerable<ChangeBatch> batches)
    {
        await foreach (var batch in batches)
        {
            lock (_gate)
            {
                Apply(batch);
                EachBatch?.Invoke(_seen);
                _awaited.RemoveAll(one => one.Condition() && one.Done.TrySetResult());
            }
        }
    }

    private void Apply(ChangeBatch batch)
    {
        Assert.True(_batches.Count > 0 || batch.IsResync, "The first batch is a resync.");
        Assert.True(_batches.Count == 0 || batch.Position >= _batches[^1].Position, "Positions never go back.");
        _batches.Add(batch);
        if (batch.IsResync)
        {
            _seen.Clear();
        }

        foreach (var (path, entry) in batch.Changes)
        {
            Assert.True(path == _root || path.StartsWith(_root.TrimEnd('/') + "/", StringComparison.Ordinal), $"{path} is not below {_root}.");
            if (entry is null)
            {
                Assert.False(batch.IsResync, "A resync holds what exists.");
                _seen.Remove(path);
                continue;
            }

            Assert.Equal(path, entry.Path);
            var parent = path[..path.LastIndexOf('/')];
            Assert.True(path == _root || parent.Length == 0 || _seen.ContainsKey(parent), $"{path} came before its parent.");
            _seen[path] = entry;
        }
    }
}
