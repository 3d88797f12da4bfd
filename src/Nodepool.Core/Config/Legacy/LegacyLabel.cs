namespace Nodepool.Core.Config.Legacy;

/// <summary>What a label asked for beside a node.</summary>
/// <param name="Name"><c>name</c> of the label.</param>
/// <param name="Subnodes">Further nodes bound to each node; <c>subnodes</c>. The present form asks for several labels in one request.</param>
/// <param name="ReadyScript">Script run on a node before its use; <c>ready-script</c>; null for none.</param>
public sealed record LegacyLabel(string Name, int Subnodes, string? ReadyScript);
