using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>Verdicts in words: what is in the way, and what would help.</summary>
public static class Verdicts
{
    /// <summary>The word of a code, for programs.</summary>
    public static string Word(this VerdictCode code) => code switch
    {
        VerdictCode.Accepting => "accepting",
        VerdictCode.Ready => "ready",
        VerdictCode.Launching => "launching",
        VerdictCode.LaunchFailed => "launch-failed",
        VerdictCode.TakenElsewhere => "taken-elsewhere",
        VerdictCode.Declined => "declined",
        VerdictCode.Locked => "locked",
        VerdictCode.NoLabels => "no-labels",
        VerdictCode.LabelAbsent => "label-absent",
        VerdictCode.PoolClosed => "pool-closed",
        VerdictCode.TooLarge => "too-large",
        VerdictCode.LeftToOthers => "left-to-others",
        VerdictCode.ImageMissing => "image-missing",
        VerdictCode.LaunchesOff => "launches-off",
        VerdictCode.Draining => "draining",
        VerdictCode.SlotsInUse => "slots-in-use",
        VerdictCode.ReadyUnasked => "ready-unasked",
        VerdictCode.Quota => "quota",
        VerdictCode.CloudQuota => "cloud-quota",
        VerdictCode.MaxConcurrency => "max-concurrency",
        VerdictCode.Governed => "governed",
        VerdictCode.BreakerOpen => "breaker-open",
        VerdictCode.Deadline => "deadline",
        VerdictCode.TenantLimit => "tenant-limit",
        VerdictCode.Behind => "behind",
        VerdictCode.Yields => "yields",
        VerdictCode.Lost => "lost",
        _ => "unknown",
    };

    /// <summary>What is in the way: one phrase.</summary>
    public static string Text(this PoolVerdict verdict, PoolKey pool)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var subject = verdict.Subject;
        return verdict.Code switch
        {
            VerdictCode.Accepting => "nothing is in the way; it is taken in a moment",
            VerdictCode.Ready => "all its nodes are ready; it is fulfilled in a moment",
            VerdictCode.Launching => "its nodes are being launched",
            VerdictCode.TakenElsewhere => $"pool {subject} has accepted it",
            VerdictCode.LaunchFailed or VerdictCode.Declined => subject ?? "no reason is stored",
            VerdictCode.Locked => "somebody has locked the request: a client that changes it, or another pool",
            VerdictCode.NoLabels => "asks for no nodes",
            VerdictCode.LabelAbsent => $"label {subject} is not in pool {pool}",
            VerdictCode.PoolClosed => $"max-servers of pool {pool} is 0",
            VerdictCode.TooLarge => TooLarge(verdict.Shortage!, subject, pool),
            VerdictCode.LeftToOthers => $"is left to pool {subject}" + (verdict.Cause is { } cause ? $", {cause}" : ""),
            VerdictCode.ImageMissing => $"image {subject} is not uploaded to provider {pool.Provider}",
            VerdictCode.LaunchesOff => "its launcher runs with --no-launches, and no idle node fits",
            VerdictCode.Draining => $"provider {pool.Provider} is being drained{(subject is { Length: > 0 } ? $" {subject}" : "")}",
            VerdictCode.SlotsInUse => "too few hosts of its labels are idle; the others are in use or down",
            VerdictCode.ReadyUnasked => "its nodes are ready without being asked for",
            VerdictCode.Quota or VerdictCode.TenantLimit when verdict.Shortage is { } shortage => Quota(shortage, subject),
            VerdictCode.TenantLimit => $"request {subject} of the same tenant comes first",
            VerdictCode.CloudQuota => "the cloud has said that its quota is used up; it is asked again in a moment",
            VerdictCode.MaxConcurrency => $"launches under way at the provider: {verdict.Shortage!.Used}; max-concurrency: {verdict.Shortage.Limit}",
            VerdictCode.Governed => $"launches under way{OfLabel(subject)}: {verdict.Shortage!.Used}; the cloud does not take more than {verdict.Shortage.Limit} at once well",
            VerdictCode.BreakerOpen => $"launches{OfLabel(subject)} fail; {Probe(verdict.RetryAfter)}; last failure: {verdict.Cause ?? "none is known"}",
            VerdictCode.Deadline => $"no pool has launched its nodes before its deadline (launch-deadline of label {subject})" + (verdict.Cause is { } failure ? $"; last failure: {failure}" : ""),
            VerdictCode.Behind => $"request {subject} comes first and waits for room",
            VerdictCode.Yields => "it only fills min-ready, and another request needs the room",
            VerdictCode.Lost when subject is not null => $"pool {subject} has accepted it, but no launcher runs that pool; it waits for any pool again once its nodes have gone or another pool can serve it",
            VerdictCode.Lost => "no pool has nodes for it: the launcher that had it has ended, and in a minute or two it waits for any pool again",
            _ => "is run by another program, which does not say why",
        };
    }

    /// <summary>What would help, for an operator; null when there is nothing to do but to wait a moment.</summary>
    public static string? Remedy(this PoolVerdict verdict, PoolKey pool)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict.Code switch
        {
            VerdictCode.LabelAbsent => $"add label {verdict.Subject} to pool {pool}, or ask for another",
            VerdictCode.PoolClosed => $"raise max-servers of pool {pool}",
            VerdictCode.TooLarge when verdict.Shortage!.Resource == Shortage.Slots => $"ask for less, or add hosts of these labels to pool {pool}",
            VerdictCode.TooLarge => $"ask for less, or raise {Limit(verdict.Shortage!, verdict.Subject, pool)}",
            VerdictCode.ImageMissing => $"nodepool image-status shows how far it is; nodepool image-build {verdict.Subject} builds it now",
            VerdictCode.LaunchesOff => "start the launcher without --no-launches",
            VerdictCode.Draining => $"nodepool drain {pool.Provider} --undo",
            VerdictCode.SlotsInUse => "a host that is given back, a host more or a higher max-parallel-jobs; nodepool status tells of hosts that are down",
            VerdictCode.Quota or VerdictCode.TenantLimit when verdict.Shortage is { } shortage => $"give nodes back or raise {Limit(shortage, verdict.Subject, pool)}",
            VerdictCode.TenantLimit or VerdictCode.Behind => $"nodepool explain {verdict.Subject}",
            VerdictCode.CloudQuota => $"give nodes back, remove what else uses the quota (nodepool alien-list {pool.Provider}), or have it raised",
            VerdictCode.MaxConcurrency => $"wait for these launches, or raise max-concurrency of provider {pool.Provider}",
            VerdictCode.BreakerOpen => "see the failure; launches begin again by themselves as soon as one of them works",
            VerdictCode.Lost when verdict.Subject is { } lost => $"start a launcher that has pool {lost}; when its cloud is gone for good: nodepool erase {lost.Split('/')[0]}",
            VerdictCode.LaunchFailed => "see the reason; the launcher's log has all attempts",
            _ => null,
        };
    }

    /// <summary>What would help with a reason for which a request was refused, of which only the text is left; null when nothing general can be said.</summary>
    /// <param name="word">The word of its code.</param>
    /// <param name="pool">The pool.</param>
    public static string? Remedy(string word, PoolKey pool) => Enum.GetValues<VerdictCode>().FirstOrDefault(code => code.Word() == word, VerdictCode.Unknown) switch
    {
        VerdictCode.LabelAbsent => $"add the label to pool {pool}, or ask for another",
        VerdictCode.TooLarge => "ask for less, or raise that limit",
        VerdictCode.PoolClosed => $"raise max-servers of pool {pool}",
        VerdictCode.LaunchFailed or VerdictCode.Deadline => "the launcher's log has all attempts; ask again when the cause is gone",
        _ => null,
    };

    private static string OfLabel(string? label) => label is null ? "" : $" of label {label}";

    private static string Probe(double? after) => after switch
    {
        null => "one is under way to see whether they still do",
        0 => "the next request is to show whether they still do",
        _ => $"the next one is tried in {Math.Ceiling(after.Value):0} s",
    };

    private static string TooLarge(Shortage shortage, string? tenant, PoolKey pool) => shortage.Scope switch
    {
        QuotaScope.Pool when shortage.Resource == Shortage.Slots => $"needs {shortage.Needed} hosts at the same time, and of those in pool {pool} only {shortage.Limit} would do",
        QuotaScope.Pool => $"needs {shortage.Needed} {shortage.Resource}, and pool {pool} may have {shortage.Limit}",
        QuotaScope.Provider => $"needs {shortage.Needed} {shortage.Resource}, and provider {pool.Provider} has {shortage.Limit}",
        _ => $"needs {shortage.Needed} {shortage.Resource}, and tenant {tenant} may have {shortage.Limit}",
    };

    private static string Quota(Shortage shortage, string? tenant)
    {
        var whose = shortage.Scope switch { QuotaScope.Pool => "the pool", QuotaScope.Provider => "the provider", _ => $"tenant {tenant}" };
        return $"{shortage.Used} of {shortage.Limit} {shortage.Resource} of {whose} are taken and {shortage.Needed} needed";
    }

    private static string Limit(Shortage shortage, string? tenant, PoolKey pool) => shortage.Scope switch
    {
        QuotaScope.Pool => $"{KeyOf(shortage.Resource)} of pool {pool}",
        QuotaScope.Provider => $"the quota of {shortage.Resource} at provider {pool.Provider}",
        _ => $"{KeyOf(shortage.Resource)} of tenant {tenant}",
    };

    /// <summary>What the limit of a resource is called in the file.</summary>
    private static string KeyOf(string resource) => resource switch
    {
        Core.Quota.Instances => "max-servers",
        Core.Quota.Cores => "max-cores",
        Core.Quota.Ram => "max-ram",
        Core.Quota.Volumes => "max-volumes",
        Core.Quota.VolumeGb => "max-volume-gb",
        _ => $"{resource} in max-resources",
    };
}
