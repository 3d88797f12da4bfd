namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The numbers of messages that are no answers to requests.</summary>
internal static class MessageId
{
    public const int Event = -1;
    public const int Ping = -2;
    public const int SetWatches = -8;
}
