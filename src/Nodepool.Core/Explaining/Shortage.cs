namespace Nodepool.Core.Explaining;

/// <summary>A limit that something does not fit into.</summary>
/// <param name="Scope">Whose limit.</param>
/// <param name="Resource">Which resource.</param>
/// <param name="Needed">How much is needed.</param>
/// <param name="Used">How much is in use, or promised to requests that come before.</param>
/// <param name="Limit">How much there may be.</param>
public sealed record Shortage(QuotaScope Scope, string Resource, long Needed, long Used, long Limit)
{
    /// <summary>Slots of machines that exist: they are counted by labels, which no quota does.</summary>
    public const string Slots = "slots";

    /// <summary>The first resource of which a use and a further cost exceed a limit; null when they fit.</summary>
    public static Shortage? Of(QuotaScope scope, Quota used, Quota cost, Quota limit)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(limit);
        if (limit.Amounts.Count == 0)
        {
            return null;
        }

        foreach (var (resource, taken) in used.Amounts)
        {
            if (Check(resource, cost.Amounts.TryGetValue(resource, out var needed) ? needed : 0, taken) is { } shortage)
            {
                return shortage;
            }
        }

        foreach (var (resource, needed) in cost.Amounts)
        {
            if (!used.Amounts.ContainsKey(resource) && Check(resource, needed, 0) is { } shortage)
            {
                return shortage;
            }
        }

        return null;

        Shortage? Check(string resource, long needed, long taken) =>
            limit.Amounts.TryGetValue(resource, out var most) && taken + needed > most ? new Shortage(scope, resource, needed, taken, most) : null;
    }
}
