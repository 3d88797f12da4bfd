using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Providers.Fake;

/// <summary>What only the fake driver knows of a provider: how its cloud behaves at first.</summary>
public sealed record FakeOptions : DriverOptions
{
    /// <summary><c>cloud</c>.</summary>
    public string? Cloud { get; init; }

    /// <summary><c>region-name</c>.</summary>
    public string? Region { get; init; }

    /// <summary><c>api-latency</c>, seconds in the file.</summary>
    public TimeSpan ApiLatency { get; init; }

    /// <summary><c>create-latency</c>, seconds in the file.</summary>
    public TimeSpan CreateLatency { get; init; }

    /// <summary><c>delete-latency</c>, seconds in the file.</summary>
    public TimeSpan DeleteLatency { get; init; }

    /// <summary><c>upload-latency</c>, seconds in the file.</summary>
    public TimeSpan UploadLatency { get; init; }

    /// <summary><c>listing-lag</c>, seconds in the file.</summary>
    public TimeSpan ListingLag { get; init; }

    /// <summary><c>instances-file</c>: where instances outlive the process, to be shared with others; null keeps them inside the process. Counts when a provider is first opened.</summary>
    public string? InstancesFile { get; init; }

    /// <summary><c>quota</c>: <c>instances</c>, <c>cores</c>, <c>ram</c> (MiB).</summary>
    public Quota Limits { get; init; } = Quota.Unlimited;

    /// <summary><c>faults</c>.</summary>
    public ValueList<FakeOdds> Odds { get; init; } = [];

    /// <summary>
    /// Refuse images that the cloud does not have; <c>check-images</c>. Off in a configured provider, whose cloud ends with the
    /// process and forgets images that the records still call ready.
    /// </summary>
    public bool ChecksImages { get; init; }

    /// <summary>Makes a cloud behave so.</summary>
    public void ApplyTo(FakeCloudBehaviour behaviour)
    {
        behaviour.ApiLatency = ApiLatency;
        behaviour.CreateLatency = CreateLatency;
        behaviour.DeleteLatency = DeleteLatency;
        behaviour.UploadLatency = UploadLatency;
        behaviour.ListingLag = ListingLag;
        behaviour.Limits = Limits;
        behaviour.Odds = Odds;
        behaviour.ChecksImages = ChecksImages;
    }
}
