using System.Runtime.CompilerServices;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;

namespace Nodepool.Roles;

/// <summary>A configuration source as the roles read it.</summary>
internal static class ConfigFollowing
{
    /// <summary>The configuration now and whenever another came into force; never ends by itself.</summary>
    public static async IAsyncEnumerable<NodepoolConfig> FollowAsync(this IConfigSource source, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var snapshot = source.Current; ; snapshot = await source.NextAsync(snapshot.Revision, ct))
        {
            yield return snapshot.Config;
        }
    }
}
