namespace Nodepool.Providers.IbmVpc;

/// <summary>Where images are put before they are imported.</summary>
/// <param name="Instance"><c>instance-name</c> of the object storage.</param>
/// <param name="Endpoint"><c>endpoint</c>: its URL.</param>
/// <param name="Bucket"><c>bucket-name</c>.</param>
public sealed record IbmVpcObjectStorage(string Instance, string Endpoint, string Bucket);
