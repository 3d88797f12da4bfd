namespace Nodepool.Providers.OpenStack.Access;

/// <summary>A body that is too big to be held in memory.</summary>
/// <param name="Length">Bytes that the stream will give.</param>
/// <param name="Open">Opens the stream at its beginning; called once for every attempt; the call disposes it.</param>
public sealed record CloudContent(long Length, Func<Stream> Open);
