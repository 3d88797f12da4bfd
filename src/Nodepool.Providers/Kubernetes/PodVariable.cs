using Nodepool.Core.Config;

namespace Nodepool.Providers.Kubernetes;

/// <summary>One variable of a container's environment; one element of <c>env</c>.</summary>
/// <param name="Name"><c>name</c>.</param>
/// <param name="Value"><c>value</c>.</param>
public sealed record PodVariable(string Name, Secret Value);
