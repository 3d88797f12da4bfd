namespace Nodepool.Core.Providers;

/// <summary>How far a launch attempt is. Stage and external id are stored with the node after every step that changes them.</summary>
/// <param name="Stage">The driver's own word for the next step; <see cref="Start"/> before the first.</param>
/// <param name="ExternalId">The cloud's id of the instance as soon as it is known.</param>
/// <param name="Instance">The running instance; set by the last step only.</param>
/// <param name="WakeAfter">When to call again; ignored after the last step.</param>
public sealed record LaunchProgress(string Stage, string? ExternalId = null, Instance? Instance = null, TimeSpan WakeAfter = default)
{
    /// <summary>The stage before the first call.</summary>
    public const string Start = "start";

    /// <summary>Nothing done yet.</summary>
    public static LaunchProgress Begin { get; } = new(Start);
}
