using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// A simulated process: everything that it awaits continues through here. Once it is dead nothing of it runs any more, no finally and
/// no catch: the truest kill -9. What it holds in the store goes with its session, what it asked of a cloud has happened.
/// </summary>
internal sealed class SimProcess : SynchronizationContext
{
    private readonly SimScheduler _scheduler;

    /// <param name="scheduler">Runs it.</param>
    /// <param name="name">For the trace; another for each life.</param>
    /// <param name="actors">As whom it changes records.</param>
    /// <param name="seed">Of its ids and chances.</param>
    public SimProcess(SimScheduler scheduler, string name, Actors actors, int seed)
    {
        _scheduler = scheduler;
        Name = name;
        Actors = actors;
        Time = new SimTime(scheduler, this);
        Sources = SeededSources.Create(Time, seed);
    }

    public string Name { get; }

    public Actors Actors { get; }

    public SimTime Time { get; }

    public Sources Sources { get; }

    public bool IsDead { get; private set; }

    /// <summary>It stands still; its callbacks wait.</summary>
    public bool IsStalled { get; set; }

    /// <summary>All configurations that it has been given; what it began under an earlier one may still be going on.</summary>
    public List<NodepoolConfig> Configs { get; } = [];

    /// <summary>Waiting callbacks.</summary>
    public List<(SendOrPostCallback Callback, object? State)> Queue { get; } = [];

    /// <summary>A wait without end: what a call of a dead process becomes.</summary>
    public static Task Never { get; } = new TaskCompletionSource().Task;

    /// <summary>Begins to run. What it throws is nobody's to handle and ends the simulation.</summary>
    public void Start(Func<Task> run) => Post(async state => await ((Func<Task>)state!)(), run);

    public void Kill()
    {
        IsDead = true;
        _scheduler.Drop(this);
    }

    public override void Post(SendOrPostCallback d, object? state) => _scheduler.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nothing in Core may block on a context");

    public override SynchronizationContext CreateCopy() => this;
}
