using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Providers;
using Nodepool.Providers.Scanning;

namespace Nodepool.Tests.Providers.Scanning;

/// <summary>Looks at a port that the test answers one by one, on a fake clock.</summary>
internal sealed class ScriptedPort
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Sighting>> _looks = [];

    public static NodeScanOrder Order { get; } = new("node.example", 22, IsSsh: true, ReadKeys: false, TimeSpan.FromSeconds(60));

    public FakeTimeProvider Time { get; } = new();

    public int Looks => _looks.Count;

    /// <summary>Looks that were neither answered nor given up.</summary>
    public int Open => _looks.Values.Count(look => !look.Task.IsCompleted);

    public Task<Sighting> LookAsync(NodeScanOrder order, Action<Sighting> meanwhile, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<Sighting>();
        ct.Register(() => answer.TrySetCanceled(ct));
        meanwhile(new(SightingKind.Silent));
        _looks[_looks.Count] = answer;
        return answer.Task;
    }

    public void Answer(int look, SightingKind kind) => _looks[look].SetResult(new(kind));

    /// <summary>Waits for the look of that number; whoever waits for a scan's turn is woken on another thread.</summary>
    public async Task ReachAsync(int look)
    {
        while (!_looks.ContainsKey(look))
        {
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass; what it wakes runs at once.</summary>
    public void Pass(int milliseconds) => Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
