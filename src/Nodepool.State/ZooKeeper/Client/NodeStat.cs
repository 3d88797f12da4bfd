namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What ZooKeeper knows of a node beside its data. Times are Unix milliseconds of the leader's clock.</summary>
internal readonly record struct NodeStat(
    long CreatedZxid,
    long ModifiedZxid,
    long CreatedMs,
    long ModifiedMs,
    int Version,
    int ChildrenVersion,
    int AclVersion,
    long EphemeralOwner,
    int DataLength,
    int ChildCount,
    long ChildrenZxid)
{
    public static NodeStat Read(ref JuteReader reader) => new(
        reader.ReadLong(), reader.ReadLong(), reader.ReadLong(), reader.ReadLong(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt(),
        reader.ReadLong(), reader.ReadInt(), reader.ReadInt(), reader.ReadLong());

    public void Write(JuteWriter writer)
    {
        writer.WriteLong(CreatedZxid);
        writer.WriteLong(ModifiedZxid);
        writer.WriteLong(CreatedMs);
        writer.WriteLong(ModifiedMs);
        writer.WriteInt(Version);
        writer.WriteInt(ChildrenVersion);
        writer.WriteInt(AclVersion);
        writer.WriteLong(EphemeralOwner);
        writer.WriteInt(DataLength);
        writer.WriteInt(ChildCount);
        writer.WriteLong(ChildrenZxid);
    }
}
