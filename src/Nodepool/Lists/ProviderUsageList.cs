using Nodepool.Core;
using Column = Nodepool.Lists.ListColumn<(string Resource, Nodepool.Lists.ProviderUsage Usage)>;

namespace Nodepool.Lists;

/// <summary>The third part of <c>nodepool info</c>: limits and use.</summary>
internal static class ProviderUsageList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Resource", "resource", row => ListCell.Of(row.Resource)),
        Column.Of("Limit", "limit", row => Amount(row.Usage.Limits, row.Resource)),
        Column.Of("Used", "used", row => ListCell.Of(row.Usage.Used.Amounts.GetValueOrDefault(row.Resource))),
        Column.Of("Used by Nodes", "used_by_nodes", row => ListCell.Of(row.Usage.Nodes.Amounts.GetValueOrDefault(row.Resource))),
    ];

    /// <summary>A row per resource that is limited or used; no limit is blank, in JSON null.</summary>
    public static ListTable Of(ProviderUsage usage, double now) => ListTable.Of(
        Columns,
        new[] { usage.Limits, usage.Used, usage.Nodes }.SelectMany(quota => quota.Amounts.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(resource => (resource, usage)),
        now);

    private static ListCell Amount(Quota quota, string resource) => quota.Amounts.TryGetValue(resource, out var amount) ? ListCell.Of(amount) : ListCell.Of((string?)null);
}
