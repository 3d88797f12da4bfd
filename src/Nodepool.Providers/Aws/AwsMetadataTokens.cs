namespace Nodepool.Providers.Aws;

/// <summary>Whether the instance metadata service answers without a session token.</summary>
public enum AwsMetadataTokens
{
    /// <summary>It does not: only version 2 of the service.</summary>
    Required,

    /// <summary>It does: versions 1 and 2.</summary>
    Optional,
}
