using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// A human: holds, returns and deletes nodes, now and then without waiting for a launcher, and interrupts that; edits the configuration file, and
/// sometimes removes a lock entry by force.
/// </summary>
/// <param name="world">Everything that exists.</param>
/// <param name="seed">Of what is done.</param>
/// <param name="pause">The longest time from one action to the next, but for two seconds.</param>
internal sealed class SimOperator(SimWorld world, int seed, TimeSpan pause)
{
    private readonly Random _random = new(seed);

    public void Start()
    {
        // Who is interrupted for good in the middle of something comes back: what is held without an end is ended by nobody else.
        var process = world.NewProcess("operator", Actors.Operator);
        world.OnDeath[process] = () => world.After(TimeSpan.FromSeconds(10), Start);
        process.Start(() => RunAsync(process, new SimEngine(world, process, new FaultRates())));
    }

    private async Task RunAsync(SimProcess process, SimEngine engine)
    {
        var feed = new ClusterFeed(engine, process.Time);
        _ = feed.RunAsync(CancellationToken.None);
        var actions = new NodeActions(engine, process.Sources, new ClientIdentity("root", "desk"));
        var images = new SimImageOperator(world, engine, feed, process.Sources, _random);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2) + (pause * _random.NextDouble()), process.Time);
            try
            {
                if (world.Faults.Strikes(world.Faults.Rates.ImageChange))
                {
                    await images.ActAsync();
                }
                else if (await ActAsync(engine, process.Sources, actions) is { } marked && _random.Next(4) != 0)
                {
                    await RemoveAsync(process, engine, feed, marked);
                }
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

    /// <summary><c>delete --now</c>, which a human does not wait for as long as it may take.</summary>
    private async Task RemoveAsync(SimProcess process, SimEngine engine, ClusterFeed feed, string id)
    {
        var removal = new NodeRemoval(engine, feed, process.Sources, new ClientIdentity("root", "desk"), text => world.Trace.Line(process.Name, text));
        using var interrupt = new CancellationTokenSource(TimeSpan.FromSeconds(_random.Next(1, 60)), process.Time);
        try
        {
            await removal.RunAsync(
                id,
                name => world.Open(process, world.Config.FindProvider(name) ?? throw new OperationRefusedException(Refusal.NotFound, $"the file has no provider {name}")),
                interrupt.Token);
            world.Trace.Line(process.Name, $"sees that node {id} is gone");
        }
        catch (OperationCanceledException)
        {
            world.Trace.Line(process.Name, $"does not wait for the end of node {id}");
        }
    }

    /// <returns>The node that was marked as to be deleted, if it was.</returns>
    private async ValueTask<string?> ActAsync(SimEngine engine, Sources sources, NodeActions actions)
    {
        if (world.Faults.Strikes(world.Faults.Rates.BrokenLock) && LaunchersLocks() is { Length: > 0 } locks)
        {
            var path = locks[_random.Next(locks.Length)];
            world.Trace.Line("operator", $"breaks {path}");
            await engine.CommitAsync([new Write.Delete(path, Write.AnyVersion)], CancellationToken.None);
            return null;
        }

        if (await DrainAsync(new DrainActions(engine, sources, new ClientIdentity("root", "desk"))))
        {
            return null;
        }

        if (world.Faults.Strikes(world.Faults.Rates.ConfigChange))
        {
            world.Configurations.Publish(SimConfigChange.Draw(_random, world.Config));
            world.Trace.Line("operator", $"writes revision {world.Configurations.Current.Revision}");
            world.Tally.Reloads++;
            return null;
        }

        if (world.Faults.IsActive && _random.Next(8) == 0)
        {
            var request = await new BuildRequests(engine).SubmitAsync(SimConfig.Image, CancellationToken.None);
            world.Tally.BuildRequests += request.IsNew || request.IsRenewed ? 1 : 0;
            return null;
        }

        // Nodes that a client was promised are left to it; everything else an operator may do at any time.
        var nodes = world.Model.Nodes.Values.Where(node => node.Record is { AllocatedTo: null } or { State: NodeState.Hold }).OrderBy(node => node.Id, StringComparer.Ordinal).ToArray();
        if (nodes.Length == 0)
        {
            return null;
        }

        var (id, record, _) = nodes[_random.Next(nodes.Length)];
        if (!world.Faults.IsActive)
        {
            await (record!.State == NodeState.Hold ? actions.ReturnAsync(id, CancellationToken.None) : ValueTask.FromResult(record));
        }
        else if (record!.State == NodeState.Hold && record.HoldExpiration is null)
        {
            var isDeleted = _random.Next(2) == 1;
            await (isDeleted ? actions.DeleteAsync(id, CancellationToken.None) : actions.ReturnAsync(id, CancellationToken.None));
            return isDeleted ? id : null;
        }
        else if (record.State == NodeState.Ready && _random.Next(3) == 0)
        {
            await actions.HoldAsync(id, "look at it", _random.Next(2) == 0 ? null : TimeSpan.FromSeconds(_random.Next(20, 120)), CancellationToken.None);
        }
        else if (_random.Next(2) == 0)
        {
            await actions.DeleteAsync(id, CancellationToken.None);
            return id;
        }

        return null;
    }

    /// <summary>Drains a provider or takes that back; in the end what is to be empty in the end and nothing else.</summary>
    private async ValueTask<bool> DrainAsync(DrainActions actions)
    {
        var provider = world.Model.Drains.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => name != world.LastDrain);
        if (provider is not null && (!world.Faults.IsActive || _random.Next(3) == 0))
        {
            await actions.UndoAsync(provider, CancellationToken.None);
            world.Trace.Line("operator", $"drains {provider} no longer");
            return true;
        }

        provider = world.LastDrain ?? (world.Faults.IsActive && world.Faults.Strikes(world.Faults.Rates.ConfigChange / 4) ? SimConfig.Providers[_random.Next(SimConfig.Providers.Count)] : null);
        if (provider is null || world.Model.Drains.ContainsKey(provider))
        {
            return false;
        }

        await actions.DrainAsync(provider, "simulated", CancellationToken.None);
        world.Trace.Line("operator", $"drains {provider}");
        world.Tally.Drains++;
        return true;
    }

    private string[] LaunchersLocks() =>
        [.. from directory in world.Model.Locks
            from contender in directory.Value
            where world.Model.OwnerOf(contender.Value)?.Actors.HasFlag(Actors.Launcher) == true
            orderby contender.Key
            select contender.Key];
}
