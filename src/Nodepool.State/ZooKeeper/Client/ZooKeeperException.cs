namespace Nodepool.State.ZooKeeper.Client;

/// <summary>A request that ZooKeeper refused, or that did not reach it or did not come back.</summary>
/// <param name="code">The error.</param>
/// <param name="path">The node concerned, or the servers.</param>
/// <param name="message">A sentence.</param>
/// <param name="inner">What was below it.</param>
internal sealed class ZooKeeperException(ErrorCode code, string path, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The error.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>The node concerned, or the servers.</summary>
    public string Path { get; } = path;

    /// <summary>The request was sent and its answer was not received: a write may have been applied.</summary>
    public bool IsOutcomeUnknown { get; private init; }

    /// <summary>What the server answered.</summary>
    public static ZooKeeperException Refused(ErrorCode code, string path) => new(code, path, $"{path}: ZooKeeper answers {NameOf(code)}");

    /// <summary>Sent, and no answer.</summary>
    public static ZooKeeperException Unknown(ErrorCode code, OpCode op, string path, string why, Exception? inner = null) =>
        new(code, path, $"{path}: {op} was sent to ZooKeeper and not answered ({why}); it may have been applied", inner) { IsOutcomeUnknown = true };

    /// <summary>The session is over.</summary>
    public static ZooKeeperException Ended(ErrorCode code, string path) => new(code, path, code == ErrorCode.Closing
        ? $"{path}: the ZooKeeper session was closed"
        : $"{path}: the ZooKeeper session has expired");

    private static string NameOf(ErrorCode code) => Enum.IsDefined(code) ? $"{code} ({(int)code})" : $"error {(int)code}";
}
