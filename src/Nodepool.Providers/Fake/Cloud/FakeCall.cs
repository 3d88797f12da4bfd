namespace Nodepool.Providers.Fake.Cloud;

/// <summary>One call that a <see cref="FakeCloud"/> got.</summary>
/// <param name="At">When.</param>
/// <param name="Operation">What was asked.</param>
/// <param name="Subject">Token of a create, name of an upload, id of anything else; empty when nothing in particular is meant.</param>
/// <param name="Fate">What became of it.</param>
public sealed record FakeCall(DateTimeOffset At, FakeOperation Operation, string Subject, FakeFate Fate);
