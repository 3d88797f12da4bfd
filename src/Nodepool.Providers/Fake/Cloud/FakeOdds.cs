namespace Nodepool.Providers.Fake.Cloud;

/// <summary>How likely a fate is.</summary>
/// <param name="Operation">Which calls can meet it.</param>
/// <param name="Fate">What becomes of them.</param>
/// <param name="Probability">From 0 (never) to 1 (always).</param>
public sealed record FakeOdds(FakeOperation Operation, FakeFate Fate, double Probability);
