using Nodepool.Core.Canaries;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>What a label means for a node: the new record, the order for the driver.</summary>
internal static class NodeLabel
{
    /// <summary>A node to be launched, as it is stored before the cloud is asked.</summary>
    public static NodeRecord NewNode(PoolRun run, ClusterView view, string label, RequestView request, string token, string? zone)
    {
        var now = run.Context.Sources.UnixNow;
        var setup = run.Setup;
        var config = setup.Pool.FindLabel(label)!;
        var image = Choose(run, setup, view, config, isRetry: false);
        var login = LoginOf(setup.Config, setup.Provider, config);
        return new NodeRecord
        {
            State = NodeState.Building,
            StateTime = now,
            CreatedTime = now,
            Type = [label],
            Provider = setup.Provider.Name,
            Pool = setup.Pool.Name,
            Launcher = run.ComponentId,
            AllocatedTo = request.Id,
            TenantName = request.Record!.TenantName,
            Requestor = request.Record.Requestor,
            Az = zone,
            ImageId = image?.Path ?? config.CloudImage,
            Username = login.Username!,
            PythonPath = login.PythonPath,
            ShellType = login.ShellType,
            ConnectionType = login.ConnectionType,
            ConnectionPort = RawJson.FromNumber(login.ConnectionPort),
            Resources = run.Provider.GetCost(setup.Pool, config).Amounts,
            Attributes = Attributes(setup.Pool.NodeAttributes),
            Launch = new LaunchRecord { Token = token, Deadline = now + setup.Provider.LaunchTimeout.TotalSeconds },
        };
    }

    /// <summary>The order for the present attempt of a node; null when its image is gone.</summary>
    public static LaunchOrder? Order(PoolRun run, ClusterView view, string nodeId, NodeRecord node)
    {
        // One look: the configuration may change at any moment.
        var setup = run.Setup;
        if (setup.Pool.FindLabel(node.Type[0]) is not { } label)
        {
            return null;
        }

        string? image = null;
        if (label.DiskImage is not null)
        {
            image = view.Image(label.DiskImage).Uploads.GetValueOrDefault(node.ImageId ?? "")?.Record?.ExternalId;
            if (image is null)
            {
                return null;
            }
        }

        var imageName = label.DiskImage ?? label.CloudImage;
        return new LaunchOrder
        {
            NodeId = nodeId,
            Token = node.Launch!.Token,
            Hostname = "np" + nodeId,
            Pool = setup.Pool,
            Label = label,
            ImageExternalId = image ?? label.CloudImage,
            ImageOptions = OptionsOf(setup.Provider, label),
            RequestId = node.AllocatedTo,
            Request = node.AllocatedTo is { } request ? view.Requests.GetValueOrDefault(request)?.Record : null,
            Az = node.Az,
            Username = node.Username,
            Metadata = new ValueMap<string>([
                new(NodeMetadata.NodeId, nodeId),
                new(NodeMetadata.ProviderName, setup.Provider.Name),
                new(NodeMetadata.PoolName, setup.Pool.Name),
                new(NodeMetadata.ImageName, imageName ?? ""),
                new(NodeMetadata.Groups, string.Join(',', new[] { setup.Provider.Name, imageName, label.Name }.Where(group => group is not null))),
                new(NodeMetadata.Token, node.Launch.Token),
            ]),
        };
    }

    /// <summary>The upload that an attempt boots from; null when there is none, or the label has no image of ours.</summary>
    public static UploadView? Choose(PoolRun run, PoolSetup setup, ClusterView view, PoolLabelConfig label, bool isRetry) => label.DiskImage is not { } image ? null : ImageChoice.Of(
        view.Image(image), LaunchCanary.Of(setup.Config, image, setup.Provider.Name, label.Name), isRetry, run.Context.Sources.Random.NextDouble());

    /// <summary>A name for an attempt that no other attempt of any node has: readable, and unique even when node ids start again.</summary>
    public static string NewToken(Sources sources) => "np-" + sources.Ids.NewId();

    /// <summary>How one logs in to nodes of a label; nothing but the shell is left open.</summary>
    internal static ImageLogin LoginOf(NodepoolConfig config, ProviderConfig provider, PoolLabelConfig label)
    {
        var built = label.DiskImage is { } image ? config.FindDiskImage(image) : null;
        var here = (label.DiskImage is { } uploaded ? provider.FindDiskImage(uploaded)?.Login : null)
            ?? (label.CloudImage is { } existing ? provider.FindCloudImage(existing)?.Login : null)
            ?? new ImageLogin();
        return here with
        {
            Username = here.Username ?? built?.Username ?? "zuul",
            PythonPath = here.PythonPath ?? built?.PythonPath ?? "auto",
            ShellType = here.ShellType ?? built?.ShellType,
        };
    }

    /// <summary>What the driver knows of the image of a label.</summary>
    internal static DriverOptions? OptionsOf(ProviderConfig provider, PoolLabelConfig label) => label switch
    {
        { DiskImage: { } built } => provider.FindDiskImage(built)?.Options,
        { CloudImage: { } existing } => provider.FindCloudImage(existing)?.Options,
        _ => null,
    };

    /// <summary>Attributes that were inherited, with a pool's own over them.</summary>
    internal static RawJson Over(RawJson inherited, RawJson own)
    {
        if (!inherited.IsObject || !own.IsObject)
        {
            return own.IsNull ? inherited : own;
        }

        var merged = new ValueMap<RawJson>(new JsonFields(inherited.Utf8).Rest().Concat(new JsonFields(own.Utf8).Rest()));
        return RawJson.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var (key, value) in merged)
            {
                writer.WritePropertyName(key);
                writer.WriteRawValue(value.Utf8);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>The stored form of <c>node-attributes</c>.</summary>
    internal static RawJson Attributes(ValueMap<string> attributes) => attributes.Count == 0 ? RawJson.Null : RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    });
}
