namespace Nodepool.Testing.OpenStack;

/// <summary>A network of a <see cref="FakeNeutron"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Prefix">First two numbers of its addresses.</param>
/// <param name="IsExternal">Leads out of the cloud.</param>
public sealed record FakeNetwork(string Id, string Name, string Prefix, bool IsExternal = false);
