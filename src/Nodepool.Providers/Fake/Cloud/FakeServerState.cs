namespace Nodepool.Providers.Fake.Cloud;

/// <summary>What a <see cref="FakeServer"/> does at a moment.</summary>
public enum FakeServerState
{
    /// <summary>The create request is still under way: no listing shows it.</summary>
    InFlight,

    /// <summary>Being made.</summary>
    Building,

    /// <summary>Running.</summary>
    Active,

    /// <summary>It will never run; it exists until it is deleted.</summary>
    Error,

    /// <summary>Being deleted; it still uses quota.</summary>
    Deleting,

    /// <summary>Deleted.</summary>
    Gone,
}
