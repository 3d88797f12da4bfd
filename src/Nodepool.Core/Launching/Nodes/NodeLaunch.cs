using Microsoft.Extensions.Logging;
using Nodepool.Core.Canaries;
using Nodepool.Core.Collections;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>
/// Launches a node from wherever its record says that the launch is: phases create → scan → ready, and after a failed attempt clean →
/// create. Everything that a successor has to know is stored before the next call to the cloud.
/// </summary>
internal sealed partial class NodeLaunch(PoolRun run, ProviderLimits limits, LaunchGovernor governor, RetryPace pace, ILogger logger)
{
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>While nothing else asks a cloud that does not answer, and all wait for its first answer.</summary>
    private static readonly TimeSpan LongestDelayOfProbes = TimeSpan.FromSeconds(8);

    private readonly LauncherContext _context = run.Context;
    private readonly CanaryLedger _canaries = new(run.Context.Engine, run.Context.Feed);

    /// <summary>Runs the launch of one node until it is ready or out of attempts.</summary>
    public async Task<WorkResult> RunAsync(string id, CancellationToken ct)
    {
        await using var lease = await _context.Engine.TryLockAsync(NodepoolPaths.NodeLock(id), _context.Lock, ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var edit = new NodeEdit(_context.Engine, _context.Sources, id, lease, run.Commits.Fence, _context.Feed);
        var node = await edit.ReadAsync(linked.Token);
        if (node is null)
        {
            // The node has gone, and our lock has made an empty entry in its place: both go again.
            await edit.RemoveAsync(linked.Token);
            return WorkResult.Done;
        }

        var (troubles, isLaunching) = (0, node is { State: NodeState.Building, Launch: not null });
        while (node is { State: NodeState.Building, Launch: not null } present)
        {
            try
            {
                node = await StepAsync(id, present, edit, linked.Token);
                troubles = 0;
            }
            catch (ProviderException e)
            {
                node = await OnFaultAsync(id, present, edit, e, ++troubles, linked.Token);
            }
        }

        if (isLaunching && node is { Launch: { } launch })
        {
            if (node.State == NodeState.Ready)
            {
                governor.Succeeded(id, node.Type[0], node.Az, Begun(launch));
            }

            await CountAsync(node, launch, ct);
        }

        await edit.UntilSeenAsync(ct);
        return WorkResult.Done;
    }

    /// <summary>How the last attempt ended, for the trial of its image; of this attempt alone, since what others took says nothing about it.</summary>
    private ValueTask CountAsync(NodeRecord node, LaunchRecord launch, CancellationToken ct) => node.State switch
    {
        NodeState.Ready => _canaries.ReadyAsync(node.ImageId, node.Type[0], Now - Begun(launch), ct),
        NodeState.Failed => _canaries.FailedAsync(node.ImageId, node.Type[0], ct),
        NodeState.Aborted when launch.IsOutage => _canaries.FailedAsync(node.ImageId, node.Type[0], ct),
        _ => ValueTask.CompletedTask,
    };

    /// <summary>When the present attempt was begun.</summary>
    private double Begun(LaunchRecord launch) => launch.Deadline - run.Setup.Provider.LaunchTimeout.TotalSeconds;

    private ValueTask<NodeRecord?> StepAsync(string id, NodeRecord node, NodeEdit edit, CancellationToken ct) => node.Launch!.Phase switch
    {
        LaunchPhase.Clean => CleanAsync(id, node, edit, ct),
        LaunchPhase.Scan => ScanAsync(id, node, edit, ct),
        _ => CreateAsync(id, node, edit, ct),
    };

    private double Now => _context.Sources.UnixNow;

    private async ValueTask<NodeRecord?> CreateAsync(string id, NodeRecord node, NodeEdit edit, CancellationToken ct)
    {
        var launch = node.Launch!;
        if (NodeLabel.Order(run, _context.Feed.Current, id, node) is not { } order)
        {
            return await FailAsync(id, edit, $"label {node.Type[0]} or its image is gone", ct);
        }

        if (Now >= launch.Deadline)
        {
            return await FailAsync(id, edit, $"not running {run.Setup.Provider.LaunchTimeout.TotalSeconds:0} s after it was ordered (launch-timeout); stage '{launch.Stage}'", ct);
        }

        var before = new LaunchProgress(launch.Stage, node.ExternalId.AsText());
        var progress = await run.Provider.AdvanceLaunchAsync(order, before, ct);
        governor.Answered();
        pace.Answered();
        if (progress.Instance is { } instance)
        {
            limits.Accepted();
            return await StoreInstanceAsync(id, order, instance, edit, ct);
        }

        var stored = progress.Stage == before.Stage && progress.ExternalId == before.ExternalId
            ? await edit.ReadAsync(ct)
            : await edit.ChangeAsync(record => Building(record, progress), release: false, ct);

        // A driver may know well that there is nothing to see for days; the launch ends at its deadline all the same.
        var left = TimeSpan.FromSeconds(Math.Max(0, launch.Deadline - Now)) + OneMillisecond;
        await Task.Delay(progress.WakeAfter < left ? progress.WakeAfter : left, _context.Sources.Time, ct);
        return stored;
    }

    private static NodeRecord? Building(NodeRecord node, LaunchProgress progress) => node.State != NodeState.Building ? null : node with
    {
        ExternalId = RawJson.FromText(progress.ExternalId),
        Launch = node.Launch! with { Stage = progress.Stage },
    };

    private async ValueTask<NodeRecord?> StoreInstanceAsync(string id, LaunchOrder order, Instance instance, NodeEdit edit, CancellationToken ct)
    {
        // Without a scan there is nothing left to do but to say so: one commit instead of two.
        var isReady = !order.Label.HostKeyChecking;
        var stored = await edit.ChangeAsync(
            node => node.State != NodeState.Building ? null
                : isReady ? Ready(With(node, instance), instance.HostKeys ?? [])
                : With(node, instance) with { Launch = node.Launch! with { Phase = LaunchPhase.Scan } },
            release: isReady,
            ct);
        if (isReady && stored is not null)
        {
            LogReady(logger, id, stored.Type[0], run.Key, Now - stored.CreatedTime);
        }

        return stored;
    }

    private static NodeRecord With(NodeRecord node, Instance instance) => node with
    {
        ExternalId = RawJson.FromText(instance.ExternalId),
        InterfaceIp = instance.InterfaceIp,
        PublicIPv4 = instance.PublicIPv4,
        PrivateIPv4 = instance.PrivateIPv4,
        PublicIPv6 = instance.PublicIPv6,
        Cloud = instance.Cloud,
        Region = instance.Region,
        Az = instance.Az ?? node.Az,
        HostId = instance.HostId,
        Hostname = instance.Hostname,
        Slot = instance.Slot,
        Attributes = NodeLabel.Over(instance.Attributes, node.Attributes),
        Username = instance.Username ?? node.Username,
        ConnectionType = instance.ConnectionType ?? node.ConnectionType,
        PythonPath = instance.PythonPath ?? node.PythonPath,
        ShellType = instance.ShellType ?? node.ShellType,
        ConnectionPort = instance.ConnectionPort is { } port ? RawJson.FromNumber(port) : node.ConnectionPort,
        HostKeys = instance.HostKeys ?? [],
    };

    private async ValueTask<NodeRecord?> ScanAsync(string id, NodeRecord node, NodeEdit edit, CancellationToken ct)
    {
        var known = node.HostKeys.Count > 0;
        var isSsh = node.ConnectionType is "ssh" or "network_cli";
        var left = TimeSpan.FromSeconds(Math.Max(0, node.Launch!.Deadline - Now));
        var timeout = left < run.Setup.Provider.BootTimeout ? left : run.Setup.Provider.BootTimeout;
        var order = new NodeScanOrder(node.InterfaceIp ?? "", (int)(node.ConnectionPort.AsNumber() ?? 22), isSsh, isSsh && !known, timeout);
        IReadOnlyList<string> keys;
        try
        {
            keys = await _context.Scanner.ScanAsync(order, ct);
        }
        catch (NodeScanException e)
        {
            await LogConsoleAsync(id, node, ct);
            return await FailAsync(id, edit, e.Message, ct);
        }

        var stored = await edit.ChangeAsync(
            record => record.State != NodeState.Building ? null : Ready(record, known ? record.HostKeys : keys.ToValueList()),
            release: true,
            ct);
        if (stored is not null)
        {
            LogReady(logger, id, stored.Type[0], run.Key, Now - stored.CreatedTime);
        }

        return stored;
    }

    private NodeRecord Ready(NodeRecord node, ValueList<string> keys)
    {
        NodeTransitions.Table.Demand(node.State, NodeState.Ready, Actors.Launcher);
        return node.To(NodeState.Ready, Now) with { HostKeys = keys, Launch = node.Launch! with { Phase = LaunchPhase.Done } };
    }

    private async ValueTask<NodeRecord?> CleanAsync(string id, NodeRecord node, NodeEdit edit, CancellationToken ct)
    {
        var progress = await run.Provider.AdvanceDeleteAsync(new DeleteOrder(id, node.Launch!.Token, node.ExternalId.AsText()), ct);
        if (!progress.IsGone)
        {
            await Task.Delay(progress.WakeAfter, _context.Sources.Time, ct);
            return await edit.ReadAsync(ct);
        }

        var setup = run.Setup;
        var zone = await RetryZone.NextAsync(run, governor, node, ct);
        var image = setup.Pool.FindLabel(node.Type[0]) is { } label ? NodeLabel.Choose(run, setup, _context.Feed.Current, label, isRetry: true) : null;
        await Task.Delay(Backoff.Delay(node.Launch.Attempt, FirstDelay, LongestDelay, _context.Sources.Random.NextDouble()), _context.Sources.Time, ct);
        return await edit.ChangeAsync(
            record => record.State != NodeState.Building ? null : record with
            {
                ExternalId = RawJson.Null,
                Az = zone,
                HostKeys = [],
                Place = null,
                ImageId = image?.Path ?? record.ImageId,
                Launch = record.Launch! with
                {
                    Attempt = record.Launch.Attempt + 1,
                    Token = NodeLabel.NewToken(_context.Sources),
                    Phase = LaunchPhase.Create,
                    Stage = LaunchProgress.Start,
                    Deadline = Now + run.Setup.Provider.LaunchTimeout.TotalSeconds,
                },
            },
            release: false,
            ct);
    }

    /// <summary>The closed set of faults is the policy: what is tried again, what ends the attempt, what is nobody's failure.</summary>
    private async ValueTask<NodeRecord?> OnFaultAsync(string id, NodeRecord node, NodeEdit edit, ProviderException e, int troubles, CancellationToken ct)
    {
        LogFault(logger, id, e.Fault, e.Message);
        var isCleaning = node.Launch!.Phase == LaunchPhase.Clean;
        if (!isCleaning && e.Fault == ProviderFault.QuotaExceeded)
        {
            limits.Refused();
            return await edit.ChangeAsync(
                record => record.State != NodeState.Building ? null : record.To(NodeState.Aborted, Now) with { Launch = record.Launch! with { Failure = e.Message } },
                release: true,
                ct);
        }

        if (isCleaning || e.Fault is ProviderFault.Throttled or ProviderFault.Unavailable)
        {
            var wait = e.Fault == ProviderFault.Throttled ? pace.Refused()
                : Backoff.Delay(troubles, FirstDelay, governor.IsSilent ? LongestDelayOfProbes : LongestDelay, _context.Sources.Random.NextDouble());
            governor.Refused(e.Fault, e.Message, Begun(node.Launch));
            await Task.Delay(wait, _context.Sources.Time, ct);
            return await edit.ReadAsync(ct);
        }

        await LogConsoleAsync(id, node, ct);
        return await FailAsync(id, edit, e.Message, ct, e.Fault, isLast: e.Fault == ProviderFault.CapacityUnavailable && await RetryZone.IsToBeLeftAsync(run, node, ct));
    }

    private async ValueTask<NodeRecord?> FailAsync(string id, NodeEdit edit, string reason, CancellationToken ct, ProviderFault? fault = null, bool isLast = false)
    {
        var failed = await edit.ReadAsync(ct);
        if (failed is { State: NodeState.Building, Launch: { } launch })
        {
            governor.Failed(failed.Type[0], failed.Az, reason, fault == ProviderFault.Rejected, Begun(launch));
        }

        var end = failed is { Launch: not null } ? EndOf(failed, isLast) : null;
        var stored = end is { } state
            ? await edit.ChangeAsync(
                node => node.State != NodeState.Building ? null : node.To(state, Now) with { Launch = node.Launch! with { Failure = reason, IsOutage = state == NodeState.Aborted } },
                release: true,
                ct)
            : await edit.ChangeAsync(
                node => node.State != NodeState.Building ? null : node with { Launch = node.Launch! with { Phase = LaunchPhase.Clean, Failure = reason } },
                release: false,
                ct);
        LogAttemptFailed(logger, id, stored?.Launch?.Attempt ?? 0, run.Setup.Provider.LaunchRetries, reason, end is null ? "trying again" : "giving up");
        if (end is null && stored is not null)
        {
            await _canaries.FailedAsync(stored.ImageId, stored.Type[0], ct);
        }

        return stored;
    }

    /// <summary>What becomes of a node after a failed attempt; null: another attempt.</summary>
    private NodeState? EndOf(NodeRecord node, bool isLast) =>
        governor.IsOpen(node.Type[0]) ? NodeState.Aborted
        : isLast || node.Launch!.Attempt >= run.Setup.Provider.LaunchRetries || node.AllocatedTo is null ? NodeState.Failed
        : null;

    private async ValueTask LogConsoleAsync(string id, NodeRecord node, CancellationToken ct)
    {
        if (run.Provider is not IConsoleProvider console || node.ExternalId.AsText() is not { } externalId || run.Setup.Pool.FindLabel(node.Type[0]) is not { ConsoleLog: true })
        {
            return;
        }

        try
        {
            LogConsole(logger, id, await console.GetConsoleLogAsync(externalId, ct) ?? "(empty)");
        }
        catch (ProviderException e)
        {
            LogConsole(logger, id, $"(not available: {e.Message})");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} ready: label {Label} in pool {Pool} after {Seconds:0.00} s")]
    private static partial void LogReady(ILogger logger, string node, string label, View.PoolKey pool, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: attempt {Attempt} of {Attempts} failed: {Reason}; {Consequence}")]
    private static partial void LogAttemptFailed(ILogger logger, string node, int attempt, int attempts, string reason, string consequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: the provider says {Fault}: {Reason}")]
    private static partial void LogFault(ILogger logger, string node, ProviderFault fault, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: console log: {Console}")]
    private static partial void LogConsole(ILogger logger, string node, string console);
}
