namespace Nodepool.Core.Config.Legacy;

/// <summary>One element of <c>gearman-servers</c>.</summary>
/// <param name="Host"><c>host</c>.</param>
/// <param name="Port">TCP port; <c>port</c>.</param>
public sealed record LegacyGearmanServer(string Host, int Port);
