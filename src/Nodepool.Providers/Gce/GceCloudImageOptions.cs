using Nodepool.Core.Config;

namespace Nodepool.Providers.Gce;

/// <summary>What a cloud image of driver <c>gce</c> adds to the common keys.</summary>
/// <param name="Image">Which image it is.</param>
/// <param name="Key"><c>key</c>: public ssh key that may log in; null: none.</param>
public sealed record GceCloudImageOptions(GceImageChoice Image, string? Key) : DriverOptions;
