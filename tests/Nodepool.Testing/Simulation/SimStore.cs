using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>The store as the library of a client shows it to one process: calls are made until they are answered, in the next session when one has ended.</summary>
#pragma warning disable CA1001 // Its sessions end with its process or with the simulation.
internal sealed class SimStore(SimWorld world, SimProcess process)
#pragma warning restore CA1001
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private SimEngine _engine = new(world, process, world.Faults.Rates.ForClients());

    public SimProcess Process => process;

    /// <summary>The present session; a new one if the last has ended.</summary>
    public IStateEngine Engine
    {
        get
        {
            if (_engine.SessionEnded.IsCancellationRequested)
            {
                _engine = new SimEngine(world, process, world.Faults.Rates.ForClients());
            }

            return _engine;
        }
    }

    /// <summary>Calls the store until it answers; a call whose session ends is made again in the next one.</summary>
    public async ValueTask<T> AskAsync<T>(Func<IStateEngine, ValueTask<T>> ask)
    {
        while (true)
        {
            var engine = Engine;
            try
            {
                return await ask(engine);
            }
            catch (StateException e) when (e.Fault is StateFault.SessionEnded or StateFault.Unavailable)
            {
                await Task.Delay(BetweenTries, process.Time);
            }
        }
    }

    /// <summary>One write; false when what it concerns is gone or has changed.</summary>
    public ValueTask<bool> TryAsync(Write write) => AskAsync(async engine =>
    {
        try
        {
            await engine.CommitAsync([write], CancellationToken.None);
            return true;
        }
        catch (StateException e) when (e.IsConflict)
        {
            return false;
        }
    });
}
