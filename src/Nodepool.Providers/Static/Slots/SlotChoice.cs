using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static.Slots;

/// <summary>Which slot a node gets.</summary>
internal static class SlotChoice
{
    /// <summary>The hosts of a pool.</summary>
    public static IReadOnlyList<StaticHostConfig> Hosts(PoolConfig pool) => ((StaticPoolOptions)pool.Options!).Hosts;

    /// <summary>
    /// The slot that this launch attempt has already, or else the first free one of the least used host that has the label and was not
    /// found bad a moment ago.
    /// </summary>
    /// <exception cref="ProviderException">QuotaExceeded: no slot is free. Otherwise what the hosts with free slots were found to suffer from.</exception>
    public static (SlotClaim Claim, StaticHostConfig Host) Claim(List<SlotClaim> claims, LaunchOrder order, HostCheck check)
    {
        var hosts = Hosts(order.Pool).Where(host => host.Labels.Contains(order.Label.Name)).ToList();
        if (claims.Find(claim => claim.Token == order.Token) is { } mine)
        {
            if (hosts.Find(host => host.Id == mine.Host && mine.Slot < host.Slots) is { } still)
            {
                return (mine, still);
            }

            claims.Remove(mine);
        }

        var used = claims.CountBy(claim => claim.Host).ToDictionary();
        var open = hosts.Where(host => used.GetValueOrDefault(host.Id) < host.Slots).ToList();
        if (open.Count == 0)
        {
            throw new ProviderException(
                ProviderFault.QuotaExceeded,
                $"all {hosts.Sum(host => host.Slots)} slots of label {order.Label.Name} in pool {order.Pool.Name} are in use: "
                    + "wait for one, add a host or raise max-parallel-jobs");
        }

        var best = open.Where(host => check.RecentFailure(host) is null).MinBy(host => used.GetValueOrDefault(host.Id))
            ?? throw Together([.. open.Select(check.RecentFailure).OfType<ProviderException>()]);
        var slot = Enumerable.Range(0, best.Slots).First(slot => !claims.Exists(claim => claim.Host == best.Id && claim.Slot == slot));
        var taken = new SlotClaim(best.Id, slot, order.Token, order.NodeId, order.Metadata);
        claims.Add(taken);
        return (taken, best);
    }

    /// <summary>Waiting is worth while as long as one of the hosts may come back.</summary>
    private static ProviderException Together(List<ProviderException> failures)
    {
        var worst = failures.Find(failure => failure.Fault == ProviderFault.Unavailable) ?? failures[0];
        var scope = failures.Count == 1 ? "" : $"none of {failures.Count} hosts with a free slot is well; for one, ";
        return new(worst.Fault, scope + worst.Message, worst);
    }
}
