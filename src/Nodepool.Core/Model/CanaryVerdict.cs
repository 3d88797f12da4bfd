namespace Nodepool.Core.Model;

/// <summary>How the trial of an upload ended.</summary>
public enum CanaryVerdict
{
    /// <summary>It serves all launches.</summary>
    Promoted,

    /// <summary>It is deleted, and its build is not uploaded to the provider again.</summary>
    Withdrawn,
}
