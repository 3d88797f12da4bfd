using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>An image build as it was seen at one moment.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Id">Id of the build.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when it cannot be understood.</param>
public sealed record BuildView(string Image, string Id, int Version, ImageBuildRecord? Record);
