using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>
/// An instance of a <see cref="FakeCloud"/>. Its whole life is told by points in time, so that the cloud needs no timers and nothing
/// depends on who still waits for an answer.
/// </summary>
public sealed record FakeServer
{
    /// <summary>The cloud's id.</summary>
    public required string Id { get; init; }

    /// <summary>Client token of its create.</summary>
    public required string Token { get; init; }

    /// <summary>As given at its create.</summary>
    public string? Name { get; init; }

    /// <summary>Availability zone.</summary>
    public string? Zone { get; init; }

    /// <summary>IPv4 address, unique in this cloud's life, inside 127.0.0.0/8.</summary>
    public required string Address { get; init; }

    /// <summary>As given at its create.</summary>
    public required ValueMap<string> Metadata { get; init; }

    /// <summary>What it uses of the limits until it is gone.</summary>
    public required Quota Cost { get; init; }

    /// <summary>When its create request arrived.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>When listings begin to show it.</summary>
    public required DateTimeOffset ListedAt { get; init; }

    /// <summary>When building ends, well or not.</summary>
    public required DateTimeOffset ActiveAt { get; init; }

    /// <summary>When its deletion is over; null while nobody deleted it.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>The error that building ends in; null when it ends well.</summary>
    public ProviderFault? EndsIn { get; init; }

    /// <summary>Its ssh never answers.</summary>
    public bool IsMute { get; init; }

    /// <summary>What it does at that time.</summary>
    public FakeServerState StateAt(DateTimeOffset now) =>
        now >= GoneAt ? FakeServerState.Gone
        : GoneAt is not null ? FakeServerState.Deleting
        : now < KnownAt ? FakeServerState.InFlight
        : now < ActiveAt ? FakeServerState.Building
        : EndsIn is not null ? FakeServerState.Error
        : FakeServerState.Active;
}
