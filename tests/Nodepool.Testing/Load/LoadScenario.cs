using Nodepool.Core.Collections;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing.Clouds;

namespace Nodepool.Testing.Load;

/// <summary>Clouds under a load.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Clouds">A provider with one pool each, all of the same rank.</param>
internal sealed record LoadScenario(string Name, ValueList<CloudProfile> Clouds)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly CloudProfile Steady = CloudProfile.Steady;

    /// <summary>All of them, the one where nothing is wrong first.</summary>
    public static ValueList<LoadScenario> All { get; } =
    [
        new("well-behaved", [Steady, Steady]),
        new("throttling", [CloudProfile.Throttled, Steady]),
        new("throttling, alone", [new CloudProfile("throttled", () => [new Throttling(perMinute: 180, burst: 20)])]),
        new("crowded", [new CloudProfile("crowded", () => [new Congestion(knee: 10)]), Steady]),
        new("crowded, alone", [new CloudProfile("crowded", () => [new Congestion(knee: 20)])]),
        new("slow zone", [Steady, Steady]) { SlowZone = TimeSpan.FromSeconds(300) },
        new("stragglers", [CloudProfile.Stragglers, CloudProfile.Stragglers]),
        new("slow", [new CloudProfile("slow", () => [new SlowBoots(new Spell(Minute * 10, Minute * 30), factor: 6)]), Steady]),
        new("no answers", [new CloudProfile("out", () => [new Outage(new Spell(Minute * 10, Minute * 30))]), Steady]),
        new("no answers, alone", [new CloudProfile("out", () => [new Outage(new Spell(Minute * 10, Minute * 8))])]),
        new("refuses", [new CloudProfile("refusing", () => [Refusal(new Spell(Minute * 10, Minute * 30))]), Steady]),
        new("refuses, alone", [new CloudProfile("refusing", () => [Refusal(new Spell(Minute * 10, Minute * 8))])]),
        new("black hole", [new CloudProfile("black hole", () => [new SlowBoots(new Spell(Minute * 10, Minute * 30), factor: 10_000)]), Steady]),
        new("flapping", [new CloudProfile("flapping", () => [new Outage(new Spell(Minute * 4, Minute * 3, Minute * 7))]), Steady]),
        new("flapping, alone", [new CloudProfile("flapping", () => [new Outage(new Spell(Minute * 4, Minute * 3, Minute * 7))])]),
        new("failing half", [new CloudProfile("failing", () => [new BadLuck(new Spell(Minute * 10, Minute * 30), FakeOperation.Create, 0.5, Error)]), Steady]),
    ];

    /// <summary>By how much instances of the last of three zones take longer; zero: clouds have one zone.</summary>
    public TimeSpan SlowZone { get; init; }

    /// <summary>Labels of each pool, asked for in turn.</summary>
    public int Labels { get; init; } = 1;

    private static FakeFate Error => new() { EndsIn = Core.Providers.ProviderFault.CapacityUnavailable };

    private static BadLuck Refusal(Spell spell) => new(spell, FakeOperation.Create, 1, FakeFate.Fails(Core.Providers.ProviderFault.Rejected));
}
