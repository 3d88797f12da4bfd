namespace Nodepool.Providers.OpenStack.Volumes;

/// <summary>Body of <c>POST /volumes/ID/metadata</c>.</summary>
/// <param name="Metadata">What is added.</param>
internal sealed record VolumeMark(Dictionary<string, string> Metadata);
