namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Where a server is.</summary>
/// <param name="Host">A name, or an address of either kind without brackets.</param>
/// <param name="Port">Its TCP port.</param>
internal readonly record struct ServerAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
