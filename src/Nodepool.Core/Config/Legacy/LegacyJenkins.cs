namespace Nodepool.Core.Config.Legacy;

/// <summary>A Jenkins master; the <c>jenkins</c> section of a target, or <c>[jenkins "TARGET"]</c> of the secure file, which wins.</summary>
public sealed record LegacyJenkins
{
    /// <summary><c>url</c>; null when absent.</summary>
    public string? Url { get; init; }

    /// <summary><c>user</c>; null when absent.</summary>
    public string? User { get; init; }

    /// <summary><c>apikey</c>; null when absent.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Id of the credentials that Jenkins logs in to nodes with; <c>credentials-id</c>, <c>credentials</c> in the secure file.</summary>
    public string? CredentialsId { get; init; }

    /// <summary>Job that a node must pass before it is used; <c>test-job</c>; null for none.</summary>
    public string? TestJob { get; init; }
}
