using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>What must come to hold once nothing goes wrong any more.</summary>
/// <param name="world">Everything that exists.</param>
/// <param name="jobs">How many jobs of clients are under way.</param>
internal sealed class FinalRules(SimWorld world, Func<int> jobs)
{
    /// <summary>To explain everything takes a picture of everything.</summary>
    private static readonly TimeSpan BetweenExplanations = TimeSpan.FromMinutes(1);

    private DateTimeOffset _nextExplanation;

    /// <summary>What is not in order yet; null when everything is.</summary>
    public string? Obstacle() =>
        jobs() > 0 ? Waiting()
        : Requests() ?? Left() ?? Nodes() ?? Hosts() ?? Images() ?? Clouds() ?? Locks() ?? Components() ?? MinReady();

    /// <summary>All records in short, for somebody who wants to know why it is so.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var entry in world.Tree.Snapshot(NodepoolPaths.Components + "/pool").Skip(1))
        {
            var pool = ComponentRecord.Read(entry.Data.Span);
            var config = world.Config.FindProvider(pool.ProviderName!)?.Pools.FirstOrDefault(one => one.Name == pool.Name);
            yield return $"pool {pool.ProviderName}/{pool.Name} of {world.Model.OwnerOf(entry.Owner)?.Name} paused {pool.Paused} priority {pool.Priority} limits {config?.Limits.Amounts} cloud {world.Clouds.GetValueOrDefault(pool.ProviderName!)?.Behaviour.Limits.Amounts} used {world.Clouds.GetValueOrDefault(pool.ProviderName!)?.Used.Amounts} image {world.Images.Newest(pool.ProviderName!)?.ExternalId} id {pool.Id}";
        }

        foreach (var (id, request) in world.Model.Requests.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return $"request {id} {request.State} {string.Join(',', request.NodeTypes)} wants {request.Provider ?? "any"} declined by {string.Join(',', request.DeclinedBy)} locked by {world.Model.HolderProcess(NodepoolPaths.RequestLock(id))?.Name}";
        }

        foreach (var (id, node, _) in world.Model.Nodes.Values.OrderBy(node => node.Id, StringComparer.Ordinal))
        {
            yield return $"node {id} {node?.State} {node?.Provider}/{node?.Pool} {string.Join(',', node?.Type ?? [])} for {node?.AllocatedTo ?? "nobody"} locked by {world.Model.HolderProcess(NodepoolPaths.NodeLock(id))?.Name}";
        }
    }

    /// <summary>A request may wait for a while, but not without a reason that anybody can state.</summary>
    private string Waiting()
    {
        var text = $"{jobs()} jobs of the client still wait or run";
        if (world.Scheduler.Now < _nextExplanation)
        {
            return text;
        }

        _nextExplanation = world.Scheduler.Now + BetweenExplanations;
        var view = new ClusterView().After(new ChangeBatch(world.Tree.Position, true, [.. world.Tree.Snapshot("/").Select(entry => new Change(entry.Path, entry))]));
        var now = world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;
        foreach (var request in view.OpenRequests)
        {
            var silent = RequestExplainer.Of(view, request.Id, now)!.Pools.FirstOrDefault(pool =>
                pool.Code == VerdictCode.Unknown.Word() && view.Terms.Values.Any(terms => terms.Provider == pool.Pool.Provider && terms.Pool == pool.Pool.Pool && view.Pools.Any(live => live.Id == terms.Component)));
            world.Require(silent is null, $"request {request.Id} waits and pool {silent?.Pool} cannot say why");
        }

        return text;
    }

    private string? Requests() => world.Model.Requests
        .Where(pair => pair.Value.Requestor != MinReadyPlanner.Requestor)
        .Select(pair => $"request {pair.Key} ({string.Join(',', pair.Value.NodeTypes)}) is still {pair.Value.State}").FirstOrDefault();

    /// <summary>A provider that was taken out of the file, or drained, ends with all that it had.</summary>
    private string? Left() => world.Model.Drains.Keys.FirstOrDefault(provider => provider != world.LastDrain) is { } forgotten ? $"provider {forgotten} is still drained"
        : world.LastDrain is { } last && !world.Model.Drains.ContainsKey(last) ? $"provider {last} is not drained yet"
        : world.Model.Nodes.Values.Where(node => node.Record?.Provider is { } provider && (world.Config.FindProvider(provider) is null || provider == world.LastDrain))
            .Select(node => $"node {node.Id} is still {node.Record!.State} at {node.Record.Provider}, which the file no longer has or which is drained").FirstOrDefault();

    private string? Nodes() => world.Model.Nodes.Values
        .Where(node => node.Record is not { State: NodeState.Ready, AllocatedTo: null } && !(IsLent(node) && world.Model.Nodes.Values.Any(other => other.Record?.Place?.BackingNode == node.Id)))
        .Select(node => $"node {node.Id} is still {node.Record?.State.ToString() ?? "an empty entry"} for {node.Record?.AllocatedTo ?? "nobody"}").FirstOrDefault()
        ?? world.Model.Nodes.Values.Where(node => !IsLent(node) && !node.Record!.Type.Any(label => Pool(node.Record.Provider!, node.Record.Pool!)?.FindLabel(label) is not null))
            .Select(node => $"node {node.Id} is idle, but {node.Record!.Provider}/{node.Record.Pool} no longer has {string.Join(',', node.Record.Type)}").FirstOrDefault();

    /// <summary>Its slots are nodes.</summary>
    private static bool IsLent(SimNode node) => node.Record is { State: NodeState.InUse, Backing: not null };

    private PoolConfig? Pool(string provider, string name) => world.Config.FindProvider(provider)?.Pools.FirstOrDefault(pool => pool.Name == name);

    /// <summary>Every slot of every host has a node, and there are no others.</summary>
    private string? Hosts()
    {
        foreach (var provider in world.Config.Providers.Where(provider => provider.Driver == "static" && provider.Name != world.LastDrain))
        {
            var wanted = provider.Pools.SelectMany(pool => pool.Machines).SelectMany(machine => Enumerable.Range(0, machine.Slots).Select(slot => $"{machine.Id} {slot} {string.Join(',', machine.Labels)}")).Order().ToList();
            var there = world.Model.Nodes.Values.Select(node => node.Record!).Where(node => node.Provider == provider.Name)
                .Select(node => $"{node.Username}@{node.Hostname}:{node.ConnectionPort} {node.Slot} {string.Join(',', node.Type)}").Order().ToList();
            if (!wanted.SequenceEqual(there))
            {
                return $"hosts have slots {string.Join("; ", wanted)} but nodes {string.Join("; ", there)}";
            }
        }

        return null;
    }

    private string? Images() =>
        world.Builds.Open() ??
        world.Images.Builds.Where(pair => pair.Value.State is ImageState.Building || (pair.Value.State is ImageState.Deleting && !IsStillAtALeftProvider(pair.Key))).Select(pair => $"build {pair.Key} is still {pair.Value.State}").FirstOrDefault()
        ?? world.Images.Uploads.Where(pair => pair.Value.State is ImageState.Uploading or ImageState.Deleting).Select(pair => $"upload {pair.Key} is still {pair.Value.State}").FirstOrDefault()
        ?? Files()
        ?? world.Config.Providers.Where(provider => provider.DiskImages.Count > 0 && world.Images.Newest(provider.Name) is null).Select(provider => $"provider {provider.Name} has no image").FirstOrDefault();

    /// <summary>Uploads to a provider that the file no longer has wait for it, or for <c>erase</c>.</summary>
    private bool IsStillAtALeftProvider(string build) => SimConfig.Providers.Where(provider => world.Config.FindProvider(provider) is null)
        .Any(provider => world.Images.Uploads.Keys.Any(upload => upload.StartsWith($"{build}/providers/{provider}/", StringComparison.Ordinal)));

    /// <summary>The newest build has all formats that are wanted, and nothing lies about of builds that are no more.</summary>
    private string? Files()
    {
        foreach (var image in world.Config.DiskImages)
        {
            var newest = world.Images.Builds.Where(pair => pair.Key.StartsWith(NodepoolPaths.Builds(image.Name) + "/", StringComparison.Ordinal) && pair.Value.State == ImageState.Ready)
                .Select(pair => pair.Value).MaxBy(build => build.StateTime);
            if (newest is not null && ImageFormats.Wanted(world.Config, image).Except(newest.Formats).ToArray() is { Length: > 0 } missing)
            {
                return $"the newest build of {image.Name} lacks {string.Join(',', missing)}";
            }
        }

        return world.Disks.Values.SelectMany(disk => disk.List()).Select(LeftBehind).FirstOrDefault(left => left is not null);
    }

    private string? LeftBehind(BuildTrace trace)
    {
        var path = NodepoolPaths.Build(trace.Image, trace.Build);
        return world.Images.Builds.GetValueOrDefault(path) is not { State: ImageState.Ready } build ? $"files of {path} have stayed behind"
            : trace.Formats.Except(build.Formats).FirstOrDefault() is { } format ? $"a {format} file of {path} has stayed behind"
            : null;
    }

    private string? Clouds()
    {
        foreach (var (provider, cloud) in world.Clouds)
        {
            var records = world.Model.Nodes.Values.Where(node => node.Record!.Provider == provider).Select(node => node.Record!.ExternalId.AsText()).ToHashSet();
            var uploads = world.Images.Uploads.Where(pair => pair.Key.Contains($"/providers/{provider}/", StringComparison.Ordinal)).Select(pair => pair.Value.ExternalId).ToHashSet();
            var truth = cloud.Truth;
            if (truth.Servers.FirstOrDefault(server => !records.Contains(server.Id)) is { } leak)
            {
                return $"instance {leak.Id} at {provider} belongs to no record";
            }

            if (records.FirstOrDefault(id => truth.Servers.All(server => server.Id != id)) is { } lost)
            {
                return $"a ready node at {provider} has no instance: {lost}";
            }

            if (truth.Images.FirstOrDefault(image => !uploads.Contains(image.Id)) is { } image)
            {
                return $"image {image.Name} ({image.Id}) at {provider} belongs to no record";
            }

            if (uploads.FirstOrDefault(id => id is not null && truth.Images.All(image => image.Id != id)) is { } missing)
            {
                return $"upload {missing} at {provider} has no image";
            }
        }

        return null;
    }

    private string? Locks()
    {
        var lent = world.Model.Nodes.Values.Where(IsLent).Select(node => NodepoolPaths.NodeLock(node.Id)).ToHashSet();
        foreach (var (directory, contenders) in world.Model.Locks.Where(pair => !lent.Contains(pair.Key)))
        {
            if (contenders.FirstOrDefault(contender => world.Model.OwnerOf(contender.Value) is not { IsDead: false }) is { Key: not null } orphan)
            {
                return $"{orphan.Key} belongs to a dead process";
            }

            if (!directory.StartsWith(NodepoolPaths.Leases, StringComparison.Ordinal))
            {
                return $"{directory} is locked by {world.Model.HolderProcess(directory)?.Name}";
            }
        }

        var now = world.Scheduler.Now.ToUnixTimeMilliseconds();
        return world.Tree.Snapshot(NodepoolPaths.RequestLocks)
            .Where(entry => entry.Path.Split('/').Length == 4 && now - entry.CreatedMs > TimeSpan.FromMinutes(15).TotalMilliseconds && !world.Model.Requests.ContainsKey(NodepoolPaths.NameOf(entry.Path)))
            .Select(entry => $"{entry.Path} has stayed behind").FirstOrDefault();
    }

    private string? Components()
    {
        var pools = world.Tree.Snapshot(NodepoolPaths.Components + "/pool").Skip(1).Select(entry => ComponentRecord.Read(entry.Data.Span)).ToArray();
        var wanted = world.Config.Providers.SelectMany(provider => provider.Pools.Select(pool => (Provider: provider.Name, Pool: pool.Name)));
        if (pools.FirstOrDefault(pool => !wanted.Contains((pool.ProviderName!, pool.Name!))) is { } gone)
        {
            return $"pool {gone.ProviderName}/{gone.Name} is registered but no longer configured";
        }

        if (pools.FirstOrDefault(pool => !pool.SupportedLabels.SequenceEqual(Pool(pool.ProviderName!, pool.Name!)!.Labels.Select(label => label.Name))) is { } old)
        {
            return $"pool {old.ProviderName}/{old.Name} is registered with labels {string.Join(',', old.SupportedLabels)}";
        }

        if (pools.FirstOrDefault(pool => !Terms().Contains(pool.Id!)) is { } silent)
        {
            return $"pool {silent.ProviderName}/{silent.Name} does not tell its terms";
        }

        return wanted.Select(each => (each, Count: pools.Count(pool => pool.ProviderName == each.Provider && pool.Name == each.Pool)))
            .Where(pair => pair.Count != 1).Select(pair => $"pool {pair.each} is registered {pair.Count} times").FirstOrDefault();
    }

    private HashSet<string> Terms() =>
        world.Tree.Snapshot(NodepoolPaths.Terms).Skip(1).Select(entry => PoolTermsRecord.Read(entry.Data.Span).Component).ToHashSet(StringComparer.Ordinal);

    private string? MinReady()
    {
        var now = world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;
        foreach (var (label, wanted) in world.Config.Labels.Select(label => (label, label.ReadyAt(now))))
        {
            var idle = world.Model.Nodes.Values.Count(node => !IsLent(node) && node.Record!.Type.Contains(label.Name));
            if (idle < wanted && world.Config.Providers.Any(provider => provider.Pools.Any(pool => pool.FindLabel(label.Name) is not null && HasRoom(provider.Name, pool))))
            {
                return $"min-ready of {label.Name} is {wanted}, but only {idle} are idle although there is room";
            }
        }

        return null;
    }

    private bool HasRoom(string provider, PoolConfig pool)
    {
        if (!world.Clouds.TryGetValue(provider, out var cloud) || provider == world.LastDrain)
        {
            return false;
        }

        var one = Quota.Of((Quota.Instances, 1), (Quota.Cores, 4), (Quota.Ram, 8192));
        var nodes = world.Model.Nodes.Values.Where(node => node.Record!.Provider == provider).Select(node => node.Record!).ToArray();
        return nodes.Where(node => node.Pool == pool.Name).Aggregate(one, (sum, node) => sum.Plus(node.Cost)).FitsIn(pool.Limits)
            && nodes.Aggregate(one, (sum, node) => sum.Plus(node.Cost)).FitsIn(cloud.Behaviour.Limits);
    }
}
