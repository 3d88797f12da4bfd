namespace Nodepool.Core.Model;

/// <summary>What a launch attempt is doing.</summary>
public enum LaunchPhase
{
    /// <summary>The driver makes the instance.</summary>
    Create,

    /// <summary>The instance runs; we wait for its ssh.</summary>
    Scan,

    /// <summary>The attempt failed; what it left at the cloud is being deleted before the next one.</summary>
    Clean,

    /// <summary>The node became ready.</summary>
    Done,
}
