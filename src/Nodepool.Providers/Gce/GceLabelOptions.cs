using Nodepool.Core.Config;

namespace Nodepool.Providers.Gce;

/// <summary>What a label of driver <c>gce</c> adds to the common keys.</summary>
/// <param name="InstanceType"><c>instance-type</c>.</param>
/// <param name="VolumeType"><c>volume-type</c> of the boot disk.</param>
/// <param name="VolumeSizeGiB"><c>volume-size</c> of the boot disk, GiB.</param>
public sealed record GceLabelOptions(string InstanceType, string VolumeType = "pd-standard", int VolumeSizeGiB = 10) : DriverOptions;
