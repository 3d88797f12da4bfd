using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation;

/// <summary>A node as the observer knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Record">Its record; null when the entry is empty.</param>
/// <param name="IsTainted">A client wrote it without holding its lock, as Zuul does after it lost its session: promises about its state are off.</param>
internal sealed record SimNode(string Id, NodeRecord? Record, bool IsTainted);
