namespace Nodepool.Testing.OpenStack;

/// <summary>A connection to a <see cref="FakeOpenStack"/> broke.</summary>
public sealed class FakeConnectionException() : IOException("connection reset by peer");
