using System.Net.Sockets;

namespace Nodepool.Providers.Scanning;

/// <summary>What one look at a port showed.</summary>
/// <param name="Kind">The kind of it.</param>
/// <param name="Detail">The words of the system or of the other side; may be empty.</param>
internal sealed record Sighting(SightingKind Kind, string Detail = "")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait before the next look: a booting node changes within moments, a wrong address does not.</summary>
    public TimeSpan Pause => Kind switch
    {
        SightingKind.Refused or SightingKind.Closed => Soon,
        SightingKind.NoKeys or SightingKind.NotSsh or SightingKind.Unreachable or SightingKind.NameUnknown => Later,
        _ => TimeSpan.Zero,
    };

    /// <summary>What was seen, and what an operator can do about it.</summary>
    public string Explanation => Kind switch
    {
        SightingKind.Nothing => "no look was possible in that time. Raise the timeout",
        SightingKind.Answered => "it answered",
        SightingKind.Refused => "connection refused: nothing listens there. See in the console log whether the node boots and starts its ssh server",
        SightingKind.Closed => $"connection closed without a banner{Quoted}. See in the console log whether the ssh server starts and has host keys",
        SightingKind.Silent => "the connection stands but no banner came. The node may still boot (raise the timeout), or a forwarder answers for it",
        SightingKind.NotSsh => $"something else than ssh answered{Quoted}. Correct the connection port or type",
        SightingKind.Unreachable => $"no answer from the host{Quoted}. Check its address, route and firewall or security group",
        SightingKind.NameUnknown => $"the name cannot be resolved{Quoted}. Correct the name or use an address",
        SightingKind.NoKeys => $"ssh answers but gives no host key{Quoted}. See the log of its ssh server",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "unknown kind"),
    };

    private string Quoted => Detail.Length == 0 ? "" : $" ({Detail})";

    /// <summary>What a failed connection showed.</summary>
    public static Sighting Of(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new(SightingKind.Refused),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => new(SightingKind.Closed, e.Message),
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => new(SightingKind.NameUnknown, e.Message),
        _ => new(SightingKind.Unreachable, e.Message),
    };
}
