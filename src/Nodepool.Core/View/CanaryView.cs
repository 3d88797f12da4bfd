using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>The trial of an image's uploads at a provider as it was seen at one moment.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when it cannot be understood.</param>
public sealed record CanaryView(string Image, string Provider, int Version, CanaryRecord? Record);
