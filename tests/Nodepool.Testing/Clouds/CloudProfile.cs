using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>
/// How a cloud behaves through a day: its usual times, and the troubles that it has. The same profile on clocks that tell the same gives the same, with the same seed.
/// </summary>
/// <param name="Name">For tables.</param>
/// <param name="Troubles">Made anew for each cloud; the first that has something to say about a call decides.</param>
public sealed record CloudProfile(string Name, Func<ValueList<ICloudTrouble>> Troubles)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Nothing is wrong.</summary>
    public static CloudProfile Steady { get; } = new("steady", () => []);

    /// <summary>Takes thirty calls a minute.</summary>
    public static CloudProfile Throttled { get; } = new("throttled", () => [new Throttling(perMinute: 30, burst: 10)]);

    /// <summary>Builds four instances at once well, and many badly.</summary>
    public static CloudProfile Congested { get; } = new("congested", () => [new Congestion(knee: 4)]);

    /// <summary>Boots ten times as slowly for two hours of every six.</summary>
    public static CloudProfile Slow { get; } = new("slow", () => [new SlowBoots(new Spell(Minute * 60, Minute * 120, Minute * 360), factor: 10)]);

    /// <summary>One instance in five takes twelve times as long, always.</summary>
    public static CloudProfile Stragglers { get; } = new("stragglers", () => [new SlowBoots(Spell.Always, factor: 12, share: 0.2)]);

    /// <summary>Does not answer for two hours of every eight.</summary>
    public static CloudProfile Out { get; } = new("outage", () => [new Outage(new Spell(Minute * 90, Minute * 120, Minute * 480))]);

    /// <summary>Three minutes of every ten without answers.</summary>
    public static CloudProfile Flapping { get; } = new("flapping", () => [new Outage(new Spell(Minute * 4, Minute * 3, Minute * 10))]);

    /// <summary>Takes creates, and nothing ever runs, for two hours of every eight.</summary>
    public static CloudProfile BlackHole { get; } = new("black hole", () => [new SlowBoots(new Spell(Minute * 90, Minute * 120, Minute * 480), factor: 10_000)]);

    /// <summary>Two instances of five end in an error half-way, for three hours of every eight.</summary>
    public static CloudProfile Failing { get; } = new("failing", () =>
    [
        new BadLuck(new Spell(Minute * 60, Minute * 180, Minute * 480), FakeOperation.Create, 0.4, new FakeFate { EndsIn = ProviderFault.CapacityUnavailable }),
    ]);

    /// <summary>One instance of four never answers ssh, for three hours of every eight.</summary>
    public static CloudProfile Mute { get; } = new("mute", () => [new BadLuck(new Spell(Minute * 30, Minute * 180, Minute * 480), FakeOperation.Create, 0.25, new FakeFate { IsMute = true })]);

    /// <summary>Does what it is asked and often says that it did not, shows instances late, and has calls under way for long.</summary>
    public static CloudProfile Lying { get; } = new("lying", () =>
    [
        new BadLuck(Spell.Always, null, 0.05, new FakeFate { LosesAnswer = true }),
        new BadLuck(Spell.Always, FakeOperation.Create, 0.05, new FakeFate { InFlight = TimeSpan.FromSeconds(20), LosesAnswer = true }),
    ])
    {
        ListingLag = TimeSpan.FromSeconds(8),
    };

    /// <summary>All of them, the one without troubles first.</summary>
    public static ValueList<CloudProfile> All { get; } = [Steady, Throttled, Congested, Slow, Stragglers, Out, Flapping, BlackHole, Failing, Mute, Lying];

    /// <summary>The middle of the time that an instance takes to run.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>By how much of the middle that time differs from one instance to the next, up and down; 0 to 1.</summary>
    public double Spread { get; init; } = 0.4;

    /// <summary>Time from a call to its answer.</summary>
    public TimeSpan ApiLatency { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Time from an accepted delete to a gone instance.</summary>
    public TimeSpan DeleteLatency { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Time by which listings are late.</summary>
    public TimeSpan ListingLag { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lets a cloud behave so from now on. What decides its fates already goes before.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="sources">Its clock and chance.</param>
    /// <param name="age">How much of its day is over already.</param>
    /// <param name="isOn">Whether it has its troubles now; always unless said otherwise.</param>
    public void ApplyTo(FakeCloud cloud, Sources sources, TimeSpan age = default, Func<bool>? isOn = null)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        ArgumentNullException.ThrowIfNull(sources);
        var (troubles, begin, before) = (Troubles(), cloud.Now - age, cloud.Behaviour.Decide);
        cloud.Behaviour.ApiLatency = ApiLatency;
        cloud.Behaviour.CreateLatency = Boot;
        cloud.Behaviour.DeleteLatency = DeleteLatency;
        cloud.Behaviour.ListingLag = ListingLag;
        cloud.Behaviour.Decide = (operation, subject) =>
        {
            var isCreate = operation == FakeOperation.Create;
            var boot = isCreate ? Boot * (1 + (Spread * ((2 * sources.Random.NextDouble()) - 1))) : Boot;
            var call = new CloudCall(operation, cloud.Now - begin, isCreate ? Building(cloud) : 0, boot, sources.Random);
            return before?.Invoke(operation, subject)
                ?? (isOn?.Invoke() ?? true ? troubles.Select(trouble => trouble.Meet(call)).FirstOrDefault(fate => fate is not null) : null)
                ?? (isCreate ? new FakeFate { Boot = boot } : null);
        };
    }

    private static int Building(FakeCloud cloud) =>
        cloud.Truth.Servers.Count(server => server.StateAt(cloud.Now) is FakeServerState.Building or FakeServerState.InFlight);
}
