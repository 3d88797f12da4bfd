using System.Collections.Concurrent;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Memory;

namespace Nodepool.Tests.State;

/// <summary>On a synchronisation context of one thread, as the simulator has it, nothing of the memory engine leaves that thread.</summary>
public sealed class MemoryContextTests
{
    [Fact]
    public void WatchesLocksAndLosses_OnOneThread_StayThere()
    {
        var context = new PumpedContext();
        var strangers = new List<string>();
        var tree = new MemoryTree(TimeProvider.System);
        var trace = context.Run(() => PlayAsync(tree, strangers));

        Assert.Empty(strangers);
        Assert.Equal(["watch 0", "held", "waiting", "lost", "taken", "watch end"], trace);
    }

    private static async Task<List<string>> PlayAsync(MemoryTree tree, List<string> strangers)
    {
        var thread = Environment.CurrentManagedThreadId;
        var trace = new List<string>();
        void Note(string text)
        {
            if (Environment.CurrentManagedThreadId != thread || SynchronizationContext.Current is not PumpedContext)
            {
                strangers.Add(text);
            }

            trace.Add(text);
        }

        var first = tree.Open(SystemSources.Create());
        var second = tree.Open(SystemSources.Create());
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(second, Note, stop.Token);
        var lease = await first.TryLockAsync("/l", LockOptions.Immediate, default);
        Note("held");
        lease!.Lost.Register(() => Note("lost"));
        var waiting = TakeAsync(second, Note);
        Note("waiting");
        await Task.Yield();
        tree.Expire(first.SessionId);
        await waiting;
        stop.Cancel();
        await watching;
        return trace;
    }

    private static async Task WatchAsync(MemoryEngine engine, Action<string> note, CancellationToken ct)
    {
        await foreach (var batch in engine.WatchAsync("/", ct))
        {
            if (batch.IsResync)
            {
                note($"watch {batch.Position}");
            }
        }

        note("watch end");
    }

    private static async Task TakeAsync(MemoryEngine engine, Action<string> note)
    {
        await engine.TryLockAsync("/l", new LockOptions(Wait: Timeout.InfiniteTimeSpan), default);
        note("taken");
    }

    private sealed class PumpedContext : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

        public T Run<T>(Func<Task<T>> main)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                var task = main();
                task.ContinueWith(_ => _posted.CompleteAdding(), TaskScheduler.Default);
                foreach (var (callback, state) in _posted.GetConsumingEnumerable())
                {
                    callback(state);
                }

                return task.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
