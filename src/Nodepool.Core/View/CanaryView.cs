using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>The trial of an image's uploads as it was seen at one moment.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Scope">At which provider, and for which label.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when it cannot be understood.</param>
public sealed record CanaryView(string Image, CanaryScope Scope, int Version, CanaryRecord? Record);
