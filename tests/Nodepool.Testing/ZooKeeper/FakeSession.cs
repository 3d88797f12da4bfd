namespace Nodepool.Testing.ZooKeeper;

/// <summary>A session as the fake server knows it.</summary>
internal sealed class FakeSession(long id, byte[] password)
{
    public long Id { get; } = id;

    public byte[] Password { get; } = password;

    /// <summary>Its connection, when it has one.</summary>
    public FakeConnection? Connection { get; set; }
}
