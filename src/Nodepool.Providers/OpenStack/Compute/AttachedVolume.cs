namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>A volume of a server.</summary>
/// <param name="Id">Cinder's id.</param>
internal sealed record AttachedVolume(string Id);
