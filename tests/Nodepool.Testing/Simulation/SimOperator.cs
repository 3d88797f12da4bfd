using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Operations;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>A human: holds, returns and deletes nodes, edits the configuration file, and sometimes removes a lock entry by force.</summary>
internal sealed class SimOperator(SimWorld world, int seed)
{
    private readonly Random _random = new(seed);

    public void Start()
    {
        var process = world.NewProcess("operator", Actors.Operator);
        process.Start(() => RunAsync(process, new SimEngine(world, process, new FaultRates())));
    }

    private async Task RunAsync(SimProcess process, SimEngine engine)
    {
        var actions = new NodeActions(engine, process.Sources, new ClientIdentity("root", "desk"));
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + (_random.NextDouble() * 20)), process.Time);
            try
            {
                await ActAsync(engine, actions);
            }
            catch (OperationRefusedException e)
            {
                world.Trace.Line(process.Name, $"refused: {e.Message}");
            }
            catch (StateException e) when (e.IsConflict)
            {
                world.Trace.Line(process.Name, $"too late: {e.Message}");
            }
        }
    }

    private async ValueTask ActAsync(SimEngine engine, NodeActions actions)
    {
        if (world.Faults.Strikes(world.Faults.Rates.BrokenLock) && LaunchersLocks() is { Length: > 0 } locks)
        {
            var path = locks[_random.Next(locks.Length)];
            world.Trace.Line("operator", $"breaks {path}");
            await engine.CommitAsync([new Write.Delete(path, Write.AnyVersion)], CancellationToken.None);
            return;
        }

        if (world.Faults.Strikes(world.Faults.Rates.ConfigChange))
        {
            world.Configurations.Publish(SimConfigChange.Draw(_random, world.Config));
            world.Trace.Line("operator", $"writes revision {world.Configurations.Current.Revision}");
            world.Tally.Reloads++;
            return;
        }

        // Nodes that a client was promised are left to it; everything else an operator may do at any time.
        var nodes = world.Model.Nodes.Values.Where(node => node.Record is { AllocatedTo: null } or { State: NodeState.Hold }).OrderBy(node => node.Id, StringComparer.Ordinal).ToArray();
        if (nodes.Length == 0)
        {
            return;
        }

        var (id, record, _) = nodes[_random.Next(nodes.Length)];
        if (!world.Faults.IsActive)
        {
            await (record!.State == NodeState.Hold ? actions.ReturnAsync(id, CancellationToken.None) : ValueTask.FromResult(record));
        }
        else if (record!.State == NodeState.Hold && record.HoldExpiration is null)
        {
            await (_random.Next(2) == 0 ? actions.ReturnAsync(id, CancellationToken.None) : actions.DeleteAsync(id, CancellationToken.None));
        }
        else if (record.State == NodeState.Ready && _random.Next(3) == 0)
        {
            await actions.HoldAsync(id, "look at it", _random.Next(2) == 0 ? null : TimeSpan.FromSeconds(_random.Next(20, 120)), CancellationToken.None);
        }
        else if (_random.Next(4) == 0)
        {
            await actions.DeleteAsync(id, CancellationToken.None);
        }
    }

    private string[] LaunchersLocks() =>
        [.. from directory in world.Model.Locks
            from contender in directory.Value
            where world.Model.OwnerOf(contender.Value)?.Actors.HasFlag(Actors.Launcher) == true
            orderby contender.Key
            select contender.Key];
}
