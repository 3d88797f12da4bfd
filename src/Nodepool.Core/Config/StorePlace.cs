namespace Nodepool.Core.Config;

/// <summary>Where the records are.</summary>
/// <param name="StateDir">The directory of the embedded store; providers keep what is theirs there with any store.</param>
/// <param name="ZooKeeper">The ensemble, when it names servers: then the records are there.</param>
public sealed record StorePlace(string StateDir, ZooKeeperConfig ZooKeeper)
{
    /// <summary>The records are in ZooKeeper; else in a file of this host.</summary>
    public bool IsZooKeeper => ZooKeeper.Servers.Count > 0;

    /// <summary>For people.</summary>
    public override string ToString() => IsZooKeeper ? $"ZooKeeper {ZooKeeper.ConnectString}" : StateDir;
}
