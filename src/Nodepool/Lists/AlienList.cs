using Nodepool.Core.Operations;
using Column = Nodepool.Lists.ListColumn<Nodepool.Lists.AlienRow>;

namespace Nodepool.Lists;

/// <summary><c>nodepool alien-list</c>.</summary>
internal static class AlienList
{
    /// <summary>The columns of the seed era.</summary>
    private const int BriefColumns = 4;

    private static readonly Column[] Columns =
    [
        Column.Of("Provider", "provider", alien => ListCell.Of(alien.Provider)),
        Column.Of("Hostname", "hostname", alien => ListCell.Of(alien.Resource.Name)),
        Column.Of("Server ID", "server_id", alien => ListCell.Of(alien.Resource.ExternalId)),
        Column.Of("IP", "ip", alien => ListCell.Of(alien.Resource.Address)),
        Column.Of("Made For", "made_for", alien => ListCell.Of(Aliens.MadeFor(alien.Resource))),
    ];

    public static ListTable Of(IEnumerable<AlienRow> instances, double now) => ListTable.Of(Columns, instances, now) with { UsualColumns = BriefColumns };
}
