namespace Nodepool.Testing.OpenStackLab;

/// <summary>What a <see cref="FaultProxy"/> can do to a call.</summary>
public enum CloudFault
{
    /// <summary>Nothing: it passes.</summary>
    None,

    /// <summary>It takes long.</summary>
    Delay,

    /// <summary>The connection is reset before the service has heard anything.</summary>
    Reset,

    /// <summary>The service does what it was asked, and the connection is reset instead of an answer.</summary>
    LostAnswer,

    /// <summary>The service does what it was asked, and half of its answer comes, as if it were all.</summary>
    Truncated,

    /// <summary>500; the service has heard nothing.</summary>
    ServerError,

    /// <summary>503; the service has heard nothing.</summary>
    Unavailable,

    /// <summary>429 with a <c>Retry-After</c> of a second; the service has heard nothing.</summary>
    Throttled,
}
