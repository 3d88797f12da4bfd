namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Something happened to a node below a watched one.</summary>
internal readonly record struct WatchEvent(WatchEventKind Kind, string Path);
