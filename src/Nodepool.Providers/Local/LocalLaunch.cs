using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Providers.Local;

/// <summary>Launches: reserve and record, start, wait for the machine's sign of life. Every step may be repeated by any process.</summary>
internal sealed partial class LocalLaunch(
    LocalPaths paths, ProviderConfig config, InstanceStore instances, ImageStore images, MachineKinds kinds, NodeKeys keys, DriverContext context)
{
    /// <summary>The stage of a machine whose process stands.</summary>
    private const string Booting = "booting";

    private const int MostEndpoints = 5;
    private const string HostResolver = "/etc/resolv.conf";

    // One call waits so long at most; within it, a sign is seen at once.
    private static readonly TimeSpan SignPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SignPeriod = TimeSpan.FromMilliseconds(50);

    private readonly ILogger _logger = context.Loggers.CreateLogger<LocalLaunch>();
    private readonly Endpoints _endpoints = new(OptionsOf(config).Addresses, Endpoints.CanListen);

    private Sources Sources => context.Sources;

    public static LocalOptions OptionsOf(ProviderConfig config) => config.Options as LocalOptions ?? new LocalOptions(AddressBlock.Default, []);

    public static LocalLabelOptions OptionsOf(PoolLabelConfig label) =>
        label.Options as LocalLabelOptions ?? new LocalLabelOptions(LocalKind.Vm, LocalLabelOptions.DefaultMemoryMiB, LocalLabelOptions.DefaultVcpus, []);

    public ValueTask<LaunchProgress> AdvanceAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) =>
        progress.Stage == Booting ? WaitAsync(order, progress, ct) : StartAsync(order, ct);

    private async ValueTask<LaunchProgress> StartAsync(LaunchOrder order, CancellationToken ct)
    {
        if (!LocalPaths.IsPlain(order.Token) || !LocalPaths.IsPlain(order.Username))
            throw new ProviderException(ProviderFault.Rejected, $"'{order.Username}' cannot be a login name here; use letters, digits, '-' and '_'");
        var kind = await KindAsync(OptionsOf(order.Label).Kind, ct);
        using var held = await instances.LockAsync(order.Token, ct);
        var record = instances.Read(order.Token) ?? await ReserveAsync(order, kind, ct);
        var process = kind.Find(paths.Instance(record.Token));
        for (var tries = 1; process is null; tries++)
        {
            try
            {
                process = await kind.StartAsync(await SpecAsync(order, record, ct), ct);
            }
            catch (ProviderException e) when (e.Fault == ProviderFault.CapacityUnavailable && tries < MostEndpoints && !Endpoints.CanListen(record.Address, record.Port))
            {
                record = await MoveAsync(record, OptionsOf(order.Label).Kind, ct);
            }
        }

        if (record.Process != process)
            instances.Write(record with { Process = process });
        LogStands(order.NodeId, record.Kind, process.Pid, record.Address, record.Port);
        return new LaunchProgress(Booting, record.Token);
    }

    private async ValueTask<LaunchProgress> WaitAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct)
    {
        if (instances.Read(order.Token) is not { } record || kinds.Find(record.Kind) is not { } kind)
            throw new ProviderException(ProviderFault.NotFound, $"The instance {order.Token} of node {order.NodeId} does not exist (any more)");
        var spec = await SpecAsync(order, record, ct);
        using var patience = new CancellationTokenSource(SignPatience, Sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await kind.WaitForSignAsync(spec, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return progress with { ExternalId = record.Token, WakeAfter = SignPeriod };
        }

        var hostKey = await keys.HostKeyAsync(spec.Directory, record.Hostname, ct);
        return new LaunchProgress(Booting, record.Token, new Instance
        {
            ExternalId = record.Token,
            InterfaceIp = record.Address,
            ConnectionPort = record.Port,
            PrivateIPv4 = record.Address,
            HostId = Environment.MachineName,
            HostKeys = [NodeKeys.WithoutComment(hostKey)],
        });
    }

    private async ValueTask<IMachineKind> KindAsync(LocalKind wanted, CancellationToken ct)
    {
        var name = LocalKinds.Word(wanted);
        var kind = kinds.Find(name) ?? throw new ProviderException(ProviderFault.Rejected, $"This build of the program has no nodes of 'kind: {name}'");
        return await kind.CheckAsync(ct) is { } obstacle
            ? throw new ProviderException(ProviderFault.Rejected, $"Nodes of 'kind: {name}' cannot run on this host. {obstacle}")
            : kind;
    }

    private async ValueTask<InstanceRecord> ReserveAsync(LaunchOrder order, IMachineKind kind, CancellationToken ct)
    {
        var options = OptionsOf(order.Label);
        // A directory without a record is what an interrupted removal left of an earlier one.
        if (instances.Exists(order.Token))
        {
            await kind.StopAsync(paths.Instance(order.Token), ct);
            await instances.RemoveAsync(order.Token, ct);
        }

        using var all = await instances.LockAllAsync(ct);
        var image = images.Find(order.ImageExternalId) ?? throw new ProviderException(
            ProviderFault.NotFound, $"The image {order.ImageExternalId ?? "(none)"} of label {order.Label.Name} is not in {paths.Images}; upload it again");
        if (options.Kind == LocalKind.Container && !image.Record.HasOwners)
            throw new ProviderException(
                ProviderFault.Rejected,
                $"The image {order.ImageExternalId} was imported without the owners of its files, so it serves virtual machines only; upload it again as a user with subordinate ids (/etc/subuid)");
        var (address, port) = _endpoints.Choose(options.Kind, Taken(), Sources.Random.NextDouble());
        var record = new InstanceRecord
        {
            Token = order.Token,
            NodeId = order.NodeId,
            Kind = kind.Name,
            Image = order.ImageExternalId!,
            Hostname = order.Hostname,
            Username = order.Username,
            MachineId = Sources.Ids.NewId(),
            Address = address,
            Port = port,
            MemoryMiB = options.MemoryMiB,
            Vcpus = options.Vcpus,
            CostMiB = HostCapacity.Cost(options).Amounts[Quota.Ram],
            CreatedAt = Sources.UnixNow,
            Metadata = order.Metadata,
        };
        instances.Create(record);
        return record;
    }

    private async ValueTask<InstanceRecord> MoveAsync(InstanceRecord record, LocalKind kind, CancellationToken ct)
    {
        using var all = await instances.LockAllAsync(ct);
        var (address, port) = _endpoints.Choose(kind, Taken(), Sources.Random.NextDouble());
        LogMoved(record.NodeId, record.Address, record.Port, address, port);
        var moved = record with { Address = address, Port = port };
        instances.Write(moved);
        return moved;
    }

    private HashSet<(string Address, int Port)> Taken() =>
        instances.List().Where(each => each.Record is not null).Select(each => (each.Record!.Address, each.Record.Port)).ToHashSet();

    private async ValueTask<MachineSpec> SpecAsync(LaunchOrder order, InstanceRecord record, CancellationToken ct)
    {
        var directory = paths.Instance(record.Token);
        var hostKey = await keys.HostKeyAsync(directory, record.Hostname, ct);
        var secret = await File.ReadAllTextAsync(Path.Combine(directory, NodeKeys.HostKeyFile), ct);
        var resolver = File.Exists(HostResolver) ? await File.ReadAllTextAsync(HostResolver, ct) : "";
        var options = OptionsOf(order.Label);
        string[] authorized = [await keys.OperatorKeyAsync(ct), .. OptionsOf(config).AuthorizedKeys, .. options.AuthorizedKeys];
        var seed = NodeSeed.Of(record, options.Kind, (secret, hostKey), authorized, resolver);
        return new MachineSpec(directory, record.Hostname, paths.Image(record.Image), seed, record.Address, record.Port, record.MemoryMiB, record.Vcpus);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Node {Node} stands as {Kind}: process {Pid}, ssh will be at {Address}:{Port}")]
    private partial void LogStands(string node, string kind, int pid, string address, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} moves from {Address}:{Port}, which another program took, to {NewAddress}:{NewPort}")]
    private partial void LogMoved(string node, string address, int port, string newAddress, int newPort);
}
