using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.IbmVpc;

/// <summary>What a cloud image of driver <c>ibmvpc</c> adds to the common keys.</summary>
/// <param name="Image">Which image it is.</param>
/// <param name="Keys"><c>keys</c>: names of ssh keys at the cloud that may log in.</param>
public sealed record IbmVpcCloudImageOptions(IbmVpcImageChoice Image, ValueList<string> Keys) : DriverOptions;
