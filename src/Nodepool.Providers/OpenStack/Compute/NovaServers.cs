using System.Net;
using System.Text.Json;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>The calls to Nova about servers, and the one listing of all servers of the project.</summary>
internal sealed class NovaServers : IDisposable
{
    /// <summary>Since then a server tells its size, not only the id of its flavor.</summary>
    private const string Microversion = "2.47";

    private const int PageSize = 1000;
    private const int ConsoleLines = 200;

    /// <summary>A page follows the last server of the one before; when that is deleted meanwhile Nova refuses, and all begins anew.</summary>
    private const int MostBeginnings = 4;

    private readonly ICloudApi _api;

    public NovaServers(ICloudApi api, TimeProvider time, TimeSpan callInterval)
    {
        _api = api;
        All = new SharedListing<ServerEntry>(ListAsync, time, callInterval);
    }

    /// <summary>All servers of the project, also those of others.</summary>
    public SharedListing<ServerEntry> All { get; }

    /// <summary>One server; null when it does not exist (any more).</summary>
    public async ValueTask<ServerEntry?> FindAsync(string id, CancellationToken ct)
    {
        var answer = await _api.SendAsync(
            CloudCall.Get(CloudService.Compute, $"servers/{Uri.EscapeDataString(id)}") with { Microversion = Microversion, Expected = [HttpStatusCode.NotFound] }, ct);
        return answer.IsSuccess && answer.Read(ComputeJson.Default.ServerAnswer).Server is { IsDeleted: false } server ? server : null;
    }

    /// <summary>Orders a server.</summary>
    /// <param name="body">See <see cref="ServerOrder"/>.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Unavailable"/>: it may have been made nevertheless.</exception>
    public async ValueTask<string> CreateAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var call = new CloudCall(CloudService.Compute, HttpMethod.Post, "servers") { Json = body };
        return (await _api.SendAsync(call, ct)).Read(ComputeJson.Default.ServerAnswer).Server.Id;
    }

    /// <summary>Asks for a server's end.</summary>
    /// <returns>False when there is no such server.</returns>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken ct)
    {
        var call = CloudCall.Delete(CloudService.Compute, $"servers/{Uri.EscapeDataString(id)}") with
        {
            Expected = [HttpStatusCode.NotFound],
            OnConflict = ProviderFault.Unavailable,
        };
        return (await _api.SendAsync(call, ct)).IsSuccess;
    }

    /// <summary>The last lines of a server's console; null when there is none.</summary>
    public async ValueTask<string?> ConsoleAsync(string id, CancellationToken ct)
    {
        var call = new CloudCall(CloudService.Compute, HttpMethod.Post, $"servers/{Uri.EscapeDataString(id)}/action")
        {
            Json = JsonSerializer.SerializeToUtf8Bytes(new ConsoleOrder(new(ConsoleLines)), ComputeJson.Default.ConsoleOrder),
            Expected = [HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.NotImplemented],
            IsRepeatable = true,
        };
        var answer = await _api.SendAsync(call, ct);
        return answer.IsSuccess ? answer.Read(ComputeJson.Default.ConsoleAnswer).Output : null;
    }

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();

    private async ValueTask<IReadOnlyList<ServerEntry>> ListAsync(CancellationToken ct)
    {
        for (var beginnings = 1; ; beginnings++)
        {
            if (await TryListAsync(beginnings == MostBeginnings, ct) is { } servers)
            {
                return servers;
            }
        }
    }

    private async ValueTask<List<ServerEntry>?> TryListAsync(bool isLast, CancellationToken ct)
    {
        var servers = new List<ServerEntry>();
        CloudCall? call = CloudCall.Get(CloudService.Compute, $"servers/detail?limit={PageSize}") with { Microversion = Microversion, Priority = CallPriority.First };
        while (call is not null)
        {
            var answer = await _api.SendAsync(call, ct);
            if (!answer.IsSuccess)
            {
                return null;
            }

            var page = answer.Read(ComputeJson.Default.ServersPage);
            servers.AddRange(page.Servers.Where(server => !server.IsDeleted));
            call = PageLink.Next(page.ServersLinks) is { } next ? call.Following(next) with { Expected = isLast ? [] : [HttpStatusCode.BadRequest] } : null;
        }

        return servers;
    }
}
