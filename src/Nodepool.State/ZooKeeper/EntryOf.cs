using Nodepool.Core.State;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>A node of ZooKeeper as an entry: its transactions are the store's positions.</summary>
internal static class EntryOf
{
    public static Entry Node(string path, ReadOnlyMemory<byte> data, NodeStat stat) => new(
        path, data, stat.Version, stat.CreatedZxid, stat.ModifiedZxid, stat.CreatedMs, stat.ModifiedMs, stat.EphemeralOwner);

    /// <summary>A node that was made just now.</summary>
    public static Entry New(string path, ReadOnlyMemory<byte> data, long zxid, long ms, long owner) =>
        new(path, data, 0, zxid, zxid, ms, ms, owner);
}
