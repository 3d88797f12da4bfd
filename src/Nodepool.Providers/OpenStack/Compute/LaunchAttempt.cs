namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>What this process knows of one launch attempt. Work on one attempt is never done twice at a time.</summary>
/// <param name="begun">When this process first met it, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
internal sealed class LaunchAttempt(long begun)
{
    /// <summary>When this process first met it.</summary>
    public long Begun => begun;

    /// <summary>Id of its server as soon as a create was answered.</summary>
    public string? ServerId { get; set; }

    /// <summary>Since when a server may exist that no answer has told of; null when that cannot be.</summary>
    public long? UncertainSince { get; set; }

    /// <summary>When a floating IP was ordered for it; null when that was refused or never done.</summary>
    public long? FloatingIpOrdered { get; set; }

    /// <summary>Id of the floating IP that was made for it, as soon as it is known.</summary>
    public string? FloatingIpId { get; set; }

    /// <summary>It came to its end without a floating IP, so there is none to look for.</summary>
    public bool HasNoFloatingIp { get; set; }
}
