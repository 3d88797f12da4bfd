namespace Nodepool.Providers.Scanning;

/// <summary>What one look at a port can show.</summary>
internal enum SightingKind
{
    /// <summary>Nothing was looked at.</summary>
    Nothing,

    /// <summary>What was wanted: an ssh banner, or an open port where no ssh is expected.</summary>
    Answered,

    /// <summary>The host says that nothing listens.</summary>
    Refused,

    /// <summary>The connection was closed or reset before a banner came.</summary>
    Closed,

    /// <summary>The connection stands, but no banner came (yet).</summary>
    Silent,

    /// <summary>Something other than ssh speaks there.</summary>
    NotSsh,

    /// <summary>No way to the host, or it does not answer at all.</summary>
    Unreachable,

    /// <summary>The host's name cannot be resolved.</summary>
    NameUnknown,

    /// <summary>There is ssh, but the key exchange failed.</summary>
    NoKeys,
}
