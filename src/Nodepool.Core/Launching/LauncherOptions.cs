using Nodepool.Core.Collections;

namespace Nodepool.Core.Launching;

/// <summary>What an operator has switched off for one launcher, for maintenance. Other launchers are not bound by it.</summary>
public sealed record LauncherOptions
{
    /// <summary>A launcher that does everything.</summary>
    public static LauncherOptions All { get; } = new();

    /// <summary>
    /// New nodes are begun. Without it requests get idle nodes or wait, and <c>min-ready</c> is left to other launchers; launches that have
    /// been begun are finished.
    /// </summary>
    public bool Launches { get; init; } = true;

    /// <summary>
    /// Nodes are deleted: used, aged, evicted, lost and homeless ones, and leaks of providers. Without it they stay as they are; only a launch
    /// that begins another attempt still removes what the failed one made.
    /// </summary>
    public bool Deletes { get; init; } = true;

    /// <summary>Words for what is switched off, as the launcher is registered with them: <c>launches</c>, <c>deletes</c>.</summary>
    public ValueList<string> SwitchedOff => [.. Launches ? Array.Empty<string>() : ["launches"], .. Deletes ? Array.Empty<string>() : ["deletes"]];
}
