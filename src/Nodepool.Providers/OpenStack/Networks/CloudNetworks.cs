using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>The networks that the project sees.</summary>
internal sealed class CloudNetworks : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ICloudApi _api;
    private readonly Remembered<IReadOnlyList<NetworkEntry>> _all;

    public CloudNetworks(ICloudApi api, TimeProvider time)
    {
        _api = api;
        _all = new Remembered<IReadOnlyList<NetworkEntry>>(ListAsync, Lifetime, time);
    }

    /// <summary>All of them; none in a cloud without network service.</summary>
    public ValueTask<IReadOnlyList<NetworkEntry>> AllAsync(CancellationToken ct) => _all.GetAsync(ct);

    /// <summary>The ids of networks that are given by name or id.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/>: there is none or more than one of a name.</exception>
    public async ValueTask<ValueList<string>> IdsOfAsync(ValueList<string> names, CancellationToken ct)
    {
        var ids = new List<string>();
        foreach (var name in names)
        {
            var found = await _all.FindAsync(all => Find(all, name) is { Count: > 0 } some ? some : null, ct) ?? throw new ProviderException(
                ProviderFault.Rejected, $"{(await _api.GetAccessAsync(ct)).Title}: network: there is no network with the name or id '{name}' (networks); it has {Names(_all.Last!)}");
            ids.Add(found is [var one] ? one.Id : throw new ProviderException(
                ProviderFault.Rejected, $"{(await _api.GetAccessAsync(ct)).Title}: network: there are {found.Count} networks with the name '{name}' (networks); give the id of one: {string.Join(", ", found.Select(network => network.Id))}"));
        }

        return ids.ToValueList();
    }

    /// <summary>The network that floating IPs come from; null where the cloud has none.</summary>
    public async ValueTask<NetworkEntry?> FloatingSourceAsync(CancellationToken ct)
    {
        var access = await _api.GetAccessAsync(ct);
        if (access.FloatingIpSource != FloatingIpSource.Neutron)
        {
            return null;
        }

        var all = await AllAsync(ct);
        return access.Networks.FirstOrDefault(network => network.IsNatSource) is { } named
            ? Find(all, named.Name) is [var first, ..] ? first : null
            : all.Where(network => network.IsExternal).OrderByDescending(network => network.IsDefault ?? false).ThenBy(network => network.Name, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>A network that was found here is not there any more.</summary>
    public void Forget() => _all.Forget();

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    private static IReadOnlyList<NetworkEntry> Find(IReadOnlyList<NetworkEntry> all, string name) =>
        all.FirstOrDefault(network => network.Id == name) is { } exact ? [exact] : [.. all.Where(network => network.Name == name)];

    private static string Names(IReadOnlyList<NetworkEntry> all) =>
        all.Count == 0 ? "none that this project sees" : string.Join(", ", all.Select(network => $"'{network.Name}'").Order(StringComparer.Ordinal));

    private async ValueTask<IReadOnlyList<NetworkEntry>> ListAsync(CancellationToken ct)
    {
        var networks = new List<NetworkEntry>();
        CloudCall? call = await _api.HasAsync(CloudService.Network, ct) ? CloudCall.Get(CloudService.Network, "networks") : null;
        while (call is not null)
        {
            var page = (await _api.SendAsync(call, ct)).Read(NetworkJson.Default.NetworksPage);
            networks.AddRange(page.Networks);
            call = PageLink.Next(page.NetworksLinks) is { } next ? call.Following(next) : null;
        }

        return networks;
    }
}
