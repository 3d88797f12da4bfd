namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>How servers are recognised, and we by them. Paths are absolute.</summary>
internal sealed record TlsSettings
{
    /// <summary>False takes any certificate; <c>verify</c>, <c>insecure</c>.</summary>
    public bool Verifies { get; init; } = true;

    /// <summary>PEM file, or directory of such, with the authorities to trust in the place of the system's; <c>cacert</c>.</summary>
    public string? Authorities { get; init; }

    /// <summary>PEM file with our certificate, and its key unless there is a file of that; <c>cert</c>.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with our key; <c>key</c>.</summary>
    public string? Key { get; init; }

    /// <summary>When these files were last written: other content under the same name makes other settings.</summary>
    public string Stamp { get; init; } = "";
}
