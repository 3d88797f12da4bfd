using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Guide;

/// <summary>How far a first start is: what is being done for every label that is to be kept ready. Pure.</summary>
/// <param name="Lines">One line per image and label that is not ready yet.</param>
/// <param name="Ready">Idle nodes by label, of the labels that are wanted ready.</param>
internal sealed record UpProgress(IReadOnlyList<string> Lines, IReadOnlyDictionary<string, NodeView> Ready)
{
    /// <summary>Every label has as many idle nodes as it should.</summary>
    public bool IsComplete => Lines.Count == 0;

    /// <summary>Looks at the records.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Labels with their min-ready.</param>
    public static UpProgress Of(ClusterView view, NodepoolConfig config)
    {
        var lines = new List<string>();
        var ready = new Dictionary<string, NodeView>(StringComparer.Ordinal);
        foreach (var label in config.Labels.Where(label => label.MinReady > 0))
        {
            var idle = view.Nodes.Idle.Where(list => list.Key.Label == label.Name).SelectMany(list => list.Value).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (idle.Length > 0)
            {
                ready[label.Name] = view.Nodes.ById[idle[0]];
            }

            if (idle.Length < label.MinReady)
            {
                lines.Add($"{label.Name}: {idle.Length} of {label.MinReady} ready; {Doing(view, config, label.Name)}");
            }
        }

        return new UpProgress(lines, ready);
    }

    private static string Doing(ClusterView view, NodepoolConfig config, string label)
    {
        var pools = from provider in config.Providers from pool in provider.Pools let known = pool.FindLabel(label) where known is not null select (provider, known);
        var (wanted, used) = pools.FirstOrDefault();
        if (wanted is null)
        {
            return "no pool has this label";
        }

        if (used!.DiskImage is { } image && view.Image(image).NewestReadyUpload(wanted.Name) is null)
        {
            return Image(view.Image(image), wanted.Name);
        }

        var launching = view.Nodes.ById.Values.Where(node => node.Record is { State: NodeState.Building } record && record.Type.Contains(label)).ToArray();
        return launching.Length == 0 ? "ordering a node" : string.Join("; ", launching.Select(Launch));
    }

    private static string Image(ImageView image, string provider)
    {
        if (image.Uploads.Values.Any(upload => upload.Provider == provider && upload.Record?.State == ImageState.Uploading))
        {
            return $"uploading image {image.Name} to {provider}";
        }

        if (image.ReadyBuilds.Any())
        {
            return Failure(image.Uploads.Values.Where(upload => upload.Provider == provider).Select(upload => (upload.Record?.StateTime ?? 0, upload.Record?.Failure)))
                is { } refused ? $"image {image.Name} cannot be uploaded to {provider}, trying again: {refused}" : $"image {image.Name} is built, waiting for its upload to {provider}";
        }

        var failure = Failure(image.Builds.Values.Select(build => (build.Record?.StateTime ?? 0, build.Record?.Failure)));
        return image.Builds.Values.FirstOrDefault(build => build.Record?.State == ImageState.Building) is { } running
            ? $"building image {image.Name}{(running.Record!.Run?.LastPhase is { } phase ? $": {phase}" : "")}"
            : failure is not null ? $"image {image.Name} could not be built, trying again later: {failure}"
            : $"waiting for a builder to build image {image.Name}";
    }

    private static string? Failure(IEnumerable<(double Time, string? Reason)> attempts) =>
        attempts.Where(attempt => attempt.Reason is not null).OrderByDescending(attempt => attempt.Time).Select(attempt => attempt.Reason).FirstOrDefault();

    private static string Launch(NodeView node)
    {
        var launch = node.Record!.Launch;
        var doing = launch?.Phase switch
        {
            LaunchPhase.Scan => "waiting for ssh",
            LaunchPhase.Clean => "clearing up a failed attempt",
            _ => "booting",
        };
        return launch is { Attempt: > 1, Failure: { } failure }
            ? $"node {node.Id} {doing}, attempt {launch.Attempt} (before: {failure})"
            : $"node {node.Id} {doing}";
    }
}
