using System.Collections.Concurrent;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>
/// Deletes what a node is in the cloud, until the cloud no longer has it: its floating IP first, so that the address never leads to another
/// server; the server with the order's id and any other that bears its token; volumes that Nova leaves behind.
/// </summary>
internal sealed class ServerDeletion(OpenStackCloud cloud)
{
    /// <summary>A server that is still there so long after its end was accepted is asked again: Nova forgets such things when it is restarted.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Node, string? Token, string? Id), ServerEnd> _ends = new();

    /// <summary>One step, see <see cref="IProvider.AdvanceDeleteAsync"/>.</summary>
    public async ValueTask<DeleteProgress> AdvanceAsync(DeleteOrder order, CancellationToken ct)
    {
        var key = (order.NodeId, order.Token, order.ExternalId);
        var end = _ends.GetOrAdd(key, _ => new ServerEnd());
        if (!await IsGoneAsync(order, end, ct))
        {
            return new DeleteProgress(false);
        }

        _ends.TryRemove(key, out _);
        cloud.Attempts.Forget(order.Token);
        return DeleteProgress.Gone;
    }

    private async ValueTask<bool> IsGoneAsync(DeleteOrder order, ServerEnd end, CancellationToken ct)
    {
        var attempt = cloud.Attempts.Find(order.Token);
        end.HasNoFloatingIp = end.HasNoFloatingIp || await cloud.FloatingIps.TryDeleteOfAsync(order, cloud.Provider, attempt, ct);

        var known = new[] { order.ExternalId, attempt?.ServerId }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in known.Where(id => !end.Asked.ContainsKey(id)))
        {
            Note(end, cloud.Servers.All.Latest?.Items.FirstOrDefault(server => server.Id == id));
            await AskAsync(id, end, ct);
        }

        // A node of another program has no token, so there is nothing to look for beside its server.
        if (order.Token is null && known.All(end.Gone.Contains))
        {
            return true;
        }

        var listing = await cloud.Servers.All.NextAsync(ct);
        var left = listing.Items.Where(server => known.Contains(server.Id) || (order.Token is { } token && Bears(server, token))).ToList();
        foreach (var server in left)
        {
            Note(end, server);
            if (!end.Asked.TryGetValue(server.Id, out var asked) || cloud.Time.GetElapsedTime(asked, listing.Begun) > AskAgain)
            {
                await AskAsync(server.Id, end, ct);
            }
        }

        return left.Count == 0 && end.HasNoFloatingIp && await AreMissingGoneAsync(known, end, ct) && !MayAppear(attempt, listing)
            && (!await cloud.Volumes.AreUsedAsync(ct) || await cloud.Volumes.TryDeleteAsync(end.Volumes, order.Token, ct));
    }

    private async ValueTask AskAsync(string id, ServerEnd end, CancellationToken ct)
    {
        if (!await cloud.Servers.DeleteAsync(id, ct))
        {
            end.Gone.Add(id);
        }

        end.Asked[id] = cloud.Time.GetTimestamp();
    }

    /// <summary>A server that no listing has shown may be too young for it: then it is asked for itself.</summary>
    private async ValueTask<bool> AreMissingGoneAsync(IEnumerable<string> known, ServerEnd end, CancellationToken ct)
    {
        foreach (var id in known.Where(id => !end.Gone.Contains(id) && !end.Seen.Contains(id)))
        {
            if (await cloud.Servers.FindAsync(id, ct) is not null)
            {
                return false;
            }

            end.Gone.Add(id);
        }

        return true;
    }

    /// <summary>A create whose answer was lost may still show its server.</summary>
    private bool MayAppear(LaunchAttempt? attempt, Listing<ServerEntry> listing) =>
        attempt?.UncertainSince is { } since && cloud.Time.GetElapsedTime(since, listing.Begun) < LaunchAttempts.Settling;

    private bool Bears(ServerEntry server, string token) => server.Metadata?.GetValueOrDefault(NodeMetadata.Token) == token && cloud.IsOurs(server);

    private static void Note(ServerEnd end, ServerEntry? server)
    {
        if (server is not null)
        {
            end.Seen.Add(server.Id);
            end.Volumes.UnionWith((server.Volumes ?? []).Select(volume => volume.Id));
        }
    }
}
