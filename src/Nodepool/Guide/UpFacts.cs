using Nodepool.Core.Config;

namespace Nodepool.Guide;

/// <summary>What <see cref="UpGuide"/> and <see cref="UpCheck"/> know of the process that they are in.</summary>
/// <param name="Program">Words by which the command line calls this program with this configuration.</param>
/// <param name="StateDir">Where everything is kept.</param>
/// <param name="FindLoginKey">The private key that may log in to a provider's nodes, if this host has it.</param>
internal sealed record UpFacts(IReadOnlyList<string> Program, string StateDir, Func<NodepoolConfig, string?, string?> FindLoginKey);
