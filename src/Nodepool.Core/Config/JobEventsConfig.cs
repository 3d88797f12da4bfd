using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>Where CI systems tell of the ends of jobs; <c>job-events</c>, an addition of this product.</summary>
public sealed record JobEventsConfig
{
    /// <summary>What nodes are called there when nothing else is said.</summary>
    public const string UsualName = "{label.name}-{provider.name}-{node_id}";

    /// <summary>The field that every name has: the node's id, with or without its leading zeros.</summary>
    public const string Id = "{node_id}";

    /// <summary>Fields that the name of a node may have.</summary>
    public static ValueList<string> NameFields { get; } = ["label.name", "provider.name", "node_id"];

    /// <summary>ZeroMQ publishers, <c>tcp://HOST:PORT</c>, each once; <c>publishers</c>.</summary>
    public ValueList<string> Publishers { get; init; } = [];

    /// <summary>Templates of what nodes are called there, beside <see cref="UsualName"/>, their ids and their hosts; <c>node-names</c>.</summary>
    public ValueList<string> NodeNames { get; init; } = [];
}
