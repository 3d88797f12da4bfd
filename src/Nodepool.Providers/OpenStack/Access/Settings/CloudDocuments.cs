using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>What files and environment say of clouds, before anything of it is understood.</summary>
/// <param name="Main">clouds.yaml with secure.yaml over it.</param>
/// <param name="Clouds">Its entries, and the one that the environment makes.</param>
/// <param name="Profiles">The entries of clouds-public.yaml.</param>
/// <param name="Origin">The files that were read, or where was looked, for messages.</param>
internal sealed record CloudDocuments(DataValue.Mapping Main, ValueMap<DataValue> Clouds, ValueMap<DataValue> Profiles, string Origin)
{
    /// <summary>Name of the entry that the environment makes.</summary>
    public required string EnvironmentCloud { get; init; }
}
