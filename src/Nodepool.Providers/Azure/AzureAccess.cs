using Nodepool.Core.Config;

namespace Nodepool.Providers.Azure;

/// <summary>With what one logs in to machines of an image.</summary>
public sealed record AzureAccess
{
    /// <summary><c>key</c>: public ssh key; null: none.</summary>
    public string? Key { get; init; }

    /// <summary><c>password</c>; null: none.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>generate-password</c>: a random one for each machine, because Windows insists on one.</summary>
    public bool GeneratePassword { get; init; }
}
