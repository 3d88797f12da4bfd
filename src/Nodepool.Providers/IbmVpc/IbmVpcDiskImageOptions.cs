using Nodepool.Core.Config;

namespace Nodepool.Providers.IbmVpc;

/// <summary>What an uploaded diskimage of driver <c>ibmvpc</c> adds to the common keys.</summary>
/// <param name="OperatingSystem"><c>operating-system</c>: the cloud's name of the system in it.</param>
public sealed record IbmVpcDiskImageOptions(string OperatingSystem) : DriverOptions;
