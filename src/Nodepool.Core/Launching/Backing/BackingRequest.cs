using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>A request of ours for a bigger node, and the label for whose sake it was made.</summary>
internal sealed class BackingRequest(RequestView view, IReadOnlyList<PoolLabelConfig> labels)
{
    /// <summary>Priority of these requests: Python's, that of jobs in a hurry, because somebody waits for their nodes already.</summary>
    public const int Priority = 100;

    private const string LabelKey = "label";

    private readonly PoolLabelConfig? _label = Find(labels, LabelIn(view.Record!.RequestorData) ?? view.Record.NodeTypes[0]);

    public RequestView View => view;

    /// <summary>Name of our label; null when the configuration no longer has it.</summary>
    public string? Label => _label?.Name;

    public BackingRule? Rule => _label?.Backing is { } rule && rule.Label == view.Record!.NodeTypes[0] ? rule : null;

    /// <summary>A node may still come of it, or has come and is to be taken.</summary>
    public bool IsOpen => view.Record!.State is RequestState.Requested or RequestState.Pending or RequestState.Fulfilled;

    /// <summary>A new one.</summary>
    public static NodeRequestRecord New(string owner, PoolLabelConfig label, double now, string eventId) => new()
    {
        State = RequestState.Requested,
        StateTime = now,
        CreatedTime = now,
        NodeTypes = [label.Backing!.Label],
        Requestor = owner,
        // An object, because Zuul reads it of every request.
        RequestorData = RawJson.Build(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(LabelKey, label.Name);
            writer.WriteEndObject();
        }),
        EventId = eventId,
    };

    /// <summary>Our label of that name; else, for what Python has stored, the first one whose bigger nodes have that label.</summary>
    public static PoolLabelConfig? Find(IReadOnlyList<PoolLabelConfig> labels, string name) =>
        labels.FirstOrDefault(label => label.Name == name) ?? labels.FirstOrDefault(label => label.Backing!.Label == name);

    private static string? LabelIn(RawJson data) => data.IsObject ? new JsonFields(data.Utf8).Raw(LabelKey).AsText() : null;
}
