using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>What becomes of one call to a <see cref="FakeCloud"/>.</summary>
public sealed record FakeFate
{
    /// <summary>The call does what it should.</summary>
    public static FakeFate Normal { get; } = new();

    /// <summary>The cloud does nothing and answers this.</summary>
    public ProviderFault? Fault { get; init; }

    /// <summary>The cloud does it, but its caller gets <see cref="ProviderFault.Unavailable"/>.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Of a create: it is accepted, but the instance ends in an error that means this.</summary>
    public ProviderFault? EndsIn { get; init; }

    /// <summary>Of a create: the instance runs, but its ssh never answers.</summary>
    public bool IsMute { get; init; }

    /// <summary>
    /// Of a create: how long the request is under way before the cloud shows anything of it; it arrives even when its caller is dead by then.
    /// </summary>
    public TimeSpan InFlight { get; init; }

    /// <summary>Of a create: the time to a running instance, or to its error, instead of <see cref="FakeCloudBehaviour.CreateLatency"/>.</summary>
    public TimeSpan? Boot { get; init; }

    /// <summary>The call fails with a fault.</summary>
    public static FakeFate Fails(ProviderFault fault) => new() { Fault = fault };
}
