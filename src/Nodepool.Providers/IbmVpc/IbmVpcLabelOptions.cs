using Nodepool.Core.Config;

namespace Nodepool.Providers.IbmVpc;

/// <summary>What a label of driver <c>ibmvpc</c> adds to the common keys.</summary>
/// <param name="Profile"><c>profile</c>: size of the instances.</param>
/// <param name="UserData"><c>user-data</c>: what cloud-init gets; null: nothing.</param>
public sealed record IbmVpcLabelOptions(string Profile, Secret? UserData) : DriverOptions;
